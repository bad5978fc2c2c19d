import { type AlertRule, loadRuleGroups } from '@rackhaus/config/alert-rules';
import type { Database } from '../database/tables.ts';
import type { Committed } from '../history/changes.ts';
import { RuleLimits } from './limits.ts';
import { RuleBook } from './rule-book.ts';

export interface Rules {
  readonly book: RuleBook;
  readonly limits: RuleLimits;
  /** Rules by the name of their file. */
  readonly groups: ReadonlyMap<string, readonly AlertRule[]>;
  stop(): void;
}

/** The rules that come with Rackhaus, and what has been set about them; follows every commit. */
export async function createRules(options: {
  db: Database;
  onCommit: (listener: (committed: Committed) => void) => () => void;
  /** Told when limits could not be read; they are read again with the next change. */
  onError: (error: unknown) => void;
}): Promise<Rules> {
  const groups = await loadRuleGroups();
  const limits = new RuleLimits();
  await limits.load(options.db);
  const stop = options.onCommit(({ objects, everything }) => {
    if (everything === true || objects.some(({ kind }) => kind === 'rule-limit'))
      limits.load(options.db).catch(options.onError);
  });
  return { book: new RuleBook([...groups.values()].flat(), limits), limits, groups, stop };
}
