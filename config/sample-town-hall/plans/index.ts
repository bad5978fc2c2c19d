import type { InventoryFile } from '../../inventory-file/index.ts';
import { type DrawnRoom, type Metres, townHallFloors } from './layout.ts';
import { drawFloor, pictureSize, toUnits, unitsPerMetre } from './svg.ts';

const site = 'Rathaus';
const rackWidthM = 0.6;
const rackDepthM = 1.15;

/** Something on a plan of the sample, by the name that it has in the inventory. */
export interface SampleMark {
  readonly kind: 'room' | 'rack' | 'outlet' | 'device';
  readonly name: string;
  /** Of a rack: its name is unique only there. */
  readonly room: string;
  readonly points: readonly (readonly [number, number])[];
  readonly turn: number;
}
export interface SamplePlan {
  readonly site: string;
  readonly building: string;
  readonly floor: string;
  readonly name: string;
  readonly svg: string;
  readonly width: number;
  readonly height: number;
  readonly unitsPerMetre: number;
  readonly marks: readonly SampleMark[];
}

/** The plans of the town hall with everything that its inventory has there. */
export function sampleTownHallPlans(town: InventoryFile): SamplePlan[] {
  return townHallFloors().map((floor) => ({
    site,
    building: site,
    floor: floor.name,
    name: floor.title,
    svg: drawFloor(floor),
    ...pictureSize,
    unitsPerMetre,
    marks: floor.rooms.filter((room) => room.documented).flatMap((room) => marksOf(room, town)),
  }));
}

function marksOf(room: DrawnRoom, town: InventoryFile): SampleMark[] {
  const path = `${site}/${room.name}`;
  const racks = town.sites
    .filter(({ name }) => name === site)
    .flatMap(({ buildings }) => buildings.flatMap(({ floors }) => floors.flatMap(({ rooms }) => rooms)))
    .filter(({ name }) => name === room.name)
    .flatMap((known) => known.racks.map((rack) => rack.name));
  const outlets = town.outlets.filter((outlet) => outlet.room === path).map((outlet) => outlet.name);
  const devices = town.devices.filter((device) => device.room === path && device.rack === undefined);
  const mark = (kind: SampleMark['kind'], name: string, at: Metres): SampleMark => ({
    kind,
    name,
    room: room.name,
    points: [toUnits(at)],
    turn: 0,
  });
  const xs = room.corners.map(([x]) => x);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const middle = (left + right) / 2;
  const inward = Math.sign(room.innerY - room.outerY);
  const centreY = (room.outerY + room.innerY) / 2;
  return [
    { kind: 'room', name: room.name, room: room.name, points: room.corners.map(toUnits), turn: 0 },
    ...racks.map((name, index) =>
      mark('rack', name, [
        middle + (index - (racks.length - 1) / 2) * (rackWidthM + 0.05),
        room.outerY + inward * (0.8 + rackDepthM / 2),
      ]),
    ),
    // Beneath the windows, evenly.
    ...outlets.map((name, index) =>
      mark('outlet', name, [
        left + ((right - left) * (index + 0.5)) / outlets.length,
        room.outerY + inward * 0.3,
      ]),
    ),
    ...devices.map(({ name, role }, index) =>
      mark(
        'device',
        name,
        // An access point hangs at the ceiling beside the name of the room, all else at the wall to the corridor.
        role === 'access-point' ? [middle, centreY - 1.8] : [right - 0.5 - index, room.innerY - inward * 0.5],
      ),
    ),
  ];
}
