import type { PlannedChange } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import { portFacts } from '../connect/facts.ts';
import { labelTemplates, NextLabels } from '../connect/schemes.ts';
import { itemsOf } from './load-world.ts';
import { openStates } from './states.ts';

/** Gives planned cables that name none the next labels of their schemes; those that are planned elsewhere count as taken. */
export async function withLabels(db: Database, changes: readonly PlannedChange[]): Promise<PlannedChange[]> {
  const unnamed = changes.flatMap((change) =>
    change.action === 'add-link' && change.label === null ? [change] : [],
  );
  if (unnamed.length === 0) return [...changes];
  const facts = await portFacts(
    db,
    unnamed.flatMap(({ a, b }) => [a.portId, b.portId]),
    { shapes: false },
  );
  const given = new Set([...(await plannedLabels(db)), ...labelsIn(changes)]);
  const labels = new NextLabels({ db, templates: await labelTemplates(db), given });
  const named: PlannedChange[] = [];
  for (const change of changes) {
    const isUnnamed = change.action === 'add-link' && change.label === null;
    const [a, b] = isUnnamed ? [facts.get(change.a.portId), facts.get(change.b.portId)] : [];
    // What is not there is remarked later, and needs no label.
    if (!isUnnamed || a === undefined || b === undefined) named.push(change);
    else named.push({ ...change, label: await labels.next(change.kind, { a: a.label, b: b.label }) });
  }
  return named;
}

async function plannedLabels(db: Database): Promise<string[]> {
  const orders = await db.selectFrom('orders').select('id').where('state', 'in', openStates).execute();
  const items = await itemsOf(
    db,
    orders.map(({ id }) => id),
  );
  return labelsIn([...items.values()].flat().map(({ change }) => change));
}

function labelsIn(changes: readonly PlannedChange[]): string[] {
  return changes.flatMap((change) => (change.action === 'add-link' ? (change.label ?? []) : []));
}
