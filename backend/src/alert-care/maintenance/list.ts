import type { MaintenanceList } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import { parseRecurrence } from './held.ts';
import type { WindowRow } from './load.ts';
import { presentOrNext } from './windows.ts';

/** Windows that are over are shown this long. */
const shownMs = 90 * 86_400_000;

/** Windows for people: those that are on or come next first, then those that are over, newest first. */
export async function listWindows(db: Database, now: number): Promise<MaintenanceList> {
  const { rows, names, held } = await db.transaction().execute(async (tx) => {
    const rows = await tx
      .selectFrom('maintenances')
      .selectAll()
      .where((e) => e.or([e('until', '>', now - shownMs), e('recurrence', '!=', 'null')]))
      .execute();
    return {
      rows,
      names: await targetNames(tx, rows),
      held: await tx
        .selectFrom('incidents')
        .select(['id', 'held_by'])
        .where('state', '!=', 'resolved')
        .where('held_by', 'is not', null)
        .execute(),
    };
  });
  const windows = rows.map((row) => {
    const recurrence = parseRecurrence(row.recurrence);
    const next = presentOrNext({ from: row.from, until: row.until, recurrence }, now);
    const targetId = targetOf(row);
    return {
      id: row.id,
      version: row.version,
      name: row.name,
      scope: row.scope,
      target: (targetId === null ? undefined : names.get(`${row.scope}/${targetId}`)) ?? '',
      targetId,
      from: row.from,
      until: row.until,
      recurrence,
      orderId: row.order_id,
      reason: row.reason,
      active: next !== null && next.from <= now,
      next,
      holds: held.filter((incident) => incident.held_by === row.id).map(({ id }) => id),
    };
  });
  const rank = (window: (typeof windows)[number]) =>
    window.next === null ? Number.MAX_SAFE_INTEGER - window.until : window.next.from;
  return { windows: windows.toSorted((a, b) => rank(a) - rank(b) || a.id - b.id) };
}

/** The record that a window's scope means. */
function targetOf(row: WindowRow): number | null {
  return row.scope === 'all' ? null : row[`${row.scope}_id`];
}

async function targetNames(tx: Database, rows: readonly WindowRow[]): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  const tables = {
    site: 'sites',
    room: 'rooms',
    rack: 'racks',
    device: 'devices',
    service: 'services',
  } as const;
  const wanted = (scope: WindowRow['scope']) =>
    rows.flatMap((row) => {
      const id = row.scope === scope ? targetOf(row) : null;
      return id === null ? [] : [id];
    });
  for (const scope of ['site', 'room', 'rack', 'device', 'service'] as const) {
    const ids = wanted(scope);
    if (ids.length === 0) continue;
    for (const { id, name } of await tx
      .selectFrom(tables[scope])
      .select(['id', 'name'])
      .where('id', 'in', ids)
      .execute())
      names.set(`${scope}/${id}`, name);
  }
  const portIds = wanted('port');
  if (portIds.length > 0)
    for (const { id, name, device } of await tx
      .selectFrom('ports')
      .leftJoin('devices', 'devices.id', 'ports.device_id')
      .select(['ports.id', 'ports.name', 'devices.name as device'])
      .where('ports.id', 'in', portIds)
      .execute())
      names.set(`port/${id}`, device === null ? name : `${device} ${name}`);
  return names;
}
