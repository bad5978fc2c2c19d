import type { AlertRule, RuleFamily } from '@rackhaus/config/alert-rules';
import type { Condition } from '@rackhaus/config/contract';

/** How conditions of a kind become incidents. */
export interface Family {
  readonly name: string;
  /** What shares an incident. */
  readonly groupBy: AlertRule['groupBy'];
  /** It is asked again, and what is above it, before anybody is told. */
  readonly verified: boolean;
  /** How long nothing of it may be seen before it is over. */
  readonly calmMs: number;
}

const usualCalmMs = 30_000;
/** What moves slowly, or comes back when it is switched on again, is watched for longer. */
const calmMs: Partial<Record<RuleFamily, number>> = { climate: 120_000, power: 60_000 };

/** What others report, they have judged. */
const own: Family = { name: 'own', groupBy: 'entity', verified: false, calmMs: 0 };

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
          calmMs: calmMs[family] ?? usualCalmMs,
        },
      ]),
    );
  }

  of(condition: Pick<Condition, 'rule'>): Family {
    return this.#byRule.get(condition.rule) ?? own;
  }
}
