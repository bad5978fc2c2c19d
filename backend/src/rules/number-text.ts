import type { BilingualText, Unit } from '@rackhaus/config/contract';

const day = 86_400;

/** A number as people write it: `{ de: "27 °C", en: "27 °C" }`, ratios as percent, times in what is short. */
export function numberText(unit: Unit, value: number): BilingualText {
  const size = Math.abs(value);
  const words = (number: number, locale: string) => number.toLocaleString(locale).replace('-', '−');
  const write = (number: number, suffix: BilingualText) => ({
    de: `${words(number, 'de-DE')}${suffix.de}`,
    en: `${words(number, 'en-GB')}${suffix.en}`,
  });
  switch (unit) {
    case 'ratio':
      return write(Math.round(value * 1000) / 10, { de: ' %', en: '%' });
    case 's':
      if (size >= 2 * day && value % day === 0) return write(value / day, { de: ' Tage', en: ' days' });
      if (size >= 2 * 3600 && value % 3600 === 0) return write(value / 3600, { de: ' h', en: ' h' });
      return size >= 60 && value % 60 === 0
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

/** A number after "in" or "seit", in German: "in weniger als 30 Tagen". */
export function dative(german: string): string {
  return german.replace(/ Tage$/, ' Tagen');
}
