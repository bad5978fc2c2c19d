import type { OpenSettings } from '../settings/settings.ts';
import type { Outside } from './http-request.ts';
import type { Outcome, Send } from './sender.ts';
import { mostSmsCharacters, sendByGateway } from './sms-gateway.ts';

/** Sends one text to a number by the modem; see modem/modem.ts. */
export type SendByModem = (number: string, text: string) => Promise<Outcome>;

/** SMS by modem or gateway, as is set. There is no key of repeats in SMS: one that was sent twice arrives twice. */
export function smsSender(deps: {
  outside: Outside;
  open: () => Promise<OpenSettings>;
  byModem: SendByModem;
}): Send {
  return async (channel, { words, key }) => {
    if (channel.settings.kind !== 'sms') return { kind: 'gone', error: 'This is no telephone number.' };
    const opened = await deps.open();
    const { number } = channel.settings;
    // The link and the code stand at the end and must stay; what is in between gives way.
    const text = shortened(words.short, words.headline);
    if (opened.settings.sms === null)
      return { kind: 'later', error: 'Neither modem nor gateway has been set for SMS.' };
    return opened.settings.sms.by === 'modem'
      ? deps.byModem(number, text)
      : sendByGateway(deps.outside, number, text, key, opened);
  };
}

/** Cuts in the middle where a text is too long: what comes first and how to answer both stay. Pure. */
export function shortened(text: string, headline: string): string {
  if (text.length <= mostSmsCharacters) return text;
  const tail = text.slice(-200);
  const head = text.slice(0, Math.max(mostSmsCharacters - tail.length - 3, Math.min(headline.length, 300)));
  return `${head}...${tail}`;
}
