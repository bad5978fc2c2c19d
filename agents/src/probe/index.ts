import { setTimeout as sleep } from 'node:timers/promises';
import {
  AssignedDevice,
  isMetricId,
  metric,
  type Observation,
  type ObservedEntity,
  type ProbeResult,
  type Reading,
} from '@rackhaus/config/contract';
import { loadProfiles, type ProfileSet } from '@rackhaus/config/profiles';
import { DevicePoller, type PollResult, type ProfileChoice, valueKey } from '../poll/device-poller.ts';
import type { ProbeOptions } from './options.ts';

export type { ProbeOptions } from './options.ts';

/** Enough for rates, short enough for a person who waits. */
const betweenPollsMs = 1_100;

/** Metrics about the polling itself and the device as a whole, shown elsewhere than among the sensors. */
const notSensors = new Set([
  'device.reachable',
  'device.uptime',
  'device.pollDuration',
  'device.pollRequests',
  'device.pollTimeouts',
  'device.pollRetries',
  'device.pollValues',
]);

/** The device gave no answer, or refused it. */
export class ProbeError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ProbeError';
  }
}

/**
 * Asks a device once or twice the way the agent does and says what it is and has.
 * @throws ProbeError when nothing answers; its message says why.
 */
export async function probe(
  options: ProbeOptions,
  signal: AbortSignal = new AbortController().signal,
  /** Left out: the profiles that come with Rackhaus. */
  profiles?: ProfileSet,
): Promise<ProbeResult & { problem: string | null }> {
  const device = AssignedDevice.parse({
    id: 1,
    name: options.host,
    address: options.host,
    snmp: { port: options.port, credentials: options.credentials },
    profile: options.profile,
    intervalSeconds: 60,
    ping: false,
    tcp: [],
  });
  const poller = new DevicePoller({
    device,
    profiles: profiles ?? (await loadProfiles()),
    now: () => Date.now(),
    traced: true,
  });
  try {
    let result = await poller.poll(signal);
    let { observation } = result;
    if (!result.reachable) throw new ProbeError(result.problem ?? 'the device does not answer');
    if (!options.once) {
      await sleep(betweenPollsMs, undefined, { signal });
      const second = await poller.poll(signal);
      observation = second.observation ?? observation;
      if (second.reachable) result = second;
    }
    if (!observation) throw new ProbeError(result.problem ?? 'the device answers, but not to what was asked');
    return { ...describe(observation, result, poller.choice), problem: result.problem };
  } finally {
    poller.close();
  }
}

function describe(
  observation: Observation,
  { readings, origins }: PollResult,
  choice: ProfileChoice | null,
): ProbeResult {
  const { identity } = observation;
  const entities = new Map(observation.entities.map((entity) => [`${entity.kind} ${entity.entity}`, entity]));
  const byPort = new Map(
    readings.filter(({ kind }) => kind === 'port').map((each) => [each.entity, each.values]),
  );
  const device = readings.find(({ kind }) => kind === 'device');
  return {
    profile: observation.profile,
    ...(choice && { match: { by: choice.by, others: [...choice.others] } }),
    os: identity.os,
    vendor: identity.vendor,
    model: identity.model,
    serial: identity.serial,
    firmware: identity.firmware,
    uptimeSeconds: device?.values.uptime ?? null,
    ports: observation.ports.map((port) => ({
      name: port.name,
      ifIndex: port.ifIndex,
      description: port.description,
      alias: port.alias,
      mac: port.mac,
      type: port.type,
      ...named('port', byPort.get(port.name) ?? {}),
    })),
    sensors: readings
      .filter(({ kind }) => kind !== 'port')
      .flatMap((reading) => sensorsOf(reading, entities.get(`${reading.kind} ${reading.entity}`), origins)),
    neighbours: observation.neighbours.map(({ localPort, remoteName, remotePort }) => ({
      localPort,
      remoteName,
      remotePort,
    })),
  };
}

/** States by their names, other values as they are. */
function named(kind: string, values: Readonly<Record<string, number>>): Record<string, number | string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, stateName(`${kind}.${name}`, value) ?? value]),
  );
}

function stateName(id: string, value: number): string | null {
  return isMetricId(id) ? (metric(id).states?.[value] ?? null) : null;
}

function sensorsOf(
  reading: Reading,
  about: ObservedEntity | undefined,
  origins: PollResult['origins'],
): ProbeResult['sensors'] {
  const judged = stateName(`${reading.kind}.state`, reading.values.state ?? Number.NaN);
  return Object.entries(reading.values).flatMap(([name, value]) => {
    const id = `${reading.kind}.${name}`;
    if (!isMetricId(id) || notSensors.has(id)) return [];
    return [
      {
        name:
          about?.label ??
          (reading.entity === '' ? metric(id).meaning.replace(/ \(.*\)$/, '') : reading.entity),
        metric: id,
        unit: metric(id).unit,
        value,
        state: metric(id).states ? stateName(id, value) : judged,
        oid: origins?.get(valueKey(id, reading.entity))?.[0] ?? null,
        word: about?.words?.[name] ?? null,
        limits: about?.limits?.[name] ?? null,
      },
    ];
  });
}
