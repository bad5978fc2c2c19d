import type { Condition, EntityKind } from '@rackhaus/config/contract';
import type { MonitoredDevice, MonitoredPort } from '../inventory/monitored.ts';
import type { CompiledRule } from './compile.ts';
import { describe } from './describe.ts';
import { clear, evaluate, type RuleState } from './evaluate.ts';
import {
  type Excess,
  isWell,
  type JudgedLimits,
  type OwnLimits,
  type OwnLimitsOfDevice,
  type OwnState,
  worstOf,
} from './own-limits.ts';
import type { RuleBook, Subject } from './rule-book.ts';
import { saidOnce } from './said-once.ts';

/** The newest values of one entity, and when they were read. */
export interface EntityState {
  readonly kind: EntityKind;
  readonly entity: string;
  readonly time: number;
  readonly values: Readonly<Record<string, number>>;
}

/** What is known of the device at the other end of a port. */
export interface FarEnd {
  readonly answers: boolean;
  /** Time of its last answer, and of the first one after it had last been away. */
  readonly answeredAt: number;
  readonly answersSince: number;
}

/** A rule that is not clear, or remembers something. */
interface Watched {
  readonly rule: CompiledRule;
  readonly of: WatchedEntity;
  state: RuleState;
  /** Whether it was said when conditions were last asked for. */
  said: boolean;
  condition: Condition | null;
}

interface WatchedEntity {
  readonly state: EntityState;
  readonly port: MonitoredPort | undefined;
  readonly rules: readonly CompiledRule[];
  /** By the place in `rules`; most rules are clear and have none. */
  watched: (Watched | undefined)[] | null;
  /** What the device itself says of it; null: nothing that is judged. */
  readonly own: OwnWatched | null;
}

interface OwnWatched {
  readonly said: OwnLimits;
  readonly limits: readonly JudgedLimits[];
  readonly seenWell: Set<string>;
}

const noLimits: OwnLimitsOfDevice = new Map();
/** unknown of the states that devices judge themselves by. */
const unknownState = 3;
/** up of IF-MIB ifOperStatus. */
const portUp = 1;
/** none, battery of UPS-MIB upsOutputSource: there is no mains to be measured. */
const withoutMains: readonly number[] = [2, 5];

/** Where the rules stand for all that one device has. Time comes with the readings; there is no clock in it. */
export class DeviceRules {
  readonly #book: RuleBook;
  readonly #entities = new Map<string, WatchedEntity>();
  readonly #pending = new Set<Watched>();
  readonly #firing = new Set<Watched>();
  #device: MonitoredDevice;
  #own = noLimits;
  /** Something holds whose far end has not been heard of since. */
  #waits = false;

  constructor(book: RuleBook, device: MonitoredDevice) {
    this.#book = book;
    this.#device = device;
  }

  /** Whether what is said depends on a device at the other end of a cable that has still to be heard. */
  get waits(): boolean {
    return this.#waits;
  }

  /** Whether there is anything to be said, or to be asked again. */
  get quiet(): boolean {
    return this.#firing.size === 0;
  }

