import type { Channels } from '../channels/channels.ts';
import { tokenInMessageId } from '../channels/email.ts';
import type { Settings } from '../settings/settings.ts';
import type { Answered, Answers, OpenAnswer } from './answers.ts';
import { understand } from './understand.ts';

/** A mail that came in, as far as it matters here. */
export interface ReplyMail {
  readonly from: string;
  /** Message ids of In-Reply-To and References. */
  readonly answers: readonly string[];
  readonly text: string;
  /** Written by a program: an absence note, a bounce. */
  readonly automatic: boolean;
}

/** Answers by SMS and mail: only from an address that is somebody's channel, and only to what was sent to it. */
export class Replies {
  readonly #answers: Answers;
  readonly #channels: Channels;
  readonly #settings: Settings;
  readonly #askBack: (number: string, text: string) => void;

  constructor(options: {
    answers: Answers;
    channels: Channels;
    settings: Settings;
    /** Sends an SMS when it is not clear what was meant. Best effort. */
    askBack: (number: string, text: string) => void;
  }) {
    this.#answers = options.answers;
    this.#channels = options.channels;
    this.#settings = options.settings;
    this.#askBack = options.askBack;
  }

  /** "K7", or "ok" where only one thing is open for that number. */
  async bySms(from: string, text: string): Promise<void> {
    const channels = await this.#channels.open('sms');
    const own = channels.filter(
      ({ settings }) => settings.kind === 'sms' && isSameNumber(settings.number, from),
    );
    const open = await this.#answers.open(own.map(({ id }) => id));
    const { codes, yes } = understand(text, codesOf(open));
    if (codes.length > 0) return this.#acknowledge(open, codes, 'SMS');
    if (!yes) return;
    const untaken = codesOf(open.filter(({ incidentState }) => incidentState !== 'acknowledged'));
    if (untaken.size === 1) return this.#acknowledge(open, [...untaken], 'SMS');
    if (untaken.size > 1) return this.#ask(from, open, untaken);
    const test = open.find(({ kind }) => kind === 'test');
    if (test !== undefined) await this.#answers.received(test);
  }

  /**
   * The answer to a message of ours with "ok" or its code, or a new mail with a code. What programs answer counts for nothing:
   * an absence note takes over no fault.
   */
  async byMail(mail: ReplyMail): Promise<void> {
    if (mail.automatic) return;
    const channels = await this.#channels.open('email');
    const from = mail.from.trim().toLowerCase();
    const own = channels.filter(
      ({ settings }) => settings.kind === 'email' && settings.address.toLowerCase() === from,
    );
    if (own.length === 0) return;
    const open = await this.#answers.open(own.map(({ id }) => id));
    const { codes, yes } = understand(mail.text, codesOf(open));
    if (codes.length > 0) return this.#acknowledge(open, codes, 'E-Mail');
    if (!yes) return;
    for (const id of mail.answers) {
      const token = tokenInMessageId(id);
      const answered = token === null ? null : await this.#answers.byToken(token);
      if (answered === null || !own.some((channel) => channel.id === answered.channelId)) continue;
      return this.#answered(answered, 'E-Mail');
    }
  }

  async #acknowledge(open: readonly OpenAnswer[], codes: readonly string[], via: string): Promise<void> {
    for (const code of codes) {
      const answered = open.find(({ replyCode }) => replyCode === code);
      if (answered !== undefined) await this.#answered(answered, via);
    }
  }

  async #answered(answered: Answered, via: string): Promise<void> {
    if (answered.kind === 'test') await this.#answers.received(answered);
    else await this.#answers.acknowledge(answered, via);
  }

  async #ask(number: string, open: readonly OpenAnswer[], codes: ReadonlySet<string>): Promise<void> {
    const { language } = await this.#settings.read();
    const list = [...codes].slice(0, 5).map((code) => {
      const title = open.find(({ replyCode }) => replyCode === code)?.message.title[language] ?? '';
      return `${code}: ${title}`;
    });
    const question =
      language === 'de'
        ? 'Mehreres ist offen. Bitte mit dem Code antworten.'
        : 'Several are open. Please answer with the code.';
    this.#askBack(number, [question, ...list].join('\n'));
  }
}

function codesOf(open: readonly OpenAnswer[]): Set<string> {
  return new Set(open.flatMap(({ replyCode }) => (replyCode === null ? [] : [replyCode])));
}

/** Networks give numbers as +49170…, 0049170… or 0170…. Pure. */
export function isSameNumber(known: string, given: string): boolean {
  const digits = given.replace(/\D/g, '');
  const core = digits.replace(/^0+/, '');
  const own = known.replace(/\D/g, '');
  if (given.startsWith('+') || digits.startsWith('00')) return core === own;
  return core.length >= 8 && own.endsWith(core) && own.length - core.length <= 3;
}
