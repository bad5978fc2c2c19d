import { readFileSync } from 'node:fs';
import { ProfilesForAgent, type ProfilesTaken } from '@rackhaus/config/contract';
import { type ProfileSet, readOwnProfiles } from '@rackhaus/config/profiles';
import type { Logger } from 'pino';
import { pause, retryDelayMs } from '../delivery/back-off.ts';
import { BackendAwayError, type BackendClient } from '../delivery/backend-client.ts';
import { OncePerMinute } from '../log.ts';
import { writePrivateFile } from '../private-file.ts';
import type { LiveProfiles } from './live-profiles.ts';

const timeoutMs = 20_000;
/** Of what is told with each question: headers are to stay short. */
const headerMost = { refused: 5, characters: 150 } as const;

/**
 * The profiles that people have written: fetched when the assignment names another hash, kept in a file so that they are
 * there while the backend is away, and put in use without a restart. Whatever goes wrong, polling goes on with what there is.
 */
export class OwnProfiles {
  readonly #file: string;
  readonly #client: BackendClient;
  readonly #shipped: ProfileSet;
  readonly #live: LiveProfiles;
  readonly #log: Logger;
  readonly #complaint = new OncePerMinute();
  readonly #stopping = new AbortController();
  #wanted: string | null = null;
  #used: string | null = null;
  #refused: ProfilesTaken['refused'] = [];
  #running: Promise<void> | null = null;
  #telling: Promise<void> = Promise.resolve();

  constructor(options: {
    file: string;
    client: BackendClient;
    shipped: ProfileSet;
    live: LiveProfiles;
    log: Logger;
  }) {
    this.#file = options.file;
    this.#client = options.client;
    this.#shipped = options.shipped;
    this.#live = options.live;
    this.#log = options.log;
  }

  /** Takes up those of the file. */
  start(): void {
    let text: string;
    try {
      text = readFileSync(this.#file, 'utf8');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT'))
        this.#log.warn({ err: error }, 'the saved profiles cannot be read; waiting for the backend');
      return;
    }
    try {
      this.#use(ProfilesForAgent.parse(JSON.parse(text)));
    } catch (error) {
      this.#log.warn({ err: error }, 'the saved profiles cannot be understood; waiting for the backend');
    }
  }

  /** Which are used, for a header: a backend that was started anew does not know it. Long reasons are cut. */
  get taken(): string {
    const refused = this.#refused
      .slice(0, headerMost.refused)
      .map(({ id, message }) => ({ id, message: message.slice(0, headerMost.characters) }));
    return encodeURIComponent(JSON.stringify({ hash: this.#used ?? '', refused } satisfies ProfilesTaken));
  }

  /** The assignment names this hash; undefined: there are no own profiles. */
  follow(hash: string | undefined): void {
    this.#wanted = hash ?? '';
    if (this.#wanted === (this.#used ?? '')) return;
    this.#running ??= this.#fetch().finally(() => {
      this.#running = null;
    });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await this.#telling;
  }

  async #fetch(): Promise<void> {
    const { signal } = this.#stopping;
    for (let failures = 0; this.#wanted !== (this.#used ?? '') && !signal.aborted; failures++) {
      if (failures > 0) await pause(retryDelayMs(failures, Math.random()), signal);
      if (signal.aborted) return;
      const problem = this.#wanted === '' ? this.#take({ hash: '', profiles: [] }) : await this.#ask(signal);
      if (signal.aborted) return;
      if (problem !== null && this.#complaint.due())
        this.#log.warn({ problem }, 'the own profiles cannot be fetched; polling goes on with those before');
    }
  }

  /** What is wrong; null: they are in use. */
  async #ask(signal: AbortSignal): Promise<string | null> {
    try {
      const reply = await this.#client.request({
        method: 'GET',
        path: 'api/agent/profiles',
        timeoutMs,
        signal,
      });
      if (reply.status !== 200) return `the backend answered ${reply.status}`;
      const parsed = ProfilesForAgent.safeParse(JSON.parse(reply.body.toString('utf8')));
      if (!parsed.success) return `the answer cannot be understood: ${parsed.error.issues[0]?.message}`;
      // What was activated meanwhile is as good: the next assignment names it.
      this.#wanted = parsed.data.hash;
      this.#take(parsed.data);
      return null;
    } catch (error) {
      if (error instanceof BackendAwayError) return error.message;
      if (error instanceof SyntaxError) return 'the answer is not JSON';
      throw error;
    }
  }

  #take(given: ProfilesForAgent): null {
    const refused = this.#use(given);
    try {
      writePrivateFile(this.#file, JSON.stringify(given));
    } catch (error) {
      this.#log.error({ err: error }, 'the own profiles cannot be saved; they are used all the same');
    }
    this.#telling = this.#tell({ hash: given.hash, refused }).catch((error: unknown) =>
      this.#log.error({ err: error }, 'which profiles are used could not be told'),
    );
    return null;
  }

  #use(given: ProfilesForAgent): ProfilesTaken['refused'] {
    const { set, refused } = readOwnProfiles(given.profiles, this.#shipped);
    this.#live.replace(set);
    this.#used = given.hash;
    this.#refused = refused;
    if (refused.length > 0) this.#log.warn({ refused }, 'own profiles cannot be used');
    this.#log.info({ profiles: given.profiles.length - refused.length }, 'own profiles taken up');
    return refused;
  }

  /** Whoever looks at the page sees it. Tried until it is taken or others are in use. */
  async #tell(taken: ProfilesTaken): Promise<void> {
    const { signal } = this.#stopping;
    for (let failures = 0; taken.hash === this.#used && !signal.aborted; failures++) {
      if (failures > 0) await pause(retryDelayMs(failures, Math.random()), signal);
      try {
        const reply = await this.#client.request({
          method: 'POST',
          path: 'api/agent/profiles',
          headers: { 'content-type': 'application/json' },
          body: Buffer.from(JSON.stringify(taken)),
          timeoutMs,
          signal,
        });
        if (reply.status === 204) return;
      } catch (error) {
        if (!(error instanceof BackendAwayError)) throw error;
      }
    }
  }
}
