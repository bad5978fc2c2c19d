import { createSocket } from 'node:dgram';
import type { Reading, SnmpCredentials } from '@rackhaus/config/contract';
import { loadProfiles, type ProfileSet } from '@rackhaus/config/profiles';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  LiveStore,
  type ResponderFaults,
  type StoreEntry,
  snmpValue,
  type V3User,
} from '../../simulator/index.ts';
import { assignedDevice, type PolledDevice, pollDevice } from '../testing/polled-device.ts';
import { DevicePoller } from './device-poller.ts';

const { counter32, counter64, gauge32, integer, objectId, octets, timeTicks } = snmpValue;
const ifEntry = '1.3.6.1.2.1.2.2.1';
const ifXEntry = '1.3.6.1.2.1.31.1.1.1';

let profiles: ProfileSet;
beforeAll(async () => {
  profiles = await loadProfiles();
});

interface Port {
  index: number;
  name: string | undefined;
  description?: string;
  in: bigint;
  wide?: boolean;
}

/** A switch whose rows a test moves about. */
class FakeSwitch {
  ticks = 1_000_000;
  ports: Port[];
  extra: StoreEntry[] = [];
  objectId = '1.3.6.1.4.1.99999.1';
  constructor(ports: Port[]) {
    this.ports = ports;
  }

  store(): LiveStore {
    const indexes = [1, 2, 3, 4];
    const cell = (column: string, read: (port: Port) => Uint8Array | undefined): StoreEntry[] =>
      indexes.map((index) => ({
        oid: `${column}.${index}`,
        value: () => {
          const port = this.ports.find((each) => each.index === index);
          return port && read(port);
        },
      }));
    return new LiveStore([
      { oid: '1.3.6.1.2.1.1.1.0', value: octets('Test switch') },
      { oid: '1.3.6.1.2.1.1.2.0', value: () => objectId(this.objectId) },
      { oid: '1.3.6.1.2.1.1.3.0', value: () => timeTicks(this.ticks) },
      ...cell(`${ifEntry}.2`, (port) => octets(port.description ?? `Port ${port.index}`)),
      ...cell(`${ifEntry}.7`, () => integer(1)),
      ...cell(`${ifEntry}.8`, () => integer(1)),
      ...cell(`${ifEntry}.9`, () => timeTicks(500)),
      ...cell(`${ifEntry}.10`, (port) => counter32(Number(port.in % 2n ** 32n))),
      ...cell(`${ifXEntry}.1`, (port) => (port.name === undefined ? undefined : octets(port.name))),
      ...cell(`${ifXEntry}.6`, (port) => (port.wide === false ? undefined : counter64(port.in))),
      ...cell(`${ifXEntry}.15`, () => gauge32(1000)),
      ...this.extra,
    ]);
  }
}

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function serve(
  device: FakeSwitch,
  options: {
    faults?: ResponderFaults;
    v3Users?: V3User[];
    credentials?: SnmpCredentials;
  } = {},
): Promise<PolledDevice> {
  const { credentials, faults, v3Users } = options;
  const polled = await pollDevice({
    serving: { store: device.store(), ...(faults && { faults }), ...(v3Users && { v3Users }) },
    profiles,
    ...(credentials && { credentials }),
  });
  open.push(polled);
  return polled;
}

function valueIn(
  result: { readings: readonly Reading[] },
  kind: string,
  entity: string,
  name: string,
): number | undefined {
  return result.readings.find((reading) => reading.kind === kind && reading.entity === entity)?.values[name];
}

