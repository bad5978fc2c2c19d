import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadRecording } from '../../simulator/index.ts';
import { lookAt } from './testing.ts';

const folder = join(import.meta.dirname, '../../../../shared/recordings');
const present = existsSync(folder);
if (!present)
  console.warn(`recordings.slow.test.ts: there are no recordings in ${folder}; these tests are left out`);

const Fdb = z.object({
  'fdb-table': z.object({
    discovery: z.object({
      ports_fdb: z.array(z.object({ mac_address: z.string(), ifIndex: z.number(), vlan_vlan: z.number() })),
    }),
  }),
});
const Links = z.object({
  'discovery-protocols': z.object({
    discovery: z.object({
      links: z.array(z.object({ ifName: z.string(), remote_hostname: z.string(), remote_port: z.string() })),
    }),
  }),
});

function expected<T>(name: string, schema: z.ZodType<T>): T {
  return schema.parse(JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')));
}

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});
async function look(name: string) {
  const { store, contexts } = await loadRecording(join(folder, `${name}.snmprec`));
  const device = await lookAt({ store, contexts });
  open.push(device);
  return device;
}

describe.skipIf(!present)('what recorded switches have learned', () => {
  it('jetstream_sg2218p: the same MAC addresses, ports and VLANs as LibreNMS', async () => {
    const { sight, observation } = await look('jetstream_sg2218p');
    const indexes = new Map(observation?.ports.map((port) => [port.name, port.ifIndex]));
    const seen = (await sight())?.ports.flatMap(({ name, macs }) =>
      macs.map(({ mac, vlan }) => `${mac.replaceAll(':', '')} ${indexes.get(name)} ${vlan}`),
    );
    const rows = expected('jetstream_sg2218p', Fdb)['fdb-table'].discovery.ports_fdb;
    expect(rows).toHaveLength(66);
    expect(seen?.sort()).toEqual(
      rows.map((row) => `${row.mac_address} ${row.ifIndex} ${row.vlan_vlan}`).sort(),
    );
  });

  it.each([
    // Rows with port 0, of the switch itself or of group addresses are not learned; FDB ids that VLANs share name none.
    ['arubaos-cx_10.10', 16, 1],
    ['ciscosb_c1200-8t-e-2g', 10, 1],
    ['comware_a5500', 104, 1],
    ['dlink_dgs-1510-28', 26, 1],
    ['lcossx_xs5116qf', 682, 1],
    ['procurve', 1075, null],
    ['routeros_crs317', 41, 0],
    ['zynos_gs1900-fdb', 36, 1],
  ])('%s: ports by name, of %i rows', async (name, rows, withVlan) => {
    const { sight, observation } = await look(name);
    const known = new Set(observation?.ports.map((port) => port.name));
    const ports = (await sight())?.ports ?? [];
    expect(ports.length).toBeGreaterThan(0);
    for (const port of ports) expect(known).toContain(port.name);
    const total = ports.reduce((sum, { count }) => sum + count, 0);
    expect(total).toBeGreaterThan(rows * 0.4);
    expect(total).toBeLessThanOrEqual(rows);
    const macs = ports.flatMap((port) => port.macs);
    for (const { mac } of macs) expect(mac).toMatch(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/);
    if (withVlan === null) return;
    if (withVlan) expect(macs.some(({ vlan }) => vlan !== null)).toBe(true);
    else expect(macs.every(({ vlan }) => vlan === null)).toBe(true);
  });

  it('ios_2960x: a switch that shows no single VLAN tells its one bridge', async () => {
    const { sight } = await look('ios_2960x');
    const ports = (await sight())?.ports ?? [];
    expect(ports.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(0);
  });

  it('ios_c3560: asks for every VLAN by the community name@vlan', async () => {
    const { sight, received } = await look('ios_c3560');
    const before = received();
    // This recording holds which ports belong to each VLAN, and no MAC address.
    expect((await sight())?.ports).toEqual([]);
    expect(received() - before).toBeGreaterThan(16);
  });

  it.each([
    ['comware_a5500', 19],
    ['procurve', 8],
    ['fullwalk_cisco-c3560', 21],
    ['pfsense', 16],
  ])('%s: addresses of %i rows', async (name, rows) => {
    const { sight } = await look(name);
    const addresses = (await sight())?.addresses ?? [];
    // Recordings were made anonymous: several rows have one address.
    expect(addresses.length).toBeGreaterThan(name === 'procurve' ? 0 : rows / 2);
    expect(addresses.length).toBeLessThanOrEqual(rows);
  });
});

describe.skipIf(!present)('who recorded devices name as neighbours', () => {
  it('ios_2960x: the same as LibreNMS, by CDP', async () => {
    const { observation } = await look('ios_2960x');
    const neighbours = observation?.neighbours ?? [];
    const links = expected('ios_2960x', Links)['discovery-protocols'].discovery.links;
    expect(
      neighbours.map((each) => `${each.localPort} ${each.remoteName} ${each.remotePort}`).sort(),
    ).toEqual(links.map((link) => `${link.ifName} ${link.remote_hostname} ${link.remote_port}`).sort());
    expect(neighbours[0]).toMatchObject({
      protocol: 'cdp',
      chassis: null,
      managementAddress: expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/),
      remoteDescription: expect.stringContaining('cisco'),
    });
  });

  it('arubaos-cx_10.10: chassis and management address by LLDP', async () => {
    const { observation } = await look('arubaos-cx_10.10');
    expect(
      observation?.neighbours.map(({ chassis, managementAddress }) => [chassis, managementAddress]),
    ).toEqual([
      ['cc:88:c7:c8:00:00', '192.168.100.102'],
      ['94:64:24:c0:00:00', '192.168.100.101'],
      ['20:4c:03:81:00:00', '192.0.2.1'],
    ]);
  });

  it('procurve: chassis by network address, and no management address of nobody', async () => {
    const { observation } = await look('procurve');
    const neighbours = observation?.neighbours ?? [];
    expect(neighbours.map(({ chassis }) => chassis)).toContain('10.56.32.113');
    expect(neighbours.map(({ managementAddress }) => managementAddress)).not.toContain('0.0.0.0');
  });

  it('ciscosb_c1200: the description of the far port', async () => {
    const { observation } = await look('ciscosb_c1200-8t-e-2g');
    expect(observation?.neighbours).toMatchObject([
      {
        localPort: 'gi8',
        remotePort: 'g8',
        portDescription: 'Uplink to C1200-home',
        chassis: '94:18:65:7f:88:89',
        managementAddress: '192.168.0.5',
      },
    ]);
  });
});
