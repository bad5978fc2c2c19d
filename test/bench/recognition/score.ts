import { metric } from '@rackhaus/config/contract';
import { type Difference, differenceOf } from './differences.ts';
import type { Expected, LinkRow, PortRow, SensorRow } from './expected.ts';
import { stateKey } from './expected.ts';
import type { Found, PolledRecording } from './poll-recording.ts';
import { expectedIn, same } from './units.ts';

export const aspects = [
  'identity',
  'sensors',
  'ports',
  'neighbours',
  'processors',
  'memories',
  'storages',
] as const;
export type Aspect = (typeof aspects)[number];

/** Something that is expected and is not there, or is otherwise. */
export interface Miss {
  readonly aspect: Aspect;
  /** `name aspect what value` */
  readonly text: string;
  /** What is there instead. */
  readonly found: string | null;
  /** The recording does not have the instance or text that this was read from. */
  readonly unrecorded: boolean;
  /** Why it is meant to be so; null: it is a fault of ours. */
  readonly difference: Difference | null;
}

export interface Score {
  readonly name: string;
  readonly profile: string;
  readonly expected: Readonly<Record<Aspect, number>>;
  readonly right: Readonly<Record<Aspect, number>>;
  readonly misses: readonly Miss[];
}

/** Compares what the agent has read of a recording with what is expected of it. */
export function scoreRecording(name: string, expected: Expected, polled: PolledRecording): Score {
  const total = Object.fromEntries(aspects.map((aspect) => [aspect, 0])) as Record<Aspect, number>;
  const right = { ...total };
  const misses: Miss[] = [];
  const count = (aspect: Aspect, what: string, result: Result): void => {
    if (result.good) {
      total[aspect]++;
      right[aspect]++;
      return;
    }
    const text = `${name} ${aspect} ${what}`;
    const difference = differenceOf(text);
    if (!difference) total[aspect]++;
    misses.push({ aspect, text, found: result.found, unrecorded: result.unrecorded ?? false, difference });
  };

  for (const { what, ...result } of identity(expected, polled)) count('identity', what, result);
  const sensors = new Sensors(expected, polled);
  for (const row of expected.sensors) {
    const what = `${row.sensor_class} ${row.sensor_descr ?? ''} [${row.sensor_oid}] ${row.sensor_current}`;
    count('sensors', what, sensors.find(row));
  }
  for (const port of expected.ports)
    count('ports', `${port.ifIndex} ${port.ifName ?? ''} (${port.ifDescr ?? ''})`, findPort(port, polled));
  for (const link of expected.links)
    count(
      'neighbours',
      `${link.protocol} ${link.ifName ?? link.ifDescr} -> ${link.remote_hostname} ${link.remote_port}`,
      findLink(link, polled),
    );
  for (const { processor_oid, processor_descr, processor_usage } of expected.processors)
    count(
      'processors',
      `${processor_descr} [${processor_oid}] ${processor_usage}`,
      sensors.amount(
        ['processor.use', 'device.cpu', 'sensor.load'],
        (processor_usage ?? 0) / 100,
        processor_oid,
      ),
    );
  for (const row of expected.mempools)
    count(
      'memories',
      `${row.mempool_descr} ${row.mempool_used} of ${row.mempool_total} (${row.mempool_perc} %)`,
      findFill(polled, ['memory', 'device'], {
        size: row.mempool_total,
        used: row.mempool_used,
        percent: row.mempool_perc,
      }),
    );
  for (const row of expected.storage)
    count(
      'storages',
      `${row.storage_descr} ${row.storage_used} of ${row.storage_size} (${row.storage_perc} %)`,
      findFill(polled, ['storage', 'memory'], {
        size: row.storage_size,
        used: row.storage_used,
        percent: row.storage_perc,
      }),
    );
  return { name, profile: polled.observation?.profile ?? '', expected: total, right, misses };
}

interface Result {
  readonly good: boolean;
  readonly found: string | null;
  readonly unrecorded?: boolean;
}

const missing: Result = { good: false, found: null };
const good: Result = { good: true, found: null };

