import type { AlertRule, When } from '@rackhaus/config/alert-rules';
import {
  type BilingualText,
  type Condition,
  type EntityKind,
  type HealthState,
  isMetricId,
  type MetricId,
  metric,
} from '@rackhaus/config/contract';
import type { MonitoredDevice } from '../inventory/monitored.ts';
import { limitText } from './limits.ts';

/** The newest values of one entity, and when they were read. */
export interface EntityState {
  readonly kind: EntityKind;
  readonly entity: string;
  readonly time: number;
  readonly values: Readonly<Record<string, number>>;
}

/** Rules by the kind of entity they look at. */
export type RulesByKind = ReadonlyMap<EntityKind, readonly AlertRule[]>;

export function rulesByKind(rules: readonly AlertRule[]): RulesByKind {
  return Map.groupBy(rules, (rule) => metric(rule.metric).kind);
}

/** What is known of the device at the other end of a port. */
export interface FarEnd {
  readonly answers: boolean;
  /** Time of its last answer, and of the first one after it had last been away. */
  readonly answeredAt: number;
  readonly answersSince: number;
}

export interface Evaluation {
  readonly conditions: Condition[];
  /** Begin of what will be said when the far end turns out to be well, by condition id. */
  readonly pending: ReadonlyMap<string, number>;
}

/**
 * What asks for attention on a device. Pure: no clock, no memory but `previous` (the device's conditions of before, by id)
 * and `pending`. A limit that was passed holds until its calmer one is passed back, and `since` stays that of the beginning.
 * Of a device that cannot be reached nothing else is said: all other values are from before.
 */
export function evaluateDevice(options: {
  rules: RulesByKind;
  device: MonitoredDevice;
  entities: Iterable<EntityState>;
  previous: ReadonlyMap<string, Condition>;
  pending: ReadonlyMap<string, number>;
  /** undefined: that device is not monitored. */
  farEnd: (deviceId: number) => FarEnd | undefined;
}): Evaluation {
  const { rules, device, previous } = options;
  const found: { rule: AlertRule; condition: Condition }[] = [];
  const pending = new Map<string, number>();
  for (const state of options.entities) {
    for (const rule of rules.get(state.kind) ?? []) {
      const id = `${device.id}/${rule.id}/${state.entity}`;
      const before = previous.get(id);
      if (!appliesTo(rule, device, state) || !ruleHolds(rule, state, before !== undefined)) continue;
      const since = before?.since ?? options.pending.get(id) ?? state.time;
      if (rule.unlessFarEndUnreachable) {
        const far = options.farEnd(portOf(device, state)?.farDeviceId ?? 0);
        if (far && !isToBlame(far, state, since, before !== undefined)) {
          pending.set(id, since);
          continue;
        }
      }
      const place = { name: device.name, place: device.place, roomId: device.roomId, deviceId: device.id };
      found.push({ rule, condition: describe(rule, { id, ...place, entity: state.entity, since }) });
    }
  }
  const unreachable = found.filter(({ rule }) => rule.metric === 'device.reachable');
  if (unreachable.length > 0) return { conditions: worstOfEachMetric(unreachable), pending: new Map() };
  return { conditions: worstOfEachMetric(found), pending };
}

/**
 * Whether a port's fault is its own and not that of the device behind it. A dead device darkens the ports that lead to it
 * before its own polls have failed, and lights them after it has answered again: so it must have answered since the fault
 * began, and the port must have been read since the device came back.
 */
function isToBlame(far: FarEnd, state: EntityState, since: number, before: boolean): boolean {
  if (!far.answers) return false;
  return before || (far.answeredAt > since && state.time > far.answersSince);
}

function appliesTo(rule: AlertRule, device: MonitoredDevice, state: EntityState): boolean {
  if (rule.roles && !rule.roles.includes(device.role)) return false;
  if (rule.names && !hasWord(state.entity, rule.names)) return false;
  if (rule.exceptNames && hasWord(state.entity, rule.exceptNames)) return false;
  return rule.scope === 'all' || portOf(device, state)?.infrastructure === true;
}

