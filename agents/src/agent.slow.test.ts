import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadNutTemplate } from '@rackhaus/config/checks';
import {
  type AssignedDevice,
  type Assignment,
  PolledNow,
  parseLines,
  type Reading,
  type Sightings,
} from '@rackhaus/config/contract';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Agent, type AgentOptions, createAgent } from './agent.ts';
import { KeyFile } from './key/key-file.ts';
import { OwnKey } from './key/own-key.ts';
import type { Poller } from './monitor/poller.ts';
import { Reach } from './networks/reach.ts';
import type { PollResult } from './poll/device-poller.ts';
import { eventually } from './testing/eventually.ts';
import { FakeBackend } from './testing/fake-backend.ts';

const secretCommunity = 'very-secret-community';
const nut = await loadNutTemplate();
const secretToken = 'very-secret-token';

function device(id: number, change: Partial<AssignedDevice> = {}): AssignedDevice {
  return {
    id,
    name: `device ${id}`,
    address: '127.0.0.1',
    snmp: { port: 161, credentials: { version: '2c', community: secretCommunity } },
    profile: null,
    intervalSeconds: 0.5,
    ping: false,
    tcp: [],
    ...change,
  };
}

function assignment(version: string, ...devices: AssignedDevice[]): Assignment {
  return { version, agent: { id: 1, name: 'hall' }, devices };
}

function answer(deviceId: number): PollResult {
  const readings: Reading[] = [
    { deviceId, kind: 'port', entity: '1/1/1', time: Date.now(), values: { rx: 1000 } },
  ];
  return { readings, observation: null, reachable: true, problem: null, durationMs: 12 };
}

