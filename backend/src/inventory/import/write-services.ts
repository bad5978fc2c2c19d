import type { InventoryFile } from '@rackhaus/config/inventory-file';
import type { Change } from '../../history/change.ts';
import type { Existing } from './existing.ts';
import { type Counts, sameValues, sync, writing } from './sync.ts';

/** Writes the services of a file. Devices and needs that it names no more are taken away from them. */
export async function writeServices(
  change: Change,
  file: InventoryFile,
  existing: Pick<Existing, 'devices' | 'services'>,
  devices: ReadonlyMap<string, number>,
  counts: Counts,
): Promise<void> {
  const ids = await sync({
    wanted: file.services.map((service) => ({
      key: service.name,
      values: {
        name: service.name,
        person_in_charge: service.personInCharge ?? null,
        hours: service.hours ?? null,
        importance: service.importance,
        address: service.address ?? null,
      },
    })),
    existing: (name) => existing.services.get(name),
    same: sameValues,
    ...writing(change, 'service'),
    counts,
  });
  const serviceId = (name: string) => ids.get(name) ?? existing.services.get(name)?.id ?? 0;
  const deviceId = (name: string) => devices.get(name) ?? existing.devices.get(name)?.id ?? 0;
  // First everything that goes: a need that turns round would be a circle while both are there.
  const joins = [];
  for (const service of file.services) {
    const service_id = serviceId(service.name);
    const runs = await change.tx
      .selectFrom('service_devices')
      .select(['id', 'device_id as other'])
      .where('service_id', '=', service_id)
      .execute();
    const needs = await change.tx
      .selectFrom('service_needs')
      .select(['id', 'needs_id as other'])
      .where('service_id', '=', service_id)
      .execute();
    joins.push({
      kind: 'service-device' as const,
      service_id,
      known: runs,
      wanted: service.devices.map(deviceId),
    });
    joins.push({
      kind: 'service-need' as const,
      service_id,
      known: needs,
      wanted: service.needs.map(serviceId),
    });
  }
  for (const { kind, known, wanted } of joins) {
    const gone = known.filter(({ other }) => !wanted.includes(other));
    await change.remove(
      kind,
      gone.map(({ id }) => id),
    );
    counts.changed += gone.length;
  }
  for (const { kind, service_id, known, wanted } of joins) {
    const missing = [...new Set(wanted)].filter((id) => !known.some(({ other }) => other === id));
    const column = kind === 'service-device' ? 'device_id' : 'needs_id';
    await change.insert(
      kind,
      missing.map((id) => ({ service_id, [column]: id })),
    );
    counts.created += missing.length;
  }
}
