import type { RotaPlan, Shift } from '@rackhaus/config/contract';
import type { PublicHolidays } from './holidays.ts';
import { boundariesOf, layerHolds, turnAt } from './turns.ts';
import { dayOfWall, instantOf, type WallMinute, wallOf } from './wall-clock.ts';

/** A shift before people's names are known. */
export type PlannedShift = Omit<Shift, 'name'>;

/** Somebody else, for a time: the record of the kind rota-change. */
export interface RotaChange {
  readonly id: number;
  readonly from: number;
  readonly until: number;
  readonly userId: number;
  readonly insteadOfId: number | null;
}

interface Stretch extends PlannedShift {
  readonly turn: number | null;
}

/**
 * Who is on call from `from` to `until` (ms): shifts in order that follow each other without a gap or overlap; where nobody is,
 * `userId` is null. A hand-over is at its time on the clock on the wall, so that the day of the change to daylight saving has 23
 * hours, the day back 25. Of an hour that comes twice the first counts, where one is left out the moment of the change.
 *
 * A later layer goes before where it has hours. A change holds for all its time, also where nobody would be on call, unless
 * it is in the place of one person.
 */
export function shifts(
  plan: RotaPlan,
  changes: readonly RotaChange[],
  from: number,
  until: number,
  holidays: PublicHolidays,
): PlannedShift[] {
  if (until <= from) return [];
  const planned = ofLayers(plan, from, until, holidays);
  return joined(withChanges(planned, changes)).map(({ turn: _, ...shift }) => shift);
}

/** Who is on call at that moment: the whole shift as far as it lies within `from` and `until`. */
export function shiftAt(all: readonly PlannedShift[], time: number): PlannedShift | undefined {
  return all.find((shift) => shift.from <= time && time < shift.until);
}

function ofLayers(plan: RotaPlan, from: number, until: number, holidays: PublicHolidays): Stretch[] {
  const { timeZone, layers } = plan;
  const firstDay = dayOfWall(wallOf(timeZone, from)) - 1;
  const lastDay = dayOfWall(wallOf(timeZone, until)) + 1;
  const walls = new Set<WallMinute>();
  for (let day = firstDay; day <= lastDay; day++)
    for (const layer of layers) for (const wall of boundariesOf(layer, day)) walls.add(wall);

  const isHoliday = (date: string): boolean => holidays.nameOf(plan.holidays, date) !== undefined;
  const stretches: Stretch[] = [];
  let open: Stretch = { ...nobody, from, until };
  for (const wall of [...walls].sort((a, b) => a - b)) {
    const begins = Math.max(from, instantOf(timeZone, wall));
    if (begins >= until) break;
    if (begins > open.from) stretches.push({ ...open, until: begins });
    open = { ...onDuty(plan, wall, isHoliday), from: begins, until };
  }
  return [...stretches, open];
}

const nobody = { userId: null, layer: null, changeId: null, turn: null };

function onDuty(plan: RotaPlan, wall: WallMinute, isHoliday: (date: string) => boolean) {
  for (const layer of plan.layers.toReversed()) {
    if (!layerHolds(layer, wall, isHoliday)) continue;
    const turn = turnAt(layer, wall);
    if (turn !== null) return { userId: turn.userId, layer: layer.name, changeId: null, turn: turn.number };
  }
  return nobody;
}

function withChanges(planned: readonly Stretch[], changes: readonly RotaChange[]): Stretch[] {
  return planned.flatMap((stretch) => {
    const near = changes.filter(
      (change) =>
        change.from < stretch.until &&
        change.until > stretch.from &&
        (change.insteadOfId === null || change.insteadOfId === stretch.userId),
    );
    if (near.length === 0) return [stretch];
    const cuts = near
      .flatMap((change) => [change.from, change.until])
      .filter((cut) => cut > stretch.from && cut < stretch.until);
    const ends = [...new Set([stretch.from, ...cuts, stretch.until])].sort((a, b) => a - b);
    return ends.slice(1).map((until, index) => {
      const part = { ...stretch, from: ends[index] ?? stretch.from, until };
      // Two that overlap are refused when they are written; of older ones the later one holds.
      const change = near.findLast(({ from, until: end }) => from <= part.from && end >= part.until);
      if (change === undefined) return part;
      return { ...part, userId: change.userId, layer: null, changeId: change.id, turn: null };
    });
  });
}

/** Neighbours that are the same shift become one. */
function joined(stretches: readonly Stretch[]): Stretch[] {
  const result: Stretch[] = [];
  for (const stretch of stretches) {
    const before = result.at(-1);
    if (
      before !== undefined &&
      before.userId === stretch.userId &&
      before.layer === stretch.layer &&
      before.changeId === stretch.changeId &&
      before.turn === stretch.turn
    )
      result[result.length - 1] = { ...before, until: stretch.until };
    else result.push(stretch);
  }
  return result;
}
