import { type PlannedChange, PlannedChange as PlannedChangeSchema } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import { changesOfSteps, goneLinks, placesBefore } from './done-steps.ts';
import { itemsOf } from './load-world.ts';
import { type StepRow, storedSteps } from './step-rows.ts';
import type { ItemRow, LinkSide } from './world.ts';

interface ReverseItem {
  readonly change: PlannedChange;
  /** A cable that was taken away and comes back as itself. */
  readonly linkId: number | null;
}

/** What takes back what was done of an order, last thing first; `notes` says what cannot be taken back that way. */
export async function reverseItems(
  db: Database,
  orderId: number,
): Promise<{ readonly items: readonly ReverseItem[]; readonly notes: string | null }> {
  const items = (await itemsOf(db, [orderId])).get(orderId) ?? [];
  const steps = ((await storedSteps(db, [orderId])).get(orderId) ?? []).filter(
    ({ state }) => state === 'done',
  );
  const byItem = Map.groupBy(steps, (step) => step.itemId);
  const context = {
    present: await presentLinks(db, items),
    gone: await goneLinks(
      db,
      items.flatMap(({ change }) => (change.action === 'remove-link' ? change.linkId : [])),
    ),
    before: await devicesBefore(db, steps),
  };
  const reversed: ReverseItem[] = [];
  const lost: string[] = [];
  for (const item of items.toReversed()) {
    const done = byItem.get(item.id) ?? [];
    if (done.length === 0) continue;
    const back = reverseOf(item, done, context);
    if (typeof back === 'string') lost.push(back);
    else if (back !== null) reversed.push(back);
  }
  return { items: reversed, notes: lost.length === 0 ? null : lost.join('\n') };
}

interface Context {
  readonly present: ReadonlySet<number>;
  readonly gone: Awaited<ReturnType<typeof goneLinks>>;
  readonly before: Awaited<ReturnType<typeof devicesBefore>>;
}

/** null: there is nothing to take back any more; text: what would have to be, and cannot. */
function reverseOf(item: ItemRow, done: readonly StepRow[], context: Context): ReverseItem | string | null {
  const { change } = item;
  const { present, gone, before } = context;
  if (change.action === 'add-link')
    return item.linkId !== null && present.has(item.linkId)
      ? { change: { action: 'remove-link', linkId: item.linkId, keep: false }, linkId: null }
      : null;
  if (change.action === 'move-link' || change.action === 'remove-link') {
    const back = { a: whereItWas(done, 'a'), b: whereItWas(done, 'b') };
    if (present.has(change.linkId))
      return { change: { action: 'move-link', linkId: change.linkId, ...back }, linkId: null };
    const row = gone.get(change.linkId)?.row;
    if (change.action === 'move-link' || row === undefined) return null;
    const planned = PlannedChangeSchema.safeParse({
      action: 'add-link',
      kind: row.kind,
      label: row.label === '' ? null : row.label,
      medium: row.medium,
      color: row.color,
      lengthM: row.length_m,
      ...back,
    });
    // A cable that hung open cannot be planned as a new one.
    return planned.success ? { change: planned.data, linkId: change.linkId } : String(row.label);
  }
  const was = before.get(item.id);
  if (was === undefined) return null;
  if (change.action === 'swap-device')
    return {
      change: {
        action: 'swap-device',
        deviceId: change.deviceId,
        typeId: Number(was.row.type_id),
        serial: typeof was.row.serial === 'string' ? was.row.serial : null,
      },
      linkId: null,
    };
  return { change: { action: 'move-device', deviceId: change.deviceId, to: was.place }, linkId: null };
}

/** Where an end was before its steps; null: it hung open; undefined: nobody touched it. */
function whereItWas(done: readonly StepRow[], side: LinkSide) {
  const own = done.filter((step) => step.linkSide === side);
  if (own.length === 0) return undefined;
  const out = own.find((step) => step.deed === 'unplug');
  if (out === undefined || out.portId === null) return null;
  return { portId: out.portId, portSide: out.portSide ?? 'front', connector: out.connector ?? 1 };
}

async function presentLinks(db: Database, items: readonly ItemRow[]): Promise<Set<number>> {
  const ids = items.flatMap(({ change, linkId }) =>
    change.action === 'add-link' ? (linkId ?? []) : 'linkId' in change ? change.linkId : [],
  );
  if (ids.length === 0) return new Set();
  const rows = await db.selectFrom('links').select('id').where('id', 'in', ids).execute();
  return new Set(rows.map(({ id }) => id));
}

/** Devices as they were before the step of each item. */
async function devicesBefore(db: Database, steps: readonly StepRow[]) {
  const own = steps.filter(({ deviceId }) => deviceId !== null);
  const changes = await changesOfSteps(
    db,
    own.map(({ id }) => id),
  );
  const done = own.flatMap(({ id, deviceId, itemId }) => {
    const changeId = changes.get(id);
    return deviceId === null || changeId === undefined ? [] : [{ deviceId, changeId, itemId }];
  });
  const before = await placesBefore(db, done);
  return new Map(
    done.flatMap(({ itemId, changeId }) => {
      const was = before.get(changeId);
      return was === undefined ? [] : [[itemId, was]];
    }),
  );
}
