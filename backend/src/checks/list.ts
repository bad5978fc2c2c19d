import {
  type CheckList,
  type CheckReport,
  CheckSecret,
  type CheckState,
  type CheckView,
} from '@rackhaus/config/contract';
import type { SecretBox } from '../access/secret-box.ts';
import type { Database } from '../database/tables.ts';
import type { EntityState } from '../rules/device-rules.ts';

/** What is known of devices now. */
export interface CheckedNow {
  /** What its checks have said of it; null: nothing. */
  readonly reports: (
    deviceId: number,
  ) => Promise<{ readonly checks?: readonly CheckReport[] | undefined } | null>;
  /** What a check has last measured; null: nothing. */
  readonly last: (deviceId: number, check: string) => EntityState | null;
  /** Milliseconds since 1970. */
  readonly time: () => number;
}

/** The checks of a device or of a service, and how they stand. */
export async function checkList(
  parts: { readonly db: Database; readonly secretBox: SecretBox; readonly now: CheckedNow },
  of: { readonly column: 'device_id' | 'service_id'; readonly id: number },
): Promise<CheckList> {
  const rows = await parts.db
    .selectFrom('checks')
    .innerJoin('devices', 'devices.id', 'checks.device_id')
    .selectAll('checks')
    .select('devices.name as device_name')
    .where(`checks.${of.column}`, '=', of.id)
    .orderBy('checks.name')
    .orderBy('checks.id')
    .execute();
  const reports = new Map<number, CheckReport>();
  for (const deviceId of new Set(rows.map((row) => row.device_id)))
    for (const report of (await parts.now.reports(deviceId))?.checks ?? []) reports.set(report.id, report);
  return {
    checks: rows.map((row) => {
      const report = reports.get(row.id) ?? null;
      const entity = parts.now.last(row.device_id, row.name);
      const recent = parts.now.time() - Math.max(4 * row.interval_seconds, 60) * 1000;
      const state = stateOf(row.active === 1, entity, recent);
      const told = state === 'ok' || state === 'fails' ? report : null;
      return {
        id: row.id,
        version: row.version,
        deviceId: row.device_id,
        deviceName: row.device_name,
        name: row.name,
        kind: row.kind,
        serviceId: row.service_id,
        active: row.active === 1,
        intervalSeconds: row.interval_seconds,
        settings: JSON.parse(row.settings),
        notes: row.notes,
        secret:
          row.sealed === null ? null : CheckSecret.parse(JSON.parse(parts.secretBox.open(row.sealed))).kind,
        state,
        outcome: told?.outcome ?? null,
        detail: told?.detail ?? null,
        since: told?.since ?? null,
        time: entity?.time ?? null,
        responseTime: entity?.values.responseTime ?? null,
        certificate: entity?.values.certificate ?? null,
      } satisfies CheckView;
    }),
  };
}

function stateOf(active: boolean, entity: EntityState | null, recent: number): CheckState {
  if (!active) return 'off';
  const state = entity?.values.state;
  if (entity === null || state === undefined) return 'waiting';
  if (entity.time < recent) return 'unknown';
  return state === 0 ? 'ok' : 'fails';
}
