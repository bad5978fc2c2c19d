import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DiscoveryRuns, type FoundDevice, FoundReply, ScanMade } from '@rackhaus/config/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { z } from 'zod';
import { startAgent } from '../harness/agent.ts';
import { type Api, createApi } from '../harness/api.ts';
import { type RunningBackend, startOwnBackend } from '../harness/backend.ts';
import { startFoundDevices } from '../harness/found-devices.ts';
import { freePort, type StartedProcess, startNode, until } from '../harness/process.ts';

// A switch that is documented and polled, and devices that nobody has written down: what it has learned and heard at its ports leads,
// by the documented cables, to where each of them seems to hang.
const net = `127.${100 + (process.pid % 100)}.9`;
const processes: StartedProcess[] = [];
let backend: RunningBackend;
let api: Api;
let port: number;

/** In the order of their addresses from .10 on. */
const hangs = ['outlet', 'by-lldp', 'behind-hundreds', 'behind-switch', 'panel', 'desk'] as const;
type Hanging = (typeof hangs)[number];
const addressOf = (which: Hanging) => `${net}.${10 + hangs.indexOf(which)}`;
/** That of its first port, see found-devices-process.ts. */
const macOf = (which: Hanging) => ['02', '00', '00', toHex(hangs.indexOf(which)), '00', '01'];
const toHex = (byte: number) => byte.toString(16).padStart(2, '0');

/** What the switch answers: ten ports, addresses that it has learned (BRIDGE-MIB), and one neighbour (LLDP-MIB). */
function recording(learned: Readonly<Record<number, readonly (readonly string[])[]>>): string {
  const lines: [oid: string, rest: string][] = [
    ['1.3.6.1.2.1.1.1.0', '4|Simulated switch'],
    ['1.3.6.1.2.1.1.2.0', '6|1.3.6.1.4.1.99999.48'],
    ['1.3.6.1.2.1.1.3.0', '67|1234567'],
    ['1.3.6.1.2.1.1.5.0', '4|sw-core'],
  ];
  for (let index = 1; index <= 10; index++)
    lines.push(
      [`1.3.6.1.2.1.2.2.1.1.${index}`, `2|${index}`],
      [`1.3.6.1.2.1.2.2.1.2.${index}`, `4|gi${index}`],
      [`1.3.6.1.2.1.2.2.1.3.${index}`, '2|6'],
      [`1.3.6.1.2.1.2.2.1.6.${index}`, `4x|02ff000000${toHex(index)}`],
      [`1.3.6.1.2.1.2.2.1.7.${index}`, '2|1'],
      [`1.3.6.1.2.1.2.2.1.8.${index}`, '2|1'],
      [`1.3.6.1.2.1.17.1.4.1.2.${index}`, `2|${index}`],
      [`1.3.6.1.2.1.31.1.1.1.1.${index}`, `4|gi${index}`],
      [`1.0.8802.1.1.2.1.3.7.1.2.${index}`, '2|5'],
      [`1.0.8802.1.1.2.1.3.7.1.3.${index}`, `4|gi${index}`],
      [`1.0.8802.1.1.2.1.3.7.1.4.${index}`, `4|gi${index}`],
    );
  for (const [at, macs] of Object.entries(learned))
    for (const mac of macs) {
      const index = mac.map((byte) => Number.parseInt(byte, 16)).join('.');
      lines.push([`1.3.6.1.2.1.17.4.3.1.1.${index}`, `4x|${mac.join('')}`]);
      lines.push([`1.3.6.1.2.1.17.4.3.1.2.${index}`, `2|${at}`]);
      lines.push([`1.3.6.1.2.1.17.4.3.1.3.${index}`, '2|3']);
    }
  const remote = '1.0.8802.1.1.2.1.4.1.1';
  const index = '0.3.1';
  lines.push(
    [`${remote}.4.${index}`, '2|4'],
    [`${remote}.5.${index}`, `4x|${macOf('by-lldp').join('')}`],
    [`${remote}.6.${index}`, '2|5'],
    [`${remote}.7.${index}`, '4|eth0'],
    [`${remote}.9.${index}`, '4|unknown-2'],
    [`1.0.8802.1.1.2.1.4.2.1.3.${index}.1.4.${addressOf('by-lldp')}`, '2|2'],
  );
  const byOid = ([a]: [string, string], [b]: [string, string]) => a.localeCompare(b, 'en', { numeric: true });
  return lines
    .sort(byOid)
    .map(([oid, rest]) => `${oid}|${rest}\n`)
    .join('');
}

