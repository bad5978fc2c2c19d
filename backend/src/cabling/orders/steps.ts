import type { RecordValues } from '@rackhaus/config/contract';
import { deviceMoves, slotsAfter } from './device-moves.ts';
import {
  endsPutIn,
  endsTakenOut,
  type ItemRow,
  type LinkSide,
  type PortSide,
  portSideKey,
  type World,
} from './world.ts';

/** One thing to do in one place; `before`: which of the list have to be done first, by their places in it. */
export interface StepDraft {
  readonly itemId: number;
  readonly deed: RecordValues<'order-step'>['deed'];
  readonly linkSide: LinkSide | null;
  readonly connector: number | null;
  readonly portId: number | null;
  readonly portSide: PortSide | null;
  readonly deviceId: number | null;
  readonly before: readonly number[];
}

/** What has to be done for the items, in no order yet, and what has to come before what. */
export function stepsOf(world: World, items: readonly ItemRow[]): StepDraft[] {
  const steps: Omit<StepDraft, 'before'>[] = [];
  for (const { id: itemId, change } of items) {
    const nothing = { linkSide: null, connector: null, portId: null, portSide: null, deviceId: null };
    if (change.action === 'add-link' || 'linkId' in change) {
      const out = endsTakenOut(world, change);
      for (const { side, connector, portId, portSide } of out)
        steps.push({ ...nothing, itemId, deed: 'unplug', linkSide: side, connector, portId, portSide });
      for (const { side, connector, portId, portSide } of endsPutIn(world, change))
        steps.push({ ...nothing, itemId, deed: 'plug', linkSide: side, connector, portId, portSide });
      // A cord that lies in a cupboard: there is nothing to pull, and it has to be taken away all the same.
      if (change.action === 'remove-link' && out.length === 0 && world.links.has(change.linkId))
        steps.push({ ...nothing, itemId, deed: 'unplug' });
    } else if (world.devices.has(change.deviceId))
      steps.push({ ...nothing, itemId, deed: change.action, deviceId: change.deviceId });
  }
  const before = precedence(world, items, steps);
  return steps.map((step, index) => ({ ...step, before: [...(before[index] ?? [])] }));
}

function precedence(
  world: World,
  items: readonly ItemRow[],
  steps: readonly Omit<StepDraft, 'before'>[],
): Set<number>[] {
  const before = steps.map(() => new Set<number>());
  const unplugsAt = new Map<string, number[]>();
  const unplugsOfDevice = new Map<number, number[]>();
  const devicesSteps = new Map<number, number[]>();
  const unplugsOfItem = new Map<number, number[]>();
  const deviceOf = (portId: number | null) => world.ports.get(portId ?? 0)?.deviceId ?? null;
  for (const [index, step] of steps.entries()) {
    if (step.deed === 'plug') continue;
    if (step.deviceId !== null) push(devicesSteps, step.deviceId, index);
    if (step.deed !== 'unplug') continue;
    push(unplugsOfItem, step.itemId, index);
    if (step.portId === null || step.portSide === null) continue;
    push(unplugsAt, portSideKey(step.portId, step.portSide), index);
    const device = deviceOf(step.portId);
    if (device !== null) push(unplugsOfDevice, device, index);
  }
  const reused = labelsReused(world, items);
  for (const [index, step] of steps.entries()) {
    const first = (earlier: readonly number[] | undefined) => {
      for (const each of earlier ?? []) if (each !== index) before[index]?.add(each);
    };
    if (step.deed === 'plug' && step.portId !== null && step.portSide !== null) {
      first(unplugsAt.get(portSideKey(step.portId, step.portSide)));
      first(
        unplugsOfItem
          .get(step.itemId)
          ?.filter(
            (each) => steps[each]?.linkSide === step.linkSide && steps[each]?.connector === step.connector,
          ),
      );
      first(devicesSteps.get(deviceOf(step.portId) ?? 0));
      for (const item of reused.get(step.itemId) ?? []) first(unplugsOfItem.get(item));
    }
    if (step.deviceId !== null) {
      first(unplugsOfDevice.get(step.deviceId));
      // Swapped, then moved, as they were planned.
      first(devicesSteps.get(step.deviceId)?.filter((each) => each < index));
    }
  }
  const moves = deviceMoves(world, items);
  for (const move of moves)
    for (const key of slotsAfter(world, move)) {
      const holder = world.slots.get(key);
      if (holder === undefined || holder === move.deviceId) continue;
      for (const own of devicesSteps.get(move.deviceId) ?? [])
        for (const other of devicesSteps.get(holder) ?? []) before[own]?.add(other);
    }
  return before;
}

/** Items whose new cable has the label of one that another item takes away, with those others. */
function labelsReused(world: World, items: readonly ItemRow[]): Map<number, number[]> {
  const removers = new Map(
    items.flatMap(({ id, change }) => (change.action === 'remove-link' ? [[change.linkId, id]] : [])),
  );
  const reused = new Map<number, number[]>();
  for (const { id, change } of items) {
    if (change.action !== 'add-link' || change.label === null) continue;
    const remover = removers.get(world.labels.get(change.label) ?? 0);
    if (remover !== undefined) push(reused, id, remover);
  }
  return reused;
}

function push<K>(lists: Map<K, number[]>, key: K, value: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
