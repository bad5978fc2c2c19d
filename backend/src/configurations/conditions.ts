import type { ProfileSet } from '@rackhaus/config/profiles';
import type { OwnCondition } from '../alerting/parts.ts';
import type { Database } from '../database/tables.ts';
import { type Candidate, stateOf } from './candidates.ts';

/** A device that cannot be reached for a night is none of our business; after two there is something to do. */
const failingMs = 2 * 86_400_000;
/** More incidents than anybody looks at one by one. */
const mostUnexpected = 500;

const about = ({ id, name, roomId }: Candidate) => ({ id, name, roomId });

/** A change that nobody had announced, for people. */
export interface Unexpected {
  readonly versionId: number;
  readonly device: Candidate;
  readonly takenAt: number;
  readonly added: number;
  readonly removed: number;
}

/** What asks for attention about configurations. Pure. */
export function configurationConditions(
  devices: readonly Candidate[],
  unexpected: readonly Unexpected[],
  profiles: ProfileSet,
  now: number,
): OwnCondition[] {
  const changed = unexpected.map(
    ({ versionId, device, takenAt, added, removed }): OwnCondition => ({
      id: changeId(versionId),
      severity: 'warning',
      title: {
        de: `Die Konfiguration von „${device.name}“ wurde außerhalb einer Wartung geändert`,
        en: `The configuration of "${device.name}" was changed outside of maintenance`,
      },
      advice: {
        de: `${added} ${added === 1 ? 'Zeile' : 'Zeilen'} mehr, ${removed} weniger. Bitte sehen Sie sich auf der Seite des Geräts an, was sich geändert hat, und bestätigen Sie es dort, wenn es gewollt war.`,
        en: `${added} ${added === 1 ? 'line' : 'lines'} added, ${removed} removed. Please look on the page of the device at what has changed, and confirm it there if it was intended.`,
      },
      place: device.place,
      since: takenAt,
      device: about(device),
    }),
  );
  const others = devices.flatMap((device): OwnCondition[] => {
    const state = stateOf(device, profiles);
    if (state === 'host-key')
      return [
        {
          id: `host-key-${device.id}`,
          severity: 'warning',
          title: {
            de: `„${device.name}“ meldet sich mit einem anderen SSH-Schlüssel`,
            en: `"${device.name}" answers with another SSH host key`,
          },
          advice: {
            de: 'Wurde das Gerät getauscht oder neu eingerichtet? Dann bestätigen Sie bitte den neuen Schlüssel auf der Seite des Geräts. Bis dahin wird dort nichts angemeldet und nichts gesichert. Wenn nicht, könnte sich jemand als dieses Gerät ausgeben.',
            en: 'Was the device replaced or set up anew? Then please confirm the new key on the page of the device. Until then nobody signs in there and nothing is backed up. If not, somebody may be posing as this device.',
          },
          place: device.place,
          since: device.failingSince ?? now,
          device: about(device),
        },
      ];
    if (state !== 'failing' || device.failingSince === null || now - device.failingSince < failingMs)
      return [];
    return [
      {
        id: `failing-${device.id}`,
        severity: 'warning',
        title: {
          de: `Die Konfiguration von „${device.name}“ wird seit über zwei Tagen nicht gesichert`,
          en: `The configuration of "${device.name}" has not been backed up for more than two days`,
        },
        advice: {
          de: 'Warum es nicht geht, steht auf der Seite des Geräts unter „Konfiguration“.',
          en: 'Why it fails stands on the page of the device, under “Configuration”.',
        },
        place: device.place,
        since: device.failingSince,
        device: about(device),
      },
    ];
  });
  return [...changed, ...others];
}

const changeId = (versionId: number) => `changed-${versionId}`;

/** Changes that nobody had announced and nobody has looked at; whose incident somebody has closed by hand has been looked at. */
export async function unexpectedChanges(db: Database, devices: readonly Candidate[]): Promise<Unexpected[]> {
  const rows = await db
    .selectFrom('configuration_versions')
    .select(['id', 'device_id', 'taken_at', 'added', 'removed'])
    .where('why', '=', 'unexpected')
    .where('reviewed_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(mostUnexpected)
    .execute();
  if (rows.length === 0) return [];
  const closed = new Map(
    (
      await db
        .selectFrom('incidents')
        .select(['key', 'resolved_at', 'acknowledged_by'])
        .where('state', '=', 'resolved')
        .where(
          'key',
          'in',
          rows.map(({ id }) => `own:configurations/${changeId(id)}`),
        )
        .execute()
    ).map((row) => [row.key, row]),
  );
  const known = new Map(devices.map((device) => [device.id, device]));
  const unexpected: Unexpected[] = [];
  for (const { id, device_id, taken_at, added, removed } of rows) {
    const incident = closed.get(`own:configurations/${changeId(id)}`);
    if (incident !== undefined) {
      await db
        .updateTable('configuration_versions')
        .set({ reviewed_at: incident.resolved_at, reviewed_by: incident.acknowledged_by })
        .where('id', '=', id)
        .execute();
      continue;
    }
    const device = known.get(device_id);
    if (device !== undefined) unexpected.push({ versionId: id, device, takenAt: taken_at, added, removed });
  }
  return unexpected;
}
