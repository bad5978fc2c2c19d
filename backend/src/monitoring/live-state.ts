import type { Reading } from '@rackhaus/config/contract';
import type { MonitoredDevice } from '../inventory/monitored.ts';
import { evaluateDevice, type RulesByKind, stateOf } from './health.ts';
import { LiveDevice } from './live-device.ts';

/** What changed: devices, and of each the entities that have new values. */
export type LiveChange = ReadonlyMap<number, ReadonlySet<string>>;

/** Begin of a state or condition by `device/<id>/<state>` or `condition/<id>`; kept over restarts. */
export type Beginnings = ReadonlyMap<string, number>;

/**
 * The newest values of everything, in memory, and what they mean. Newer readings replace older ones, never the other way
 * round. A device that has not been heard of for three intervals (at least 10 s) is unknown: silence is not health.
 */
export class LiveState {
  readonly #rules: RulesByKind;
  readonly #now: () => number;
  readonly #devices = new Map<number, LiveDevice>();
  readonly #listeners = new Set<(change: LiveChange) => void>();
  /** Devices that look at whether this one can be reached, by its id. */
  #linked = new Map<number, Set<number>>();

  constructor(options: { rules: RulesByKind; now: () => number }) {
    this.#rules = options.rules;
    this.#now = options.now;
  }

  /** Monitored devices only, by id. */
  get devices(): ReadonlyMap<number, LiveDevice> {
    return this.#devices;
  }

  onChange(listener: (change: LiveChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Follows the inventory. Devices that stay keep their values; those that are gone are forgotten. */
  setDevices(devices: readonly MonitoredDevice[]): void {
    const monitored = devices.filter((device) => device.monitoring !== null);
    const ids = new Set(monitored.map((device) => device.id));
    for (const id of this.#devices.keys()) if (!ids.has(id)) this.#devices.delete(id);
    this.#linked = new Map();
    for (const device of monitored) {
      const known = this.#devices.get(device.id);
      if (known) known.device = device;
      else this.#devices.set(device.id, new LiveDevice(device));
      for (const { farDeviceId } of device.ports) {
        if (farDeviceId === null) continue;
        const linked = this.#linked.get(farDeviceId) ?? new Set();
        this.#linked.set(farDeviceId, linked.add(device.id));
      }
    }
    for (const device of this.#devices.values()) this.#evaluate(device);
  }

  /**
   * Takes over what the store still knows, and when states and conditions began; once, after setDevices. What is older
   * than it may be is unknown until something is heard again, and then keeps its beginnings.
   */
  rebuild(readings: readonly Reading[], beginnings: Beginnings): void {
    const now = this.#now();
    for (const reading of readings) this.#devices.get(reading.deviceId)?.take(reading, now);
    for (const live of this.#devices.values())
      live.answers = live.lastSeen !== null && live.reachable && !live.isSilent(now);
    for (const live of this.#devices.values()) {
      if (live.lastSeen === null) continue;
      this.#look(live);
      live.conditions = live.conditions.map((condition) => ({
        ...condition,
        since: beginnings.get(`condition/${condition.id}`) ?? condition.since,
      }));
      const state = stateOf(live.conditions);
      live.turn(state, beginnings.get(`device/${live.device.id}/${state}`) ?? live.lastSeen);
    }
    for (const live of this.#devices.values()) this.#evaluate(live);
  }

  /** Takes in readings, in any order. Those of devices that are not monitored are passed over. */
  apply(readings: readonly Reading[]): void {
    const now = this.#now();
    const changed = new Map<number, Set<string>>();
    for (const reading of readings) {
      const device = this.#devices.get(reading.deviceId);
      const key = device?.take(reading, now);
      if (!device || key === undefined) continue;
      const keys = changed.get(reading.deviceId);
      if (keys) keys.add(key);
      else changed.set(reading.deviceId, new Set([key]));
    }
    this.#settle(changed);
  }

  /** Notices silence. To be called every second or so. */
  tick(): void {
    const now = this.#now();
    const changed = new Map<number, Set<string>>();
    for (const device of this.#devices.values())
      if (device.state !== 'unknown' && device.isSilent(now)) changed.set(device.device.id, new Set());
    if (changed.size > 0) this.#settle(changed);
  }

  /** Begin of every state and condition that holds now. */
  beginnings(): Map<string, number> {
    const all = new Map<string, number>();
    for (const { device, known, conditions } of this.#devices.values()) {
      if (known) all.set(`device/${device.id}/${known.state}`, known.since);
      for (const condition of conditions) all.set(`condition/${condition.id}`, condition.since);
    }
    return all;
  }

  #settle(changed: Map<number, Set<string>>): void {
    const linked = new Set<number>();
    for (const id of changed.keys()) {
      const device = this.#devices.get(id);
      if (!device) continue;
      const before = device.answers;
      this.#evaluate(device);
      // What is said of a port depends on whether its far end can be reached.
      for (const other of this.#linked.get(id) ?? [])
        if (device.answers !== before || (this.#devices.get(other)?.pending.size ?? 0) > 0) linked.add(other);
    }
    for (const id of linked) {
      const device = this.#devices.get(id);
      if (!device) continue;
      this.#evaluate(device);
      if (!changed.has(id)) changed.set(id, new Set());
    }
    if (changed.size > 0) for (const listener of this.#listeners) listener(changed);
  }

  #evaluate(live: LiveDevice): void {
    if (live.lastSeen === null) return; // nothing known yet
    if (live.isSilent(this.#now())) {
      // What was said last stays said: it may still be so. The state tells that nobody knows.
      live.turn('unknown', live.lastSeen);
      live.answers = false;
      return;
    }
    this.#look(live);
    live.turn(stateOf(live.conditions), live.lastSeen);
    live.answers = live.reachable;
  }

  #look(live: LiveDevice): void {
    const { conditions, pending } = evaluateDevice({
      rules: this.#rules,
      device: live.device,
      entities: live.currentEntities(),
      previous: new Map(live.conditions.map((condition) => [condition.id, condition])),
      pending: live.pending,
      farEnd: (deviceId) => this.#devices.get(deviceId)?.asFarEnd,
    });
    live.conditions = conditions;
    live.pending = pending;
  }
}
