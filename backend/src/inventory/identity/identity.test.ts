import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeviceIdentity, type Identity, type Observation } from '@rackhaus/config/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Client } from '../../testing/client.ts';
import { startTestBackend, type TestBackend } from '../../testing/test-backend.ts';
import { differencesOf } from './compare.ts';
import { canBe, typeSaid } from './match-type.ts';

const says = (change: Partial<Identity>): Identity => ({
  os: null,
  vendor: null,
  model: null,
  serial: null,
  firmware: null,
  name: null,
  description: null,
  location: null,
  ...change,
});
const type = (id: number, model: string, part_number: string | null = null) => ({
  id,
  manufacturer: 'Aruba',
  model,
  part_number,
});

describe('which type a device says to be', () => {
  const types = [type(1, '6200F 24G', 'JL724A'), type(2, '6200F 48G', 'JL728A'), type(3, '2530')];
  it.each([
    [1, says({ vendor: 'Aruba', model: '6200F 24G CL4 4SFP+' })],
    [2, says({ vendor: 'HPE', model: 'JL728A' })],
    [3, says({ description: 'HP J9776A 2530-24G Switch' })],
    [null, says({ model: 'PA-220' })],
  ])('%s: %j', (id, identity) => expect(typeSaid(types, identity)?.id ?? null).toBe(id));
  it('is not sure when two fit alike', () =>
    expect(typeSaid([type(1, '6200F'), type(2, '6200F')], says({ model: '6200F' }))).toBeNull());
  it('is content with the documented one when the device says less', () => {
    expect(canBe(type(1, '6200F 24G'), says({ model: '6200F' }))).toBe(true);
    expect(canBe(type(1, '6200F 24G'), says({}))).toBe(true);
    expect(canBe(type(1, '6200F 24G'), says({ model: 'PA-220' }))).toBe(false);
  });
});

const observed = (
  deviceId: number,
  identity: Partial<Identity>,
  ports: readonly (readonly [name: string, mac?: string | null, ifType?: number])[],
): Observation => ({
  deviceId,
  time: Date.now(),
  profile: 'generic',
  identity: says(identity),
  ports: ports.map(([name, mac, ifType = 6], index) => ({
    name,
    ifIndex: index + 1,
    description: null,
    alias: null,
    mac: mac ?? null,
    type: ifType,
  })),
  entities: [],
  neighbours: [],
});

describe('the difference of a type', () => {
  it.each([
    ['Generic x86 64-bit', []],
    ['Intel x64', []],
    ['amd64', []],
    ['PA-220', ['type']],
    ['x-series 930', ['type']],
  ])('%s', (model, keys) => {
    const documented = { serial: null, type: type(1, '6200F'), ports: [] };
    expect(differencesOf(documented, observed(7, { model }, []), []).map(({ key }) => key)).toEqual(keys);
  });
});

describe('differences of ports', () => {
  const port = (id: number, name: string, plugged = false) => ({
    id,
    name,
    kind: 'network',
    mac: null,
    plugged,
  });
  const compare = (ports: ReturnType<typeof port>[], observation: Observation) =>
    differencesOf({ serial: null, type: type(1, 'x'), ports }, observation, []).map(({ key, acceptable }) => [
      key,
      acceptable,
    ]);
  it('know spellings, leave out what has no socket, and keep what is plugged in', () => {
    expect(
      compare(
        [
          port(1, 'Gi1/0/1'),
          port(2, 'console-like', true),
          port(3, 'spare'),
          { ...port(4, 'PSU'), kind: 'inlet' },
        ],
        observed(1, {}, [['GigabitEthernet 1/0/1'], ['lo', null, 24], ['eth9'], ['vlan1', null, 135]]),
      ),
    ).toEqual([
      ['port-name/1', true],
      ['port-added/eth9', true],
      ['port-missing/2', false],
      ['port-missing/3', true],
    ]);
  });
  it('are none when the device shows no ports at all', () =>
    expect(compare([port(1, 'a')], observed(1, {}, []))).toEqual([]));
});

