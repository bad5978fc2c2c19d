import Holidays from 'date-holidays';

/** Name of each holiday by its date, `2026-12-25`. */
export type HolidayNames = ReadonlyMap<string, string>;

/** Days on which nobody works in a state of Germany, by law; `state` as DE-NW. Years are calculated once each. */
export class PublicHolidays {
  readonly #years = new Map<string, HolidayNames>();

  of(state: string | null, year: number): HolidayNames {
    if (state === null) return new Map();
    const key = `${state} ${year}`;
    const known = this.#years.get(key);
    if (known !== undefined) return known;
    const calendar = new Holidays('DE', state.slice('DE-'.length), { types: ['public'] });
    const names = new Map(
      calendar.getHolidays(year, 'de').map(({ date, name }) => [date.slice(0, 10), name] as const),
    );
    this.#years.set(key, names);
    return names;
  }

  /** The holidays' name of that day; undefined: it is an ordinary one. */
  nameOf(state: string | null, date: string): string | undefined {
    return this.of(state, Number(date.slice(0, 4))).get(date);
  }
}

/** Whether there is such a state: `DE-NW`. */
export function isState(state: string): boolean {
  return Object.hasOwn(new Holidays('DE').getStates('DE'), state.slice('DE-'.length));
}
