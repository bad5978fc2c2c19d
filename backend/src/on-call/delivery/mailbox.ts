import { isIP } from 'node:net';
import { ImapFlow } from 'imapflow';
import type { Outside } from '../channels/http-request.ts';
import type { OpenSettings, Settings } from '../settings/settings.ts';

/** Where the server does not tell of new mail by itself. */
const lookEveryMs = 30_000;
const againAfterMs = 30_000;
const mostAtOnce = 50;
/** An answer stands at the beginning; what is attached is not fetched. */
const mostOctets = 200_000;
const timeoutMs = 20_000;

/**
 * Reads the mailbox for answers (IMAP), told by the server when something comes (IDLE). Each mail is marked as seen after it has
 * been dealt with: after a crash it is dealt with again, which changes nothing.
 */
export class Mailbox {
  readonly #outside: Outside;
  readonly #settings: Settings;
  readonly #onMail: (source: Uint8Array) => Promise<void>;
  readonly #onError: (error: unknown) => void;
  #ended: AbortController | null = null;
  #running: Promise<void> = Promise.resolve();
  #unsubscribe: () => void = () => undefined;
  #complained = false;

  constructor(options: {
    outside: Outside;
    settings: Settings;
    onMail: (source: Uint8Array) => Promise<void>;
    onError: (error: unknown) => void;
  }) {
    this.#outside = options.outside;
    this.#settings = options.settings;
    this.#onMail = options.onMail;
    this.#onError = options.onError;
  }

  start(): void {
    this.#unsubscribe = this.#settings.onChange(() => this.#begin());
    this.#begin();
  }

  async stop(): Promise<void> {
    this.#unsubscribe();
    this.#ended?.abort();
    await this.#running;
  }

  /** Ends what runs, and begins by the settings as they are now. */
  #begin(): void {
    this.#ended?.abort();
    const ended = new AbortController();
    this.#ended = ended;
    this.#running = this.#running.then(() => this.#run(ended.signal));
  }

  async #run(ended: AbortSignal): Promise<void> {
    while (!ended.aborted) {
      try {
        const open = await this.#settings.open();
        if (open.settings.mailbox === null) return;
        await this.#follow(open, ended);
      } catch (error) {
        if (ended.aborted) return;
        // Once per disturbance.
        if (!this.#complained) this.#onError(error);
        this.#complained = true;
        await pause(againAfterMs, ended);
      }
    }
  }

  /** Reads until the connection or this ends. */
  async #follow({ settings, secrets }: OpenSettings, ended: AbortSignal): Promise<void> {
    const { mailbox } = settings;
    if (mailbox === null) return;
    const client = new ImapFlow({
      host: await this.#outside.resolve(mailbox.host),
      ...(isIP(mailbox.host) === 0 ? { servername: mailbox.host } : {}),
      port: mailbox.port,
      secure: mailbox.security === 'tls',
      doSTARTTLS: mailbox.security === 'tls' ? undefined : mailbox.security === 'starttls',
      auth: { user: mailbox.user, pass: secrets.mailboxPassword ?? '' },
      logger: false,
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: 4 * lookEveryMs,
    });
    let news: () => void = () => undefined;
    client.on('error', () => client.close());
    client.on('close', () => news());
    client.on('exists', () => news());
    const close = (): void => client.close();
    ended.addEventListener('abort', close);
    try {
      await client.connect();
      await client.mailboxOpen('INBOX');
      while (!ended.aborted && client.usable) {
        // Asked for before looking: what comes meanwhile is not missed.
        const next = new Promise<void>((resolve) => {
          news = resolve;
        });
        await this.#read(client);
        this.#complained = false;
        // The next command ends it; what goes wrong closes the connection, which is told by itself.
        client.idle().catch(() => client.close());
        const timer = new AbortController();
        await Promise.race([next, pause(lookEveryMs, AbortSignal.any([ended, timer.signal]))]);
        timer.abort();
      }
    } finally {
      ended.removeEventListener('abort', close);
      client.close();
    }
  }

  async #read(client: ImapFlow): Promise<void> {
    const unseen = (await client.search({ seen: false }, { uid: true })) || [];
    for (const uid of unseen.slice(0, mostAtOnce)) {
      const mail = await client.fetchOne(
        String(uid),
        { source: { start: 0, maxLength: mostOctets } },
        { uid: true },
      );
      // One that cannot be dealt with must not hold up those behind it; who is not heard is called again.
      if (mail && mail.source !== undefined)
        await this.#onMail(mail.source).catch((error: unknown) => this.#onError(error));
      await client.messageFlagsAdd(String(uid), ['\\Seen'], { uid: true });
    }
  }
}

/** Ends early where `ended` says so. */
function pause(ms: number, ended: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (ended.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      ended.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    ended.addEventListener('abort', end);
  });
}
