import type { Change } from '../../history/change.ts';
import type { Row, StoredRow } from '../../history/spec.ts';
import { AppError } from '../../problem.ts';
import { wayBetween } from './needs.ts';

/**
 * No service may need itself, directly or through others: nobody could say then which of them fails because of which.
 * @throws AppError conflict, with the services of the circle in their order
 */
export async function prepareNeeds(
  change: Change,
  rows: readonly { readonly before: StoredRow | null; readonly next: Row }[],
): Promise<Row[]> {
  const known = await change.tx.selectFrom('service_needs').select(['service_id', 'needs_id']).execute();
  const needs = Map.groupBy(
    known.map((row) => ({ from: row.service_id, to: row.needs_id })),
    ({ from }) => from,
  );
  for (const { next } of rows) {
    const from = Number(next.service_id);
    const to = Number(next.needs_id);
    const way = wayBetween(needs, to, from);
    if (way !== null) await refuse(change, [from, ...way]);
    needs.set(from, [...(needs.get(from) ?? []), { from, to }]);
  }
  return rows.map(({ next }) => next);
}

async function refuse(change: Change, circle: readonly number[]): Promise<never> {
  const names: { kind: string; id: number; name: string }[] = [];
  for (const id of circle.slice(0, -1))
    names.push({ kind: 'service', id, name: String((await change.get('service', id)).name) });
  const [first] = names;
  throw new AppError(
    'conflict',
    names.length === 1
      ? 'A service cannot need itself.'
      : `The services would need each other in a circle: ${[...names, first].map((each) => `"${each?.name}"`).join(' needs ')}.`,
    [{ path: 'needsId', message: 'leads back to this service' }],
    { reason: 'circle', blocking: names },
  );
}