describe('identity over the API', () => {
  let backend: TestBackend;
  let admin: Client;
  let device = 0;
  let sequence = 0;
  beforeAll(async () => {
    backend = await startTestBackend();
    admin = await backend.administrator();
    const definition = (model: string, names: string[]) => ({
      manufacturer: 'Aruba',
      model,
      slug: model.toLowerCase(),
      u_height: 1,
      interfaces: names.map((name) => ({ name, type: '1000base-t' })),
    });
    const made = await admin.post('/api/inventory/batch', {
      operations: [
        {
          op: 'create',
          kind: 'device-type',
          key: 'type',
          values: { definition: definition('6100-A', ['1', '2']) },
        },
        { op: 'create', kind: 'device-type', values: { definition: definition('6200F', ['1', '2', '3']) } },
        {
          op: 'create',
          kind: 'device',
          key: 'device',
          values: { name: 'SW-1', typeId: '#type', serial: 'OLD' },
        },
        { op: 'create', kind: 'monitoring', values: { deviceId: '#device', address: '10.0.0.1' } },
      ],
    });
    device = z.object({ ids: z.array(z.int()) }).parse(made.json).ids[2] ?? 0;
  });
  afterAll(() => backend.remove());

  async function say(observation: Observation): Promise<void> {
    const token = (await readFile(join(backend.settings.dataDir, 'local-agent.token'), 'utf8')).trim();
    const told = await new Client(backend.url).send(
      'POST',
      '/api/agent/observations',
      JSON.stringify([observation]),
      {
        authorization: `Bearer ${token}`,
        'x-rackhaus-outbox': 'test',
        'x-rackhaus-sequence': String(++sequence),
      },
    );
    expect(told.status, told.text).toBe(204);
  }
  const identity = async () =>
    DeviceIdentity.parse((await admin.get(`/api/devices/${device}/identity`)).json);

  it('is offered, taken over when chosen, and undone', async () => {
    expect(await identity()).toMatchObject({ observedAt: null, differences: [] });
    await say(
      observed(device, { vendor: 'Aruba', model: '6200F', serial: 'SN1', firmware: '10.1' }, [
        ['1', '00:11:22:33:44:55'],
        ['2', '00:00:00:00:00:00'],
        ['3'],
      ]),
    );
    const offered = await identity();
    expect(offered).toMatchObject({ model: '6200F', firmware: '10.1' });
    expect(offered.differences).toMatchObject([
      { key: 'serial', documented: 'OLD', observed: 'SN1' },
      { key: 'type', documented: 'Aruba 6100-A', observed: 'Aruba 6200F', acceptable: true },
      { field: 'port-mac', documented: null, observed: '00:11:22:33:44:55' },
      { key: 'port-added/3' },
    ]);
    expect((await admin.get(`/api/inventory/device/${device}`)).json).toMatchObject({
      record: { serial: 'OLD' },
    });

    const stale = await admin.post(`/api/devices/${device}/identity`, {
      version: offered.version - 1,
      accept: ['serial'],
    });
    expect(stale).toMatchObject({ status: 409, json: { reason: 'stale' } });
    const accept = offered.differences.map(({ key }) => key);
    const done = await admin.post(`/api/devices/${device}/identity`, { version: offered.version, accept });
    expect(done.status, done.text).toBe(200);
    expect((await identity()).differences).toEqual([]);
    const { changeId } = z.object({ changeId: z.int() }).parse(done.json);
    expect((await admin.get(`/api/changes/${changeId}`)).text).toContain('"source":"agent"');
    expect((await admin.post(`/api/changes/${changeId}/undo`, {})).status).toBe(200);
    expect((await identity()).differences).toHaveLength(4);
    expect(await admin.post(`/api/devices/${device}/identity`, { accept: ['port-added/77'] })).toMatchObject({
      status: 409,
      json: { reason: 'no-difference' },
    });
  });
});
