import { randomUUID } from 'node:crypto';
import type { DiscoveryJob, DiscoveryOrder, DiscoveryReport } from '@rackhaus/config/contract';
import type { ProfileSet } from '@rackhaus/config/profiles';
import type { Logger } from 'pino';
import type { BackendClient } from '../delivery/backend-client.ts';
import type { Echo } from '../ping/echo.ts';
import { UdpHub } from '../snmp/udp.ts';
import { ArpTable } from './arp.ts';
import { readDevice, tryCredentials } from './recognise.ts';
import { Reports } from './reports.ts';
import { ReverseLookup } from './reverse-lookup.ts';
import { Sweep } from './sweep.ts';

interface Doing {
  readonly job: DiscoveryJob;
  readonly end: AbortController;
}

/** Looks through networks for the backend, one run after the other, beside the polling and with sockets of its own. */
export class Discoveries {
  readonly #client: BackendClient;
  readonly #profiles: () => ProfileSet;
  readonly #echo: (address: string, signal: AbortSignal) => Promise<Echo>;
  readonly #allows: (address: string) => boolean;
  readonly #now: () => number;
  readonly #monotonicMs: () => number;
  readonly #log: Logger;
  readonly #queue: Doing[] = [];
  #current: Doing | null = null;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: {
    client: BackendClient;
    /** Those that polling uses now. */
    profiles: () => ProfileSet;
    echo: (address: string, signal: AbortSignal) => Promise<Echo>;
    /** Whether this agent may ask the address at all. */
    allows: (address: string) => boolean;
    now: () => number;
    monotonicMs: () => number;
    log: Logger;
  }) {
    this.#client = options.client;
    this.#profiles = options.profiles;
    this.#echo = options.echo;
    this.#allows = options.allows;
    this.#now = options.now;
    this.#monotonicMs = options.monotonicMs;
    this.#log = options.log;
  }

  /** Begins and ends runs. One that is under way is not begun again. */
  take(orders: readonly DiscoveryOrder[]): void {
    for (const order of orders) {
      if ('cancel' in order) this.#cancel(order.cancel);
      else if (!this.#stopped && !this.#has(order.begin.run))
        this.#queue.push({ job: order.begin, end: new AbortController() });
    }
    if (this.#current === null) this.#next();
  }

  /** Ends what is under way. It cannot be used again. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#queue.length = 0;
    this.#current?.end.abort();
    await this.#running;
  }

  #has(run: number): boolean {
    return this.#current?.job.run === run || this.#queue.some(({ job }) => job.run === run);
  }

  #cancel(run: number): void {
    const at = this.#queue.findIndex(({ job }) => job.run === run);
    if (at >= 0) this.#queue.splice(at, 1);
    if (this.#current?.job.run === run) this.#current.end.abort();
  }

  #next(): void {
    const doing = this.#queue.shift() ?? null;
    this.#current = doing;
    if (doing === null) return;
    this.#running = this.#do(doing)
      .catch((error: unknown) => this.#log.error({ err: error, run: doing.job.run }, 'a discovery broke off'))
      .finally(() => this.#next());
  }

  async #do({ job, end }: Doing): Promise<void> {
    const { signal } = end;
    const hub = new UdpHub({ resolve: async (address) => address });
    const names = new ReverseLookup();
    const arp = new ArpTable({ monotonicMs: this.#monotonicMs });
    const sweep: Sweep = new Sweep(job, {
      echo: this.#echo,
      tryCredentials: (address, credentials, patience, until) =>
        tryCredentials(address, credentials, { hub, patience }, until),
      readDevice: (address, credential, until) =>
        readDevice(address, credential, { hub, profiles: this.#profiles(), now: this.#now }, until),
      macOf: (address) => arp.macOf(address),
      nameOf: (address) => names.nameOf(address),
      allows: this.#allows,
      found: (found) => reports.add(found),
      room: () => reports.room(),
      monotonicMs: this.#monotonicMs,
      log: this.#log,
    });
    const reports: Reports = new Reports({
      run: job.run,
      attempt: randomUUID(),
      client: this.#client,
      progress: () => sweep.progress,
      unwanted: () => end.abort(),
      signal,
      log: this.#log,
    });
    const { total } = sweep.progress;
    this.#log.info({ run: job.run, addresses: total }, 'looking through networks');
    const telling = reports.tell();
    try {
      await sweep.run(signal);
      reports.finish(endingOf(sweep, job));
    } catch (error) {
      this.#log.error({ err: error, run: job.run }, 'looking through networks failed');
      const detail = error instanceof Error ? error.message.slice(0, 1000) : String(error).slice(0, 1000);
      reports.finish({ state: 'failed', problem: 'agent', detail });
    }
    await telling;
    hub.close();
    this.#log.info({ run: job.run, ...sweep.progress, cancelled: signal.aborted }, 'looked through networks');
  }
}

function endingOf(sweep: Sweep, job: DiscoveryJob): Pick<DiscoveryReport, 'state' | 'problem' | 'detail'> {
  if (!sweep.pings && job.credentials.length === 0)
    return {
      state: 'failed',
      problem: 'no-ping',
      detail: 'this agent may send no pings, and no credentials are given',
    };
  return { state: 'done', problem: null, detail: null };
}
