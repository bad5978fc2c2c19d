import { batchOf } from '@rackhaus/backend/measurements';
import { LiveState, RuleBook, testDevice } from '@rackhaus/backend/rules-testing';
import { loadAlertRules } from '@rackhaus/config/alert-rules';
import type { DeviceRole, Reading } from '@rackhaus/config/contract';
import { type Figure, median } from './figure.ts';

const rounds = 12;
const warmUpRounds = 4;
const intervalMs = 30_000;

interface Kind {
  readonly role: DeviceRole;
  readonly count: number;
  readonly readings: (deviceId: number, time: number, round: number) => Reading[];
}

/** Of a district: 300 switches of 48 ports, and what stands around them. */
const kinds: readonly Kind[] = [
  { role: 'switch', count: 300, readings: switchReadings },
  { role: 'ups', count: 40, readings: upsReadings },
  { role: 'sensor', count: 60, readings: sensorReadings },
  { role: 'server', count: 100, readings: serverReadings },
];

/**
 * Values (readings of one metric) per second of CPU through all rules that come with Rackhaus, as they run: taken into the live
 * state device by device, like batches of agents, with a fault here and there. Parsing, storing and telling screens are not in it.
 */
export async function run(): Promise<readonly Figure[]> {
  const rules = new RuleBook(await loadAlertRules());
  const start = 1_800_000_000_000;
  let now = start;
  const live = new LiveState({ rules, now: () => now });
  const devices = kinds.flatMap(({ role, count }, kind) =>
    Array.from({ length: count }, (_, n) => deviceOf(kind * 1000 + n + 1, role)),
  );
  live.setDevices(devices);
  const rates: number[] = [];
  for (let round = 0; round < warmUpRounds + rounds; round++) {
    now = start + round * intervalMs;
    const batches = kinds.flatMap(({ count, readings }, kind) =>
      Array.from({ length: count }, (_, n) => readings(kind * 1000 + n + 1, now, round)),
    );
    const values = batches.flat().reduce((sum, reading) => sum + Object.keys(reading.values).length, 0);
    const columns = batches.map((batch) => batchOf(live.entities, batch));
    const before = process.cpuUsage();
    for (const batch of columns) live.apply(batch);
    const { user, system } = process.cpuUsage(before);
    if (round >= warmUpRounds) rates.push(values / ((user + system) / 1e6));
  }
  const held = [...live.devices.values()].flatMap(({ conditions }) => conditions);
  // Every tenth UPS runs on battery, and of every twentieth switch one port has PoE trouble.
  if (held.length !== 4 + 15) throw new Error(`${held.length} conditions, not 19`);
  return [{ name: 'alert-evaluate', value: median(rates), unit: 'readings/cpu-s', atLeast: 300_000 }];
}

function deviceOf(id: number, role: DeviceRole) {
  const ports = Array.from({ length: role === 'switch' ? 48 : 0 }, (_, at) => ({
    id: id * 100 + at,
    name: String(at + 1),
    kind: 'network' as const,
    infrastructure: at >= 44,
    farDeviceId: at >= 44 ? (id % 300) + 1 : null,
    documentedSpeed: at >= 44 ? 1e10 : null,
  }));
  return testDevice(id, { name: `${role}${id}`, role, ports });
}

/** Even, repeatable noise. */
function noise(...seeds: number[]): number {
  let x = 17;
  for (const seed of seeds) x = (Math.imul(x ^ seed, 0x9e3779b1) >>> 0) ^ (x >>> 13);
  return (x >>> 0) / 2 ** 32;
}

function own(deviceId: number, time: number, round: number): Reading {
  const values = {
    reachable: 1,
    uptime: 100_000 + round * 30,
    pollDuration: 0.2,
    ping: 0.001 + noise(deviceId, round) / 1000,
    pingLoss: 0,
    cpu: 0.2 + noise(deviceId, round, 1) / 2,
    memory: 0.5,
  };
  return { deviceId, kind: 'device', entity: '', time, values };
}

