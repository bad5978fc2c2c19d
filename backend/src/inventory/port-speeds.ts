import { z } from 'zod';
import type { Database } from '../database/tables.ts';
import { chunked } from '../history/rows.ts';

/** What of a type's file is asked here. */
const Interfaces = z.object({
  interfaces: z.array(z.object({ name: z.string(), type: z.string() })).default([]),
});

/** What the network ports of devices can do by their types: bit/s by device and name of the port. */
export async function speedsOf(
  db: Database,
  deviceIds: ReadonlySet<number>,
): Promise<Map<number, ReadonlyMap<string, number>>> {
  const types = new Map<number, ReadonlyMap<string, number>>();
  const typeOf = new Map<number, number>();
  for (const ids of chunked([...deviceIds]))
    for (const { id, type_id } of await db
      .selectFrom('devices')
      .select(['id', 'type_id'])
      .where('id', 'in', ids)
      .execute())
      typeOf.set(id, type_id);
  for (const ids of chunked([...new Set(typeOf.values())]))
    for (const { id, definition } of await db
      .selectFrom('device_types')
      .select(['id', 'definition'])
      .where('id', 'in', ids)
      .execute())
      types.set(id, speedsIn(definition));
  return new Map(
    [...typeOf].map(([deviceId, typeId]) => [deviceId, types.get(typeId) ?? new Map<string, number>()]),
  );
}

function speedsIn(definition: string): ReadonlyMap<string, number> {
  const { interfaces } = Interfaces.parse(JSON.parse(definition));
  return new Map(
    interfaces.flatMap(({ name, type }) => {
      const speed = speedOfType(type);
      return speed === null ? [] : [[name, speed] as const];
    }),
  );
}

/** bit/s of an interface type as the device-type library names it, `1000base-t`, `10gbase-x-sfpp`; null: it does not say. */
export function speedOfType(type: string): number | null {
  const [, digits, giga] = /^(\d+(?:\.\d+)?)(g?)base-/.exec(type) ?? [];
  return digits === undefined ? null : Number(digits) * (giga === 'g' ? 1e9 : 1e6);
}
