import type { PolledDevice, pollingFilters } from '@rackhaus/config/contract';
import { quantities } from '../format/index.ts';
import { m } from '../paraglide/messages.js';

export type PollingFilter = (typeof pollingFilters)[number];

/** A choice of devices with how many there are. */
export const filterLabels: Record<PollingFilter, (count: string) => string> = {
  all: (count) => m.polling_filter_all({ count }),
  silent: (count) => m.polling_filter_silent({ count }),
  slow: (count) => m.polling_filter_slow({ count }),
  losses: (count) => m.polling_filter_losses({ count }),
};

/** What the choice means; null where that goes without saying. */
export const filterWords: Record<PollingFilter, (() => string) | null> = {
  all: null,
  silent: m.polling_filter_words_silent,
  slow: m.polling_filter_words_slow,
  losses: m.polling_filter_words_losses,
};

/** How long a poll took: "4 ms", "38 ms", "2.4 s". It is kept in whole milliseconds. */
export function durationWords(seconds: number | null): string {
  if (seconds === null) return '–';
  const ms = seconds * 1000;
  return ms < 1000 ? `${quantities.number(ms, 0)}\u202fms` : `${quantities.number(seconds, 1)}\u202fs`;
}

/** Every how many seconds: "5 s", "0.5 s", "1 min". */
export function intervalWords(seconds: number): string {
  if (seconds >= 60) return quantities.duration(seconds);
  return `${quantities.number(seconds, Number.isInteger(seconds) ? 0 : 1)}\u202fs`;
}

export function countWords(value: number | null): string {
  return value === null ? '–' : quantities.number(value);
}

/** When the last poll was, seen from `now`. */
export function lastWords(time: number | null, now: number): string {
  if (time === null) return m.polling_never();
  const seconds = Math.max(0, (now - time) / 1000);
  return seconds < 3600
    ? m.polling_ago({ duration: quantities.duration(seconds) })
    : quantities.moment(time, now);
}

/** Whether the device answers, in words. */
export function answerWords(device: PolledDevice, now: number): string {
  if (!device.silent) return m.polling_answers();
  return device.silentSince === null
    ? m.polling_silent()
    : m.polling_silent_since({ time: quantities.moment(device.silentSince, now) });
}
