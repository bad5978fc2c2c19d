import type { DeviceRole, Headline } from '@rackhaus/config/contract';
import type { Quantities } from '../format/quantity.ts';

/** What a device's own display shows: at most two lines, none where nothing is known. */
export function displayLines(
  role: DeviceRole,
  headline: Headline,
  quantities: Quantities,
  words: { load: (percent: string) => string },
): string[] {
  const both = (...parts: (string | null)[]) => parts.filter((part) => part !== null).join(' · ');
  const { charge, runtime, load, temperature, humidity, power } = headline;
  const lines =
    role === 'ups'
      ? [
          both(
            charge === undefined ? null : quantities.percent(charge),
            runtime === undefined ? null : quantities.duration(runtime),
          ),
          load === undefined ? '' : words.load(quantities.percent(load)),
        ]
      : [
          both(
            temperature === undefined ? null : quantities.temperature(temperature),
            humidity === undefined ? null : quantities.percent(humidity),
          ),
          power === undefined ? '' : quantities.power(power),
        ];
  return lines.filter((line) => line !== '');
}
