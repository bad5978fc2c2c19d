import type { ScanRepeat } from '@rackhaus/config/contract';

/** When a scan is begun by itself next, after a moment, by the clock of this server; null: never. Both in ms since 1970. */
export function nextTime(repeat: ScanRepeat, after: number): number | null {
  if (repeat.every === 'never') return null;
  const [hours = 0, minutes = 0] = repeat.at.split(':').map(Number);
  const start = new Date(after);
  // A day more than a week: on the day itself the time may have passed. A time that a change of clocks leaves out is an hour later.
  for (let days = 0; days <= 8; days++) {
    const then = new Date(start.getFullYear(), start.getMonth(), start.getDate() + days, hours, minutes);
    if (then.getTime() <= after) continue;
    if (repeat.every === 'day' || (then.getDay() || 7) === repeat.weekday) return then.getTime();
  }
  return null;
}
