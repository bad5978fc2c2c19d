import type { AssignedDevice, SwitchAnswer, SwitchJob } from '@rackhaus/config/contract';
import type { ProfileSet } from '@rackhaus/config/profiles';
import type { Logger } from 'pino';
import { deliverAnswer } from '../delivery/answer-delivery.ts';
import type { BackendClient } from '../delivery/backend-client.ts';
import { OutOfReachError, UnknownNameError } from '../networks/reach.ts';
import { Remembered } from '../remembered.ts';
import { notSent, type SwitchResult, switchOutlet } from './switch-outlet.ts';
import type { SwitchedFile } from './switched-file.ts';

const timeoutMs = 5000;
/** By our own clock since it came, whatever the other clock says. */
const longestLifeMs = 12_000;
/** Far more than can come within the life of one; besides, what was begun stands in the file. */
const mostRemembered = 1000;

/**
 * Switches outlets as the backend orders, each job at most once, one at a time on each device, and tells what came of it. Only devices of
 * this agent's assignment, at addresses that it may ask, by the profile that they are polled with.
 */
export class Switcher {
  readonly #deviceOf: (deviceId: number) => AssignedDevice | undefined;
  readonly #resolve: (host: string) => Promise<string>;
  readonly #profiles: () => ProfileSet;
  readonly #file: SwitchedFile;
  readonly #switched: (deviceId: number, anew: boolean) => Promise<void>;
  readonly #backendNow: () => number | null;
  readonly #monotonicMs: () => number;
  readonly #client: BackendClient;
  readonly #log: Logger;
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();
  readonly #busy = new Set<number>();
  readonly #taken = new Remembered(mostRemembered);

  /**
   * @param options.resolve the address that may be asked, as that of `Reach`
   * @param options.switched called when something was written to a device, or something is not as it was known: it is worth reading; `anew`: also what
   * changes rarely
   * @param options.backendNow the backend's clock, ms since 1970; null: it is not known
   */
  constructor(options: {
    deviceOf: (deviceId: number) => AssignedDevice | undefined;
    resolve: (host: string) => Promise<string>;
    profiles: () => ProfileSet;
    file: SwitchedFile;
    switched: (deviceId: number, anew: boolean) => Promise<void>;
    backendNow: () => number | null;
    monotonicMs: () => number;
    client: BackendClient;
    log: Logger;
  }) {
    this.#deviceOf = options.deviceOf;
    this.#resolve = options.resolve;
    this.#profiles = options.profiles;
    this.#file = options.file;
    this.#switched = options.switched;
    this.#backendNow = options.backendNow;
    this.#monotonicMs = options.monotonicMs;
    this.#client = options.client;
    this.#log = options.log;
  }

  take(jobs: readonly SwitchJob[]): void {
    const arrived = this.#monotonicMs();
    for (const job of jobs) {
      const running = this.#do(job, arrived).finally(() => this.#running.delete(running));
      this.#running.add(running);
    }
  }

  /** Ends what is under way. It cannot be used again. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#running);
  }

  async #do(job: SwitchJob, arrived: number): Promise<void> {
    const { id, deviceId, outlet, command } = job;
    try {
      const result = await this.#result(job, arrived);
      // Without the credentials, which are in the job.
      this.#log.info(
        { id, deviceId, outlet, command, outcome: result.outcome, reason: result.reason },
        'switching',
      );
      await this.#deliver({ id, ...result });
      const isNew = result.outcome !== 'not-sent' || result.reason === 'other-outlet';
      if (isNew && !this.#stopping.signal.aborted)
        await this.#switched(deviceId, result.reason === 'other-outlet');
    } catch (error) {
      if (!this.#stopping.signal.aborted) this.#log.error({ err: error, id }, 'a switching failed');
    }
  }

  async #result(job: SwitchJob, arrived: number): Promise<SwitchResult> {
    if (!this.#taken.add(job.id)) return notSent('repeated');
    const expired = () => {
      const backendNow = this.#backendNow();
      return (
        backendNow === null || backendNow > job.expiresAt || this.#monotonicMs() - arrived > longestLifeMs
      );
    };
    if (expired()) return notSent('expired');
    const device = this.#deviceOf(job.deviceId);
    if (device?.snmp === undefined || device.snmp === null || device.address !== job.address)
      return notSent('not-its-device');
    if (device.profile !== null && device.profile !== job.profile) return notSent('other-profile');
    if (this.#busy.has(job.deviceId)) return notSent('busy');
    this.#busy.add(job.deviceId);
    // From here on something may have been written.
    let kept = false;
    try {
      if (this.#file.has(job.id)) return notSent('repeated');
      const address = await this.#resolve(job.address);
      return await switchOutlet(
        { ...job, address },
        {
          profiles: this.#profiles(),
          port: device.snmp.port,
          reading: device.snmp.credentials,
          expired,
          keep: () => {
            this.#file.add(job.id);
            kept = true;
          },
        },
        this.#stopping.signal,
      );
    } catch (error) {
      if (error instanceof UnknownNameError) return notSent('unknown-host', error.message);
      if (error instanceof OutOfReachError) return notSent('not-allowed', error.message);
      this.#log.error({ err: error, id: job.id }, 'an outlet could not be switched');
      const detail = error instanceof Error ? error.message.slice(0, 500) : null;
      if (!kept) return notSent('not-kept', detail);
      return { outcome: 'unknown', reason: 'failed', before: null, after: null, detail };
    } finally {
      this.#busy.delete(job.deviceId);
    }
  }

  #deliver(answer: SwitchAnswer): Promise<void> {
    return deliverAnswer(
      {
        path: 'api/agent/switches',
        headers: { 'content-type': 'application/json' },
        body: Buffer.from(JSON.stringify(answer)),
        timeoutMs,
        about: { id: answer.id },
        words: {
          notTaken: 'nobody took what came of a switching',
          waits: 'what came of a switching waits to be told',
          givenUp: 'what came of a switching could not be told',
        },
      },
      { client: this.#client, log: this.#log, signal: this.#stopping.signal },
    );
  }
}