describe('a polled switch', () => {
  it('gives rates by its own clock', async () => {
    const device = new FakeSwitch([{ index: 1, name: 'a', in: 1_000n }]);
    const { poll } = await serve(device);
    const first = await poll();
    expect(first.problem).toBeNull();
    expect(valueIn(first, 'port', 'a', 'rx')).toBeUndefined();
    expect(valueIn(first, 'port', 'a', 'oper')).toBe(1);
    expect(valueIn(first, 'port', 'a', 'speed')).toBe(1e9);
    expect(valueIn(first, 'device', '', 'uptime')).toBe(10_000);
    device.ticks += 10_00;
    device.ports[0] = { index: 1, name: 'a', in: 11_000n };
    expect(valueIn(await poll(), 'port', 'a', 'rx')).toBe(8_000);
  });

  it('tells what its poll took: one datagram when all is known', async () => {
    const device = new FakeSwitch([1, 2, 3, 4].map((index) => ({ index, name: `p${index}`, in: 0n })));
    const { poll } = await serve(device);
    await poll();
    device.ticks += 10_00;
    const result = await poll();
    const of = (name: string) => valueIn(result, 'device', '', name);
    expect(of('pollRequests')).toBe(1);
    expect(of('pollTimeouts')).toBe(0);
    expect(of('pollRetries')).toBe(0);
    // Name, admin, oper, last change, in octets and speed of four ports, and the device's uptime.
    expect(of('pollValues')).toBe(25);
  });

  it('finds the port of a neighbour where LLDP numbers ports in its own way and calls them by their ifIndex', async () => {
    const device = new FakeSwitch([
      { index: 3, name: '1/1/3', in: 0n },
      { index: 4, name: '1/1/4', in: 0n },
    ]);
    const remote = '1.0.8802.1.1.2.1.4.1.1';
    const neighbour = (localPort: number, name: string): StoreEntry[] => [
      { oid: `${remote}.4.0.${localPort}.1`, value: integer(7) },
      { oid: `${remote}.5.0.${localPort}.1`, value: octets(`chassis of ${name}`) },
      { oid: `${remote}.6.0.${localPort}.1`, value: integer(7) },
      { oid: `${remote}.7.0.${localPort}.1`, value: octets('9') },
      { oid: `${remote}.9.0.${localPort}.1`, value: octets(name) },
    ];
    device.extra = [
      { oid: '1.0.8802.1.1.2.1.3.7.1.3.2049', value: octets('3') },
      // The number of another port: what it is called counts.
      { oid: '1.0.8802.1.1.2.1.3.7.1.3.3', value: octets('4') },
      ...neighbour(2049, 'north'),
      ...neighbour(3, 'south'),
    ];
    const { poll } = await serve(device);
    const found = (await poll()).observation?.neighbours ?? [];
    expect(found.map(({ localPort, remoteName }) => `${localPort} ${remoteName}`)).toEqual([
      '1/1/3 north',
      '1/1/4 south',
    ]);
  });

  it('knows its ports by name: two that swap their index keep their counters', async () => {
    const device = new FakeSwitch([
      { index: 1, name: 'a', in: 1_000_000_000n },
      { index: 2, name: 'b', in: 5n },
    ]);
    const { poll } = await serve(device);
    await poll();
    device.ticks += 10_00;
    device.ports = [
      { index: 1, name: 'b', in: 1_005n },
      { index: 2, name: 'a', in: 1_000_010_000n },
    ];
    const result = await poll();
    expect(valueIn(result, 'port', 'a', 'rx')).toBe(8_000);
    expect(valueIn(result, 'port', 'b', 'rx')).toBe(800);
    expect(result.observation?.ports.map(({ name, ifIndex }) => [name, ifIndex])).toEqual([
      ['b', 1],
      ['a', 2],
    ]);
  });

  it('gives no rate after a restart, a reset, or for a port that was away', async () => {
    const device = new FakeSwitch([{ index: 1, name: 'a', in: 10n ** 15n }]);
    const { poll } = await serve(device);
    await poll();
    device.ticks = 100;
    device.ports[0] = { index: 1, name: 'a', in: 2n * 10n ** 15n };
    expect(valueIn(await poll(), 'port', 'a', 'rx'), 'restart').toBeUndefined();
    device.ticks += 6_000;
    device.ports[0] = { index: 1, name: 'a', in: 5n };
    expect(valueIn(await poll(), 'port', 'a', 'rx'), 'reset').toBeUndefined();
    device.ports = [];
    device.ticks += 6_000;
    await poll();
    device.ports = [{ index: 2, name: 'a', in: 10n ** 14n }];
    device.ticks += 6_000;
    expect(valueIn(await poll(), 'port', 'a', 'rx'), 'came back').toBeUndefined();
    device.ticks += 6_000;
    expect(valueIn(await poll(), 'port', 'a', 'rx')).toBe(0);
  });

  it('falls back to 32-bit counters and lets them wrap once', async () => {
    const device = new FakeSwitch([{ index: 1, name: 'a', in: 2n ** 32n - 500n, wide: false }]);
    const { poll } = await serve(device);
    await poll();
    device.ticks += 10_00;
    device.ports[0] = { index: 1, name: 'a', in: 2n ** 32n + 500n, wide: false };
    expect(valueIn(await poll(), 'port', 'a', 'rx')).toBe(800);
  });

  it('tells ports of one name apart, and takes the description where there is no name', async () => {
    const device = new FakeSwitch([
      { index: 1, name: 'eth', in: 0n },
      { index: 2, name: 'eth', in: 0n },
      { index: 3, name: undefined, description: 'Uplink', in: 0n },
      { index: 4, name: '', description: '', in: 0n },
    ]);
    const { poll } = await serve(device);
    const { observation } = await poll();
    expect(observation?.ports.map((port) => port.name)).toEqual([
      'eth',
      'eth (Port 2)',
      'Uplink',
      'Interface 4',
    ]);
  });

  it('says what it is once, and again when it changes', async () => {
    const device = new FakeSwitch([{ index: 1, name: 'a', in: 0n }]);
    const { poll } = await serve(device);
    expect((await poll()).observation?.profile).toBe('generic');
    expect((await poll()).observation).toBeNull();
    device.ports.push({ index: 2, name: 'b', in: 0n });
    expect((await poll()).observation?.ports).toHaveLength(2);
  });

  it('is another device after a swap: profile and identity are found anew at the restart', async () => {
    const device = new FakeSwitch([]);
    const { poll } = await serve(device);
    await poll();
    device.objectId = '1.3.6.1.4.1.8072.3.2.10';
    device.ticks = 5;
    const { observation } = await poll();
    expect(observation?.profile).toBe('linux');
    expect(observation?.identity.os).toBe('linux');
  });

  it('has a firmware in several numbers put together, when all are there', async () => {
    const device = new FakeSwitch([]);
    device.objectId = '1.3.6.1.4.1.21317';
    const version = '1.3.6.1.4.1.21317.1.5';
    let hasBuild = true;
    device.extra = [
      { oid: `${version}.1.0`, value: integer(1) },
      { oid: `${version}.2.0`, value: integer(74) },
      { oid: `${version}.7.0`, value: () => (hasBuild ? integer(11) : undefined) },
    ];
    const { poll } = await serve(device);
    expect((await poll()).observation?.identity.firmware).toBe('1.74.11');
    hasBuild = false;
    device.ticks = 5;
    expect((await poll()).observation?.identity.firmware).toBe('1.74');
  });

  it('is polled by its sensors with scale and precision', async () => {
    const device = new FakeSwitch([]);
    const sensor = '1.3.6.1.2.1.99.1.1.1';
    device.extra = [
      { oid: '1.3.6.1.2.1.47.1.1.1.1.7.10', value: octets('Inlet') },
      { oid: `${sensor}.1.10`, value: integer(8) },
      { oid: `${sensor}.2.10`, value: integer(8) },
      { oid: `${sensor}.3.10`, value: integer(1) },
      { oid: `${sensor}.4.10`, value: integer(234_567) },
      { oid: `${sensor}.5.10`, value: integer(1) },
    ];
    const { poll } = await serve(device);
    const result = await poll();
    expect(valueIn(result, 'sensor', 'Inlet', 'temperature')).toBe(23.5);
    expect(result.observation?.entities).toContainEqual({ kind: 'sensor', entity: 'Inlet', label: 'Inlet' });
  });
});