function identity({ device }: Expected, polled: PolledRecording): (Result & { what: string })[] {
  const actual = polled.observation?.identity;
  if (!device) return [];
  const results: (Result & { what: string })[] = [];
  const compare = (fact: string, wanted: string | null | undefined, is: string | null, equal: boolean) => {
    if (!wanted || wanted === '<private>') return;
    results.push({
      what: `${fact} ${wanted}`,
      good: equal,
      found: is,
      unrecorded: !polled.holds(wanted),
    });
  };
  const { os = null, model = null, serial = null, firmware = null } = actual ?? {};
  compare('os', device.os, os, os === device.os);
  compare('model', device.hardware, model, model !== null && sameWords(device.hardware ?? '', model));
  compare('serial', device.serial, serial, serial === device.serial);
  compare(
    'firmware',
    device.version,
    firmware,
    firmware !== null && sameWords(device.version ?? '', firmware),
  );
  return results;
}

/** Whether the one is the other, or all its words stand in the other: some add a maker, a revision or a build. */
function sameWords(left: string, right: string): boolean {
  const words = (text: string) =>
    text
      .toLowerCase()
      .split(/[\s/,;]+/)
      .filter(Boolean);
  const contains = (whole: readonly string[], part: readonly string[]) =>
    part.length > 0 && part.every((word) => whole.includes(word));
  const [a, b] = [words(left), words(right)];
  return contains(a, b) || contains(b, a);
}

/** Matches expected sensors with values of ours, each of which counts once: by its instance, else by class and value. */
class Sensors {
  readonly #expected: Expected;
  readonly #polled: PolledRecording;
  readonly #byOid = new Map<string, Found[]>();
  readonly #used = new Set<Found>();

  constructor(expected: Expected, polled: PolledRecording) {
    this.#expected = expected;
    this.#polled = polled;
    for (const found of polled.values)
      for (const oid of found.oids) {
        const list = this.#byOid.get(oid);
        if (list) list.push(found);
        else this.#byOid.set(oid, [found]);
      }
    // What is found by its instance is not to be taken by another of the same value before.
    for (const { sensor_oid } of expected.sensors)
      for (const found of this.#at(sensor_oid)) this.#used.add(found);
  }

  find(row: SensorRow): Result {
    const oid = row.sensor_oid.replace(/^\./, '');
    const candidates = this.#at(oid);
    const right = candidates.find((found) => this.#agrees(row, found, true));
    if (right) return good;
    // States without their instance: every second one is 0.
    if (row.sensor_class !== 'state') {
      const other = this.#polled.values.find(
        (found) => !this.#used.has(found) && this.#agrees(row, found, false),
      );
      if (other) {
        this.#used.add(other);
        return good;
      }
    }
    return {
      good: false,
      found: candidates.map(textOf).join(', ') || null,
      unrecorded: !this.#polled.has(oid),
    };
  }

  /** A share of one of these metrics. */
  amount(ids: readonly string[], value: number, oid: string | null | undefined): Result {
    const candidates = this.#at(oid ?? '').filter((found) => ids.includes(found.id));
    // Theirs are whole per cents.
    const near = (found: Found) => Math.abs(found.value - value) <= 0.0101;
    const other = this.#polled.values.find(
      (found) => ids.includes(found.id) && !this.#used.has(found) && near(found),
    );
    const right = candidates.find(near) ?? other;
    if (!right) return { good: false, found: candidates.map(textOf).join(', ') || null };
    this.#used.add(right);
    return good;
  }

  #at(oid: string): readonly Found[] {
    return this.#byOid.get(oid.replace(/^\./, '')) ?? [];
  }

  #agrees(row: SensorRow, found: Found, sameInstance: boolean): boolean {
    if (row.sensor_current === null || row.sensor_current === undefined) return sameInstance;
    const current = row.sensor_current;
    const { states } = metric(found.id);
    if (row.sensor_class === 'state') {
      const state = this.#expected.states.get(stateKey(row.state_name ?? '', current));
      if (!states) return same(found.value, current, found.decimals);
      // A metric with its own states (source of a UPS) says what it is, and not how bad that is.
      if (states[2] !== 'critical') return true;
      return state === undefined || found.value === state.generic;
    }
    if (states) return sameInstance && row.sensor_class === 'count';
    return expectedIn(row.sensor_class, found.id, sameInstance).some((factor) =>
      same(found.value, current * factor, found.decimals),
    );
  }
}

