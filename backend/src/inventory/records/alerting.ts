import type { TableSpec } from '../../history/spec.ts';
import { AppError } from '../../problem.ts';
import { recordSpec } from './spec.ts';

/** What is set about alerting: limits, maintenance, who is on call and who is told. */
export const alertingSpecs: readonly TableSpec[] = [
  recordSpec('rule-limit', {
    table: 'rule_limits',
    nameOf: (row) => String(row.rule_id ?? ''),
    unique: { rule_limits_once: ['rule_id'] },
  }),
  recordSpec('maintenance', {
    table: 'maintenances',
    searched: ['name'],
    prepare: async (_, rows) => {
      for (const { next } of rows) refuseReversed(next.from, next.until);
      return rows.map(({ next }) => next);
    },
  }),
  recordSpec('rota', {
    table: 'rotas',
    dependents: [{ kind: 'rota-change', by: 'rota_id', action: 'delete' }],
  }),
  recordSpec('rota-change', {
    table: 'rota_changes',
    nameOf: () => '',
    scopesOf: (row) => [{ kind: 'rota', id: Number(row.rota_id) }],
    prepare: async (_, rows) => {
      for (const { next } of rows) refuseReversed(next.from, next.until);
      return rows.map(({ next }) => next);
    },
  }),
  recordSpec('escalation', { table: 'escalations' }),
];

function refuseReversed(from: unknown, until: unknown): void {
  if (Number(until) <= Number(from))
    throw new AppError('invalid', 'until: must be after the beginning.', [
      { path: 'until', message: 'must be after the beginning' },
    ]);
}