describe('the agent', () => {
  let folder: string;
  let backend: FakeBackend;
  let agent: Agent | null;
  let logged: string;
  const made: number[] = [];
  const closed: number[] = [];
  let poll: (device: AssignedDevice, signal: AbortSignal) => Promise<PollResult>;
  let sightings: (deviceId: number) => Sightings | null;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rackhaus-agent-'));
    backend = new FakeBackend();
    await backend.start();
    agent = null;
    logged = '';
    made.length = 0;
    closed.length = 0;
    poll = async ({ id }) => answer(id);
    sightings = () => null;
  });
  afterEach(async () => {
    await agent?.stop();
    await backend.stop();
    rmSync(folder, { recursive: true });
  });

  function startAgent(): void {
    const createPoller = (of: AssignedDevice): Poller => {
      made.push(of.id);
      return {
        poll: (signal) => poll(of, signal),
        sight: async () => ({ sightings: sightings(of.id), problem: null }),
        close: () => void closed.push(of.id),
      };
    };
    const probe: AgentOptions['probe'] = async ({ id }) => ({
      id,
      outcome: 'silent',
      ms: null,
      pings: true,
      identity: null,
      detail: null,
    });
    const write = (text: string) => {
      logged += text;
    };
    const log = pino({ level: 'trace' }, { write });
    const key = new OwnKey({
      given: { value: secretToken },
      file: new KeyFile(join(folder, 'agent-key.json')),
    });
    agent = createAgent({
      server: backend.url,
      key,
      reach: new Reach({ own: null }),
      dataDir: folder,
      createPoller,
      probe,
      profiles: () => {
        throw new Error('nobody discovers anything here');
      },
      preview: () => Promise.reject(new Error('nobody tries a profile here')),
      readConfiguration: () => Promise.reject(new Error('nobody reads configurations here')),
      ownProfiles: null,
      nut,
      traps: null,
      gateway: async () => null,
      log,
    });
    agent.start();
  }

  function readings(): Reading[] {
    return backend.received.filter(({ kind }) => kind === 'readings').flatMap(({ text }) => parseLines(text));
  }
  const of = (deviceId: number) => readings().filter((reading) => reading.deviceId === deviceId);

  it('brings readings from a device to the backend', async () => {
    backend.assign(assignment('a', device(7)));
    startAgent();
    await eventually('readings of the port', () => of(7).some(({ kind }) => kind === 'port'));
    await eventually('the device itself', () => of(7).some(({ kind }) => kind === 'device'));
    expect(of(7).find(({ kind }) => kind === 'device')?.values).toEqual({ reachable: 1 });
    expect(readings().find(({ kind }) => kind === 'agent')?.values).toMatchObject({
      queue: 0,
      oldest: 0,
      dropped: 0,
      setAside: 0,
      late: 0,
    });
    expect([...backend.tokens]).toEqual([`Bearer ${secretToken}`]);
  });

  it('reports on itself, also how far its clock is from the backend', async () => {
    backend.clockAheadMs = 90_000;
    writeFileSync(join(folder, 'outbox.sqlite'), 'no database at all'.repeat(300));
    backend.assign(assignment('a', device(7)));
    startAgent();
    const full = () => of(0).find(({ values }) => values.devices === 1 && 'cpu' in values);
    await eventually('a report', () => full() !== undefined, 12_000);
    const values = full()?.values ?? {};
    expect(values).toMatchObject({ setAside: 1, dropped: 0, late: 0 });
    expect(values.clockOffset).toBeGreaterThan(-91);
    expect(values.clockOffset).toBeLessThan(-89);
    expect(values.cpu).toBeGreaterThanOrEqual(0);
    expect(values.memory).toBeGreaterThan(10_000_000);
  }, 20_000);

  it('says within 300 ms of the reading that a device is silent', async () => {
    poll = async () => ({
      readings: [],
      observation: null,
      reachable: false,
      problem: 'no answer',
      durationMs: 1,
    });
    backend.assign(assignment('a', device(7)));
    startAgent();
    await eventually('a reading', () => of(7).length > 0);
    expect(of(7)[0]?.values).toMatchObject({ reachable: 0 });
    const delays = backend.received.flatMap(({ text, at }) =>
      parseLines(text).map(({ time }) => at + performance.timeOrigin - time),
    );
    expect(Math.max(...delays)).toBeLessThan(300 + 100);
  });

  it('starts from the saved assignment while the backend is away, and delivers when it is back', async () => {
    backend.assign(assignment('a', device(7)));
    startAgent();
    await eventually('a reading', () => of(7).length > 0);
    await agent?.stop();
    expect(statSync(join(folder, 'assignment.json')).mode & 0o777).toBe(0o600);
    await backend.stop();
    const before = backend.received.length;

    let polls = 0;
    poll = async ({ id }) => {
      polls++;
      return answer(id);
    };
    startAgent();
    await eventually('polls without a backend', () => polls > 3);
    await backend.start();
    await eventually(
      'what was polled meanwhile',
      () => of(7).filter(({ kind }) => kind === 'port').length > polls,
      8000,
    );
    const keys = backend.received.map(({ outbox, sequence }) => `${outbox}/${sequence}`);
    expect(backend.received.length).toBeGreaterThan(before);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('takes up a new assignment in place: only what changed starts anew', async () => {
    backend.assign(assignment('a', device(1), device(2), device(3)));
    startAgent();
    await eventually('all', () => [1, 2, 3].every((id) => of(id).length > 0));
    backend.assign(assignment('b', device(1), device(2, { address: '127.0.0.9' }), device(4)));
    await eventually('the new one', () => of(4).length > 0);
    expect(made.toSorted()).toEqual([1, 2, 2, 3, 4]);
    expect(closed.toSorted()).toEqual([2, 3]);
    const silentSince = of(3).length;
    const others = of(1).length;
    await eventually('the others go on', () => of(1).length > others + 2);
    expect(of(3).length).toBeLessThanOrEqual(silentSince + 1);
  });

  it('goes on with the old assignment when the new one cannot be understood', async () => {
    backend.assign(assignment('a', device(1)));
    startAgent();
    await eventually('a reading', () => of(1).length > 0);
    const broken = {
      ...assignment('b', device(1)),
      devices: [{ ...device(1), address: '-oProxyCommand=x' }],
    };
    backend.assign(broken);
    await eventually('the complaint', () => logged.includes('cannot be understood'));
    const before = of(1).length;
    await eventually('polls go on', () => of(1).length > before);
    expect(logged).not.toContain('ProxyCommand');
  });

  it('checks a device without SNMP by its TCP ports', async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    backend.assign(assignment('a', device(5, { snmp: null, tcp: [port] })));
    startAgent();
    const seen = (name: string, value: number) => of(5).some(({ values }) => values[name] === value);
    await eventually('reachable', () => seen('reachable', 1) && seen('state', 0));
    await new Promise((resolve) => server.close(resolve));
    await eventually('not reachable', () => seen('reachable', 0) && seen('state', 2));
    expect(made).toEqual([]);
  });

  it('lets one device that never answers delay no other', async () => {
    poll = ({ id }) => (id === 1 ? new Promise(() => {}) : Promise.resolve(answer(id)));
    backend.assign(assignment('a', ...[1, 2, 3, 4].map((id) => device(id))));
    startAgent();
    await eventually('many polls of the others', () => [2, 3, 4].every((id) => of(id).length > 8), 6000);
    expect(of(1)).toEqual([]);
  });

  it('never logs credentials or its token', async () => {
    poll = async ({ id }) => {
      if (id === 2) throw new Error('unforeseen');
      return answer(id);
    };
    backend.assign(assignment('a', device(1), device(2)));
    backend.mood = ({ sequence }) => ({ status: sequence % 2 ? 401 : 400 });
    startAgent();
    await eventually('complaints', () => logged.includes('rejected') && logged.includes('unforeseen'));
    await agent?.stop();
    agent = null;
    expect(logged).not.toContain(secretCommunity);
    expect(logged).not.toContain(secretToken);
    expect(readFileSync(join(folder, 'outbox.sqlite')).includes(secretToken)).toBe(false);
  });

  it('reads a device out of turn, delivers what it said before it answers, and does no job twice', async () => {
    let polls = 0;
    poll = async ({ id }) => {
      polls++;
      return answer(id);
    };
    sightings = (id) => ({ deviceId: id, time: Date.now(), ports: [], addresses: [] });
    backend.assign(assignment('v1', device(7, { intervalSeconds: 3600 })));
    startAgent();
    await eventually('the first poll in turn', () => polls === 1);
    backend.pollNow({ id: 'a', deviceId: 7 }, { id: 'b', deviceId: 99 });
    const answers = () => backend.received.filter(({ kind }) => kind === 'polled');
    await eventually('both answers', () => answers().length === 2);
    const byId = new Map(
      answers()
        .map(({ text }) => PolledNow.parse(JSON.parse(text)))
        .map((each) => [each.id, each]),
    );
    expect(byId.get('b')).toEqual({ id: 'b', deviceId: 99, time: null });
    expect(byId.get('a')?.time).toBeGreaterThan(Date.now() - 5000);
    expect(polls).toBe(2);
    const kinds = backend.received
      .filter(({ kind, text }) => kind !== 'polled' || text.includes('"a"'))
      .map(({ kind }) => kind);
    expect(kinds.at(-1)).toBe('polled');
    expect(kinds).toContain('sightings');
    expect(of(7).filter(({ kind }) => kind === 'port')).toHaveLength(2);
    backend.pollNow({ id: 'a', deviceId: 7 }, { id: 'c', deviceId: 7 });
    await eventually('a third answer', () => answers().length === 3);
    expect(polls).toBe(3);
  });

  it('says that a device which is silent was not read', async () => {
    poll = async () => ({
      readings: [],
      observation: null,
      reachable: false,
      problem: 'silent',
      durationMs: 1,
    });
    backend.assign(assignment('v1', device(7, { intervalSeconds: 3600 })));
    startAgent();
    backend.pollNow({ id: 'a', deviceId: 7 });
    await eventually('an answer', () => backend.received.some(({ kind }) => kind === 'polled'));
    const answered = backend.received.find(({ kind }) => kind === 'polled');
    expect(JSON.parse(answered?.text ?? '')).toEqual({ id: 'a', deviceId: 7, time: null });
  });

  it('does a probe at once, answers it, and keeps nothing of it', async () => {
    backend.assign(assignment('v1'));
    startAgent();
    await eventually('the agent asks', () => backend.requests > 0);
    const credentials = { version: '2c', community: 'secret-of-the-probe' } as const;
    backend.probe({ id: 'p1', address: '127.0.0.1', port: 161, credentials });
    await eventually('an answer', () => backend.received.some(({ kind }) => kind === 'probes'));
    const [answered] = backend.received.filter(({ kind }) => kind === 'probes');
    expect(JSON.parse(answered?.text ?? '')).toMatchObject({ id: 'p1', outcome: 'silent', pings: true });
    expect(readFileSync(join(folder, 'assignment.json'), 'utf8')).not.toContain('secret-of-the-probe');
    expect(logged).not.toContain('secret-of-the-probe');
  });
});
