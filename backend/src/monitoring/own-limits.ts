import type { OwnLimits, OwnLimitsOfDevice } from '../rules/own-limits.ts';
import type { SaidOfLimits } from './observations.ts';

/** The limits that a device has told of what it measures, by `<kind>/<entity>`. */
export function ownLimitsOf({ entities, ports }: SaidOfLimits): OwnLimitsOfDevice {
  const own = new Map<string, OwnLimits>();
  for (const { kind, entity, limits } of entities) {
    if (limits === undefined) continue;
    own.set(`${kind}/${entity}`, { limits, port: kind === 'sensor' ? portOf(entity, ports) : null });
  }
  return own;
}

/** The port whose transceiver a sensor is of: its name begins with that of the port, short or long. The longest counts. */
function portOf(entity: string, ports: SaidOfLimits['ports']): string | null {
  let found: string | null = null;
  let length = 0;
  for (const { name, description } of ports)
    for (const begin of [name, description]) {
      if (begin === null || begin.length <= length || !entity.startsWith(begin)) continue;
      // Port 1 has nothing to do with 1/2, nor with 10.
      if (/^[A-Za-z0-9/.:-]/.test(entity.slice(begin.length))) continue;
      [found, length] = [name, begin.length];
    }
  return found;
}
