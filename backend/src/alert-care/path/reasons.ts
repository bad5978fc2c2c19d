import type { BilingualText } from '@rackhaus/config/contract';
import { dominatorsOf } from '../../cabling/graph/dominators.ts';
import { singleSupplies } from '../../cabling/graph/impact.ts';
import type { Need, Ways } from './ways.ts';

/** Why the fault of a device silences a channel, by the nearest reason. `kind`: of the channel. */
export function reasonFor(ways: Ways): (device: number, need: Need, kind: string) => BilingualText {
  const { site, server } = ways;
  const onEveryWay = new Set(
    dominatorsOf(site.network.whole, 0, site.node(server) ?? 0).flatMap((node) => {
      const device = site.devices[node - 1];
      return device === undefined ? [] : [device.id];
    }),
  );
  const feeds = new Set(singleSupplies(site, server));
  return (device, need, kind) => {
    if (device === server) return texts.server;
    if (need.devices.includes(device)) return kind === 'email' ? texts.mail : texts.modem;
    if (feeds.has(device)) return texts.feedsServer;
    if (need.outside && onEveryWay.has(device)) return texts.way;
    const behind = need.devices.some((each) => singleSupplies(site, each).includes(device));
    if (behind) return kind === 'email' ? texts.feedsMail : texts.feedsModem;
    return need.outside ? texts.feedsWay : texts.between;
  };
}

const texts = {
  server: { de: 'Darauf läuft Rackhaus.', en: 'Rackhaus runs on it.' },
  mail: { de: 'Es ist der Mailserver.', en: 'It is the mail server.' },
  modem: { de: 'Daran hängt das Modem.', en: 'The modem hangs on it.' },
  feedsServer: {
    de: 'Versorgt als einziges den Server von Rackhaus mit Strom.',
    en: 'It alone supplies the server of Rackhaus with power.',
  },
  way: { de: 'Liegt auf jedem Weg ins Internet.', en: 'It lies on every way into the internet.' },
  feedsMail: {
    de: 'Versorgt als einziges den Mailserver mit Strom.',
    en: 'It alone supplies the mail server with power.',
  },
  feedsModem: {
    de: 'Versorgt als einziges das Modem mit Strom.',
    en: 'It alone supplies the modem with power.',
  },
  feedsWay: {
    de: 'Alle Wege ins Internet hängen an seinem Strom.',
    en: 'All ways into the internet depend on its power.',
  },
  between: { de: 'Liegt auf jedem Weg dorthin.', en: 'It lies on every way there.' },
} satisfies Record<string, BilingualText>;

/** What cannot be said of a channel, and why. */
export const unknowns = {
  server: {
    de: 'Es ist nicht angegeben, auf welchem Gerät Rackhaus läuft.',
    en: 'It has not been said on which device Rackhaus runs.',
  },
  way: {
    de: 'Von diesem Server ist kein Weg ins Internet dokumentiert.',
    en: 'No way into the internet is documented from this server.',
  },
  noMail: { de: 'E-Mail ist nicht eingerichtet.', en: 'E-mail is not set up.' },
  noSms: { de: 'SMS ist nicht eingerichtet.', en: 'SMS is not set up.' },
  mail: {
    de: 'Es ist nicht angegeben, welches Gerät der Mailserver ist.',
    en: 'It has not been said which device is the mail server.',
  },
  modem: {
    de: 'Es ist nicht angegeben, an welchem Gerät das Modem hängt.',
    en: 'It has not been said on which device the modem hangs.',
  },
  local: {
    de: 'Wo Sirene oder Lampe angeschlossen ist, ist nicht dokumentiert.',
    en: 'Where the siren or lamp is connected is not documented.',
  },
} satisfies Record<string, BilingualText>;
