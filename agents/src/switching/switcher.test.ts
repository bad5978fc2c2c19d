import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AssignedDevice, SwitchAnswer, type SwitchJob } from '@rackhaus/config/contract';
import { loadProfiles } from '@rackhaus/config/profiles';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { LiveStore, SnmpResponder, snmpValue } from '../../simulator/index.ts';
import { BackendClient } from '../delivery/backend-client.ts';
import { SwitchedFile } from './switched-file.ts';
import { Switcher } from './switcher.ts';

const status = '1.3.6.1.4.1.318.1.1.26.9.2.3.1';
const profiles = await loadProfiles();
const written: string[] = [];
/** What stands in the row now, and what another does when it has been read so often. */
let label: string;
let labelReads: number;
let relabelAfter: number;
const responder = new SnmpResponder({
  store: new LiveStore([
    { oid: '1.3.6.1.2.1.1.3.0', value: () => snmpValue.timeTicks(performance.now() / 10) },
    {
      oid: `${status}.3.1`,
      value: () => snmpValue.octets(++labelReads > relabelAfter ? 'Firewall' : label),
    },
    { oid: `${status}.4.1`, value: snmpValue.integer(1) },
    { oid: `${status}.5.1`, value: snmpValue.integer(2) },
  ]),
  community: 'public',
  writing: {
    community: 'schalten',
    set: (oid, value) => {
      written.push(`${oid}=${value}`);
      return 0;
    },
  },
});
let port: number;
let server: Server;
let answers: SwitchAnswer[];
let waiting: ((answer: SwitchAnswer) => void)[];
let folder: string;
let switcher: Switcher;
let backendNow: number | null;
let device: AssignedDevice;
let anew: boolean[];

beforeAll(async () => {
  ({ port } = await responder.listen('127.0.0.1', 0));
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (part: Buffer) => {
      text += part.toString();
    });
    request.on('end', () => {
      const answer = SwitchAnswer.parse(JSON.parse(text));
      answers.push(answer);
      waiting.shift()?.(answer);
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await responder.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rackhaus-switcher-'));
  answers = [];
  waiting = [];
  written.length = 0;
  anew = [];
  label = 'Server';
  labelReads = 0;
  relabelAfter = Number.POSITIVE_INFINITY;
  backendNow = 1_000_000;
  device = {
    id: 3,
    name: 'PDU',
    address: '127.0.0.1',
    snmp: { port, credentials: { version: '2c', community: 'public' } },
    profile: null,
    intervalSeconds: 60,
    ping: false,
    tcp: [],
  };
  begin();
});
afterEach(async () => {
  await switcher.stop();
  rmSync(folder, { recursive: true, force: true });
});

function begin(): void {
  const { port: at } = server.address() as AddressInfo;
  switcher = new Switcher({
    deviceOf: (id) => (id === device.id ? device : undefined),
    resolve: async (host) => host,
    profiles: () => profiles,
    file: new SwitchedFile(join(folder, 'switched.json')),
    switched: async (_device, everything) => {
      anew.push(everything);
    },
    backendNow: () => backendNow,
    monotonicMs: () => performance.now(),
    client: new BackendClient({ server: new URL(`http://127.0.0.1:${at}`), token: () => 'token' }),
    log: pino({ level: 'silent' }),
  });
}
const job = (change: Partial<SwitchJob> = {}): SwitchJob => ({
  id: '00000000-0000-4000-8000-000000000001',
  deviceId: 3,
  address: '127.0.0.1',
  profile: 'apc-pdu',
  outlet: '1',
  seen: null,
  command: 'on',
  credentials: { version: '2c', community: 'schalten' },
  expiresAt: 1_010_000,
  ...change,
});
function take(order: SwitchJob): Promise<SwitchAnswer> {
  const answered = new Promise<SwitchAnswer>((resolve) => waiting.push(resolve));
  switcher.take([order]);
  return answered;
}

it('writes once, what the profile names, and says what the outlet says then', async () => {
  expect(await take(job())).toMatchObject({ outcome: 'done', before: 'on', after: 'on', reason: null });
  expect(written).toEqual(['1.3.6.1.4.1.318.1.1.26.9.2.4.1.5.1=1']);
});

it('does the same order once, also when it comes again after a restart', async () => {
  await take(job());
  expect(await take(job())).toMatchObject({ outcome: 'not-sent', reason: 'repeated' });
  await switcher.stop();
  begin();
  expect(await take(job())).toMatchObject({ outcome: 'not-sent', reason: 'repeated' });
  expect(written).toHaveLength(1);
});

it('switches nothing where it cannot keep or say what was begun, and says why', async () => {
  writeFileSync(join(folder, 'switched.json'), '{');
  const answer = await take(job());
  expect(answer).toMatchObject({ outcome: 'not-sent', reason: 'not-kept' });
  expect(answer.detail).toMatch(/JSON/);
  expect(written).toEqual([]);
});

it('does not do what is too old, nor anything where the other clock is not known', async () => {
  backendNow = 1_010_001;
  expect(await take(job())).toMatchObject({ outcome: 'not-sent', reason: 'expired' });
  backendNow = null;
  expect(await take(job({ id: '00000000-0000-4000-8000-000000000002' }))).toMatchObject({
    reason: 'expired',
  });
  expect(written).toEqual([]);
});

it('switches what it polls, as it polls it, and nothing else', async () => {
  const reasonOf = async (change: Partial<SwitchJob>) => (await take(job(change))).reason;
  expect(await reasonOf({ id: '00000000-0000-4000-8000-000000000003', deviceId: 4 })).toBe('not-its-device');
  expect(await reasonOf({ id: '00000000-0000-4000-8000-000000000004', address: '127.0.0.2' })).toBe(
    'not-its-device',
  );
  expect(await reasonOf({ id: '00000000-0000-4000-8000-000000000005', outlet: '7' })).toBe('no-such-outlet');
  device = { ...device, profile: 'raritan-pdu2' };
  expect(await reasonOf({ id: '00000000-0000-4000-8000-000000000006' })).toBe('other-profile');
  expect(written).toEqual([]);
});

const seen = { row: 'apc-pdu-outlets 1', among: 1, label: 'Server', unit: null };

it('switches the outlet that was chosen', async () => {
  expect(await take(job({ seen }))).toMatchObject({ outcome: 'done' });
  expect(written).toHaveLength(1);
  await expect.poll(() => anew).toEqual([false]);
});

it.each([
  ['is called otherwise', { label: 'Storage' }, /called "Storage" and is called "Server"/],
  ['belonged to another unit', { unit: '1 (A)' }, /unit "1 \(A\)" and is of none/],
  ['stood in another row', { row: 'apc-pdu-outlets 2' }, /row "apc-pdu-outlets 2"/],
  ['had others beside it', { among: 2 }, /one of 2 outlets and is one of 1/],
])(
  'writes nothing where what has the name now %s, and has everything read anew',
  async (_, change, detail) => {
    const answer = await take(job({ seen: { ...seen, ...change } }));
    expect(answer).toMatchObject({ outcome: 'not-sent', reason: 'other-outlet', before: 'on' });
    expect(answer.detail).toMatch(detail);
    expect(written).toEqual([]);
    await expect.poll(() => anew).toEqual([true]);
  },
);

it('writes nothing where the row becomes another one while it is looked for', async () => {
  // Read once with the table, once right before.
  relabelAfter = 1;
  const answer = await take(job({ seen }));
  expect(answer).toMatchObject({ outcome: 'not-sent', reason: 'other-outlet' });
  expect(answer.detail).toMatch(/another became of its name/);
  expect(written).toEqual([]);
});
