import type { Database } from '../../database/tables.ts';
import { chunked } from '../../history/rows.ts';
import type { SiteGraph } from '../graph/site-graph.ts';
import { type Cord, PowerCords, type PowerPort } from './cords.ts';

/** All power cords of the inventory with what they join. */
export async function loadCords(db: Database, site: SiteGraph): Promise<PowerCords> {
  const rows = await db
    .selectFrom('ports')
    .select(['id', 'device_id', 'kind', 'name'])
    .where('kind', 'in', ['inlet', 'power-outlet'])
    .where('device_id', 'is not', null)
    .orderBy('device_id')
    .orderBy('rank')
    .execute();
  const ports = rows.flatMap(({ id, device_id: deviceId, kind, name }): PowerPort[] =>
    deviceId === null || (kind !== 'inlet' && kind !== 'power-outlet') ? [] : [{ id, deviceId, kind, name }],
  );
  const portById = new Map(ports.map((port) => [port.id, port]));
  const devices = await db.selectFrom('devices').select(['id', 'name', 'role']).execute();
  const labels = new Map<number, string>();
  const cables = [...new Set(site.power.connections.flatMap((connection) => connection.cables))];
  for (const part of chunked(cables))
    for (const { id, label } of await db
      .selectFrom('links')
      .select(['id', 'label'])
      .where('id', 'in', part)
      .execute())
      labels.set(id, label);
  const cords = site.power.connections.flatMap((connection): Cord[] => {
    const on = connection.ports.flatMap((id) => portById.get(id) ?? []);
    const outlet = on.find((port) => port.kind === 'power-outlet' && port.deviceId === connection.from);
    const [cableId] = connection.cables;
    const cable = cableId === undefined ? null : { id: cableId, label: labels.get(cableId) ?? '' };
    if (outlet === undefined) return [];
    // A cord with several plugs may feed both supplies of a device.
    return on
      .filter((port) => port.kind === 'inlet' && port.deviceId === connection.to)
      .map((inlet) => ({ cable, outlet, inlet }));
  });
  const once = new Map(cords.map((cord) => [cord.inlet.id, cord]));
  return new PowerCords({ devices, ports, cords: [...once.values()] });
}
