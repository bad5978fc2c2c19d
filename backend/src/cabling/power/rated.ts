import { DeviceTypeFile, factsOf } from '@rackhaus/config/device-types';
import type { Database } from '../../database/tables.ts';
import { chunked } from '../../history/rows.ts';
import type { Rated } from './measured.ts';

export const unrated: Rated = { inletWatts: null, outputWatts: null, phases: 1 };

/** What makers say of these types, by type id. */
export async function ratedTypes(
  db: Database,
  typeIds: readonly number[],
): Promise<ReadonlyMap<number, Rated>> {
  const rated = new Map<number, Rated>();
  for (const part of chunked(typeIds))
    for (const { id, definition } of await db
      .selectFrom('device_types')
      .select(['id', 'definition'])
      .where('id', 'in', part)
      .execute()) {
      const type = DeviceTypeFile.parse(JSON.parse(definition));
      rated.set(id, {
        inletWatts: factsOf(type).maximumDrawW,
        outputWatts: type.rackhaus?.outputWatts ?? null,
        // IEC 60309 plugs of three phases are named 3p-e or 3p-n-e.
        phases: type['power-ports'].some((port) => port.type?.includes('-3p-') === true) ? 3 : 1,
      });
    }
  return rated;
}
