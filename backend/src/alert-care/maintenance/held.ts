import { type Condition, Recurrence } from '@rackhaus/config/contract';
import type { HeldBy } from '../../alerting/parts.ts';
import { presentOrNext, type Span, type Window } from './windows.ts';

/** A maintenance window, and what it is on. */
export interface HoldingWindow extends Window {
  readonly id: number;
  readonly name: string;
  readonly holds: Held;
}

/** What a window is on; `port`: of a device, by the name that the device gives it. */
export type Held =
  | { readonly all: true }
  | { readonly rooms: ReadonlySet<number> }
  | { readonly devices: ReadonlySet<number> }
  | { readonly deviceId: number; readonly isPort: (entity: string) => boolean };

/** JSON of the column; what is not a recurrence was not written by us. @throws Error */
export function parseRecurrence(json: string): Recurrence | null {
  return Recurrence.nullable().parse(JSON.parse(json));
}

/** Windows in memory: which of them holds a condition now. What is asked per condition takes microseconds. */
export class Holding {
  readonly #now: () => number;
  #windows: readonly { readonly window: HoldingWindow; known: Known | null }[] = [];

  constructor(options: { now: () => number }) {
    this.#now = options.now;
  }

  set(windows: readonly HoldingWindow[]): void {
    this.#windows = windows.map((window) => ({ window, known: null }));
  }

  readonly heldBy: HeldBy = (condition) => {
    // A drill is of what would happen, whatever is being worked at.
    if (condition.id.startsWith('drill/')) return null;
    const time = this.#now();
    for (const each of this.#windows) {
      if (!holds(each.window.holds, condition)) continue;
      const { span } = this.#at(each, time);
      if (span !== null && span.from <= time) return { id: each.window.id, name: each.window.name };
    }
    return null;
  };

  /** When the next window begins or ends; null: never. */
  nextChange(): number | null {
    const time = this.#now();
    const times = this.#windows.flatMap((each) => {
      const { span } = this.#at(each, time);
      return span === null ? [] : [span.from > time ? span.from : span.until];
    });
    return times.length === 0 ? null : Math.min(...times);
  }

  /** Ids of those that are on. */
  on(): Set<number> {
    const time = this.#now();
    return new Set(
      this.#windows.flatMap((each) => {
        const { span } = this.#at(each, time);
        return span !== null && span.from <= time ? [each.window.id] : [];
      }),
    );
  }

  /** Working out times takes longer than the question; it is done once, until the time is over or the clock goes back. */
  #at(each: { readonly window: HoldingWindow; known: Known | null }, time: number): Known {
    const { known } = each;
    if (known !== null && time >= known.askedAt && (known.span === null || time < known.span.until))
      return known;
    const found = { askedAt: time, span: presentOrNext(each.window, time) };
    each.known = found;
    return found;
  }
}

interface Known {
  readonly askedAt: number;
  readonly span: Span | null;
}

/** Whether all of a device is held, and not only one of its ports. */
export function holdsDevice(
  held: Held,
  device: { readonly id: number; readonly roomId: number | null },
): boolean {
  if ('all' in held) return true;
  if ('rooms' in held) return device.roomId !== null && held.rooms.has(device.roomId);
  return 'devices' in held && held.devices.has(device.id);
}

function holds(held: Held, condition: Condition): boolean {
  if ('all' in held) return true;
  if ('rooms' in held) return condition.roomId !== null && held.rooms.has(condition.roomId);
  if ('devices' in held) return held.devices.has(condition.deviceId);
  return condition.deviceId === held.deviceId && held.isPort(condition.entity);
}
