import type { Logger } from 'pino';
import type { Echo } from '../ping/echo.ts';

const everyMs = 10_000;
/** Gateways answer pings last of all that they do: a few lost ones are no outage. */
const attempts = 3;

/**
 * Asks the gateway whether this agent still has a network. Only one that has answered before is believed when it does not: many
 * answer no ping at all. A silent gateway says nothing either while other machines answer.
 */
export class GatewayWitness {
  readonly #gateway: () => Promise<string | null>;
  readonly #echo: (host: string, signal: AbortSignal) => Promise<Echo>;
  readonly #othersAnswer: (silentSince: number) => boolean;
  readonly #monotonicMs: () => number;
  readonly #tell: (answers: boolean) => void;
  readonly #log: Logger;
  #stopping = new AbortController();
  #timer: NodeJS.Timeout | null = null;
  #busy: Promise<void> | null = null;
  /** The last one that answered: a route that has gone along with its interface is asked for all the same. */
  #known: string | null = null;
  /** When it was asked first of all the times that it has not answered since. */
  #silentSince: number | null = null;
  #complained = false;

  constructor(options: {
    gateway: () => Promise<string | null>;
    echo: (host: string, signal: AbortSignal) => Promise<Echo>;
    /** Whether other machines show that there is a network, though the gateway has not answered since then; see last-answers.ts. */
    othersAnswer: (silentSince: number) => boolean;
    monotonicMs: () => number;
    /** Called with whether there is a network, each time that it is known. */
    tell: (answers: boolean) => void;
    log: Logger;
  }) {
    this.#gateway = options.gateway;
    this.#echo = options.echo;
    this.#othersAnswer = options.othersAnswer;
    this.#monotonicMs = options.monotonicMs;
    this.#tell = options.tell;
    this.#log = options.log;
  }

  start(): void {
    this.#timer = setInterval(() => void this.ask(), everyMs);
    void this.ask();
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#stopping.abort();
    await this.#busy;
  }

  /** Asks once. Never rejects. */
  ask(): Promise<void> {
    this.#busy ??= this.#askNow()
      .catch((error: unknown) => {
        if (this.#stopping.signal.aborted) return;
        if (!this.#complained) this.#log.warn({ err: error }, 'the gateway cannot be asked');
        this.#complained = true;
      })
      .finally(() => {
        this.#busy = null;
      });
    return this.#busy;
  }

  async #askNow(): Promise<void> {
    const { signal } = this.#stopping;
    const gateway = (await this.#gateway()) ?? this.#known;
    if (gateway === null) return;
    const asked = this.#monotonicMs();
    if (await this.#answers(gateway, signal)) {
      this.#known = gateway;
      this.#silentSince = null;
      this.#tell(true);
    } else if (this.#known !== null) {
      this.#silentSince ??= asked;
      this.#tell(this.#othersAnswer(this.#silentSince));
    }
  }

  async #answers(gateway: string, signal: AbortSignal): Promise<boolean> {
    for (let attempt = 0; attempt < attempts; attempt++)
      if ((await this.#echo(gateway, signal)).rttMs !== null) return true;
    return false;
  }
}
