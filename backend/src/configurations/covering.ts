import { holdsDevice } from '../alert-care/maintenance/held.ts';
import { loadWindows } from '../alert-care/maintenance/load.ts';
import { presentOrNext } from '../alert-care/maintenance/windows.ts';
import type { Database } from '../database/tables.ts';
import type { Covered } from './versions.ts';

/**
 * Whether somebody had announced work at a device: a maintenance window that it is in was on at some time in between, or an order
 * was being carried out that touches it. When in between its configuration changed nobody knows, since it is read once a day.
 */
export async function coveringOf(
  db: Database,
  device: { readonly id: number; readonly roomId: number | null },
  from: number,
  until: number,
): Promise<Covered> {
  for (const window of await loadWindows(db, from)) {
    if (!holdsDevice(window.holds, device)) continue;
    const span = presentOrNext(window, from);
    if (span !== null && span.from <= until) return { why: 'maintenance', covering: window.name };
  }
  const order = await db
    .selectFrom('order_steps as s')
    .innerJoin('orders as o', 'o.id', 's.order_id')
    .leftJoin('ports as p', 'p.id', 's.port_id')
    .select(['o.number', 'o.title'])
    .where((e) => e.or([e('s.device_id', '=', device.id), e('p.device_id', '=', device.id)]))
    .where('o.started_at', '<=', until)
    .where((e) => e.or([e('o.finished_at', 'is', null), e('o.finished_at', '>=', from)]))
    .where('o.state', 'in', ['working', 'done'])
    .orderBy('o.id', 'desc')
    .executeTakeFirst();
  if (order !== undefined) return { why: 'order', covering: `${order.number} ${order.title}` };
  return { why: 'unexpected', covering: null };
}
