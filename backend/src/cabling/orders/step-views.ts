import { CableCard, type OrderStep, type PortCard, type PortSpot } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import type { Row } from '../../history/spec.ts';
import { cableCards, cableFields, deviceSpots, portCards } from '../cards.ts';
import { plannedCard } from '../planned.ts';
import { changesOfSteps, goneLinks, placesBefore } from './done-steps.ts';
import type { Plan, PlannedItem } from './plan.ts';
import { noSpot, placeSpots } from './spots.ts';
import type { StepRow } from './step-rows.ts';
import { type ItemRow, type LinkSide, type Place, portSideKey, type World } from './world.ts';

/** An order's items and steps as screens get them, with the cards of all that they name. */
export interface Shown {
  readonly items: readonly PlannedItem[];
  readonly steps: readonly OrderStep[];
  /** Of the cable of an item: as it is, as it was, or as it will be. */
  cableOf(item: ItemRow): CableCard | null;
  deviceOf(
    item: PlannedItem,
  ): { id: number; name: string; from: PortSpot | null; to: PortSpot | null } | null;
  readonly ports: ReadonlyMap<number, PortCard>;
  readonly cables: ReadonlyMap<number, CableCard>;
}

/** Puts together what is needed to show steps: rows, today's documentation, and what was there before they were done. */
export async function show(
  db: Database,
  given: {
    readonly world: World;
    readonly items: readonly ItemRow[];
    readonly steps: readonly StepRow[];
    readonly planned: Plan['items'];
  },
): Promise<Shown> {
  const { world, items, steps } = given;
  const stepsByItem = Map.groupBy(steps, (step) => step.itemId);
  const planned = given.planned.map((item) => asPlanned(item, stepsByItem.get(item.id) ?? []));
  const plannedById = new Map(planned.map((item) => [item.id, item]));
  const itemById = new Map(items.map((item) => [item.id, item]));

  const done = await changesOfSteps(
    db,
    steps.filter(({ id, state }) => id > 0 && state !== 'open').map(({ id }) => id),
  );
  const before = await placesBefore(
    db,
    steps.flatMap(({ id, deviceId, state }) => {
      const changeId = done.get(id);
      return deviceId === null || changeId === undefined || state !== 'done' ? [] : [{ deviceId, changeId }];
    }),
  );
  /** By item. */
  const devicePlaces = new Map<number, { from: Place | null; to: Place | null }>();
  for (const { id, device } of planned) {
    if (device === null) continue;
    const changeId = (stepsByItem.get(id) ?? []).flatMap((step) => done.get(step.id) ?? [])[0];
    devicePlaces.set(id, { from: before.get(changeId ?? 0)?.place ?? device.from, to: device.to });
  }
  const spotAt = await placeSpots(
    db,
    [...devicePlaces.values()].flatMap(({ from, to }) => [from, to].filter((place) => place !== null)),
  );

  const onDevices = cablesOnDevices(world, steps);
  const cables = await loadCables(
    db,
    items,
    [...onDevices.values()].flat().map(({ linkId }) => linkId),
  );
  const cableOf = (item: ItemRow | undefined): CableCard | null => {
    if (item === undefined) return null;
    const { change } = item;
    if (change.action === 'add-link')
      return (item.linkId === null ? undefined : cables.get(item.linkId)) ?? plannedCard(item);
    return 'linkId' in change ? (cables.get(change.linkId) ?? null) : null;
  };
  const ports = await portCards(db, [
    ...steps.flatMap(({ portId }) => portId ?? []),
    ...planned.flatMap(({ before: b, after: a }) => [b.a, b.b, a.a, a.b].filter((id) => id !== null)),
    ...[...onDevices.values()].flat().map(({ portId }) => portId),
  ]);
  const devices = await deviceSpots(
    db,
    steps.flatMap(({ deviceId }) => deviceId ?? []),
  );
  const goals = new Map<number, Place | null>();
  for (const { deed, deviceId, state, itemId } of steps)
    if (deed === 'move-device' && state === 'open' && deviceId !== null)
      goals.set(deviceId, devicePlaces.get(itemId)?.to ?? null);

  const spotOf = (step: StepRow): PortSpot => {
    if (step.deviceId !== null) {
      const from = devicePlaces.get(step.itemId)?.from;
      return from === undefined || from === null ? (devices.get(step.deviceId) ?? noSpot) : spotAt(from);
    }
    const card = ports.get(step.portId ?? 0);
    if (card === undefined) return noSpot;
    const goal = card.owner.kind === 'device' ? goals.get(card.owner.id) : null;
    // What is plugged in after the device has moved is plugged in where it stands then.
    return step.deed === 'plug' && goal ? spotAt(goal) : card.spot;
  };
  const view = (step: StepRow): OrderStep => {
    const item = itemById.get(step.itemId);
    const cable = step.deviceId === null ? cableOf(item) : null;
    const ends = plannedById.get(step.itemId);
    const there = step.deed === 'plug' ? ends?.after : ends?.before;
    const place = devicePlaces.get(step.itemId);
    const { id, version, itemId, deed, state, portId, portSide } = step;
    return {
      ...{ id, version, itemId, deed, state, portId, portSide, cable },
      spot: spotOf(step),
      endLabel: endLabel(cable, step.linkSide),
      otherPortId: step.linkSide === null ? null : (there?.[step.linkSide === 'a' ? 'b' : 'a'] ?? null),
      device:
        step.deviceId === null
          ? null
          : { id: step.deviceId, name: world.devices.get(step.deviceId)?.name ?? '' },
      cables: (onDevices.get(step.deviceId ?? 0) ?? []).flatMap((end) => {
        const card = cables.get(end.linkId);
        return card === undefined ? [] : [{ portId: end.portId, cable: card }];
      }),
      toSpot: deed === 'move-device' && place?.to ? spotAt(place.to) : null,
      reason: step.reason,
      doneBy: step.doneBy,
      doneAt: step.doneAt,
      proof: step.proof,
      proofDetail: step.proofDetail,
      changeId: done.get(step.id) ?? null,
    };
  };
  return {
    items: planned,
    steps: steps.map(view),
    cableOf,
    deviceOf: ({ id: itemId, device }) => {
      if (device === null) return null;
      const { from, to } = devicePlaces.get(itemId) ?? device;
      const name = world.devices.get(device.id)?.name ?? '';
      return { id: device.id, name, from: from && spotAt(from), to: to && spotAt(to) };
    },
    ports,
    cables,
  };
}