function textOf({ id, entity, value }: Found): string {
  const name = metric(id).states?.[value];
  return `${id} ${entity} = ${name ?? value}`;
}

function findPort(port: PortRow, { observation, entities }: PolledRecording): Result {
  const found = observation?.ports.find(({ ifIndex }) => ifIndex === port.ifIndex);
  if (!found) return missing;
  const names = [port.ifName, port.ifDescr].filter((name) => name).map((name) => plainName(name ?? ''));
  const ours = [found.name, found.description ?? '', found.alias ?? ''].map(plainName);
  if (names.length > 0 && !names.some((name) => ours.includes(name)))
    return { good: false, found: `${found.name} (${found.description})` };
  const oper = entities.get(`port ${found.name}`)?.oper;
  const word = oper === undefined ? undefined : metric('port.oper').states?.[oper];
  if (port.ifOperStatus && word !== undefined && word !== port.ifOperStatus)
    return { good: false, found: `is ${word}, not ${port.ifOperStatus}` };
  return good;
}

function findLink(link: LinkRow, { observation }: PolledRecording): Result {
  const locals = [link.ifName, link.ifDescr].flatMap((name) => (name ? [plainName(name)] : []));
  const own = observation?.ports.find(
    ({ name, description }) =>
      locals.includes(plainName(name)) || locals.includes(plainName(description ?? '')),
  );
  const seen = (observation?.neighbours ?? []).filter(
    ({ localPort }) => locals.includes(plainName(localPort)) || localPort === own?.name,
  );
  const wanted = plainName(link.remote_hostname ?? '');
  // For LLDP the chassis is written behind the port.
  const [, port = '', chassis = ''] = /^(.*?)(?: \(([0-9a-f]{12})\))?$/is.exec(link.remote_port ?? '') ?? [];
  const wantedPort = plainName(port);
  const byMac = /^[0-9a-f]{12}$/.test(wantedPort);
  const right = seen.some(
    ({ remoteName, remotePort, chassis: there, portDescription }) =>
      [remoteName, there ?? ''].map(plainName).some((each) => sameHost(each, wanted) || each === chassis) &&
      // A port that is told by its MAC address is called by its description here.
      (wantedPort === '' || byMac || [remotePort, portDescription ?? ''].map(plainName).includes(wantedPort)),
  );
  if (right) return good;
  return {
    good: false,
    found:
      seen.map((each) => `${each.remoteName} ${each.remotePort} (${each.portDescription})`).join(', ') ||
      null,
  };
}

function sameHost(ours: string, wanted: string): boolean {
  return ours === wanted || ours.split('.')[0] === wanted;
}

/** Without what recorders and displays add: case, separators, padding. */
function plainName(text: string): string {
  return text
    .toLowerCase()
    .replace(/^([0-9a-f]{2}[: -]?){6}$/, (mac) => mac.replace(/[: -]/g, ''))
    .replace(/\s+/g, ' ')
    .replace(/\0/g, '')
    .trim();
}

function findFill(
  { entities }: PolledRecording,
  kinds: readonly string[],
  wanted: {
    readonly size: number | null | undefined;
    readonly used: number | null | undefined;
    readonly percent: number | null | undefined;
  },
): Result {
  const near = (actual: number | undefined, expected: number | null | undefined, by: number) =>
    expected === null ||
    expected === undefined ||
    (actual !== undefined && Math.abs(actual - expected) <= by);
  // Without sizes LibreNMS writes 100 bytes in all: only the share is meant.
  const sized = (wanted.size ?? 0) > 100;
  const share = (wanted.percent ?? 0) / 100;
  const close: string[] = [];
  for (const [key, values] of entities) {
    const [kind = '', ...name] = key.split(' ');
    if (!kinds.includes(kind)) continue;
    const fill =
      values.fill ??
      (kind === 'device' ? values.memory : undefined) ??
      (values.used ?? 0) / (values.size ?? 1);
    const sizeFits = !sized || near(values.size, wanted.size, 1000 + (wanted.size ?? 0) * 1e-6);
    if (sizeFits && Math.abs(fill - share) <= 0.0101) return good;
    if (sized && sizeFits)
      close.push(`${kind} ${name.join(' ')}: ${values.used} of ${values.size} (${fill})`);
  }
  return { good: false, found: close.join(', ') || null };
}
