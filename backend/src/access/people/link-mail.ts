import type { AccountLinkKind, MadeAccountLink } from '@rackhaus/config/contract';

/** What a link is sent with. */
export interface LinkLetter {
  readonly kind: AccountLinkKind;
  readonly url: string;
  readonly expiresAt: number;
  readonly name: string;
  /** Who has made it. */
  readonly by: string;
}

/** Sends one text by the mail server that is set for alerting; null: none is set. */
export type SendText = (letter: { to: string; subject: string; text: string }) => Promise<'sent' | null>;

/** Sends invitations and links for a new password. That it did not work is said, not thrown: the link is on the screen too. */
export class LinkMail {
  readonly #send: SendText;
  readonly #words: () => Promise<{ language: 'de' | 'en'; timeZone: string }>;
  readonly #onError: (error: unknown) => void;

  constructor(options: {
    send: SendText;
    words: () => Promise<{ language: 'de' | 'en'; timeZone: string }>;
    onError: (error: unknown) => void;
  }) {
    this.#send = options.send;
    this.#words = options.words;
    this.#onError = options.onError;
  }

  async send(to: string, letter: LinkLetter): Promise<NonNullable<MadeAccountLink['mail']>> {
    try {
      const { language, timeZone } = await this.#words();
      const sent = await this.#send({ to, ...letterText(letter, language, timeZone) });
      return sent ?? 'no-server';
    } catch (error) {
      this.#onError(error);
      return 'failed';
    }
  }
}

/** Subject and text in one language. */
export function letterText(
  { kind, url, expiresAt, name, by }: LinkLetter,
  language: 'de' | 'en',
  timeZone: string,
): { subject: string; text: string } {
  const until = new Intl.DateTimeFormat(language === 'de' ? 'de-DE' : 'en-GB', {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone,
  }).format(expiresAt);
  if (language === 'de')
    return {
      subject: kind === 'invitation' ? 'Einladung zu Rackhaus' : 'Rackhaus: neues Passwort setzen',
      text: [
        `Guten Tag ${name},`,
        kind === 'invitation'
          ? `${by} hat für Sie ein Konto in Rackhaus angelegt. Mit diesem Link setzen Sie Ihr Passwort:`
          : `${by} hat für Sie einen Link angelegt, mit dem Sie in Rackhaus ein neues Passwort setzen:`,
        url,
        `Der Link gilt einmal und bis ${until} Uhr. Haben Sie ihn nicht erwartet, wenden Sie sich bitte an die IT.`,
      ].join('\n\n'),
    };
  return {
    subject: kind === 'invitation' ? 'Invitation to Rackhaus' : 'Rackhaus: set a new password',
    text: [
      `Hello ${name},`,
      kind === 'invitation'
        ? `${by} has made an account for you in Rackhaus. Use this link to set your password:`
        : `${by} has made a link with which you set a new password in Rackhaus:`,
      url,
      `The link works once, until ${until}. If you did not expect it, please ask your IT department.`,
    ].join('\n\n'),
  };
}