/** Before and after by the steps that are kept: what has been done already is not before any more. */
function asPlanned(item: PlannedItem, steps: readonly StepRow[]): PlannedItem {
  const end = (side: LinkSide) => {
    const out = steps.find((step) => step.deed === 'unplug' && step.linkSide === side);
    const into = steps.find((step) => step.deed === 'plug' && step.linkSide === side);
    if (out === undefined && into === undefined)
      return { before: item.before[side], after: item.after[side] };
    return { before: out?.portId ?? null, after: into?.portId ?? null };
  };
  const [a, b] = [end('a'), end('b')];
  return { ...item, before: { a: a.before, b: b.before }, after: { a: a.after, b: b.after } };
}

/** What stays plugged into devices that are moved, swapped or taken away. */
function cablesOnDevices(world: World, steps: readonly StepRow[]) {
  const taken = new Set(
    steps.flatMap(({ deed, portId, portSide, state }) =>
      deed === 'unplug' && state === 'open' && portId !== null && portSide !== null
        ? [portSideKey(portId, portSide)]
        : [],
    ),
  );
  const devices = new Set(steps.flatMap(({ deviceId }) => deviceId ?? []));
  const stays = [...world.plugged.entries()].flatMap(([key, end]) => {
    const deviceId = world.ports.get(end.portId)?.deviceId ?? null;
    return deviceId !== null && devices.has(deviceId) && !taken.has(key) ? [{ deviceId, ...end }] : [];
  });
  return Map.groupBy(stays, (end) => end.deviceId);
}

async function loadCables(
  db: Database,
  items: readonly ItemRow[],
  others: readonly number[],
): Promise<Map<number, CableCard>> {
  const ids = items.flatMap(({ change, linkId }) =>
    change.action === 'add-link' ? (linkId ?? []) : 'linkId' in change ? change.linkId : [],
  );
  const cables = await cableCards(db, [...ids, ...others]);
  const gone = await goneLinks(
    db,
    ids.filter((id) => !cables.has(id)),
  );
  for (const [id, { row }] of gone) {
    const card = cardOfGone(id, row);
    if (card !== null) cables.set(id, card);
  }
  return cables;
}

function cardOfGone(id: number, row: Row): CableCard | null {
  const parsed = CableCard.safeParse(cableFields(id, row));
  return parsed.success ? parsed.data : null;
}

function endLabel(cable: CableCard | null, side: LinkSide | null): string | null {
  if (cable === null) return null;
  const own = side === 'a' ? cable.labelA : side === 'b' ? cable.labelB : null;
  return own ?? (cable.label === '' ? null : cable.label);
}
