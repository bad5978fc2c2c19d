import type { PortCard, PortSpot, RecordValues } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import { deviceSpots, portCards } from '../cards.ts';
import { noSpot, placeSpots } from './spots.ts';
import { type StepDraft, stepsOf } from './steps.ts';
import { inOrder } from './worklist.ts';
import type { ItemRow, Place, World } from './world.ts';

/** A step as it is kept, or (negative id) as it would be. */
export interface StepRow extends Omit<StepDraft, 'before'> {
  readonly id: number;
  readonly version: number;
  readonly state: RecordValues<'order-step'>['state'];
  readonly reason: string | null;
  readonly doneBy: string | null;
  readonly doneAt: number | null;
  readonly proof: RecordValues<'order-step'>['proof'];
  readonly proofDetail: string | null;
}

/** Steps that are kept, in their order, for each order. */
export async function storedSteps(
  db: Database,
  orderIds: readonly number[],
): Promise<Map<number, StepRow[]>> {
  const steps = new Map<number, StepRow[]>(orderIds.map((id) => [id, []]));
  if (orderIds.length === 0) return steps;
  for (const row of await db
    .selectFrom('order_steps')
    .selectAll()
    .where('order_id', 'in', orderIds)
    .orderBy('rank')
    .orderBy('id')
    .execute())
    steps.get(row.order_id)?.push({
      id: row.id,
      version: row.version,
      itemId: row.item_id,
      deed: row.deed,
      linkSide: row.link_side,
      connector: row.connector,
      portId: row.port_id,
      portSide: row.port_side,
      deviceId: row.device_id,
      state: row.state,
      reason: row.reason,
      doneBy: row.done_by,
      doneAt: row.done_at,
      proof: row.proof,
      proofDetail: row.proof_detail,
    });
  return steps;
}

/** The steps that the items lead to, in the order in which nobody walks twice. */
export async function plannedSteps(
  db: Database,
  world: World,
  items: readonly ItemRow[],
): Promise<StepRow[]> {
  const drafts = stepsOf(world, items);
  const moves = items.flatMap(({ change }) => (change.action === 'move-device' ? [change] : []));
  const cards = await portCards(
    db,
    drafts.flatMap(({ portId }) => portId ?? []),
  );
  const devices = await deviceSpots(
    db,
    drafts.flatMap(({ deviceId }) => deviceId ?? []),
  );
  const spotAt = await placeSpots(
    db,
    moves.map(({ to }) => to),
  );
  const goals = new Map<number, Place>(moves.map(({ deviceId, to }) => [deviceId, to]));
  const ports = [...cards.values()].sort((a, b) => collator.compare(a.name, b.name));
  const portRank = new Map(ports.map((port, index) => [port.id, index]));
  const turns = drafts.map((draft) => {
    const card = cards.get(draft.portId ?? 0);
    const goal = draft.deed === 'plug' ? goals.get(card?.owner.id ?? 0) : undefined;
    const moved = goal !== undefined && card?.owner.kind === 'device' ? spotAt(goal) : undefined;
    const spot = moved ?? card?.spot ?? devices.get(draft.deviceId ?? 0) ?? noSpot;
    return {
      place: placeNames(spot, facing(spot, card, draft)),
      phase: draft.deed === 'unplug' ? 0 : draft.deed === 'plug' ? 2 : 1,
      rank: [-(spot.position ?? 0), portRank.get(draft.portId ?? 0) ?? 0],
      before: draft.before,
    };
  });
  return inOrder(turns).flatMap((index, rank): StepRow[] => {
    const draft = drafts[index];
    if (draft === undefined) return [];
    const { before: _, ...step } = draft;
    return [
      {
        ...step,
        id: -(rank + 1),
        version: 0,
        state: 'open',
        reason: null,
        doneBy: null,
        doneAt: null,
        proof: 'none',
        proofDetail: null,
      },
    ];
  });
}

const collator = new Intl.Collator('de', { numeric: true });

/** On which side of the rack one has to stand: at the back for what is behind the device. */
function facing(spot: PortSpot, card: PortCard | undefined, draft: StepDraft): string {
  if (spot.face === null) return '';
  const behind = draft.portSide === 'rear' || card?.kind === 'rear';
  return behind === (spot.face === 'rear') ? '1 front' : '2 rear';
}

/** From the site to the face; what is in no rack comes after the racks. */
function placeNames({ site, building, floor, room, rack }: PortSpot, face: string): string[] {
  const last = '\uFFFF';
  const named = [site, building, floor, room, rack].map((place) =>
    place === null ? last : `${place.name}\u0000${place.id}`,
  );
  return [...named, face];
}
