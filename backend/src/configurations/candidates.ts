import type { BackupOutcome, BackupState, DeviceRole } from '@rackhaus/config/contract';
import type { ProfileConfiguration, ProfileSet } from '@rackhaus/config/profiles';
import type { Database } from '../database/tables.ts';
import { parseHostKeys } from './host-keys.ts';
import type { ShellLogins } from './logins.ts';

/** A monitored device, with all that its backup depends on. */
export interface Candidate {
  readonly id: number;
  readonly name: string;
  readonly role: DeviceRole;
  readonly siteId: number | null;
  readonly siteName: string | null;
  readonly roomId: number | null;
  readonly place: string;
  readonly address: string;
  /** null: it was never recognised. */
  readonly profile: string | null;
  readonly active: boolean;
  /** By hand. */
  readonly ownLoginId: number | null;
  readonly loginId: number | null;
  readonly port: number;
  readonly hostKeys: readonly string[];
  readonly hostKeysAt: number | null;
  readonly offeredKeys: readonly string[];
  readonly triedAt: number | null;
  readonly outcome: BackupOutcome | null;
  readonly detail: string | null;
  readonly readAt: number | null;
  readonly failingSince: number | null;
}

/** All monitored devices, or one of them. */
export async function candidates(db: Database, logins: ShellLogins, deviceId?: number): Promise<Candidate[]> {
  const choose = await logins.chooser();
  const rows = await db
    .selectFrom('device_monitoring as m')
    .innerJoin('devices as d', 'd.id', 'm.device_id')
    .leftJoin('rooms as r', 'r.id', 'd.room_id')
    .leftJoin('racks as k', 'k.id', 'd.rack_id')
    .leftJoin('sites as s', 's.id', 'r.site_id')
    .leftJoin('observations as o', 'o.device_id', 'd.id')
    .leftJoin('configuration_devices as c', 'c.device_id', 'd.id')
    .select([
      'd.id',
      'd.name',
      'd.role',
      'd.room_id',
      'r.site_id',
      's.name as site_name',
      'r.name as room_name',
      'k.name as rack_name',
      'm.address',
      'm.profile as set_profile',
      'o.profile as seen_profile',
      'c.active',
      'c.login_id',
      'c.port',
      'c.host_keys',
      'c.host_keys_at',
      'c.offered_keys',
      'c.tried_at',
      'c.outcome',
      'c.detail',
      'c.read_at',
      'c.failing_since',
    ])
    .$if(deviceId !== undefined, (query) => query.where('d.id', '=', deviceId ?? 0))
    .orderBy('d.name')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    role: row.role,
    siteId: row.site_id,
    siteName: row.site_name,
    roomId: row.room_id,
    place: [row.room_name, row.rack_name].filter((part) => part !== null).join(', '),
    address: row.address,
    profile: row.set_profile ?? row.seen_profile,
    active: row.active !== 0,
    ownLoginId: row.login_id,
    loginId: choose({ loginId: row.login_id, siteId: row.site_id, role: row.role }),
    port: row.port ?? 22,
    hostKeys: row.host_keys === null ? [] : parseHostKeys(row.host_keys),
    hostKeysAt: row.host_keys_at,
    offeredKeys: row.offered_keys === null ? [] : parseHostKeys(row.offered_keys),
    triedAt: row.tried_at,
    outcome: row.outcome,
    detail: row.detail,
    readAt: row.read_at,
    failingSince: row.failing_since,
  }));
}

/** How the configuration of a profile is read; undefined: it does not say. */
export function dialogueOf(profiles: ProfileSet, profile: string | null): ProfileConfiguration | undefined {
  if (profile === null) return undefined;
  return profiles.compose(profile)?.parts.find(({ configuration }) => configuration)?.configuration;
}

/** How the backup of a device stands. Pure. */
export function stateOf(device: Candidate, profiles: ProfileSet): BackupState {
  if (!device.active) return 'off';
  if (dialogueOf(profiles, device.profile) === undefined) return 'no-dialogue';
  if (device.loginId === null) return 'no-login';
  if (device.offeredKeys.length > 0) return 'host-key';
  if (device.outcome === null) return 'waiting';
  return device.outcome === 'read' ? 'ok' : 'failing';
}
