import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AssignedDevice,
  isMetricId,
  metric,
  type Observation,
  type Reading,
  type Unit,
} from '@rackhaus/config/contract';
import { loadProfiles } from '@rackhaus/config/profiles';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadRecording, SnmpResponder } from '../../simulator/index.ts';
import { DevicePoller } from './device-poller.ts';

const folder = join(import.meta.dirname, '../../../../shared/recordings');
const present = existsSync(folder);
if (!present)
  console.warn(`recordings.slow.test.ts: there are no recordings in ${folder}; these tests are left out`);
const names = present
  ? readdirSync(folder)
      .filter((name) => name.endsWith('.snmprec') && !name.includes('@'))
      .map((name) => name.replace('.snmprec', ''))
  : [];

/** Families whose sensors are read whole; the values that are told apart from LibreNMS's are listed below. */
const families = [
  'akcp_serverprobe8',
  'apc_ap8959eu3',
  'apc_smt750x-nmc2',
  'apc_sua1500rmi2u',
  'arubaos-cx_10.07',
  'arubaos-cx_10.10',
  'comware_a5500',
  'cyberpower_pr2200rt2uc',
  'dlink_dgs-1510-28',
  'dsm_ds214se-dsm7',
  'eaton-mgeups_9px',
  'generex-ups_cs141',
  'gude-epc_1202',
  'gude-esb_7213-12',
  'huaweiups_ups2000',
  'hwg-poseidon',
  'hwg-wld_wld2',
  'linux_raspberrypi-gpiomonitor',
  'netgear',
  'netmanplus_204',
  'netvision-rfc',
  'powerwalker-vfi_20kcpgpf133',
  'raritan-pdu_px2-temp',
  'rittal-cmc-iii-pu_compact',
  'wut_57720',
  'xos_sfp',
];

/** Where we and LibreNMS differ on purpose: pattern over "recording class description value". */
const differences: readonly { readonly pattern: RegExp; readonly why: string }[] = [
  { pattern: /^akcp_serverprobe8 humidity/, why: 'these probes are offline (sensorProbeHumidityOnline)' },
  { pattern: /^eaton-mgeups_9px runtime .* 24$/, why: 'MG-SNMP gives the same in seconds: 1464 s' },
  { pattern: /temperature Battery 0$/, why: 'a card without a sensor sends 0' },
  { pattern: /^generex-ups_cs141 power .* -\d+$/, why: 'a line does not deliver less than nothing' },
  { pattern: /power Apparent Power/, why: 'VA, not W' },
  { pattern: /Dew Diff/, why: 'a difference, not a temperature' },
  { pattern: /^huaweiups_ups2000 frequency .* 5$/, why: 'RFC 1628 says 0.1 Hz: raw 500 is 50 Hz' },
  { pattern: / (65535|6553\.5|4294967295)$/, why: 'a sentinel for "not known"' },
  { pattern: /frequency .* 0$/, why: 'an input that is not connected has no frequency' },
];

/** Makers and models that the MIB keeps apart and LibreNMS joins. */
const otherModels = new Set(['generex-ups_cs141']);

const units: Readonly<Record<string, { unit: Unit; factor: number }>> = {
  temperature: { unit: '°C', factor: 1 },
  humidity: { unit: 'ratio', factor: 0.01 },
  voltage: { unit: 'V', factor: 1 },
  current: { unit: 'A', factor: 1 },
  power: { unit: 'W', factor: 1 },
  frequency: { unit: 'Hz', factor: 1 },
  load: { unit: 'ratio', factor: 0.01 },
  charge: { unit: 'ratio', factor: 0.01 },
  runtime: { unit: 's', factor: 60 },
  fanspeed: { unit: 'rpm', factor: 1 },
};

const SensorRow = z.object({
  sensor_class: z.string(),
  sensor_descr: z.string().nullable(),
  sensor_current: z.number().nullable(),
});
const Expected = z.object({
  os: z.object({
    discovery: z.object({
      devices: z.array(
        z.object({
          os: z.string(),
          hardware: z.string().nullable(),
          version: z.string().nullable(),
          serial: z.string().nullable(),
        }),
      ),
    }),
  }),
  sensors: z
    .object({
      discovery: z.object({ sensors: z.array(SensorRow).default([]) }),
      poller: z.union([z.string(), z.object({ sensors: z.array(SensorRow).default([]) })]).optional(),
    })
    .optional(),
});

