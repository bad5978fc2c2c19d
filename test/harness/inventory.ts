import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';

export const roomName = 'Technikraum';
export const switchName = 'sw-test';

/** A folder with one room, one rack, and in it one switch that is polled at 127.0.0.1 or the address that is given. */
export function inventoryOfSwitch(monitoring: {
  readonly address?: string;
  readonly port: number;
  readonly intervalSeconds: number;
}): string {
  const folder = mkdtempSync(join(tmpdir(), 'rackhaus-inventory-'));
  const rooms = [{ name: roomName, racks: [{ name: 'Schrank 1', height: 24 }] }];
  const sites = [{ name: 'Rathaus', buildings: [{ name: 'Altbau', floors: [{ name: 'Keller', rooms }] }] }];
  const credentials = { lesen: { version: '2c', community: 'public' } };
  const devices = [
    {
      name: switchName,
      type: 'cisco-c1200-8t-e-2g',
      role: 'switch',
      room: `Rathaus/${roomName}`,
      rack: 'Schrank 1',
      position: 20,
      monitoring: { address: '127.0.0.1', credentials: 'lesen', ping: false, ...monitoring },
    },
  ];
  writeFileSync(join(folder, 'all.yaml'), stringify({ sites, credentials, devices }));
  return folder;
}
