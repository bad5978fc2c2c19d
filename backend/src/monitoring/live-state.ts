import type { Condition } from '@rackhaus/config/contract';
import type { MonitoredDevice } from '../inventory/monitored.ts';
import { EntityNumbers, type ReadingBatch } from '../measurements/index.ts';
import type { OwnLimitsOfDevice } from '../rules/own-limits.ts';
import type { RuleBook } from '../rules/rule-book.ts';
import { byUrgency, stateOf } from './health.ts';
import { LiveDevice } from './live-device.ts';
import type { LiveEntity } from './live-entity.ts';
import { MissingReadings } from './missing-readings.ts';
import { sameForRules } from './same-for-rules.ts';

/** What changed: devices, and of each the entities that have new values. */
export type LiveChange = ReadonlyMap<number, ReadonlySet<string>>;

/** Begin of a state or condition by `device/<id>/<state>` or `condition/<id>`; kept over restarts. */
export type Beginnings = ReadonlyMap<string, number>;

interface Place {
  readonly device: LiveDevice;
  readonly entity: LiveEntity;
}

/**
 * The newest values of everything, in memory, and what they mean. Newer readings replace older ones, never the other way
 * round. A device that has not been heard of for three intervals (at least 10 s) is unknown: silence is not health.
 */
export class LiveState {
  /** The numbers that entities have in the batches that it is told. */
  readonly entities: EntityNumbers;
  readonly #book: RuleBook;
  readonly #now: () => number;
  readonly #elapsed: () => number;
  readonly #missing: MissingReadings;
  readonly #devices = new Map<number, LiveDevice>();
  /** What monitored devices have told of limits of their own. */
  readonly #own = new Map<number, OwnLimitsOfDevice>();
  /** By the number of the entity. */
  #places: (Place | undefined)[] = [];
  readonly #listeners = new Set<(change: LiveChange) => void>();
  /** Devices that look at whether this one can be reached, by its id. */
  #linked = new Map<number, Set<number>>();

  /**
   * `elapsed`: milliseconds on a clock that nobody sets, by which silence is measured; left out: `now`. `agentIsWell`: whether
   * the agent that polls a device is heard of; left out: nobody knows, and readings are not missed. `entities`: of the store.
   */
  constructor(options: {
    rules: RuleBook;
    entities?: EntityNumbers;
    now: () => number;
    elapsed?: () => number;
    agentIsWell?: (deviceId: number) => boolean;
  }) {
    this.entities = options.entities ?? new EntityNumbers();
    this.#book = options.rules;
    this.#now = options.now;
    this.#elapsed = options.elapsed ?? options.now;
    this.#missing = new MissingReadings({ agentIsWell: options.agentIsWell ?? (() => false) });
  }

  /** Monitored devices only, by id. */
  get devices(): ReadonlyMap<number, LiveDevice> {
    return this.#devices;
  }

