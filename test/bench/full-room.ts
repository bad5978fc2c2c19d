import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';

export const fullRoomName = 'Vollraum';

/** What stands in each rack, from the bottom up, until its 42 units are full: two UPSs, servers, switches and panels. */
const contents: readonly (readonly [type: string, role: string, units: number, count: number])[] = [
  ['eaton-5px3000irt2u', 'ups', 2, 2],
  ['hpe-msa-2060-sff', 'storage', 2, 1],
  ['hpe-proliant-dl380-gen11', 'server', 2, 5],
  ['hpe-proliant-dl360-gen11', 'server', 1, 6],
  ['sophos-xgs-2300', 'firewall', 1, 1],
  ['hpe-aruba-6200f-48g-class4-poe-4sfpp', 'switch', 1, 9],
  ['generic-copper-panel-24', 'panel', 1, 10],
];

/** A folder with one room of full racks, each with two PDUs at its rails; 36 devices and about 1,100 ports a rack. */
export function inventoryOfFullRoom(count: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'rackhaus-full-'));
  const racks = Array.from({ length: count }, (_, index) => `Reihe ${index + 1}`);
  const rooms = [{ name: fullRoomName, racks: racks.map((name) => ({ name })) }];
  const room = `Messung/${fullRoomName}`;
  const devices = racks.flatMap((rack, r) => {
    const stack: Record<string, unknown>[] = [];
    let position = 1;
    for (const [type, role, units, times] of contents)
      for (let n = 0; n < times && position + units - 1 <= 42; n++) {
        const monitored = role === 'panel' ? {} : { monitoring };
        stack.push({ name: `${role}-${r + 1}-${position}`, type, role, room, rack, position, ...monitored });
        position += units;
      }
    if (position !== 43) throw new Error(`${rack} is full to unit ${position - 1}`);
    const rails = ['left', 'right'].map((side) => ({
      name: `pdu-${r + 1}-${side}`,
      type: 'apc-ap8853',
      role: 'pdu',
      room,
      rack,
      face: 'rear',
      side,
      monitoring,
    }));
    return [...stack, ...rails];
  });
  const sites = [{ name: 'Messung', buildings: [{ name: 'Haus', floors: [{ name: 'EG', rooms }] }] }];
  const credentials = { mess: { version: '2c', community: 'public' } };
  writeFileSync(
    join(folder, 'room.yaml'),
    stringify({ sites, credentials, devices }, { aliasDuplicateObjects: false }),
  );
  return folder;
}

const monitoring = { address: '127.0.0.1', intervalSeconds: 60, credentials: 'mess', ping: false };
