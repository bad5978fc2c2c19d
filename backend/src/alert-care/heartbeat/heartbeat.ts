import type { AlertPath, AlertSettings } from '@rackhaus/config/contract';
import type { Incidents } from '../../alerting/parts.ts';
import { type Outgoing, OutgoingRefused } from '../../outgoing/outgoing.ts';

const patienceMs = 10_000;
/** One that is lost is no reason to wake anybody. */
const failuresInARow = 3;

/** Why no heartbeat is sent; null: all is well. For people who administer this server. */
export type Unwell = () => Promise<string | null>;

/**
 * Calls an address outside as long as all is well: whoever listens there notices when it stops. What is wrong here is not told
 * there; silence is the alarm.
 */
export class Heartbeat {
  readonly #settings: { read(): Promise<AlertSettings>; onChange(listener: () => void): () => void };
  readonly #outside: Pick<Outgoing, 'fetch'>;
  readonly #unwell: Unwell;
  readonly #incidents: Pick<Incidents, 'report'>;
  readonly #now: () => number;
  readonly #onError: (message: string, error: unknown) => void;
  #stopSettings: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> = Promise.resolve();
  #stopped = true;
  /** Counts settings; a beat that began under others says nothing of these. */
  #round = 0;
  #configured = false;
  #lastAt: number | null = null;
  #error: string | null = null;
  #failures = 0;
  #failingSince: number | null = null;

  constructor(options: {
    settings: { read(): Promise<AlertSettings>; onChange(listener: () => void): () => void };
    outside: Pick<Outgoing, 'fetch'>;
    unwell: Unwell;
    incidents: Pick<Incidents, 'report'>;
    now: () => number;
    onError: (message: string, error: unknown) => void;
  }) {
    this.#settings = options.settings;
    this.#outside = options.outside;
    this.#unwell = options.unwell;
    this.#incidents = options.incidents;
    this.#now = options.now;
    this.#onError = options.onError;
  }

  /** null: there is none. */
  get state(): AlertPath['heartbeat'] {
    return this.#configured ? { lastAt: this.#lastAt, error: this.#error } : null;
  }

  start(): void {
    this.#stopped = false;
    this.#stopSettings = this.#settings.onChange(() => this.#anew());
    this.#anew();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopSettings?.();
    clearTimeout(this.#timer);
    await this.#beating;
  }

  #anew(): void {
    if (this.#stopped) return;
    this.#round++;
    this.#lastAt = null;
    this.#error = null;
    this.#failures = 0;
    this.#failingSince = null;
    this.#wait(0);
  }

  #wait(ms: number): void {
    clearTimeout(this.#timer);
    const round = this.#round;
    this.#timer = setTimeout(() => {
      this.#beating = this.#beat(round).catch((error: unknown) => {
        this.#onError('the heartbeat could not be sent', error);
        if (round === this.#round && !this.#stopped) this.#wait(60_000);
      });
    }, ms);
  }

  async #beat(round: number): Promise<void> {
    const { heartbeat } = await this.#settings.read();
    if (round !== this.#round || this.#stopped) return;
    this.#configured = heartbeat !== null;
    if (heartbeat === null) {
      this.#report();
      return;
    }
    const began = performance.now();
    const unwell = await this.#unwell();
    const error = unwell ?? (await call(this.#outside, heartbeat.url));
    if (round !== this.#round || this.#stopped) return;
    if (error === null) this.#lastAt = this.#now();
    this.#error = error;
    // What keeps it silent on purpose is told by who has noticed it.
    this.#failures = error === null || unwell !== null ? 0 : this.#failures + 1;
    this.#failingSince = this.#failures === 0 ? null : (this.#failingSince ?? this.#now());
    this.#report();
    this.#wait(Math.max(1000, heartbeat.everySeconds * 1000 - (performance.now() - began)));
  }

  #report(): void {
    const since = this.#failingSince;
    this.#incidents.report(
      'heartbeat',
      since === null || this.#failures < failuresInARow
        ? []
        : [
            {
              id: 'failing',
              severity: 'warning',
              title: {
                de: 'Der Herzschlag nach außen kommt nicht an',
                en: 'The heartbeat does not arrive outside',
              },
              advice: {
                de: 'Bitte Adresse und Internetzugang des Servers prüfen. Wer draußen darauf hört, hält Rackhaus sonst für ausgefallen.',
                en: 'Please check the address and the internet access of the server. Whoever listens outside takes Rackhaus for dead otherwise.',
              },
              place: '',
              since,
            },
          ],
    );
  }
}

/** @returns what went wrong; null: it arrived. The address is a secret of its own and is in no message. */
async function call(outside: Pick<Outgoing, 'fetch'>, url: string): Promise<string | null> {
  try {
    const reply = await outside.fetch(url, {
      redirect: 'follow',
      timeoutMs: patienceMs,
      headers: { 'user-agent': 'Rackhaus' },
    });
    await reply.body?.cancel();
    return reply.ok ? null : `HTTP ${reply.status}`;
  } catch (error) {
    return reasonOf(error);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error instanceof OutgoingRefused) return 'this server may not connect there';
  if (error.name === 'TimeoutError') return `no answer within ${patienceMs / 1000} s`;
  const { cause } = error;
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return error.name;
}
