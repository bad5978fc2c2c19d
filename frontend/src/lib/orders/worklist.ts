import type { OrderStep, OrderView, PortSpot } from '@rackhaus/config/contract';
import { placeKey } from './cards.ts';

/** Steps that are done in one place, one after the other. */
export interface Stop {
  readonly key: string;
  readonly spot: PortSpot;
  readonly steps: readonly OrderStep[];
  /** How many of them need nothing more. */
  readonly settled: number;
}

/** The steps by place in the order in which they come; a place that is visited again is a stop of its own. */
export function stopsOf(steps: readonly OrderStep[]): Stop[] {
  const stops: { key: string; spot: PortSpot; steps: OrderStep[] }[] = [];
  for (const step of steps) {
    const key = placeKey(step.spot);
    const last = stops.at(-1);
    if (last?.key === key) last.steps.push(step);
    else stops.push({ key, spot: step.spot, steps: [step] });
  }
  return stops.map((stop, index) => ({
    ...stop,
    key: `${index}/${stop.key}`,
    settled: stop.steps.filter(({ state }) => state !== 'open').length,
  }));
}

export interface Progress {
  readonly total: number;
  readonly done: number;
  readonly impossible: number;
  readonly open: number;
  readonly proven: number;
  readonly contradicted: number;
}

/** How far the work has come. */
export function progressOf(steps: readonly OrderStep[]): Progress {
  const count = (test: (step: OrderStep) => boolean) => steps.filter(test).length;
  return {
    total: steps.length,
    done: count(({ state }) => state === 'done'),
    impossible: count(({ state }) => state === 'impossible'),
    open: count(({ state }) => state === 'open'),
    proven: count(({ proof }) => proof === 'proven'),
    contradicted: count(({ proof }) => proof === 'contradicted'),
  };
}

/** Labels that the work needs: of cables that are documented (they can be printed), and of those that are still to come. */
export function labelsOf(view: Pick<OrderView, 'items'>): {
  readonly printable: readonly number[];
  readonly planned: readonly string[];
} {
  const printable = new Set<number>();
  const planned: string[] = [];
  for (const { change, linkId, cable } of view.items) {
    if (change.action === 'remove-link') continue;
    const id = linkId ?? (cable && !cable.planned && cable.id > 0 ? cable.id : null);
    if (id !== null) printable.add(id);
    else if (cable?.planned && cable.label !== '') planned.push(cable.label);
  }
  return { printable: [...printable], planned };
}
