import type { PowerSource } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import { chunked } from '../../history/rows.ts';

type Changed = NonNullable<PowerSource['cordsChanged']>;

/** When something was last plugged into these ports, or out of them, by the history; by port. */
export async function cordsChanged(
  db: Database,
  portIds: readonly number[],
): Promise<ReadonlyMap<number, Changed>> {
  const last = new Map<number, number>();
  for (const part of chunked(portIds))
    for (const { id, changeId } of await db
      .selectFrom('change_scopes')
      .innerJoin('change_events', 'change_events.id', 'change_scopes.event_id')
      .select(({ fn }) => ['change_scopes.object_id as id', fn.max('change_events.change_id').as('changeId')])
      .where('change_scopes.kind', '=', 'port')
      .where('change_scopes.object_id', 'in', part)
      .where('change_events.kind', '=', 'link-end')
      .groupBy('change_scopes.object_id')
      .execute())
      last.set(id, Number(changeId));
  const changes = new Map<number, Changed>();
  for (const part of chunked([...new Set(last.values())]))
    for (const { id, time, user_name: by } of await db
      .selectFrom('changes')
      .select(['id', 'time', 'user_name'])
      .where('id', 'in', part)
      .execute())
      changes.set(id, { changeId: id, at: time, by });
  return new Map(
    [...last].flatMap(([portId, changeId]) => {
      const change = changes.get(changeId);
      return change === undefined ? [] : [[portId, change] as const];
    }),
  );
}