/** The core leads through panel A to outlets of two rooms, and to a panel in the distributor; at gi1 hangs another switch. */
function inventory(): string {
  const rooms = [
    { name: 'Technik', racks: [{ name: 'S1' }] },
    { name: 'Verteiler', racks: [{ name: 'V1' }] },
    { name: 'Bürgerbüro' },
    { name: 'Standesamt' },
  ];
  const sites = [{ name: 'Rathaus', buildings: [{ name: 'Altbau', floors: [{ name: 'EG', rooms }] }] }];
  const standing = (name: string, type: string, role: string, rack: string, position: number) => {
    const room = `Rathaus/${rack === 'S1' ? 'Technik' : 'Verteiler'}`;
    return { name, type, role, room, rack, position };
  };
  const monitoring = { address: `${net}.2`, port, credentials: 'lesen', ping: false, intervalSeconds: 5 };
  const devices = [
    { ...standing('sw-core', 'cisco-c1200-8t-e-2g', 'switch', 'S1', 1), monitoring },
    standing('sw-etage', 'cisco-c1200-8t-e-2g', 'switch', 'V1', 1),
    standing('A', 'generic-copper-panel-24', 'panel', 'S1', 10),
    standing('B', 'generic-copper-panel-24', 'panel', 'V1', 10),
  ];
  const outlets = [
    { name: '0.1-1', room: 'Rathaus/Bürgerbüro', ports: 1 },
    { name: '0.2-1', room: 'Rathaus/Standesamt', ports: 1 },
  ];
  const links = [
    { kind: 'patch', from: 'sw-core:gi1', to: 'sw-etage:gi1' },
    { kind: 'patch', from: 'sw-core:gi2', to: 'A:1' },
    { kind: 'permanent', from: 'A:1', to: '0.1-1:1' },
    { kind: 'patch', from: 'sw-core:gi3', to: 'A:2' },
    { kind: 'permanent', from: 'A:2', to: '0.2-1:1' },
    { kind: 'patch', from: 'sw-core:gi5', to: 'A:5' },
    { kind: 'permanent', from: 'A:5', to: 'B:5' },
  ];
  const folder = mkdtempSync(join(tmpdir(), 'rackhaus-seats-'));
  const credentials = { lesen: { version: '2c', community: 'public' } };
  writeFileSync(join(folder, 'all.yaml'), stringify({ sites, credentials, devices, outlets, links }));
  return folder;
}

beforeAll(async () => {
  port = await freePort();
  const hundreds = Array.from({ length: 300 }, (_, n) => [
    '02',
    'ee',
    '00',
    '00',
    toHex(n >> 8),
    toHex(n & 0xff),
  ]);
  const file = join(mkdtempSync(join(tmpdir(), 'rackhaus-seats-')), 'core.snmprec');
  writeFileSync(
    file,
    recording({
      1: [macOf('behind-switch')],
      2: [macOf('outlet')],
      3: [macOf('by-lldp')],
      5: [macOf('panel')],
      6: [macOf('desk')],
      9: [...hundreds, macOf('behind-hundreds')],
    }),
  );
  processes.push(
    await startNode('switch', 'agents/simulator/main.ts', [
      file,
      '--port',
      String(port),
      '--host',
      `${net}.2`,
    ]),
    await startFoundDevices({ addresses: hangs.map(addressOf), port }),
  );
  backend = await startOwnBackend(inventory());
  processes.push(backend);
  api = await createApi(backend);
  processes.push(await startAgent(backend, join(backend.dataDir, 'agent')));
}, 120_000);

afterAll(async () => {
  for (const process of processes.reverse()) await process.stop();
});

const post = async <T>(path: string, shape: z.ZodType<T>, body?: unknown): Promise<T> => {
  const reply = await fetch(`${backend.url}${path}`, {
    method: 'POST',
    headers: { cookie: api.cookie, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
  return shape.parse(await reply.json());
};

it('says of each found device at which port, behind which panel and in which room it seems to hang', async () => {
  const { id } = await post('/api/discovery/scans', ScanMade, {
    name: 'Rathaus',
    networks: [`${net}.0/27`],
    exclude: [`${net}.2`],
    credentialIds: [1],
    snmpPort: port,
  });
  const run = await post(`/api/discovery/scans/${id}/run`, ScanMade);
  await until(
    'the run to end',
    async () => {
      const { runs } = await api.get('/api/discovery/runs', DiscoveryRuns);
      return runs.some((each) => each.id === run.id && each.state === 'done') ? true : undefined;
    },
    60_000,
  );
  // What the switch has learned comes when it is first polled, and is looked at anew within a quarter of a minute.
  const found = await until(
    'the seats to be known',
    async () => {
      const reply = await api.get('/api/discovery/found?state=new&size=100', FoundReply);
      const seated = reply.found.filter(({ seat }) => seat !== null);
      return seated.length >= 4 ? reply.found : undefined;
    },
    120_000,
  );
  const seatOf = (which: Hanging): FoundDevice['seat'] => {
    const device = found.find(({ address }) => address === addressOf(which));
    if (device === undefined) throw new Error(`${which} was not found`);
    return device.seat;
  };
  expect(seatOf('outlet')).toMatchObject({
    by: 'fdb',
    deviceName: 'sw-core',
    port: 'gi2',
    leadsTo: '0.1-1 1',
    outlet: { name: '0.1-1' },
    room: { name: 'Bürgerbüro' },
  });
  expect(seatOf('by-lldp')).toMatchObject({
    by: 'lldp',
    port: 'gi3',
    outlet: { name: '0.2-1' },
    room: { name: 'Standesamt' },
  });
  expect(seatOf('panel')).toMatchObject({
    by: 'fdb',
    port: 'gi5',
    leadsTo: 'B 5',
    outlet: null,
    room: { name: 'Verteiler' },
    rack: { name: 'V1' },
  });
  expect(seatOf('desk')).toMatchObject({ port: 'gi6', leadsTo: null, room: { name: 'Technik' } });
  expect(seatOf('behind-switch')).toBeNull();
  expect(seatOf('behind-hundreds')).toBeNull();
}, 240_000);
