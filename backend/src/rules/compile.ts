import { type AlertRule, kindsOf, limitOf, type When } from '@rackhaus/config/alert-rules';
import { type EntityKind, isMetricId, type MetricId, metric } from '@rackhaus/config/contract';
import type { MonitoredPort } from '../inventory/monitored.ts';
import { type OwnState, worstOf } from './own-limits.ts';
import { type TrailKind, trailOf } from './trail.ts';

export type Values = Readonly<Record<string, number>>;

/** A rule made ready to be asked often. */
export interface CompiledRule {
  readonly rule: AlertRule;
  /**
   * The value that it looks at; undefined: it was not read. Of limits that the device itself has set (`own`) how far it is beyond
   * them, in widths.
   */
  readonly valueIn: (
    values: Values,
    port: MonitoredPort | undefined,
    own?: OwnState | undefined,
  ) => number | undefined;
  /** Whether it holds for a value, or for what its trail says; `before`: it held until now. */
  readonly holds: (value: number, before: boolean) => boolean;
  readonly where: readonly { readonly name: string; readonly is: number }[];
  readonly forMs: number;
  readonly trail: TrailKind | null;
  /** Of the rules of one topic of an entity only the most severe shows. */
  readonly topic: string;
}

/** Rules by the kind of entity that they look at; those that notice silence are not asked with readings. */
export type CompiledRules = ReadonlyMap<EntityKind, readonly CompiledRule[]>;

export function compileRules(rules: readonly AlertRule[]): CompiledRules {
  const byKind = new Map<EntityKind, CompiledRule[]>();
  for (const rule of rules) {
    if ('silentSeconds' in rule.when) continue;
    const compiled = compileRule(rule);
    for (const kind of kindsOf(rule)) byKind.set(kind, [...(byKind.get(kind) ?? []), compiled]);
  }
  return byKind;
}

export function compileRule(rule: AlertRule): CompiledRule {
  return {
    rule,
    valueIn: reader(rule),
    holds: rule.metric === undefined ? beyond : holding(rule.metric, rule.when),
    where: Object.entries(rule.where).flatMap(([id, name]) =>
      isMetricId(id) ? [{ name: nameOf(id), is: numbersOf(id, [name])[0] ?? Number.NaN }] : [],
    ),
    forMs: rule.for * 1000,
    trail: trailOf(rule.when),
    topic: `${rule.metric ?? 'own limits'}${rule.share ?? ''}${'rises' in rule.when || 'falls' in rule.when || 'changes' in rule.when ? '~' : ''}`,
  };
}

/** Of widths beyond a limit: it ends a width on the good side. */
function beyond(by: number, before: boolean): boolean {
  return before ? by >= -1 : by > 0;
}

function reader(rule: AlertRule): CompiledRule['valueIn'] {
  const { when } = rule;
  if ('beyond' in when)
    return (values, _, own) => (own === undefined ? undefined : worstOf(when.beyond, values, own)?.by);
  if (rule.metric === undefined) return () => undefined;
  const name = nameOf(rule.metric);
  switch (rule.share) {
    case 'use':
      return ({ rx, tx, speed }) => {
        if (rx === undefined || tx === undefined || speed === undefined || speed <= 0) return undefined;
        return Math.max(rx, tx) / speed;
      };
    case 'documentedSpeed':
      return ({ speed }, port) =>
        speed === undefined || port?.documentedSpeed == null ? undefined : speed / port.documentedSpeed;
    default:
      return (values) => values[name];
  }
}

/** Whether `when` holds for a value of a metric, or for what its trail says. */
export function holding(id: MetricId, when: When): CompiledRule['holds'] {
  if ('is' in when) {
    const numbers = new Set(numbersOf(id, [when.is].flat()));
    return (value) => numbers.has(value);
  }
  if ('silentSeconds' in when) return (value) => value >= when.silentSeconds;
  const limit = limitOf(when);
  if (limit === null) return () => false;
  const { value: begin, clear, direction } = limit;
  // "As often as" and "by as much as" include the number itself, "above" does not.
  if ('changes' in when) return (value, before) => (before ? value > clear : value >= begin);
  if ('rises' in when || 'falls' in when)
    return (value, before) => (before ? value >= clear : value >= begin);
  return direction === 'above'
    ? (value, before) => (before ? value >= clear : value > begin)
    : (value, before) => (before ? value <= clear : value < begin);
}

function numbersOf(id: MetricId, names: readonly string[]): number[] {
  return Object.entries(metric(id).states ?? {}).flatMap(([number, name]) =>
    names.includes(name) ? [Number(number)] : [],
  );
}

/** The metric's name without its kind: `rx` of `port.rx`. */
export function nameOf(id: MetricId): string {
  return id.slice(id.indexOf('.') + 1);
}
