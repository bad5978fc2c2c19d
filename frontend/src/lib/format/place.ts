import { m } from '../paraglide/messages.js';

/** A place as the server names it ("Serverraum neu, Schrank 3, HE 1-3"), with its rack units in the language of the interface. */
export function placeWords(place: string): string {
  return place.replace(
    /, HE (\d+(?:-\d+)?)$/,
    (_, units: string) => `, ${m.units({ units: units.replace('-', '\u2060–\u2060') })}`,
  );
}