  /** Which rules there are for what may have changed: documentation or limits. What was decided stays, by the rule's id. */
  reset(device: MonitoredDevice, gapMs: number): void {
    this.#device = device;
    const before = [...this.#entities];
    this.#entities.clear();
    this.#pending.clear();
    this.#firing.clear();
    for (const [key, old] of before) {
      const entity = this.#entity(key, old.state);
      if (old.own && JSON.stringify(old.own.said) === JSON.stringify(entity.own?.said))
        for (const name of old.own.seenWell) entity.own?.seenWell.add(name);
      for (const watched of old.watched ?? []) {
        const at = watched ? entity.rules.findIndex(({ rule }) => rule.id === watched.rule.rule.id) : -1;
        const rule = entity.rules[at];
        if (!watched || !rule) continue;
        this.#keep(entity, at, rule, watched.state).said = watched.said;
      }
      this.#look(entity, entity.state.time, gapMs);
    }
  }

  /** The limits that the device itself has set now. What was decided by the ones that stay, stays. */
  setOwnLimits(own: OwnLimitsOfDevice, gapMs: number): void {
    this.#own = own;
    this.reset(this.#device, gapMs);
  }

  /** Takes in that an entity has been read; `state` is the same object each time. `gapMs`: see {@link Look}. */
  read(key: string, state: EntityState, gapMs: number): void {
    this.#look(this.#entities.get(key) ?? this.#entity(key, state), state.time, gapMs);
  }

  /** Lets time go on for what has to hold for a while: the device was heard of, and these values are still its newest. */
  pass(time: number, gapMs: number): void {
    for (const { of, state } of [...this.#pending]) if (time > state.at) this.#look(of, time, gapMs);
  }

  /** Takes over that something held before a restart, since then. To be called before it is read. */
  restore(key: string, state: EntityState, sinceOf: (conditionId: string) => number | undefined): void {
    const entity = this.#entity(key, state);
    entity.rules.forEach((rule, at) => {
      const since = sinceOf(this.#idOf(rule, state.entity));
      if (since === undefined) return;
      const heldMs = Math.max(rule.forMs, state.time - since);
      // What was critical had been well before.
      if ('beyond' in rule.rule.when)
        for (const { name } of entity.own?.limits ?? []) entity.own?.seenWell.add(name);
      this.#keep(entity, at, rule, { phase: 'firing', since, heldMs, at: state.time, trail: null });
    });
  }

  /** Forgets an entity that is gone. */
  forget(key: string): void {
    for (const watched of this.#entities.get(key)?.watched ?? []) {
      if (!watched) continue;
      this.#pending.delete(watched);
      this.#firing.delete(watched);
    }
    this.#entities.delete(key);
  }

  /**
   * What asks for attention: the most severe of each topic. Of a device that cannot be reached nothing else is said, all
   * other values are from before. `oldest`: what was last read before is not reported any more.
   */
  conditions(oldest: number, farEnd: (deviceId: number) => FarEnd | undefined): Condition[] {
    this.#waits = false;
    const found: Watched[] = [];
    for (const watched of this.#firing) {
      const { rule, of } = watched;
      watched.said = of.state.time >= oldest && this.#isItsOwn(watched, farEnd);
      if (watched.said) found.push(watched);
      else if (rule.rule.unlessFarEndUnreachable && of.state.time >= oldest) this.#waits = true;
    }
    const unreachable = found.filter(({ rule }) => rule.rule.metric === 'device.reachable');
    if (unreachable.length === 0) return this.#worst(found);
    for (const watched of found) watched.said = unreachable.includes(watched);
    this.#waits = false;
    return this.#worst(unreachable);
  }

  /**
   * Whether a port's fault is its own and not that of the device behind it. A dead device darkens the ports that lead to it
   * before its own polls have failed, and lights them after it has answered again: so it must have answered since the fault
   * began, and the port must have been read since the device came back.
   */
  #isItsOwn(watched: Watched, farEnd: (deviceId: number) => FarEnd | undefined): boolean {
    if (!watched.rule.rule.unlessFarEndUnreachable) return true;
    const { port, state } = watched.of;
    const far = farEnd(port?.farDeviceId ?? 0);
    if (!far) return true;
    if (!far.answers) return false;
    return watched.said || (far.answeredAt > watched.state.since && state.time > far.answersSince);
  }

  #worst(found: readonly Watched[]): Condition[] {
    const kept = new Map<string, Watched>();
    for (const watched of found) {
      const key = `${watched.rule.topic}/${watched.of.state.kind}/${watched.of.state.entity}`;
      const other = kept.get(key);
      const { severity } = watched.rule.rule;
      if (!other || (other.rule.rule.severity === 'warning' && severity === 'critical'))
        kept.set(key, watched);
    }
    return Array.from(saidOnce([...kept.values()]), (watched) => this.#conditionOf(watched));
  }

  #conditionOf(watched: Watched): Condition {
    const { rule, of, state } = watched;
    if (watched.condition?.since !== state.since) {
      const { id: deviceId, name, place, roomId } = this.#device;
      const { entity } = of.state;
      const id = this.#idOf(rule, entity);
      watched.condition = describe(rule.rule, {
        id,
        deviceId,
        name,
        place,
        roomId,
        entity,
        since: state.since,
        beyond: this.#beyondOf(watched),
      });
    }
    return watched.condition;
  }

  #beyondOf({ rule, of }: Watched): Excess | undefined {
    const own = this.#ownStateOf(of);
    if (!('beyond' in rule.rule.when) || own === undefined) return undefined;
    return worstOf(rule.rule.when.beyond, of.state.values, own);
  }

  /** undefined: there is nothing to judge, or the device itself does not know how this is. */
  #ownStateOf({ own, state }: WatchedEntity): OwnState | undefined {
    if (own === null || state.values.state === unknownState) return undefined;
    return { limits: own.limits, seenWell: own.seenWell, lowIsUsual: this.#lowIsUsual(own, state) };
  }

  #lowIsUsual({ said }: OwnWatched, { kind, values }: EntityState): boolean {
    const valuesOf = (key: string) => this.#entities.get(key)?.state.values;
    if (kind === 'outlet') return values.state === 0;
    if (kind === 'line') return withoutMains.includes(valuesOf('ups/')?.source ?? 0);
    const port = said.port === null ? undefined : valuesOf(`port/${said.port}`);
    return port !== undefined && port.oper !== portUp;
  }

  #look(entity: WatchedEntity, time: number, gapMs: number): void {
    const { rules, port } = entity;
    const { values } = entity.state;
    const own = entity.own === null ? undefined : this.#ownStateOf(entity);
    for (const limits of own === undefined ? [] : (entity.own?.limits ?? [])) {
      const value = values[limits.name];
      if (value !== undefined && isWell(limits, value)) entity.own?.seenWell.add(limits.name);
    }
    for (let at = 0; at < rules.length; at++) {
      const rule = rules[at];
      if (rule === undefined) continue;
      const value = rule.valueIn(values, port, own);
      const watched = entity.watched?.[at];
      // Most of what is read is well: nothing is made of it.
      if (watched === undefined && rule.trail === null && (value === undefined || !rule.holds(value, false)))
        continue;
      const where = rule.where.every(({ name, is }) => values[name] === is);
      const state = watched?.state ?? clear;
      const next = evaluate(rule, state, { time, value, where, gapMs });
      if (next !== state) this.#keep(entity, at, rule, next);
    }
  }

