import type { Unit } from '@rackhaus/config/contract';

/** Numbers for people, in their language: `de` writes 22,4 °C and `en` 22.4 °C. A narrow no-break space stands before units. */
export class Quantities {
  #language: string;
  #formats = new Map<string, Intl.NumberFormat>();

  constructor(language: string) {
    this.#language = language;
  }

  number(value: number, decimals = 0): string {
    const key = `${decimals}`;
    let format = this.#formats.get(key);
    if (!format) {
      format = new Intl.NumberFormat(this.#language, {
        minimumFractionDigits: decimals,
        maximumFractionDigits: decimals,
      });
      this.#formats.set(key, format);
    }
    return format.format(value);
  }

  /** Ratio 0..1 as per cent. */
  percent(ratio: number, decimals = 0): string {
    return `${this.number(ratio * 100, decimals)}\u202f%`;
  }
  temperature(celsius: number): string {
    return `${this.number(celsius, 1)}\u202f°C`;
  }
  power(watts: number): string {
    return Math.abs(watts) >= 1000
      ? `${this.number(watts / 1000, 2)}\u202fkW`
      : `${this.number(watts)}\u202fW`;
  }
  /** bit/s with decimal prefixes, three digits at most. */
  rate(bitsPerSecond: number): string {
    return this.#prefixed(bitsPerSecond, 1000, ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s']);
  }
  /** Bytes with binary prefixes, as systems count storage. */
  bytes(bytes: number): string {
    return this.#prefixed(bytes, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']);
  }
  /** Seconds in the two largest fitting units: `2 d 3 h`, `1 h 05 min`, `23 min`, `12 s`. */
  duration(seconds: number): string {
    const whole = Math.max(0, Math.round(seconds));
    const day = this.#language.startsWith('de') ? 'T' : 'd';
    if (whole >= 86_400)
      return `${Math.floor(whole / 86_400)} ${day} ${Math.floor((whole % 86_400) / 3600)} h`;
    if (whole >= 3600)
      return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
    if (whole >= 60) return `${Math.floor(whole / 60)} min`;
    return `${whole} s`;
  }
  /** A value of the metric catalogue in its unit. */
  inUnit(value: number, unit: Unit, decimals: number): string {
    switch (unit) {
      case 'bit/s':
        return this.rate(value);
      case 'byte':
        return this.bytes(value);
      case 's':
        return Math.abs(value) < 1 ? `${this.number(value * 1000, 1)}\u202fms` : this.duration(value);
      case 'ms-epoch':
        return this.moment(value, Date.now());
      case 'ratio':
        return this.percent(value, value < 0.1 ? 1 : 0);
      case 'W':
        return this.power(value);
      case 'VA':
        return this.#prefixed(value, 1000, ['VA', 'kVA', 'MVA']);
      case 'Wh':
        return this.#prefixed(value, 1000, ['Wh', 'kWh', 'MWh', 'GWh']);
      case 'Pa':
        return this.#prefixed(value, 1000, ['Pa', 'kPa', 'MPa']);
      case 'm':
        return this.#prefixed(value, 1000, ['m', 'km']);
      case '1/s':
        return `${this.number(value, value === 0 ? 0 : 2)}\u202f/s`;
      case 'rpm':
        return `${this.number(value)}\u202f${this.#language.startsWith('de') ? 'U/min' : 'rpm'}`;
      // Mains to a tenth, what chips run on to a hundredth: as far as anybody compares them.
      case 'V':
        return `${this.number(value, Math.min(decimals, Math.abs(value) >= 10 ? 1 : 2))}\u202fV`;
      case 'A':
        return value !== 0 && Math.abs(value) < 0.1 && decimals > 3
          ? `${this.number(value * 1000, 1)}\u202fmA`
          : `${this.number(value, Math.min(decimals, Math.abs(value) >= 10 ? 1 : 2))}\u202fA`;
      default:
        return `${this.number(value, Math.max(0, decimals))}${unit === '' ? '' : `\u202f${unit}`}`;
    }
  }
  /** A time as said today: `10:42`; on another day with its date. */
  moment(time: number, now: number): string {
    const at = new Date(time);
    const clock = at.toLocaleTimeString(this.#language, { hour: '2-digit', minute: '2-digit' });
    if (at.toDateString() === new Date(now).toDateString()) return clock;
    const sameYear = at.getFullYear() === new Date(now).getFullYear();
    const date = at.toLocaleDateString(this.#language, {
      day: 'numeric',
      month: 'short',
      ...(sameYear ? {} : { year: 'numeric' }),
    });
    return `${date}, ${clock}`;
  }
  /** With seconds: `10:42:07`. */
  clock(time: number): string {
    return new Date(time).toLocaleTimeString(this.#language);
  }

  #prefixed(value: number, base: number, units: readonly string[]): string {
    let scaled = value;
    let index = 0;
    while (Math.abs(scaled) >= base && index < units.length - 1) {
      scaled /= base;
      index++;
    }
    const decimals = index === 0 || Math.abs(scaled) >= 100 ? 0 : Math.abs(scaled) >= 10 ? 1 : 2;
    // Whole values stay whole: a port runs at 1 Gbit/s, not at 1.00.
    const text = Number.isInteger(scaled) ? this.number(scaled) : this.number(scaled, decimals);
    return `${text}\u202f${units[index]}`;
  }
}