function ruleHolds(rule: AlertRule, state: EntityState, before: boolean): boolean {
  const value = valueIn(state, rule.metric);
  if (value === undefined || !holds(rule.metric, rule.when, value, before)) return false;
  return Object.entries(rule.where).every(
    ([other, name]) => isMetricId(other) && stateName(state, other) === name,
  );
}

function portOf(device: MonitoredDevice, state: EntityState): MonitoredDevice['ports'][number] | undefined {
  return device.ports.find((port) => port.name === state.entity && port.kind === 'network');
}

function hasWord(name: string, words: readonly string[]): boolean {
  const lower = name.toLowerCase();
  return words.some((word) => lower.includes(word.toLowerCase()));
}

/** A condition in words. */
export function describe(
  rule: AlertRule,
  about: {
    id: string;
    deviceId: number;
    name: string;
    place: string;
    roomId: number | null;
    entity: string;
    since: number;
  },
): Condition {
  const limit =
    'above' in rule.when
      ? limitText(rule.metric, rule.when.above)
      : 'below' in rule.when
        ? limitText(rule.metric, rule.when.below)
        : { de: '', en: '' };
  const fill = (text: BilingualText): BilingualText => {
    const one = (language: 'de' | 'en') =>
      text[language].replace(/\{(device|entity|place|limit)\}/g, (_, key: string) => {
        if (key === 'device') return about.name;
        if (key === 'entity') return about.entity;
        return key === 'place' ? about.place : limit[language];
      });
    return { de: one('de'), en: one('en') };
  };
  return {
    id: about.id,
    rule: rule.id,
    deviceId: about.deviceId,
    deviceName: about.name,
    place: about.place,
    roomId: about.roomId,
    entity: about.entity,
    severity: rule.severity,
    title: fill(rule.title),
    advice: fill(rule.advice),
    since: about.since,
  };
}

/** Whether a rule holds for a value; `before`: it held until now. */
export function holds(id: MetricId, when: When, value: number, before: boolean): boolean {
  if ('is' in when) {
    const name = metric(id).states?.[value];
    return name !== undefined && [when.is].flat().includes(name);
  }
  if ('above' in when) return before ? value >= when.clearBelow : value > when.above;
  if ('below' in when) return before ? value <= when.clearAbove : value < when.below;
  return value >= when.silentSeconds;
}

/** The state that conditions add up to. */
export function stateOf(conditions: readonly Condition[]): HealthState {
  if (conditions.some(({ severity }) => severity === 'critical')) return 'critical';
  return conditions.length > 0 ? 'warning' : 'ok';
}

const badness: Readonly<Record<HealthState, number>> = {
  unmonitored: 0,
  ok: 1,
  unknown: 2,
  warning: 3,
  critical: 4,
};

/** The worse of two states. What is known to be wrong weighs more than what is not known. */
export function worse(a: HealthState, b: HealthState): HealthState {
  return badness[a] >= badness[b] ? a : b;
}

/** Worst first, then newest first, then by id so that the order does not change by itself. */
export function byUrgency(a: Condition, b: Condition): number {
  if (a.severity !== b.severity) return a.severity === 'critical' ? -1 : 1;
  return b.since - a.since || (a.id < b.id ? -1 : 1);
}

function worstOfEachMetric(found: readonly { rule: AlertRule; condition: Condition }[]): Condition[] {
  const kept = new Map<string, Condition>();
  for (const { rule, condition } of found) {
    const key = `${rule.metric}/${condition.entity}`;
    const other = kept.get(key);
    if (!other || (other.severity === 'warning' && condition.severity === 'critical'))
      kept.set(key, condition);
  }
  return [...kept.values()].sort(byUrgency);
}

function valueIn(state: EntityState, id: MetricId): number | undefined {
  return state.values[id.slice(state.kind.length + 1)];
}

function stateName(state: EntityState, id: MetricId): string | undefined {
  const value = valueIn(state, id);
  return value === undefined ? undefined : metric(id).states?.[value];
}
