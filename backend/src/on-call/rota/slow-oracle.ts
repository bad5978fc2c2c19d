import type { RotaLayer, RotaPlan } from '@rackhaus/config/contract';
import { PublicHolidays } from './holidays.ts';
import type { RotaChange } from './shifts.ts';

/**
 * For tests: who is on call, found as a person would who sits in front of the clock on the wall from three hours before, and
 * takes no notice of it when it goes back. Knows nothing of how shifts are calculated; works only on whole minutes.
 */
export function whoByLookingAtTheClock(
  plan: RotaPlan,
  changes: readonly RotaChange[],
  from: number,
  until: number,
): (at: number) => number | null {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: plan.timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
  });
  const begin = Math.floor(from / 60_000) - 180;
  const latest: string[] = [];
  for (let minute = begin; minute * 60_000 < until; minute++) {
    const shown = format.format(minute * 60_000);
    const before = latest.at(-1) ?? '';
    latest.push([shown, before].sort().at(-1) ?? shown);
  }
  const holidays = new PublicHolidays();
  const isHoliday = (date: string): boolean => holidays.nameOf(plan.holidays, date) !== undefined;
  return (at) => {
    const [date = '', time = ''] = (latest[Math.floor(at / 60_000) - begin] ?? '').split(' ');
    const planned = plan.layers.findLast((layer) => has(layer, date, time, isHoliday));
    const base = planned === undefined ? null : personOf(planned, date, time);
    const change = changes.findLast(
      (each) =>
        each.from <= at && at < each.until && (each.insteadOfId === null || each.insteadOfId === base),
    );
    return change?.userId ?? base;
  };
}

const next = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
const weekday = (date: string): number => new Date(date).getUTCDay() || 7;

function has(layer: RotaLayer, date: string, time: string, isHoliday: (date: string) => boolean): boolean {
  if (personOf(layer, date, time) === null) return false;
  if (layer.holidays === 'only') return isHoliday(date);
  if (layer.holidays === 'not' && isHoliday(date)) return false;
  if (layer.hours === null) return true;
  const now = `${date} ${time}`;
  return layer.hours.some(({ days, from, until }) =>
    [next(date, -1), date].some(
      (begins) =>
        days.includes(weekday(begins)) &&
        now >= `${begins} ${from}` &&
        now < `${until > from ? begins : next(begins, 1)} ${until}`,
    ),
  );
}

/** Walks from hand-over to hand-over. */
function personOf(layer: RotaLayer, date: string, time: string): number | null {
  const { people, turn } = layer;
  const now = `${date} ${time}`;
  if (now < `${layer.from} ${turn.at}` || people.length === 0) return null;
  if (layer.until !== null && now >= `${next(layer.until, 1)} ${turn.at}`) return null;
  let index = 0;
  let handOver = layer.from;
  if (turn.every === 'week') while (weekday(handOver) !== turn.weekday) handOver = next(handOver, -1);
  const step = turn.every === 'week' ? 7 * turn.count : turn.count;
  for (;;) {
    handOver = next(handOver, step);
    if (now < `${handOver} ${turn.at}`) return people[index % people.length] ?? null;
    index++;
  }
}