async function pollRecording(
  name: string,
): Promise<{ readings: Reading[]; observation: Observation | null; problem: string | null }> {
  const recording = await loadRecording(join(folder, `${name}.snmprec`));
  const responder = new SnmpResponder({
    community: 'public',
    store: recording.store,
    contexts: recording.contexts,
  });
  const { port } = await responder.listen('127.0.0.1', 0);
  const device: AssignedDevice = {
    id: 7,
    name,
    address: '127.0.0.1',
    snmp: { port, credentials: { version: '2c', community: 'public' } },
    profile: null,
    intervalSeconds: 60,
    ping: false,
    tcp: [],
  };
  const poller = new DevicePoller({ device, profiles: await loadProfiles(), now: () => 1_780_000_000_000 });
  try {
    const first = await poller.poll(new AbortController().signal);
    const second = await poller.poll(new AbortController().signal);
    expect(first.reachable).toBe(true);
    expect(second.reachable).toBe(true);
    expect(second.observation, 'an unchanged device says nothing anew').toBeNull();
    return {
      readings: second.readings,
      observation: first.observation,
      problem: first.problem ?? second.problem,
    };
  } finally {
    poller.close();
    await responder.close();
  }
}

describe.skipIf(!present)('recordings of real devices', () => {
  it.each(names)('%s is polled without error', async (name) => {
    const { readings, observation, problem } = await pollRecording(name);
    expect(problem).toBeNull();
    expect(observation?.profile).toBeTruthy();
    for (const reading of readings)
      for (const [field, value] of Object.entries(reading.values)) {
        expect(isMetricId(`${reading.kind}.${field}`)).toBe(true);
        expect(Number.isFinite(value)).toBe(true);
      }
    const seen = readings.map(({ kind, entity }) => `${kind} ${entity}`);
    expect(new Set(seen).size, 'no entity twice').toBe(seen.length);
    const ports = (observation?.ports ?? []).map((port) => port.name);
    expect(new Set(ports).size, 'no port name twice').toBe(ports.length);
  });

  it.each(families)('%s is what LibreNMS takes it for', async (name) => {
    const [device] = readExpected(name).os.discovery.devices;
    const { observation } = await pollRecording(name);
    const actual = observation?.identity;
    expect(actual?.os).toBe(device?.os);
    if (device?.serial) expect(actual?.serial).toBe(device.serial);
    if (device?.version) expect(actual?.firmware).toBe(device.version);
    // LibreNMS appends revisions to some models.
    if (device?.hardware && !otherModels.has(name))
      expect(`${device.hardware} `).toContain(`${actual?.model} `);
  });

  it.each(families)('%s has the sensors that LibreNMS expects', async (name) => {
    const expected = readExpected(name);
    const { readings } = await pollRecording(name);
    const missing = sensorsOf(expected)
      .filter(({ sensor_class }) => units[sensor_class] !== undefined)
      .filter((sensor) => !hasValue(readings, sensor))
      .map((sensor) => `${name} ${sensor.sensor_class} ${sensor.sensor_descr} ${sensor.sensor_current}`)
      .filter((text) => !differences.some(({ pattern }) => pattern.test(text)));
    expect(missing).toEqual([]);
  });
});

function readExpected(name: string): z.infer<typeof Expected> {
  return Expected.parse(JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')));
}

function sensorsOf(expected: z.infer<typeof Expected>): z.infer<typeof SensorRow>[] {
  const { poller, discovery } = expected.sensors ?? {};
  return typeof poller === 'object' ? poller.sensors : (discovery?.sensors ?? []);
}

function hasValue(readings: readonly Reading[], sensor: z.infer<typeof SensorRow>): boolean {
  const wanted = units[sensor.sensor_class];
  if (!wanted || sensor.sensor_current === null) return true;
  const value = sensor.sensor_current * wanted.factor;
  return readings.some((reading) =>
    Object.entries(reading.values).some(([field, actual]) => {
      const id = `${reading.kind}.${field}`;
      if (!isMetricId(id) || metric(id).unit !== wanted.unit) return false;
      return Math.abs(actual - value) <= 0.51 * 10 ** -metric(id).decimals + 1e-9;
    }),
  );
}
