import type { SimulatorPorts } from '@rackhaus/config/contract';
import { otherEnd } from './cabling.ts';
import { nameOf, takenBy, targetOf } from './patching.ts';
import { places } from './places.ts';
import type { World } from './world.ts';

/** Every place for a cable and what hangs there, for whoever plays the technician. */
export function portList(world: World): SimulatorPorts['ports'] {
  return places(world.town).map((place) => {
    const cable = takenBy(world.town, world.cabling, place);
    return {
      target: targetOf(place),
      name: nameOf(place),
      room: place.room,
      power: place.power !== null,
      cableTo: cable === null ? null : targetOf(otherEnd(world.cabling, cable, place)),
    };
  });
}
