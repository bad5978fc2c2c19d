import type { InventoryFile } from '@rackhaus/config/inventory-file';
import { type Need, wayBetween } from '../services/needs.ts';
import { Once } from './check-places.ts';
import type { Existing } from './existing.ts';
import type { Problems } from './problems.ts';

/** Refuses services that run on or need what there is not, and services that need each other in a circle. */
export function checkServices(options: {
  file: InventoryFile;
  existing: Pick<Existing, 'devices' | 'services' | 'needs'>;
  problems: Problems;
}): void {
  const { file, existing, problems } = options;
  const devices = new Set([...existing.devices.keys(), ...file.devices.map((device) => device.name)]);
  const services = new Set([...existing.services.keys(), ...file.services.map((service) => service.name)]);
  const once = new Once(problems, 'service');
  const needs = new Map<string, Set<string>>();
  for (const { service, needs: needed } of existing.needs)
    needs.set(service, (needs.get(service) ?? new Set()).add(needed));
  for (const service of file.services) {
    once.check(`services.${service.name}`, service.name);
    for (const device of service.devices)
      if (!devices.has(device))
        problems.unknown(`services.${service.name}.devices`, device, 'device', devices);
    for (const needed of service.needs)
      if (!services.has(needed))
        problems.unknown(`services.${service.name}.needs`, needed, 'service', services);
    // What the file says of a service replaces what was said of it.
    needs.set(service.name, new Set(service.needs));
  }
  refuseCircles(file, needs, problems);
}

function refuseCircles(
  file: InventoryFile,
  needs: ReadonlyMap<string, ReadonlySet<string>>,
  problems: Problems,
): void {
  const numbers = new Map<string, number>();
  const numberOf = (name: string) => {
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  };
  const graph = new Map<number, Need[]>();
  for (const [service, all] of needs)
    graph.set(
      numberOf(service),
      [...all].map((needed) => ({ from: numberOf(service), to: numberOf(needed) })),
    );
  for (const { name, needs: own } of file.services)
    for (const needed of own)
      if (wayBetween(graph, numberOf(needed), numberOf(name)) !== null)
        problems.add(
          `services.${name}.needs`,
          needed,
          `"${needed}" needs "${name}" itself, directly or through others: services must not need each other in a circle.`,
        );
}
