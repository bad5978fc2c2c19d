import { hasTelephone } from './behaviour.ts';
import { chance, seedOf } from './noise.ts';
import { type Cabling, portKey, type TownLink, type TownOutlet } from './topology.ts';

/** Somebody's desk: a computer that hangs on a jack in the wall, perhaps through a telephone. */
export interface Workplace {
  /** `PC <outlet>/<jack>` of the jack it belongs to. */
  readonly name: string;
  readonly outlet: string;
  readonly jack: string;
  /** `<site>/<room>` */
  readonly room: string;
  readonly seed: number;
  /** Number among all workplaces, from 0: its address in the network follows from it. */
  readonly number: number;
  readonly computer: Uint8Array;
  /** Its telephone's MAC address; null where there is none. */
  readonly telephone: Uint8Array | null;
}

/** The one port of a workplace: that of the telephone where there is one. */
export const workplacePort = 'LAN';

/** Most jacks that a permanent link leads to and that nothing documented is plugged into have a workplace. */
export function workplaces(outlets: Iterable<TownOutlet>, documented: Cabling): Workplace[] {
  const found: Workplace[] = [];
  for (const outlet of outlets)
    for (const jack of outlet.jacks) {
      const key = portKey(outlet.name, jack);
      const kinds = (documented.linksAt.get(key) ?? []).map((link) => documented.links[link]?.kind);
      const seed = seedOf(key);
      if (kinds.length !== 1 || kinds[0] !== 'permanent' || chance(seed, 1) >= 0.85) continue;
      found.push({
        name: `PC ${outlet.name}/${jack}`,
        outlet: outlet.name,
        jack,
        room: outlet.room,
        seed,
        number: found.length,
        computer: Uint8Array.of(0x06, ...seedBytes(seed), 1),
        telephone: hasTelephone(seed) ? Uint8Array.of(0x06, ...seedBytes(seed), 2) : null,
      });
    }
  return found;
}

/** The cords between workplaces and their jacks. */
export function cordsOf(list: readonly Workplace[]): TownLink[] {
  return list.map(({ name, outlet, jack }) => ({
    kind: 'patch',
    ends: [
      { owner: outlet, port: jack },
      { owner: name, port: workplacePort },
    ],
  }));
}

function seedBytes(seed: number): number[] {
  return [(seed >>> 24) & 0xff, (seed >>> 16) & 0xff, (seed >>> 8) & 0xff, seed & 0xff];
}
