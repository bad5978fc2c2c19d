import { type AlertRule, limitOf, withLimit } from '@rackhaus/config/alert-rules';
import type { DeviceRole, limitScopes, Severity } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';

/** What has been set about one rule for a part of the inventory; a record of the kind rule-limit. */
export interface RuleLimit {
  readonly id: number;
  readonly version: number;
  readonly ruleId: string;
  readonly scope: (typeof limitScopes)[number];
  readonly siteId: number | null;
  readonly role: DeviceRole | null;
  readonly deviceId: number | null;
  readonly entity: string | null;
  readonly enabled: boolean;
  /** null, also below: as the rule says. */
  readonly limit: number | null;
  readonly clear: number | null;
  readonly forSeconds: number | null;
  readonly severity: Severity | null;
  readonly reason: string | null;
}

/** Where something stands, as scopes ask for it. */
export interface Scoped {
  readonly device: {
    readonly id: number;
    readonly siteId?: number | null;
    readonly role: DeviceRole;
  };
  readonly entity: string;
}

const narrowness = { all: 0, site: 1, role: 2, device: 3, entity: 4 } as const;

/** All limits, in memory. The narrowest that fits counts, as a whole: it is not mixed with wider ones. */
export class RuleLimits {
  readonly #listeners = new Set<() => void>();
  /** By rule, narrowest first. */
  #byRule = new Map<string, RuleLimit[]>();

  /** Told after limits were read that differ from those before. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Reads all of them again. */
  async load(db: Database): Promise<void> {
    const rows = await db.selectFrom('rule_limits').selectAll().orderBy('id').execute();
    const limits = rows.map(
      (row): RuleLimit => ({
        id: row.id,
        version: row.version,
        ruleId: row.rule_id,
        scope: row.scope,
        siteId: row.site_id,
        role: row.role,
        deviceId: row.device_id,
        entity: row.entity,
        enabled: row.enabled === 1,
        limit: row.limit,
        clear: row.clear,
        forSeconds: row.for_seconds,
        severity: row.severity,
        reason: row.reason,
      }),
    );
    this.set(limits);
  }

  /** In the place of all that were known. Who listens is told when they differ. */
  set(limits: readonly RuleLimit[]): void {
    const before = JSON.stringify([...this.#byRule]);
    const sorted = [...limits].sort((a, b) => narrowness[b.scope] - narrowness[a.scope] || a.id - b.id);
    this.#byRule = Map.groupBy(sorted, ({ ruleId }) => ruleId);
    if (JSON.stringify([...this.#byRule]) === before) return;
    for (const listener of this.#listeners) listener();
  }

  all(ruleId: string): readonly RuleLimit[] {
    return this.#byRule.get(ruleId) ?? [];
  }

  /** The one that counts here. */
  of(ruleId: string, subject: Scoped): RuleLimit | undefined {
    return this.#byRule.get(ruleId)?.find((limit) => covers(limit, subject));
  }

  forAll(ruleId: string): RuleLimit | undefined {
    return this.#byRule.get(ruleId)?.find(({ scope }) => scope === 'all');
  }
}

/** What a scope is about. */
export type LimitScope = Pick<RuleLimit, 'scope' | 'siteId' | 'role' | 'deviceId' | 'entity'>;

export function covers(limit: LimitScope, { device, entity }: Scoped): boolean {
  switch (limit.scope) {
    case 'all':
      return true;
    case 'site':
      return limit.siteId !== null && limit.siteId === device.siteId;
    case 'role':
      return limit.role === device.role;
    case 'device':
      return limit.deviceId === device.id;
    case 'entity':
      return limit.deviceId === device.id && limit.entity === entity;
  }
}

/** The rule with other numbers. */
export function limited(
  rule: AlertRule,
  set: Partial<Pick<RuleLimit, 'limit' | 'clear' | 'forSeconds' | 'severity'>>,
): AlertRule {
  const own = limitOf(rule.when);
  const value = set.limit ?? own?.value;
  const clear = set.clear ?? clearFor(rule, value);
  return {
    ...rule,
    when: value === undefined || clear === undefined ? rule.when : withLimit(rule.when, value, clear),
    for: set.forSeconds ?? rule.for,
    severity: set.severity ?? rule.severity,
  };
}

/** As far from the limit as in the rule; never below nothing where there is nothing less. */
export function clearFor(rule: AlertRule, value: number | undefined): number | undefined {
  const own = limitOf(rule.when);
  if (own === null || value === undefined) return undefined;
  const clear = value + (own.clear - own.value);
  if (own.value < 0 || own.clear < 0 || value < 0) return round(clear);
  return round(own.direction === 'above' ? Math.max(Math.min(value, 0), clear) : clear);
}

/** Without the dust of binary fractions. */
function round(value: number): number {
  return Number(value.toPrecision(12));
}
