import type { AlertRule, RuleFamily } from '@rackhaus/config/alert-rules';
import type { Condition } from '@rackhaus/config/contract';

/** How conditions of a kind become incidents. */
export interface Family {
  readonly name: string;
  /** What shares an incident. */
  readonly groupBy: AlertRule['groupBy'];
  /** That something cannot be asked at all. */
  readonly verified: boolean;
  /** Something else may be behind it: it is asked again, and what is above it, before anybody is told. */
  readonly doubted: boolean;
  /** How long nothing of it may be seen before it is over. */
  readonly calmMs: number;
}

const usualCalmMs = 30_000;
/** What moves slowly, or comes back when it is switched on again, is watched for longer. */
const calmMs: Partial<Record<RuleFamily, number>> = { climate: 120_000, power: 60_000 };

/** Faults that come from others: a device without its switch, a service without its device, a supply without its feed. */
const doubted: ReadonlySet<RuleFamily> = new Set(['reachability', 'service', 'link', 'power']);

/** What others report, they have judged. */
const own: Family = { name: 'own', groupBy: 'entity', verified: false, doubted: false, calmMs: 0 };

/** The family of each rule. */
export class Families {
  readonly #byRule: ReadonlyMap<string, Family>;

  constructor(rules: readonly Pick<AlertRule, 'id' | 'family' | 'groupBy'>[]) {
    this.#byRule = new Map(
      rules.map(({ id, family, groupBy }): [string, Family] => [
        id,
        {
          name: family,
          groupBy,
          verified: family === 'reachability',
          doubted: doubted.has(family),
          calmMs: calmMs[family] ?? usualCalmMs,
        },
      ]),
    );
  }

  of(condition: Pick<Condition, 'rule'>): Family {
    return this.#byRule.get(condition.rule) ?? own;
  }
}
