import { forwards, portKey, type Town } from './topology.ts';
import type { Connection } from './wiring.ts';

/** Devices that the links which are up lead to from one of them; only what forwards leads on. */
export function reach(
  town: Town,
  from: string,
  connection: (port: string) => Connection | undefined,
): ReadonlySet<string> {
  const found = new Set([from]);
  for (const name of found) {
    const device = town.devices.get(name);
    if (device === undefined || (name !== from && !forwards(device))) continue;
    for (const port of device.ports) {
      const far = connection(portKey(name, port.name))?.far;
      if (far !== undefined) found.add(far.owner);
    }
  }
  return found;
}
