import type { PlannedChange } from '@rackhaus/config/contract';
import { itemsOf } from '../../cabling/orders/load-world.ts';
import type { InterruptedBy } from '../../cabling/orders/view.ts';
import type { Database } from '../../database/tables.ts';
import type { Change } from '../../history/change.ts';
import type { Changes } from '../../history/changes.ts';
import { chunked } from '../../history/rows.ts';

/** What hangs on what an order takes out is held by its cause; so many devices get a window of their own. */
const mostDevices = 200;
const nameLength = 200;

interface Order {
  readonly id: number;
  readonly number: string;
  readonly title: string;
  readonly state: string;
  readonly scheduled_from: number | null;
  readonly scheduled_until: number | null;
  readonly started_at: number | null;
  readonly finished_at: number | null;
}

/**
 * Makes maintenance windows of orders that may be carried out and have a time, for what they touch and interrupt; the windows move
 * with the order, and go with it. A window that somebody deletes by hand stays away as long as another of its order is there.
 */
export class OrderWindows {
  readonly #db: Database;
  readonly #changes: Changes;
  readonly #interruptedBy: InterruptedBy;
  readonly #now: () => number;

  constructor(options: { db: Database; changes: Changes; interruptedBy: InterruptedBy; now: () => number }) {
    this.#db = options.db;
    this.#changes = options.changes;
    this.#interruptedBy = options.interruptedBy;
    this.#now = options.now;
  }

  /** Brings the windows of all orders up to date. Doing it again changes nothing. */
  async follow(): Promise<void> {
    for (const order of await this.#orders()) {
      if (await this.#isRight(order)) continue;
      const devices = plannedTime(order) === null ? [] : await this.#devicesOf(order.id);
      await this.#changes.run(
        { user: { id: null, name: 'Rackhaus' }, source: 'system', orderId: order.id },
        (change) => this.#write(change, order.id, devices),
      );
    }
  }

  /** Whether its windows are where its time is: mostly they are, and then nothing has to be written. */
  async #isRight(order: Order): Promise<boolean> {
    const time = plannedTime(order);
    const windows = await this.#db
      .selectFrom('maintenances')
      .select(['from', 'until'])
      .where('order_id', '=', order.id)
      .execute();
    if (time === null) return windows.length === 0;
    return (
      windows.length > 0 && windows.every(({ from, until }) => from === time.from && until === time.until)
    );
  }

  /** Orders whose windows may have to be made, moved or ended. */
  async #orders(): Promise<Order[]> {
    const now = this.#now();
    return this.#db
      .selectFrom('orders')
      .select([
        'id',
        'number',
        'title',
        'state',
        'scheduled_from',
        'scheduled_until',
        'started_at',
        'finished_at',
      ])
      .where((e) =>
        e.or([
          e.and([e('state', 'in', ['approved', 'working']), e('scheduled_until', '>', now)]),
          e.exists(
            e
              .selectFrom('maintenances')
              .select('maintenances.id')
              .whereRef('maintenances.order_id', '=', 'orders.id')
              .where('maintenances.until', '>', now),
          ),
        ]),
      )
      .orderBy('id')
      .execute();
  }

  async #write(change: Change, orderId: number, devices: readonly number[]): Promise<void> {
    const order = await change.tx
      .selectFrom('orders')
      .selectAll()
      .where('id', '=', orderId)
      .executeTakeFirst();
    if (order === undefined) return;
    const windows = await change.tx
      .selectFrom('maintenances')
      .select(['id', 'from', 'until'])
      .where('order_id', '=', orderId)
      .execute();
    const time = plannedTime(order);
    if (time === null) {
      await this.#end(change, order, windows);
      return;
    }
    if (windows.length > 0) {
      for (const { id } of windows) await change.update('maintenance', id, { ...time });
      return;
    }
    const known = await existing(change.tx, devices);
    await change.insert(
      'maintenance',
      known.map((deviceId) => ({
        name: `${order.number} ${order.title}`.slice(0, nameLength),
        scope: 'device',
        device_id: deviceId,
        ...time,
        order_id: orderId,
      })),
    );
  }

  /** What has begun ends now when the order is done; what has not, or was called off, goes. */
  async #end(
    change: Change,
    order: Order,
    windows: readonly { readonly id: number; readonly from: number; readonly until: number }[],
  ): Promise<void> {
    const end = order.finished_at ?? change.now;
    for (const { id, from, until } of windows)
      if (order.state !== 'done' || from >= end) await change.remove('maintenance', [id]);
      else if (until > end) await change.update('maintenance', id, { until: end });
  }

  async #devicesOf(orderId: number): Promise<number[]> {
    const made = await this.#db
      .selectFrom('maintenances')
      .select('id')
      .where('order_id', '=', orderId)
      .executeTakeFirst();
    if (made !== undefined) return [];
    const items = (await itemsOf(this.#db, [orderId])).get(orderId) ?? [];
    const changes = items.map((item) => item.change);
    const linkIds = changes.flatMap((each) => ('linkId' in each ? [each.linkId] : []));
    const deviceIds = changes.flatMap((each) => ('deviceId' in each ? [each.deviceId] : []));
    const interrupted =
      linkIds.length + deviceIds.length === 0 ? [] : await this.#interruptedBy({ linkIds, deviceIds }, items);
    return [
      ...new Set([
        ...deviceIds,
        ...(await this.#atCables(linkIds, changes.flatMap(plannedPortsOf))),
        ...interrupted.flatMap(({ kind, id }) => (kind === 'device' ? [id] : [])),
      ]),
    ].slice(0, mostDevices);
  }

  /** Devices at the ends of cables and at ports; panels notice nothing. */
  async #atCables(linkIds: readonly number[], portIds: readonly number[]): Promise<number[]> {
    const ports = new Set(portIds);
    for (const ids of chunked(linkIds))
      for (const { port_id: id } of await this.#db
        .selectFrom('link_ends')
        .select('port_id')
        .where('link_id', 'in', ids)
        .execute())
        ports.add(id);
    const devices: number[] = [];
    for (const ids of chunked([...ports]))
      for (const { id } of await this.#db
        .selectFrom('ports')
        .innerJoin('devices', 'devices.id', 'ports.device_id')
        .select('devices.id')
        .distinct()
        .where('ports.id', 'in', ids)
        .where('ports.kind', 'not in', ['front', 'rear'])
        .execute())
        devices.push(id);
    return devices;
  }
}

/** When it is to be carried out, or earlier when it has been begun earlier; null: nothing is held for it. */
function plannedTime(order: Order): { readonly from: number; readonly until: number } | null {
  const { state, scheduled_from: from, scheduled_until: until, started_at: started } = order;
  if (state !== 'approved' && state !== 'working') return null;
  if (from === null || until === null || until <= from) return null;
  return { from: started === null ? from : Math.min(from, started), until };
}

function plannedPortsOf(change: PlannedChange): number[] {
  if (change.action === 'add-link') return [change.a.portId, change.b.portId];
  if (change.action === 'move-link')
    return [change.a, change.b].flatMap((end) => (end == null ? [] : [end.portId]));
  return [];
}

/** A device may have been deleted since it was looked for. */
async function existing(tx: Database, deviceIds: readonly number[]): Promise<number[]> {
  const found: number[] = [];
  for (const ids of chunked(deviceIds))
    for (const { id } of await tx.selectFrom('devices').select('id').where('id', 'in', ids).execute())
      found.push(id);
  return found;
}
