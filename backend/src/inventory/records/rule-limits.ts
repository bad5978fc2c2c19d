import { type AlertRule, inOrder, kindsOf, limitOf, loadAlertRules } from '@rackhaus/config/alert-rules';
import { metric } from '@rackhaus/config/contract';
import type { Row, StoredRow } from '../../history/spec.ts';
import { AppError } from '../../problem.ts';

/** Which column each scope needs; all others are to be empty. */
const needed: Readonly<Record<string, readonly string[]>> = {
  all: [],
  site: ['site_id'],
  role: ['role'],
  device: ['device_id'],
  entity: ['device_id', 'entity'],
};
const fieldOf = { site_id: 'siteId', role: 'role', device_id: 'deviceId', entity: 'entity' } as const;

/** Checks limits of rules that are about to be written: the rule is there, and what is set fits it and its scope. */
export async function prepareRuleLimits(
  rows: readonly { readonly before: StoredRow | null; readonly next: Row }[],
): Promise<readonly Row[]> {
  const rules = new Map((await loadAlertRules()).map((rule) => [rule.id, rule]));
  for (const { next } of rows) {
    const rule = rules.get(String(next.rule_id));
    if (rule === undefined) throw invalid('ruleId', `there is no rule "${String(next.rule_id)}"`);
    checkScope(rule, next);
    checkNumbers(rule, next);
  }
  return rows.map(({ next }) => next);
}

function checkScope(rule: AlertRule, row: Row): void {
  const scope = String(row.scope);
  const columns = needed[scope] ?? [];
  for (const [column, field] of Object.entries(fieldOf)) {
    const given = row[column] !== null && row[column] !== undefined && row[column] !== '';
    if (columns.includes(column) && !given) throw invalid(field, `is needed for the scope "${scope}"`);
    if (!columns.includes(column) && given) throw invalid(field, `must be empty for the scope "${scope}"`);
  }
  if (kindsOf(rule).includes('agent') && scope !== 'all')
    throw invalid('scope', `must be "all": ${rule.id} is about agents, which have no site, role or device`);
}

function checkNumbers(rule: AlertRule, row: Row): void {
  const own = limitOf(rule.when);
  const limit = typeof row.limit === 'number' ? row.limit : null;
  const clear = typeof row.clear === 'number' ? row.clear : null;
  if (own === null) {
    if (limit !== null) throw invalid('limit', `must be empty: ${rule.id} has no number that can be set`);
    if (clear !== null) throw invalid('clear', `must be empty: ${rule.id} has no number that can be set`);
    return;
  }
  const { min, max } =
    rule.metric !== undefined && ('above' in rule.when || 'below' in rule.when) ? metric(rule.metric) : {};
  const value = limit ?? own.value;
  if (rule.share === undefined && limit !== null && (limit < (min ?? limit) || limit > (max ?? limit)))
    throw invalid('limit', `is ${limit}, but ${rule.metric} is between ${min} and ${max}`);
  if ('changes' in rule.when && !Number.isInteger(value)) throw invalid('limit', 'must be a whole number');
  if (('rises' in rule.when || 'falls' in rule.when) && value <= 0)
    throw invalid('limit', 'must be more than 0');
  if (clear !== null && !inOrder({ ...own, value, clear }))
    throw invalid(
      'clear',
      `is ${clear}, but must be ${own.direction === 'above' ? 'at most' : 'at least'} the limit, ${value}`,
    );
}

function invalid(path: string, message: string): AppError {
  return new AppError('invalid', `${path}: ${message}.`, [{ path, message }]);
}
