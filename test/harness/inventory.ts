import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';

export const roomName = 'Technikraum';
export const switchName = 'sw-test';

/** A folder with one room, one rack, and in it one switch that is polled at 127.0.0.1 or the address that is given. */
export function inventoryOfSwitch(
  monitoring: {
    readonly address?: string;
    readonly port: number;
    readonly intervalSeconds: number;
    /** Whether it is pinged as well; left out: not. */
    readonly ping?: boolean;
  },
  /** Names of devices besides that nobody polls. */
  unpolled: readonly string[] = [],
): string {
  return inventoryOf([
    {
      name: switchName,
      type: 'cisco-c1200-8t-e-2g',
      role: 'switch',
      rack: 'Schrank 1',
      position: 20,
      monitoring: { address: '127.0.0.1', ...monitoring },
    },
    ...unpolled.map((name) => ({ name, type: 'cisco-c1200-8t-e-2g', role: 'switch' })),
  ]);
}

/** A folder with one room, and in it these devices, which stand freely and are polled by SNMP alone. */
export function inventoryOfDevices(
  devices: readonly {
    readonly name: string;
    readonly type: string;
    readonly role: string;
    readonly host: string;
    readonly port: number;
    readonly intervalSeconds: number;
  }[],
): string {
  return inventoryOf(
    devices.map(({ name, type, role, host: address, port, intervalSeconds }) => ({
      name,
      type,
      role,
      monitoring: { address, port, intervalSeconds },
    })),
  );
}

function inventoryOf(
  devices: readonly ({ readonly monitoring?: object } & Readonly<Record<string, unknown>>)[],
): string {
  const folder = mkdtempSync(join(tmpdir(), 'rackhaus-inventory-'));
  const rooms = [{ name: roomName, racks: [{ name: 'Schrank 1', height: 24 }] }];
  const sites = [{ name: 'Rathaus', buildings: [{ name: 'Altbau', floors: [{ name: 'Keller', rooms }] }] }];
  const credentials = { lesen: { version: '2c', community: 'public' } };
  const placed = devices.map(({ monitoring, ...device }) => ({
    ...device,
    room: `Rathaus/${roomName}`,
    ...(monitoring === undefined ? {} : { monitoring: { credentials: 'lesen', ping: false, ...monitoring } }),
  }));
  writeFileSync(join(folder, 'all.yaml'), stringify({ sites, credentials, devices: placed }));
  return folder;
}
