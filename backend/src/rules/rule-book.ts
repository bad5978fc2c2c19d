import type { AlertRule } from '@rackhaus/config/alert-rules';
import { type EntityKind, metric } from '@rackhaus/config/contract';
import type { MonitoredDevice, MonitoredPort } from '../inventory/monitored.ts';
import { type CompiledRule, type CompiledRules, compileRule, compileRules, nameOf } from './compile.ts';
import { limited, type RuleLimit, type RuleLimits } from './limits.ts';
import { type JudgedLimits, judgeable, type OwnLimits } from './own-limits.ts';

/** What a rule is asked about. */
export interface Subject {
  readonly device: MonitoredDevice;
  readonly kind: EntityKind;
  readonly entity: string;
  readonly port: MonitoredPort | undefined;
  /** What {@link RuleBook.ownLimits} says of it. */
  readonly own?: readonly JudgedLimits[];
}

/** All rules, with what has been set for parts of the inventory. */
export class RuleBook {
  readonly rules: readonly AlertRule[];
  readonly #compiled: CompiledRules;
  readonly #silence: readonly AlertRule[];
  readonly #byId: ReadonlyMap<string, AlertRule>;
  readonly #limits: RuleLimits | null;
  /** Rules with a limit of their own, by the limit. */
  #limited = new Map<RuleLimit, CompiledRule | null>();
  /** Entities with the same rules share one list. */
  readonly #lists = new Map<string, readonly CompiledRule[]>();
  readonly #numbers = new Map<CompiledRule, number>();

  constructor(rules: readonly AlertRule[], limits: RuleLimits | null = null) {
    this.rules = rules;
    this.#limits = limits;
    this.#compiled = compileRules(rules);
    this.#silence = rules.filter(
      ({ when, metric: id }) => 'silentSeconds' in when && id !== undefined && metric(id).kind === 'device',
    );
    this.#byId = new Map(rules.map((rule) => [rule.id, rule]));
  }

  /** @returns undefined when there is none, or none any more */
  rule(id: string): AlertRule | undefined {
    return this.#byId.get(id);
  }

  /** Told when limits have changed: what {@link for} gave may not be true any more. */
  onChange(listener: () => void): () => void {
    return (
      this.#limits?.onChange(() => {
        this.#limited = new Map();
        this.#lists.clear();
        this.#numbers.clear();
        listener();
      }) ?? (() => undefined)
    );
  }

  /** The rules that look at this, with its limits, in the order of the files. */
  for(subject: Subject): readonly CompiledRule[] {
    const rules: CompiledRule[] = [];
    for (const compiled of this.#compiled.get(subject.kind) ?? []) {
      if (!appliesTo(compiled.rule, subject)) continue;
      if ('beyond' in compiled.rule.when && (subject.own ?? []).length === 0) continue;
      const limit = this.#limits?.of(compiled.rule.id, subject);
      const rule = limit ? this.#withLimit(compiled, limit) : compiled;
      if (rule !== null) rules.push(rule);
    }
    const key = rules.map((rule) => this.#numberOf(rule)).join();
    const known = this.#lists.get(key);
    if (known) return known;
    this.#lists.set(key, rules);
    return rules;
  }

  /**
   * The limits that a device has set itself and that its values are judged by: where a rule of our own looks at the same value
   * from the same side, its number counts alone, also where it was switched off.
   */
  ownLimits(subject: Subject, { limits }: OwnLimits): readonly JudgedLimits[] {
    const judged = new Set<string>();
    const excepted = new Set<string>();
    for (const { rule } of this.#compiled.get(subject.kind) ?? []) {
      if (!appliesTo(rule, subject)) continue;
      for (const id of rule.exceptMetrics ?? []) excepted.add(id);
      if (rule.metric === undefined || rule.share !== undefined) continue;
      if ('above' in rule.when) judged.add(`${nameOf(rule.metric)} high`);
      if ('below' in rule.when) judged.add(`${nameOf(rule.metric)} low`);
    }
    return judgeable(subject.kind, limits, judged).filter(({ id }) => !excepted.has(id));
  }

  /** Rules that notice that nothing is heard of a device. */
  silence(device: MonitoredDevice): AlertRule[] {
    return this.#silence.flatMap((rule) => {
      const subject: Subject = { device, kind: 'device', entity: '', port: undefined };
      if (!appliesTo(rule, subject)) return [];
      const limit = this.#limits?.of(rule.id, subject);
      if (limit?.enabled === false) return [];
      return [limit ? limited(rule, limit) : rule];
    });
  }

  /** Rules about agents; of limits only those for everything count: an agent has no site and no role. */
  agents(): AlertRule[] {
    return this.rules.flatMap((rule) => {
      if (rule.metric === undefined || metric(rule.metric).kind !== 'agent') return [];
      const limit = this.#limits?.forAll(rule.id);
      if (limit?.enabled === false) return [];
      return [limit ? limited(rule, limit) : rule];
    });
  }

  #withLimit(compiled: CompiledRule, limit: RuleLimit): CompiledRule | null {
    let rule = this.#limited.get(limit);
    if (rule === undefined) {
      rule = limit.enabled ? compileRule(limited(compiled.rule, limit)) : null;
      this.#limited.set(limit, rule);
    }
    return rule;
  }

  #numberOf(rule: CompiledRule): number {
    let number = this.#numbers.get(rule);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(rule, number);
    }
    return number;
  }
}

/** Whether a rule looks at this, by role, name and documentation. */
export function appliesTo(rule: AlertRule, { device, entity, port }: Subject): boolean {
  if (rule.roles && !rule.roles.includes(device.role)) return false;
  if (rule.names && !hasWord(entity, rule.names)) return false;
  if (rule.exceptNames && hasWord(entity, rule.exceptNames)) return false;
  return rule.scope === 'all' || port?.infrastructure === true;
}

function hasWord(name: string, words: readonly string[]): boolean {
  const lower = name.toLowerCase();
  return words.some((word) => lower.includes(word.toLowerCase()));
}
