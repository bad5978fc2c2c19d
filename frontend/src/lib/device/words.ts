import { type DeviceLimits, type MetricId, metric } from '@rackhaus/config/contract';
import { quantities } from '../format/index.ts';
import { metricStateWord } from '../metrics/names.ts';
import { m } from '../paraglide/messages.js';
import type { PortState } from './port-rows.ts';

const portStateWords: Readonly<Record<PortState, () => string>> = {
  up: m.device_port_up,
  down: m.device_port_down,
  disabled: m.device_port_disabled,
  fault: m.device_port_fault,
  unknown: m.device_port_unknown,
};

export function portStateWord(state: PortState): string {
  return portStateWords[state]();
}

/** A value of the catalogue in words: states by their name, all else with its unit. */
export function valueWords(id: MetricId, value: number): string {
  const entry = metric(id);
  const name = entry.states?.[value];
  if (entry.states) return metricStateWord(name ?? 'unknown');
  return quantities.inUnit(value, entry.unit, entry.decimals);
}

/** A device's own limits: `10 °C to 30 °C`, `at most 30 °C`. The closer ones where it has two of a kind. */
export function limitsWords(id: MetricId, limits: DeviceLimits): string {
  const low = limits.lowWarning ?? limits.lowCritical;
  const high = limits.highWarning ?? limits.highCritical;
  if (low !== null && high !== null)
    return m.device_limits_between({ low: valueWords(id, low), high: valueWords(id, high) });
  if (high !== null) return m.device_limits_over({ high: valueWords(id, high) });
  return low === null ? '' : m.device_limits_under({ low: valueWords(id, low) });
}

/** A device's own word as words: `noBatteryNeedsReplacing` is no battery needs replacing. What is no such name stays as it is. */
export function vendorWords(word: string): string {
  if (/\s/.test(word)) return word;
  return word
    .replaceAll(/[_-]+/g, ' ')
    .replaceAll(
      /([a-z0-9])([A-Z])(?=[a-z])/g,
      (_, before: string, start: string) => `${before} ${start.toLowerCase()}`,
    )
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .trim();
}

/** Whether a device's word for a healthy state says no more than that it is healthy. */
export function saysNothing(word: string): boolean {
  return /(^|[a-z\s_-])(ok|normal|good|online|up|on|active|operational|present|healthy|optimal|nominal|working|running|ready|fine|enabled|closed|dry|no|no ?errors?|none)$/i.test(
    word,
  );
}
