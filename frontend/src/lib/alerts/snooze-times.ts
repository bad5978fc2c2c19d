const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** One offer of the menu: so long, or until a time that has a name. */
export type SnoozeOffer =
  | { readonly kind: 'minutes' | 'hours'; readonly count: number; readonly until: number }
  | { readonly kind: 'moment'; readonly until: number };

/** For how long an incident can be put off; the last is the next working morning at seven, by this browser's clock. */
export function snoozeOffers(now: number): SnoozeOffer[] {
  return [
    { kind: 'minutes', count: 30, until: now + 30 * minuteMs },
    { kind: 'hours', count: 2, until: now + 2 * hourMs },
    { kind: 'hours', count: 8, until: now + 8 * hourMs },
    { kind: 'moment', until: nextMorning(now) },
  ];
}

function nextMorning(now: number): number {
  const at = new Date(now);
  at.setHours(7, 0, 0, 0);
  if (at.getTime() <= now + hourMs) at.setDate(at.getDate() + 1);
  while (at.getDay() === 0 || at.getDay() === 6) at.setDate(at.getDate() + 1);
  return at.getTime();
}
