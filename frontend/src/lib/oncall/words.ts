import type { Shift } from '@rackhaus/config/contract';
import { m } from '../paraglide/messages.js';
import { getLocale } from '../paraglide/runtime.js';
import { clockAt, dayAt } from './zoned.ts';

const language = (): string => (getLocale() === 'de' ? 'de-DE' : 'en-GB');

/** "Mo, 23. Nov., 16:00", in the time zone of the plan. */
export function timeWords(time: number, zone: string): string {
  return new Intl.DateTimeFormat(language(), {
    timeZone: zone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(time);
}

/** "Mo, 23. Nov., 16:00 bis Mo, 30. Nov., 16:00"; on one day the second is only the clock. */
export function spanWords({ from, until }: Pick<Shift, 'from' | 'until'>, zone: string): string {
  const end = dayAt(from, zone) === dayAt(until, zone) ? clockAt(until, zone) : timeWords(until, zone);
  return m.oncall_span({ from: timeWords(from, zone), until: end });
}

/** "November 2026" */
export function monthWords(month: string): string {
  return new Intl.DateTimeFormat(language(), { timeZone: 'UTC', month: 'long', year: 'numeric' }).format(
    Date.parse(`${month}-01T00:00:00Z`),
  );
}

/** "23. November" */
export function dayWords(day: string): string {
  return new Intl.DateTimeFormat(language(), {
    timeZone: 'UTC',
    weekday: 'long',
    day: 'numeric',
    month: 'long',
  }).format(Date.parse(`${day}T00:00:00Z`));
}

/** 1 is Monday. */
export function weekdayWord(day: number, style: 'short' | 'long' = 'long'): string {
  return new Intl.DateTimeFormat(language(), { timeZone: 'UTC', weekday: style }).format(
    Date.UTC(2024, 0, day),
  );
}

/** "Montag bis Freitag", "Samstag, Sonntag" */
export function daysWords(days: readonly number[]): string {
  const sorted = [...days].sort((a, b) => a - b);
  const first = sorted[0] ?? 1;
  const last = sorted.at(-1) ?? first;
  if (sorted.length === 7) return m.oncall_every_day();
  if (sorted.length > 2 && last - first === sorted.length - 1)
    return m.oncall_days_range({ from: weekdayWord(first), until: weekdayWord(last) });
  return listWords(sorted.map((day) => weekdayWord(day)));
}

/** "a, b und c" */
export function listWords(
  of: readonly string[],
  type: 'conjunction' | 'disjunction' = 'conjunction',
): string {
  return new Intl.ListFormat(language(), { type }).format(of);
}

const tones = 6;
/** The colour of a person within a rota: the same wherever they are shown. Never alone: the name stands beside it. */
export function toneOf(userId: number, people: readonly number[]): string {
  const index = [...new Set(people)].sort((a, b) => a - b).indexOf(userId);
  return `var(--series-${(Math.max(0, index) % tones) + 1})`;
}

/** "Tim Albrecht" is "TA": of the first and the last word. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toUpperCase();
}
