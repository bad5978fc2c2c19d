import type { TownDevice } from '../topology.ts';
import type { World } from '../world.ts';
import { liveInlets } from './entity.ts';

/** One power supply of a device, for the vendors' tables. */
export interface Supply {
  readonly name: string;
  readonly number: number;
  /** It has input at present. */
  readonly works: () => boolean;
}

/** The power supplies that have a documented cord, or the first where none has. */
export function supplies(device: TownDevice, world: World): readonly { index: number; row: Supply }[] {
  const corded = world.map.feeds.get(device.name)?.map((feed) => feed.inlet);
  return device.inlets
    .filter((inlet, at) => (corded === undefined ? at === 0 : corded.includes(inlet)))
    .map((inlet, at) => ({
      index: at + 1,
      row: { name: inlet, number: at + 1, works: () => liveInlets(device, world).includes(inlet) },
    }));
}
