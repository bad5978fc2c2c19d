import type { OrderStep, PortSpot, Worklist } from '@rackhaus/config/contract';
import type { Entry } from './queue.ts';

export type WorkOrder = Worklist['orders'][number];

/** A step as it is here: what was reported from this phone counts, also before the server knows of it. */
export interface LocalStep {
  readonly step: OrderStep;
  readonly state: OrderStep['state'];
  /** What was said here and is still in the queue; the last one. */
  readonly pending: Entry | null;
}

/** Lays what is still in the queue over the steps that the server told of. */
export function localSteps(steps: readonly OrderStep[], queue: readonly Entry[]): LocalStep[] {
  const last = new Map<number, Entry>();
  for (const each of queue) if (each.task.kind === 'report') last.set(each.task.stepId, each);
  return steps.map((step) => {
    const pending = last.get(step.id) ?? null;
    const task = pending?.task;
    const outcome = task?.kind === 'report' ? task.report.outcome : null;
    return { step, pending, state: outcome === null ? step.state : outcome === 'reopen' ? 'open' : outcome };
  });
}

/** Steps that stand behind one another and are done in one place: nobody walks twice. */
export interface Stop {
  readonly key: string;
  readonly spot: PortSpot;
  readonly steps: readonly LocalStep[];
}

/** Groups steps by the rack, or else the room, that one stands at, in their order. */
export function stopsOf(steps: readonly LocalStep[]): Stop[] {
  const stops: { key: string; spot: PortSpot; steps: LocalStep[] }[] = [];
  for (const each of steps) {
    const { spot } = each.step;
    const place = placeKey(spot);
    const last = stops.at(-1);
    if (last !== undefined && placeKey(last.spot) === place) last.steps.push(each);
    else stops.push({ key: `${stops.length} ${place}`, spot, steps: [each] });
  }
  return stops;
}

/** What tells two places apart: the rack and its side, or else the room. */
export function placeKey(spot: PortSpot): string {
  return spot.rack === null ? `room ${spot.room?.id ?? 0}` : `rack ${spot.rack.id}`;
}

/** The step to begin with: the first that is open, from `after` on and then from the start; null when none is. */
export function firstOpen(steps: readonly LocalStep[], after = -1): number | null {
  const open = steps.flatMap(({ state }, index) => (state === 'open' ? [index] : []));
  return open.find((index) => index > after) ?? open[0] ?? null;
}

/**
 * The worklist that came last, with what is newer here: of a step that both know the higher version holds (an answer to a report may
 * overtake a list that was asked for before it), and an order that is over stays while `keep` says so.
 */
export function merged(
  fresh: Worklist,
  known: Worklist | null,
  keep: (orderId: number) => boolean,
): Worklist {
  if (known === null) return fresh;
  const before = new Map(known.orders.map((order) => [order.id, order]));
  const orders = fresh.orders.map((order) => {
    const old = new Map(before.get(order.id)?.steps.map((step) => [step.id, step]));
    return { ...order, steps: order.steps.map((step) => newer(step, old.get(step.id))) };
  });
  const here = new Set(orders.map(({ id }) => id));
  const over = known.orders.filter(({ id }) => !here.has(id) && keep(id));
  return {
    ...fresh,
    orders: [...orders, ...over],
    ports: byId([...(over.length > 0 ? known.ports : []), ...fresh.ports]),
    cables: byId([...(over.length > 0 ? known.cables : []), ...fresh.cables]),
  };
}

/** The worklist with one step as the server has just told it. */
export function withStep(list: Worklist, step: OrderStep): Worklist {
  return {
    ...list,
    orders: list.orders.map((order) => ({
      ...order,
      steps: order.steps.map((each) => (each.id === step.id ? newer(step, each) : each)),
    })),
  };
}

function newer(step: OrderStep, other: OrderStep | undefined): OrderStep {
  return other !== undefined && other.version > step.version ? other : step;
}

function byId<T extends { id: number }>(list: readonly T[]): T[] {
  return [...new Map(list.map((each) => [each.id, each])).values()];
}
