import type { SampleMark, SamplePlan } from '@rackhaus/config/sample-town-hall';
import type { Change } from '../../history/change.ts';
import type { Changes } from '../../history/changes.ts';
import { DocumentStore } from '../documents/store.ts';

/** Brings the demo's plans in, as one change. A floor that has a plan already keeps it. */
export async function bringPlansIn(options: {
  changes: Changes;
  documents: string;
  plans: readonly SamplePlan[];
}): Promise<void> {
  const store = new DocumentStore(options.documents);
  const files = new Map<SamplePlan, { hash: string; size: number }>();
  for (const plan of options.plans) {
    const bytes = new TextEncoder().encode(plan.svg);
    files.set(plan, { hash: await store.keep(bytes), size: bytes.length });
  }
  await options.changes.run({ user: { id: null, name: 'Rackhaus' }, source: 'setup' }, async (change) => {
    for (const [plan, file] of files) await bringIn(change, plan, file);
  });
}

async function bringIn(
  change: Change,
  plan: SamplePlan,
  file: { hash: string; size: number },
): Promise<void> {
  const { tx } = change;
  const floor = await tx
    .selectFrom('floors as f')
    .innerJoin('buildings as b', 'b.id', 'f.building_id')
    .innerJoin('sites as s', 's.id', 'b.site_id')
    .select('f.id')
    .where('f.name', '=', plan.floor)
    .where('b.name', '=', plan.building)
    .where('s.name', '=', plan.site)
    .executeTakeFirst();
  if (floor === undefined) return;
  const known = await tx
    .selectFrom('floor_plans')
    .select('id')
    .where('floor_id', '=', floor.id)
    .executeTakeFirst();
  if (known !== undefined) return;
  const { hash, size } = file;
  const document = await tx.selectFrom('documents').select('id').where('hash', '=', hash).executeTakeFirst();
  const [made] =
    document === undefined
      ? await change.insert('document', [{ hash, media_type: 'image/svg+xml', size }])
      : [document.id];
  const [planId] = await change.insert('floor-plan', [
    {
      floor_id: floor.id,
      name: plan.name,
      document_id: made ?? 0,
      width: plan.width,
      height: plan.height,
      units_per_metre: plan.unitsPerMetre,
      rank: 0,
    },
  ]);
  const rows = [];
  for (const mark of plan.marks) {
    const id = await subjectId(change, floor.id, mark);
    if (id === null) continue;
    rows.push({
      plan_id: planId ?? 0,
      [`${mark.kind}_id`]: id,
      points: JSON.stringify(mark.points),
      turn: mark.turn,
    });
  }
  await change.insert('plan-mark', rows);
}

/** What a mark of the sample is of; null when somebody has deleted or renamed it. */
async function subjectId(change: Change, floorId: number, mark: SampleMark): Promise<number | null> {
  const { tx } = change;
  const room = await tx
    .selectFrom('rooms')
    .select('id')
    .where('floor_id', '=', floorId)
    .where('name', '=', mark.room)
    .executeTakeFirst();
  if (mark.kind === 'room' || room === undefined) return room?.id ?? null;
  const table = ({ rack: 'racks', outlet: 'outlets', device: 'devices' } as const)[mark.kind];
  const found = await tx
    .selectFrom(table)
    .select('id')
    .where('room_id', '=', room.id)
    .where('name', '=', mark.name)
    .executeTakeFirst();
  return found?.id ?? null;
}
