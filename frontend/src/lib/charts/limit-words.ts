import { m } from '../paraglide/messages.js';
import type { LimitLine, LimitSpan } from './limits.ts';

/** "Warnung über 70 °C" */
export function limitName({ level, side, value, of }: LimitLine, write: (value: number) => string): string {
  const limit = words(level, side, write(value));
  return of.length === 0 ? limit : m.chart_limit_of({ lines: of.join(', '), limit });
}

/** The same of a kind that is another for each line: "Warnung über 37 °C bis 102 °C, je nach Fühler". */
export function spanName({ level, side, from, to }: LimitSpan, write: (value: number) => string): string {
  return words(level, side, m.chart_limit_span({ from: write(from), to: write(to) }));
}

/** Who holds values against it. */
export function limitBy(by: LimitLine['by']): string {
  if (by.length > 1) return m.chart_limit_by_both();
  return by[0] === 'rule' ? m.chart_limit_by_rule() : m.chart_limit_by_device();
}

function words(level: LimitLine['level'], side: LimitLine['side'], value: string): string {
  if (level === 'warning')
    return side === 'high' ? m.chart_limit_warning_high({ value }) : m.chart_limit_warning_low({ value });
  return side === 'high' ? m.chart_limit_critical_high({ value }) : m.chart_limit_critical_low({ value });
}