  #keep(entity: WatchedEntity, at: number, rule: CompiledRule, state: RuleState): Watched {
    entity.watched ??= [];
    let watched = entity.watched[at];
    if (watched === undefined) {
      watched = { rule, of: entity, state, said: false, condition: null };
      entity.watched[at] = watched;
    }
    watched.state = state;
    if (state.phase === 'pending') this.#pending.add(watched);
    else this.#pending.delete(watched);
    if (state.phase === 'firing') this.#firing.add(watched);
    else {
      this.#firing.delete(watched);
      watched.said = false;
      if (state.phase === 'clear' && state.trail === null) entity.watched[at] = undefined;
    }
    return watched;
  }

  #entity(key: string, state: EntityState): WatchedEntity {
    const device = this.#device;
    const { kind, entity } = state;
    const port =
      kind === 'port'
        ? device.ports.find(({ name, kind: portKind }) => name === entity && portKind === 'network')
        : undefined;
    const own = this.#ownOf(key, { device, kind, entity, port });
    const rules = this.#book.for({ device, kind, entity, port, ...(own && { own: own.limits }) });
    const made: WatchedEntity = { state, port, rules, watched: null, own };
    this.#entities.set(key, made);
    return made;
  }

  #ownOf(key: string, subject: Subject): OwnWatched | null {
    const said = this.#own.get(key);
    const limits = said === undefined ? [] : this.#book.ownLimits(subject, said);
    return said === undefined || limits.length === 0 ? null : { said, limits, seenWell: new Set() };
  }

  #idOf(rule: CompiledRule, entity: string): string {
    return `${this.#device.id}/${rule.rule.id}/${entity}`;
  }
}