describe('a device that misbehaves', () => {
  it.each([
    ['endless', { endless: true }, 'does not increase'],
    ['wrong order', { wrongOrder: true }, 'does not increase'],
  ])('%s: the poll ends and says so', async (_, faults, message) => {
    const { poll } = await serve(
      new FakeSwitch([1, 2, 3, 4].map((index) => ({ index, name: `p${index}`, in: 0n }))),
      { faults },
    );
    const result = await poll();
    expect(result.reachable).toBe(true);
    expect(result.problem).toContain(message);
  });

  it('tooBig: asks for less until it fits', async () => {
    const device = new FakeSwitch([1, 2, 3, 4].map((index) => ({ index, name: `p${index}`, in: 0n })));
    const { poll } = await serve(device, { faults: { tooBigAbove: 20 } });
    const result = await poll();
    expect(result.problem).toBeNull();
    expect(result.observation?.ports).toHaveLength(4);
  });

  it('silent: is not reachable, and is again when it speaks', async () => {
    const { poll, responder } = await serve(new FakeSwitch([{ index: 1, name: 'a', in: 0n }]));
    await poll();
    responder.faults = { silent: true };
    const silent = await poll();
    expect(silent.reachable).toBe(false);
    const values = { reachable: 0, pollRequests: 3, pollTimeouts: 3, pollRetries: 1, pollValues: 0 };
    expect(silent.readings).toEqual([
      { deviceId: 3, kind: 'device', entity: '', time: 1_780_000_000_000, values },
    ]);
    expect(silent.problem).toContain('no answer');
    responder.faults = {};
    expect((await poll()).reachable).toBe(true);
  }, 15_000);

  it('answers from another port are not heard', async () => {
    const { poll, responder } = await serve(new FakeSwitch([]));
    await poll();
    responder.faults = { otherPort: true };
    expect((await poll()).reachable).toBe(false);
  }, 15_000);

  it('a poll that is cancelled ends at once', async () => {
    const silent = createSocket('udp4');
    await new Promise<void>((resolve) => silent.bind(0, '127.0.0.1', resolve));
    open.push(silent);
    const poller = new DevicePoller({
      device: assignedDevice(silent.address().port),
      profiles,
      now: () => 0,
    });
    open.push(poller);
    const cancel = new AbortController();
    const startedAt = performance.now();
    const polling = poller.poll(cancel.signal);
    setTimeout(() => cancel.abort(), 30);
    const result = await polling;
    expect(result.readings).toEqual([]);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});

describe('SNMPv3', () => {
  const user: V3User = {
    user: 'anna',
    auth: { protocol: 'sha256', key: 'authkey12' },
    priv: { protocol: 'aes', key: 'privkey12' },
  };
  const credentials: SnmpCredentials = {
    version: '3',
    user: 'anna',
    auth: { protocol: 'sha256', key: 'authkey12' },
    priv: { protocol: 'aes', key: 'privkey12' },
  };

  it.each([true, false])('survives a restart of the engine (boots raised: %s)', async (raiseBoots) => {
    const { poll, responder } = await serve(new FakeSwitch([{ index: 1, name: 'a', in: 0n }]), {
      v3Users: [user],
      credentials,
    });
    expect((await poll()).problem).toBeNull();
    responder.reboot({ raiseBoots });
    const result = await poll();
    expect(result.reachable).toBe(true);
    expect(valueIn(result, 'port', 'a', 'oper')).toBe(1);
  });

  it.each([
    ['md5', 'des'],
    ['sha', 'aes'],
    ['sha224', 'aes'],
    ['sha384', 'aes256b'],
    ['sha512', 'aes256r'],
  ] as const)('%s with %s', async (auth, priv) => {
    const { poll } = await serve(new FakeSwitch([{ index: 1, name: 'a', in: 0n }]), {
      v3Users: [
        { user: 'x', auth: { protocol: auth, key: 'authkey12' }, priv: { protocol: priv, key: 'privkey12' } },
      ],
      credentials: {
        version: '3',
        user: 'x',
        auth: { protocol: auth, key: 'authkey12' },
        priv: { protocol: priv, key: 'privkey12' },
      },
    });
    const result = await poll();
    expect(result.problem).toBeNull();
    expect(valueIn(result, 'port', 'a', 'oper')).toBe(1);
  });

  it('says what is wrong with a wrong key', async () => {
    const { poll } = await serve(new FakeSwitch([]), {
      v3Users: [user],
      credentials: { ...credentials, auth: { protocol: 'sha256', key: 'wrongkey1' } },
    });
    const result = await poll();
    expect(result.reachable).toBe(false);
    expect(result.problem).toContain('refused');
  });
});

it('SNMPv1: columns, missing names and the end of the MIB', async () => {
  const device = new FakeSwitch(
    [1, 2, 3].map((index) => ({ index, name: `p${index}`, in: 7n, wide: false })),
  );
  const { poll } = await serve(device, { credentials: { version: '1', community: 'public' } });
  const result = await poll();
  expect(result.problem).toBeNull();
  expect(result.observation?.ports.map((port) => port.name)).toEqual(['p1', 'p2', 'p3']);
});
