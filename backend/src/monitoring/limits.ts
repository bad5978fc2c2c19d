import { type MetricId, metric } from '@rackhaus/config/contract';

/** A limit of a rule as people write it: `{ de: "27 °C", en: "27 °C" }`, ratios as percent, times in minutes. */
export function limitText(id: MetricId, value: number): { de: string; en: string } {
  const { unit } = metric(id);
  const write = (number: number, suffix: { de: string; en: string }) => ({
    de: `${number.toLocaleString('de-DE')}${suffix.de}`,
    en: `${number.toLocaleString('en-GB')}${suffix.en}`,
  });
  switch (unit) {
    case 'ratio':
      return write(Math.round(value * 100), { de: ' %', en: '%' });
    case 's':
      return value % 60 === 0
        ? write(value / 60, { de: ' min', en: ' min' })
        : write(value, { de: ' s', en: ' s' });
    case '1/s':
      return write(value, { de: ' je Sekunde', en: ' per second' });
    case '':
      return write(value, { de: '', en: '' });
    default:
      return write(value, { de: ` ${unit}`, en: ` ${unit}` });
  }
}