  /** Those that stand in these sites; null: all. */
  in(sites: ReadonlySet<number> | null): LiveDevice[] {
    const all = [...this.#devices.values()];
    return sites === null ? all : all.filter(({ device }) => sites.has(device.siteId ?? 0));
  }

  onChange(listener: (change: LiveChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Follows the inventory. Devices that stay keep their values; those that are gone are forgotten. Returns those that were not there before: what
   * they have told of limits is to be set for them.
   */
  setDevices(devices: readonly MonitoredDevice[]): number[] {
    const monitored = devices.filter((device) => device.monitoring !== null || device.fed != null);
    const ids = new Set(monitored.map((device) => device.id));
    for (const id of this.#devices.keys())
      if (!ids.has(id)) {
        this.#devices.delete(id);
        this.#own.delete(id);
        this.#missing.forget(id);
        this.#places = [];
      }
    this.#linked = new Map();
    const added: number[] = [];
    for (const device of monitored) {
      const known = this.#devices.get(device.id);
      if (known) {
        const same = sameForRules(known.device, device);
        known.device = device;
        if (!same) known.rules.reset(device, known.gapMs);
      } else {
        this.#devices.set(device.id, new LiveDevice(device, this.#book));
        added.push(device.id);
      }
      for (const { farDeviceId } of device.ports) {
        if (farDeviceId === null) continue;
        const linked = this.#linked.get(farDeviceId) ?? new Set();
        this.#linked.set(farDeviceId, linked.add(device.id));
      }
    }
    for (const device of this.#devices.values()) this.#evaluate(device);
    return added;
  }

  /** Takes over the limits that monitored devices have set themselves, and tells what has changed by it. */
  setOwnLimits(told: ReadonlyMap<number, OwnLimitsOfDevice>): void {
    const changed: LiveDevice[] = [];
    for (const [id, own] of told) {
      const live = this.#devices.get(id);
      if (!live) continue;
      const before = this.#own.get(id);
      if (before === undefined ? own.size === 0 : sameLimits(before, own)) continue;
      if (own.size === 0) this.#own.delete(id);
      else this.#own.set(id, own);
      changed.push(live);
    }
    this.#lookAgain(changed, (live) =>
      live.rules.setOwnLimits(this.#own.get(live.device.id) ?? new Map(), live.gapMs),
    );
  }

  /** The limits that a device has set itself. */
  ownLimits(deviceId: number): OwnLimitsOfDevice | undefined {
    return this.#own.get(deviceId);
  }

  /** Looks at everything again with the limits that hold now, and tells what has changed by it. */
  setLimits(): void {
    this.#lookAgain(this.#devices.values(), (live) => live.rules.reset(live.device, live.gapMs));
  }

  #lookAgain(devices: Iterable<LiveDevice>, reset: (live: LiveDevice) => void): void {
    const changed = new Map<number, Set<string>>();
    for (const live of devices) {
      const before = live.conditions;
      reset(live);
      this.#look(live);
      this.#evaluate(live);
      if (!sameConditions(before, live.conditions)) changed.set(live.device.id, new Set());
    }
    if (changed.size > 0) this.#tell(changed);
  }

  /**
   * Takes over what the store still knows, and when states and conditions began; once, after setDevices. What is older
   * than it may be is unknown until something is heard again, and then keeps its beginnings.
   */
  rebuild(batch: ReadingBatch, beginnings: Beginnings): void {
    const [now, elapsed] = [this.#now(), this.#elapsed()];
    for (let at = 0; at < batch.count; at++) {
      const place = this.#placeOf(batch, at);
      place?.device.take(place.entity, batch, at, now, elapsed);
    }
    const sinceOf = (id: string) => beginnings.get(`condition/${id}`);
    for (const live of this.#devices.values()) {
      for (const state of live.currentEntities()) {
        const key = `${state.kind}/${state.entity}`;
        live.rules.restore(key, state, sinceOf);
        live.rules.read(key, state, live.gapMs);
      }
      live.answers = live.lastSeen !== null && live.reachable && !live.isSilent(elapsed);
      this.#missing.restore(this.#book.silence(live.device), live.device, sinceOf);
    }
    for (const live of this.#devices.values()) {
      if (live.lastSeen === null) continue;
      this.#look(live);
      const state = stateOf(live.conditions);
      live.turn(state, beginnings.get(`device/${live.device.id}/${state}`) ?? live.lastSeen);
    }
    for (const live of this.#devices.values()) this.#evaluate(live);
  }

  /** Takes in readings, in any order. Those of devices that are not monitored are passed over. */
  apply(batch: ReadingBatch): void {
    const [now, elapsed] = [this.#now(), this.#elapsed()];
    const changed = new Map<number, Set<string>>();
    // Readings of a device come together.
    let device: LiveDevice | undefined;
    let keys = new Set<string>();
    for (let at = 0; at < batch.count; at++) {
      const place = this.#placeOf(batch, at);
      if (!place?.device.take(place.entity, batch, at, now, elapsed)) continue;
      if (place.device !== device) {
        device = place.device;
        keys = changed.get(device.device.id) ?? new Set();
        changed.set(device.device.id, keys);
      }
      keys.add(place.entity.key);
    }
    for (const [id, keys] of changed) {
      const device = this.#devices.get(id);
      if (!device) continue;
      const { gapMs } = device;
      for (const key of keys) {
        const state = device.entity(key);
        if (state) device.rules.read(key, state, gapMs);
      }
      if (device.lastSeen !== null && device.reachable) device.rules.pass(device.lastSeen, gapMs);
    }
    this.#settle(changed);
  }

  /** Notices silence. To be called every second or so. */
  tick(): void {
    const [now, elapsed] = [this.#now(), this.#elapsed()];
    const changed = new Map<number, Set<string>>();
    for (const live of this.#devices.values()) {
      if (!live.isSilent(elapsed)) continue;
      const missed = this.#missing.look(live, this.#book, { now, elapsed });
      if (missed || live.state !== 'unknown') changed.set(live.device.id, new Set());
    }
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

  /** Where a reading belongs; undefined: its device is not monitored. */
  #placeOf(batch: ReadingBatch, at: number): Place | undefined {
    const number = batch.entity[at] ?? -1;
    const known = this.#places[number];
    if (known !== undefined) return known;
    const { deviceId, kind, entity } = this.entities.at(number);
    const device = this.#devices.get(deviceId);
    if (device === undefined) return undefined;
    const place: Place = { device, entity: device.entityOf(kind, entity, batch.time[at] ?? 0) };
    this.#places[number] = place;
    return place;
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
        if (device.answers !== before || this.#devices.get(other)?.rules.waits) linked.add(other);
    }
    for (const id of linked) {
      const device = this.#devices.get(id);
      if (!device) continue;
      this.#evaluate(device);
      if (!changed.has(id)) changed.set(id, new Set());
    }
    if (changed.size > 0) this.#tell(changed);
  }

  #tell(changed: LiveChange): void {
    for (const listener of this.#listeners) listener(changed);
  }

  #evaluate(live: LiveDevice): void {
    if (live.isSilent(this.#elapsed())) {
      // What was said last stays said: it may still be so. The state tells that nobody knows.
      const missed = this.#missing.of(live.device.id);
      live.conditions = missed.length === 0 ? live.said : [...live.said, ...missed].sort(byUrgency);
      if (live.lastSeen !== null) live.turn('unknown', live.lastSeen);
      live.answers = false;
      return;
    }
    if (live.lastSeen === null) return; // nothing known yet
    this.#missing.heard(live.device.id);
    this.#look(live);
    live.turn(stateOf(live.conditions), live.lastSeen);
    live.answers = live.reachable;
  }

  #look(live: LiveDevice): void {
    if (!live.rules.quiet || live.said.length > 0) {
      const said = live.rules.conditions(live.oldest, (deviceId) => this.#devices.get(deviceId)?.asFarEnd);
      live.said = said.sort(byUrgency);
    }
    live.conditions = live.said;
  }
}

function sameConditions(a: readonly Condition[], b: readonly Condition[]): boolean {
  return a.length === b.length && a.every((condition, at) => condition === b[at]);
}

function sameLimits(a: OwnLimitsOfDevice, b: OwnLimitsOfDevice): boolean {
  return JSON.stringify([...a]) === JSON.stringify([...b]);
}
