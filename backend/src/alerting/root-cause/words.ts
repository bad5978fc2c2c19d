import type { BilingualText } from '@rackhaus/config/contract';

/** What else would look the same, in words. */
export const words = {
  cable: (labels: readonly string[]): BilingualText => ({
    de: `Auch möglich: Kabel ${list(labels, 'oder')} ausgesteckt oder defekt.`,
    en: `Also possible: cable ${list(labels, 'or')} unplugged or broken.`,
  }),
  cableBetween: (a: string, b: string): BilingualText => ({
    de: `Auch möglich: das Kabel zwischen ${a} und ${b} ist ausgesteckt oder defekt.`,
    en: `Also possible: the cable between ${a} and ${b} is unplugged or broken.`,
  }),
  cord: (labels: readonly string[]): BilingualText => ({
    de: `Auch möglich: Stromkabel ${list(labels, 'oder')} ausgesteckt.`,
    en: `Also possible: power cord ${list(labels, 'or')} unplugged.`,
  }),
  onTheWay: (labels: readonly string[]): BilingualText => ({
    de: `Auf dem Weg liegt auch ${list(labels, 'und')}.`,
    en: `On the way there is ${list(labels, 'and')} as well.`,
  }),
  supply: (name: string): BilingualText => ({
    de: `Auch möglich: ${name} gibt keinen Strom ab.`,
    en: `Also possible: ${name} supplies no power.`,
  }),
  management: (): BilingualText => ({
    de: 'Was daran hängt, läuft: Vermutlich antwortet nur die Verwaltung des Geräts nicht.',
    en: 'What hangs on it works: probably only the management of the device does not answer.',
  }),
  fuse: (): BilingualText => ({
    de: 'Auch möglich: Die Sicherung oder Einspeisung davor hat ausgelöst.',
    en: 'Also possible: the breaker or the feed in front of it has tripped.',
  }),
  lineTo: (site: string): BilingualText => ({
    de: `Auch möglich: Die Leitung zum Standort ${site} ist gestört.`,
    en: `Also possible: the line to the site ${site} has failed.`,
  }),
  siteDark: (site: string): BilingualText => ({
    de: `Auch möglich: Am Standort ${site} fehlt der Strom.`,
    en: `Also possible: the site ${site} has no power.`,
  }),
  firstHop: (name: string): BilingualText => ({
    de: `Auch möglich: ${name} ist ausgefallen. Was dahinter liegt, lässt sich von hier nicht beurteilen.`,
    en: `Also possible: ${name} has failed. What lies behind it cannot be judged from here.`,
  }),
  agentHost: (name: string): BilingualText => ({
    de: `Auch möglich: ${name}, auf dem der Agent läuft, ist ausgefallen oder vom Netz getrennt.`,
    en: `Also possible: ${name}, on which the agent runs, has failed or is cut off from the network.`,
  }),
};

function list(names: readonly string[], last: 'oder' | 'und' | 'or' | 'and'): string {
  const few = names.slice(0, 4);
  return few.length < 2 ? few.join('') : `${few.slice(0, -1).join(', ')} ${last} ${few.at(-1)}`;
}

/** Those that there are. */
export function texts(...found: readonly (BilingualText | null)[]): BilingualText[] {
  return found.filter((text) => text !== null);
}
