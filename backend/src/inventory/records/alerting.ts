import { maintenanceScopes } from '@rackhaus/config/contract';
import type { Row, TableSpec } from '../../history/spec.ts';
import { AppError } from '../../problem.ts';
import { coverNames, prepareEscalations, prepareRotaChanges, prepareRotas } from './on-call-plans.ts';
import { prepareRuleLimits } from './rule-limits.ts';
import { recordSpec } from './spec.ts';

/** What is set about alerting: limits, maintenance, who is on call and who is told. */
export const alertingSpecs: readonly TableSpec[] = [
  recordSpec('rule-limit', {
    table: 'rule_limits',
    nameOf: (row) => String(row.rule_id ?? ''),
    unique: { rule_limits_once: ['rule_id'] },
    prepare: (_, rows) => prepareRuleLimits(rows),
  }),
  recordSpec('maintenance', {
    table: 'maintenances',
    searched: ['name'],
    prepare: async (_, rows) =>
      rows.map(({ next }) => {
        refuseReversed(next.from, next.until);
        return onlyItsTarget(next);
      }),
  }),
  recordSpec('rota', {
    table: 'rotas',
    dependents: [{ kind: 'rota-change', by: 'rota_id', action: 'delete' }],
    prepare: prepareRotas,
  }),
  recordSpec('rota-change', {
    table: 'rota_changes',
    nameOf: () => '',
    scopesOf: (row) => [{ kind: 'rota', id: Number(row.rota_id) }],
    describe: async (change, rows) => (await coverNames(change, rows)).map((name) => ({ scopes: [], name })),
    prepare: prepareRotaChanges,
  }),
  recordSpec('escalation', { table: 'escalations', prepare: prepareEscalations }),
];

function refuseReversed(from: unknown, until: unknown): void {
  if (Number(until) <= Number(from))
    throw new AppError('invalid', 'until: must be after the beginning.', [
      { path: 'until', message: 'must be after the beginning' },
    ]);
}

/** What a maintenance window is on must be named; what else was named is not meant. */
function onlyItsTarget(next: Row): Row {
  const only: Record<string, Row[string]> = { ...next };
  for (const scope of maintenanceScopes) {
    if (scope === 'all') continue;
    if (scope !== next.scope) only[`${scope}_id`] = null;
    else if (typeof next[`${scope}_id`] !== 'number')
      throw new AppError('invalid', `${scope}Id: must be given, because the scope is "${scope}".`, [
        { path: `${scope}Id`, message: `must be given, because the scope is "${scope}"` },
      ]);
  }
  return only;
}
