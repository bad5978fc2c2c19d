import type { OpenSettings } from '../../settings/settings.ts';
import type { Outcome } from '../sender.ts';
import { AtPort, ModemError } from './at.ts';
import { fromDeliver, type Received, toSubmit } from './pdu.ts';
import { signIn } from './sign-in.ts';

/** A network that is busy takes its time for one message. */
const sendMs = 60_000;
/** Answers that the modem has not told of are found by looking. */
const lookEveryMs = 30_000;

/** What the network says of a number that does not exist (3GPP TS 24.011, E.2): no later attempt helps. */
const wrongNumber: ReadonlySet<number> = new Set([1, 28]);

/**
 * The modem on a serial device: sends, and reads what comes in. All of it one after the other. Whatever goes wrong with the
 * conversation closes it; the next one begins anew, and restarts a modem that had stopped answering.
 */
export class Modem {
  readonly #open: () => Promise<OpenSettings>;
  readonly #onReceived: (message: Received) => Promise<void>;
  readonly #onError: (error: unknown) => void;
  #port: { at: AtPort; device: string; pin: string | null } | null = null;
  #queue: Promise<unknown> = Promise.resolve();
  #hung = false;
  #refusedPin: string | null = null;
  #timer: NodeJS.Timeout | null = null;
  #reference = Math.floor(Math.random() * 256);
  #complained = false;

  constructor(options: {
    open: () => Promise<OpenSettings>;
    /** Is done before the message is deleted from the modem: may be told again after a crash. */
    onReceived: (message: Received) => Promise<void>;
    onError: (error: unknown) => void;
  }) {
    this.#open = options.open;
    this.#onReceived = options.onReceived;
    this.#onError = options.onError;
  }

  /** Reads what comes in, if there is a modem. */
  start(): void {
    this.#timer = setInterval(() => this.look(), lookEveryMs);
    this.#timer.unref();
    this.look();
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    await this.#queue.catch(() => undefined);
    this.#close();
  }

  /** Reads what has come in, soon. */
  look(): void {
    void this.#inTurn(() => this.#read()).then(
      () => {
        this.#complained = false;
      },
      (error: unknown) => {
        // Once per disturbance: the channel shows it too.
        if (!this.#complained) this.#onError(error);
        this.#complained = true;
      },
    );
  }

  /** Sends one text; see Send for what it answers. */
  send(number: string, text: string): Promise<Outcome> {
    return this.#inTurn(async (): Promise<Outcome> => {
      try {
        const at = await this.#ready();
        if (at === null) return { kind: 'later', error: 'No modem has been set.' };
        this.#reference = (this.#reference + 1) % 256;
        for (const { hex, length } of toSubmit(number, text, this.#reference))
          await at.command(`AT+CMGS=${length}`, { body: hex, timeoutMs: sendMs });
        return { kind: 'sent' };
      } catch (error) {
        return this.#outcomeOf(error);
      }
    });
  }

  #outcomeOf(error: unknown): Outcome {
    const text = error instanceof Error ? error.message : String(error);
    if (error instanceof ModemError) {
      if (error.number !== null && wrongNumber.has(error.number))
        return { kind: 'refused', error: `The network does not know this number. ${text}` };
      return { kind: 'later', error: text };
    }
    this.#hung = this.#port !== null;
    this.#close();
    return { kind: 'later', error: text };
  }

  async #read(): Promise<void> {
    try {
      const at = await this.#ready();
      if (at === null) return;
      const lines = await at.command('AT+CMGL=4', { timeoutMs: 20_000 });
      for (let i = 0; i < lines.length - 1; i++) {
        const index = /^\+CMGL:\s*(\d+),\s*([01]),/.exec(lines[i] ?? '')?.[1];
        if (index === undefined) continue;
        const received = fromDeliver(lines[i + 1] ?? '');
        // What failed is reported and not kept: it must not hold up what came after it, and who is not heard is called again.
        if (received !== null)
          await this.#onReceived(received).catch((error: unknown) => this.#onError(error));
        await at.command(`AT+CMGD=${index}`);
      }
    } catch (error) {
      if (!(error instanceof ModemError)) this.#outcomeOf(error);
      throw error;
    }
  }

  /** The modem, signed in; null: none is set. */
  async #ready(): Promise<AtPort | null> {
    const { settings, secrets } = await this.#open();
    if (settings.sms?.by !== 'modem') {
      this.#close();
      return null;
    }
    const { device } = settings.sms;
    const pin = secrets.smsPin;
    const known = this.#port;
    if (known?.at.isOpen && known.device === device && known.pin === pin) return known.at;
    this.#close();
    // Three wrong ones would lock the card: each is tried once.
    if (pin !== null && pin === this.#refusedPin)
      throw new ModemError(
        'The card has refused this PIN; it is not tried again until another is set.',
        null,
      );
    const at = new AtPort({ onNews: (line) => line.startsWith('+CMTI:') && this.look() });
    try {
      await at.open(device);
      this.#port = { at, device, pin };
      await signIn(at, {
        pin,
        restart: this.#hung,
        onPinRefused: () => {
          this.#refusedPin = pin;
        },
      });
      this.#hung = false;
      return at;
    } catch (error) {
      if (error instanceof ModemError) this.#close();
      throw error;
    }
  }

  #close(): void {
    this.#port?.at.close();
    this.#port = null;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work, work);
    this.#queue = done.catch(() => undefined);
    return done;
  }
}
