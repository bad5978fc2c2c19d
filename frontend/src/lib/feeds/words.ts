import { type EntityKind, type MetricId, metric, metricIds } from '@rackhaus/config/contract';
import { metricName } from '../metrics/names.ts';
import { m } from '../paraglide/messages.js';
import { getLocale } from '../paraglide/runtime.js';

/** What programs can feed; agents speak of themselves. */
const kinds: readonly { readonly kind: EntityKind; readonly label: () => string }[] = [
  { kind: 'device', label: m.feeds_kind_device },
  { kind: 'port', label: m.feeds_kind_port },
  { kind: 'sensor', label: m.feeds_kind_sensor },
  { kind: 'storage', label: m.feeds_kind_storage },
  { kind: 'ups', label: m.feeds_kind_ups },
  { kind: 'line', label: m.feeds_kind_line },
  { kind: 'outlet', label: m.feeds_kind_outlet },
  { kind: 'supply', label: m.feeds_kind_supply },
  { kind: 'fan', label: m.feeds_kind_fan },
  { kind: 'service', label: m.feeds_kind_service },
];

/** The catalogue as a choice, by what a metric is of. */
export function metricGroups(): { label: string; options: { value: MetricId; label: string }[] }[] {
  return kinds.map(({ kind, label }) => ({
    label: label(),
    options: metricIds
      .filter((id) => metric(id).kind === kind)
      .map((id) => ({ value: id, label: metricName(id) })),
  }));
}

/** With what it is of, where it stands alone: "Anschluss: Empfangen". */
export function fullMetricName(id: MetricId): string {
  const of = kinds.find(({ kind }) => kind === metric(id).kind);
  return of === undefined || of.kind === 'device' ? metricName(id) : `${of.label()}: ${metricName(id)}`;
}

/** Whether a metric is of something that has a name besides the device's. */
export function needsName(id: MetricId): boolean {
  return !['device', 'ups', 'agent'].includes(metric(id).kind);
}

/** A number as people write it, with comma or point; null: it is none, or 0. */
export function factorOf(text: string): number | null {
  const factor = text.trim() === '' ? Number.NaN : Number(text.trim().replace(',', '.'));
  return Number.isFinite(factor) && factor !== 0 ? factor : null;
}

/** What a field said last: a number in the reader's language, a text as it is. */
export function exampleText(example: string, isNumber: boolean): string {
  const value = Number(example);
  return isNumber && example.trim() !== '' && Number.isFinite(value) ? factorText(value) : example;
}

/** The other way round, in the reader's language. */
export function factorText(factor: number): string {
  return factor.toLocaleString(getLocale(), { maximumSignificantDigits: 15, useGrouping: false });
}
