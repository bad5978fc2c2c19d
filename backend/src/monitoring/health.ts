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

/**
 * What asks for attention on a device. Pure: no clock, no memory but `previous`, which holds the device's conditions of
 * before by id; a limit that was passed holds until its calmer one is passed back, and `since` stays that of the beginning.
 * Of a device that cannot be reached nothing else is said: all other values are from before.
 */
export function evaluateDevice(options: {
  rules: RulesByKind;
  device: MonitoredDevice;
  entities: Iterable<EntityState>;
  previous: ReadonlyMap<string, Condition>;
  isUnreachable: (deviceId: number) => boolean;
}): Condition[] {
  const { rules, device, previous } = options;
  const found: { rule: AlertRule; condition: Condition }[] = [];
  for (const state of options.entities) {
    for (const rule of rules.get(state.kind) ?? []) {
      const value = valueIn(state, rule.metric);
      if (value === undefined) continue;
      if (rule.roles && !rule.roles.includes(device.role)) continue;
      const id = `${device.id}/${rule.id}/${state.entity}`;
      const before = previous.get(id);
      if (!holds(rule.metric, rule.when, value, before !== undefined)) continue;
      if (
        !Object.entries(rule.where).every(
          ([other, name]) => isMetricId(other) && stateName(state, other) === name,
        )
      )
        continue;
      if (rule.scope === 'infrastructure' || rule.unlessFarEndUnreachable) {
        const port = device.ports.find((known) => known.name === state.entity);
        if (rule.scope === 'infrastructure' && !port?.infrastructure) continue;
        if (
          rule.unlessFarEndUnreachable &&
          port?.farDeviceId != null &&
          options.isUnreachable(port.farDeviceId)
        )
          continue;
      }
      const place = { name: device.name, place: device.place, roomId: device.roomId, deviceId: device.id };
      found.push({
        rule,
        condition: describe(rule, { id, ...place, entity: state.entity, since: before?.since ?? state.time }),
      });
    }
  }
  const unreachable = found.filter(({ rule }) => rule.metric === 'device.reachable');
  return worstOfEachMetric(unreachable.length > 0 ? unreachable : found);
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