function switchReadings(deviceId: number, time: number, round: number): Reading[] {
  const ports = Array.from({ length: 48 }, (_, at): Reading => {
    const up = at % 3 !== 2 || at >= 44;
    const speed = at >= 44 ? 1e10 : 1e9;
    const values = {
      oper: up ? 1 : 2,
      admin: 1,
      duplex: 3,
      speed,
      rx: up ? Math.round(noise(deviceId, at, round) * speed * 0.3) : 0,
      tx: up ? Math.round(noise(deviceId, at, round, 1) * speed * 0.3) : 0,
      rxErrors: 0,
      txErrors: 0,
      rxDiscards: 0,
      txDiscards: up ? noise(deviceId, at, round, 2) : 0,
      poe: deviceId % 20 === 0 && at === 0 ? 4 : 3,
      poePower: 5,
    };
    return { deviceId, kind: 'port', entity: String(at + 1), time, values };
  });
  return [
    own(deviceId, time, round),
    ...ports,
    ...['1', '2'].map((entity): Reading => ({ deviceId, kind: 'fan', entity, time, values: { state: 0 } })),
    ...['1', '2'].map(
      (entity): Reading => ({ deviceId, kind: 'supply', entity, time, values: { state: 0 } }),
    ),
  ];
}

function upsReadings(deviceId: number, time: number, round: number): Reading[] {
  const values = {
    source: deviceId % 10 === 0 ? 5 : 3,
    battery: 2,
    replaceBattery: 0,
    charge: 0.99,
    runtime: 1800,
    batteryTemperature: 24,
    load: 0.4 + noise(deviceId, round) / 10,
  };
  const phases = ['L1', 'L2', 'L3'].map(
    (entity, at): Reading => ({
      deviceId,
      kind: 'line',
      entity,
      time,
      values: { voltage: 230 + noise(deviceId, at, round), current: 4, load: 0.4, state: 0 },
    }),
  );
  return [own(deviceId, time, round), { deviceId, kind: 'ups', entity: '', time, values }, ...phases];
}

function sensorReadings(deviceId: number, time: number, round: number): Reading[] {
  const climate = ['Raum', 'Schrank 1', 'Schrank 2', 'Abluft'].map(
    (entity, at): Reading => ({
      deviceId,
      kind: 'sensor',
      entity,
      time,
      values: {
        temperature: 21 + 2 * noise(deviceId, at, round),
        humidity: 0.42 + noise(deviceId, at, round, 1) / 50,
      },
    }),
  );
  const contacts: Reading[] = [
    { deviceId, kind: 'sensor', entity: 'Tür', time, values: { door: 0 } },
    { deviceId, kind: 'sensor', entity: 'Boden', time, values: { water: 0 } },
  ];
  return [own(deviceId, time, round), ...climate, ...contacts];
}

function serverReadings(deviceId: number, time: number, round: number): Reading[] {
  const disks = ['/', '/var', '/data'].map((entity, at): Reading => {
    const fill = 0.4 + at / 10 + round / 10_000;
    return { deviceId, kind: 'storage', entity, time, values: { used: fill * 1e12, size: 1e12, fill } };
  });
  const temperatures = Array.from(
    { length: 6 },
    (_, at): Reading => ({
      deviceId,
      kind: 'sensor',
      entity: `Temp ${at}`,
      time,
      values: { temperature: 40 + 5 * noise(deviceId, at, round), state: 0 },
    }),
  );
  const fans = Array.from(
    { length: 6 },
    (_, at): Reading => ({
      deviceId,
      kind: 'fan',
      entity: `Fan ${at}`,
      time,
      values: { state: 0, speed: 5000 + Math.round(100 * noise(deviceId, at, round)) },
    }),
  );
  return [own(deviceId, time, round), ...disks, ...temperatures, ...fans];
}
