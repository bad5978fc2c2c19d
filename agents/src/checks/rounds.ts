import { isDeepStrictEqual } from 'node:util';
import {
  type AssignedCheck,
  type AssignedDevice,
  noIdentity,
  type Observation,
  type Reading,
} from '@rackhaus/config/contract';
import type { Logger } from 'pino';
import type { CheckContext } from './context.ts';
import type { CheckResult } from './result.ts';
import { runCheck } from './run.ts';

type Parts = Pick<CheckContext, 'resolve' | 'authorities' | 'nut' | 'monotonicMs'> & {
  readonly emit: (readings: readonly Reading[]) => void;
  readonly observe: (observation: Observation) => void;
  /** Begins to call {@link CheckRounds.round} with this number, and ends it. */
  readonly schedule: { add(id: number, intervalMs: number): void; remove(id: number): void };
  readonly now: () => number;
  readonly log: Logger;
};

interface Entry {
  readonly device: AssignedDevice;
  readonly check: AssignedCheck;
  readonly stop: AbortController;
  last: (CheckResult & { readonly since: number }) | null;
}

/**
 * Does the checks of all devices when the schedule says so. Each round yields the state of the service of the check's name and
 * what the check has read; a device that is asked in no other way is reachable when one of its checks gets an answer.
 */
export class CheckRounds {
  readonly #parts: Parts;
  readonly #entries = new Map<number, Entry>();
  /** By device, what was last told of it. */
  readonly #told = new Map<number, string>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Takes up what there is to check. What did not change goes on without noticing. */
  set(devices: readonly AssignedDevice[]): void {
    const wanted = new Map(
      devices.flatMap((device) =>
        (device.checks ?? []).map((check) => [check.id, { device, check }] as const),
      ),
    );
    for (const [id, { device, check, stop }] of this.#entries) {
      const next = wanted.get(id);
      if (next && isDeepStrictEqual(next.check, check) && isDeepStrictEqual(next.device, device)) continue;
      stop.abort();
      this.#entries.delete(id);
      this.#parts.schedule.remove(id);
      this.#told.delete(device.id);
    }
    for (const [id, { device, check }] of wanted) {
      if (this.#entries.has(id)) continue;
      this.#entries.set(id, { device, check, stop: new AbortController(), last: null });
      this.#parts.schedule.add(id, check.intervalSeconds * 1000);
    }
  }

  /** Does one check; resolves to whether something answered. */
  async round(id: number): Promise<boolean> {
    const entry = this.#entries.get(id);
    if (entry === undefined) return false;
    const { device, check, stop } = entry;
    const { log, now, ...parts } = this.#parts;
    const time = now();
    const result = await runCheck(check.task, { ...parts, address: device.address, now: time }, stop.signal);
    if (stop.signal.aborted) return false;
    const before = entry.last;
    const same = before !== null && before.outcome === result.outcome;
    entry.last = { ...result, since: same ? before.since : time };
    if (!same && (before !== null || result.outcome !== 'ok'))
      log[result.outcome === 'ok' ? 'info' : 'warn'](
        { device: device.name, check: check.name, outcome: result.outcome, detail: result.detail },
        result.outcome === 'ok' ? 'the check is well again' : 'the check is not well',
      );
    this.#tell(entry, result, time);
    return result.answered;
  }

  stop(): void {
    for (const [id, { stop }] of this.#entries) {
      stop.abort();
      this.#parts.schedule.remove(id);
    }
    this.#entries.clear();
  }

  #tell({ device, check }: Entry, result: CheckResult, time: number): void {
    const ofDevice = [...this.#entries.values()].filter((entry) => entry.device.id === device.id);
    const { findings } = result;
    if (isCheckedOnly(device))
      findings.add('device.reachable', '', ofDevice.some(({ last }) => last?.answered === true) ? 1 : 0);
    const values = serviceValues(result, time);
    const readings: Reading[] = [
      ...findings.readings.readings(device.id, time),
      { deviceId: device.id, kind: 'service', entity: check.name, time, values },
    ];
    this.#parts.emit(readings);
    // Nothing is told before all have been asked once: a device would lose what the others have said before.
    if (ofDevice.every(({ last }) => last !== null)) this.#observe(device, ofDevice, time);
  }

  #observe(device: AssignedDevice, entries: readonly Entry[], time: number): void {
    const observation = observationOf(device, entries);
    const text = JSON.stringify(observation);
    if (this.#told.get(device.id) === text) return;
    this.#told.set(device.id, text);
    this.#parts.observe({ ...observation, time });
  }
}

/** Asked in no other way than by its checks. */
export function isCheckedOnly(device: AssignedDevice): boolean {
  return device.snmp === null && !device.ping && device.tcp.length === 0 && (device.checks ?? []).length > 0;
}

function serviceValues({ outcome, ms, certificate }: CheckResult, time: number): Record<string, number> {
  return {
    // service.state: 0 answers, 1 fails
    state: outcome === 'ok' ? 0 : 1,
    ...(outcome === 'ok' && ms !== null ? { responseTime: Math.round(ms) / 1000 } : {}),
    ...(certificate === null
      ? {}
      : { certificate: Math.round((certificate.validUntil - time) / 1_000_000) * 1000 }),
  };
}

function observationOf(device: AssignedDevice, entries: readonly Entry[]): Omit<Observation, 'time'> {
  const identity: Observation['identity'] = { ...noIdentity };
  const entities = new Map<string, Observation['entities'][number]>();
  for (const { last } of entries) {
    if (last === null) continue;
    for (const entity of last.findings.entities()) entities.set(`${entity.kind} ${entity.entity}`, entity);
    const known = last.findings.identity;
    for (const key of Object.keys(identity))
      if (isKeyOf(identity, key)) identity[key] ??= known[key]?.slice(0, 500) ?? null;
  }
  return {
    deviceId: device.id,
    profile: 'checks',
    identity,
    ports: [],
    entities: [...entities.values()],
    neighbours: [],
    checks: entries.flatMap(({ check, last }) =>
      last === null ? [] : [{ id: check.id, outcome: last.outcome, detail: last.detail, since: last.since }],
    ),
  };
}

function isKeyOf<T extends object>(object: T, key: PropertyKey): key is keyof T {
  return key in object;
}
