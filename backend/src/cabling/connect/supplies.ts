import type { CableRemark, NewCable } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import { chunked } from '../../history/rows.ts';
import type { PortFacts } from './facts.ts';

/**
 * Of power cords: a warning where another inlet of the same device is fed by the same PDU or UPS already. In the order of the
 * cables.
 */
export async function commonSupplies(
  db: Database,
  cables: readonly NewCable[],
  facts: ReadonlyMap<number, PortFacts>,
): Promise<CableRemark[][]> {
  const fed = cables.map(({ a, b }) => {
    const [one, other] = [facts.get(a.portId), facts.get(b.portId)];
    const inlet = [one, other].find((port) => port?.fit.kind === 'inlet');
    const outlet = [one, other].find((port) => port?.fit.kind === 'power-outlet');
    return inlet === undefined || outlet === undefined ? null : { inlet, outlet };
  });
  const devices = new Set(fed.flatMap((pair) => pair?.inlet.deviceId ?? []));
  const suppliers = new Map<number, { portId: number; deviceId: number; name: string }[]>();
  for (const part of chunked([...devices])) {
    const rows = await db
      .selectFrom('ports as inlet')
      .innerJoin('link_ends as here', 'here.port_id', 'inlet.id')
      .innerJoin('link_ends as there', (join) =>
        join.onRef('there.link_id', '=', 'here.link_id').onRef('there.id', '<>', 'here.id'),
      )
      .innerJoin('ports as outlet', 'outlet.id', 'there.port_id')
      .innerJoin('devices', 'devices.id', 'outlet.device_id')
      .select(['inlet.device_id', 'inlet.id', 'devices.id as supplier', 'devices.name'])
      .where('inlet.device_id', 'in', part)
      .where('inlet.kind', '=', 'inlet')
      .execute();
    for (const row of rows) {
      const known = suppliers.get(row.device_id ?? 0) ?? [];
      known.push({ portId: row.id, deviceId: row.supplier, name: row.name });
      suppliers.set(row.device_id ?? 0, known);
    }
  }
  return fed.map((pair) => {
    if (pair === null) return [];
    const same = suppliers
      .get(pair.inlet.deviceId ?? 0)
      ?.find(({ portId, deviceId }) => portId !== pair.inlet.id && deviceId === pair.outlet.deviceId);
    return same === undefined ? [] : [{ level: 'warn', code: 'same-supply', values: { supply: same.name } }];
  });
}
