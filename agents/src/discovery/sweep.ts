import {
  addressesIn,
  countAddresses,
  type DiscoveryJob,
  type FoundByAgent,
  hostRanges,
  type IpNetwork,
  isInNetwork,
  isIpAddress,
  parseNetwork,
  type RunProgress,
} from '@rackhaus/config/contract';
import type { Logger } from 'pino';
import type { Echo } from '../ping/echo.ts';
import { PingUnavailableError } from '../ping/echo.ts';
import { isOwnMachine } from '../ping/own-machine.ts';
import { CredentialOrder } from './credential-order.ts';
import { Lanes } from './lanes.ts';
import { Pace } from './pace.ts';
import type { Credential, Patience, Said } from './recognise.ts';

/** Hosts that are asked at the same time whether they answer, most of which is waiting, and of them what they are. */
const triedAtOnce = 64;
const readAtOnce = 16;
/** Addresses that wait for an answer to a ping or for their turn: more are not begun. */
const mostUnderWay = 400;
const mostFollowed = 4096;
/** Of a device that answers ping, and of an address that does not. */
const patience = { there: { timeoutMs: 900, tries: 2 }, silent: { timeoutMs: 900, tries: 1 } } as const;

/** Where a sweep asks, and whom it tells. */
export interface SweepParts {
  readonly echo: (address: string, signal: AbortSignal) => Promise<Echo>;
  readonly tryCredentials: (
    address: string,
    credentials: readonly Credential[],
    patience: Patience,
    signal: AbortSignal,
  ) => Promise<{ readonly tried: FoundByAgent['tried']; readonly answers: Credential | null }>;
  readonly readDevice: (address: string, credential: Credential, signal: AbortSignal) => Promise<Said | null>;
  /** MAC address by this machine's own table; `nobody`: it has asked and nobody has the address; null: it does not know. */
  readonly macOf: (address: string) => Promise<string | 'nobody' | null>;
  /** What DNS calls the address; null: nothing, or not in time. */
  readonly nameOf: (address: string) => Promise<string | null>;
  /** Whether this agent may ask the address at all. */
  readonly allows: (address: string) => boolean;
  readonly found: (found: FoundByAgent) => void;
  /** Resolves when more may be found. */
  readonly room: () => Promise<void>;
  readonly monotonicMs: () => number;
  readonly log: Logger;
}

/**
 * Looks through networks: pings every address at a polite pace, asks those that answer what they are, then the neighbours that they
 * name. Firewalls like to drop pings: an address that answers none gets one datagram with the credentials that have been right
 * most often, and when all others have been asked one with each other set, set by set at the same pace. Holds what is under way and
 * the silent addresses.
 */
export class Sweep {
  readonly #job: DiscoveryJob;
  readonly #parts: SweepParts;
  readonly #allowed: readonly IpNetwork[];
  readonly #excluded: readonly IpNetwork[];
  readonly #order: CredentialOrder;
  readonly #trying = new Lanes(triedAtOnce);
  readonly #reading = new Lanes(readAtOnce);
  readonly #underWay = new Lanes(mostUnderWay);
  readonly #followed = new Set<string>();
  readonly #following: string[] = [];
  readonly #networks: readonly IpNetwork[];
  /** Answered nothing so far, and what was tried. */
  #silent: { readonly address: string; readonly tried: FoundByAgent['tried'] }[] = [];
  #pings = true;
  readonly #progress: RunProgress;

  constructor(job: DiscoveryJob, parts: SweepParts) {
    this.#job = job;
    this.#parts = parts;
    const parsed = (texts: readonly string[]) => texts.flatMap((text) => parseNetwork(text) ?? []);
    this.#networks = parsed(job.networks);
    this.#allowed = parsed(job.allowed);
    this.#excluded = parsed(job.exclude);
    this.#order = new CredentialOrder(job.credentials);
    const total = countAddresses(hostRanges(this.#networks, this.#excluded));
    this.#progress = { phase: 'sweep', done: 0, total, found: 0, recognised: 0 };
  }

  get progress(): RunProgress {
    return { ...this.#progress };
  }

  /** Whether pings could be sent. */
  get pings(): boolean {
    return this.#pings;
  }

  /** Resolves when every address has been asked, or the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const pace = new Pace({ perSecond: this.#job.perSecond, nowMs: this.#parts.monotonicMs });
    const ask = async (address: string) => {
      await pace.turn(signal);
      await this.#parts.room();
      await this.#underWay.enter();
      if (signal.aborted) return this.#underWay.leave();
      void this.#visit(address, signal);
    };
    for (const address of addressesIn(hostRanges(this.#networks, this.#excluded))) {
      if (signal.aborted) break;
      await ask(address);
    }
    if (!signal.aborted) this.#progress.phase = 'recognise';
    await this.#underWay.empty();
    do {
      while (this.#following.length > 0 && !signal.aborted) {
        this.#progress.phase = 'neighbours';
        for (const address of this.#following.splice(0)) {
          if (signal.aborted) break;
          await ask(address);
        }
        await this.#underWay.empty();
      }
      await this.#askSilent(pace, signal);
    } while (this.#following.length > 0 && !signal.aborted);
  }

  /** Asks those that were silent with one set after the other that was not tried on them. */
  async #askSilent(pace: Pace, signal: AbortSignal): Promise<void> {
    const sets = questions(this.#order.inTurn());
    let silent = this.#silent;
    this.#silent = [];
    if (silent.length === 0 || signal.aborted) return;
    this.#progress.phase = 'silent';
    this.#progress.total += silent.length * (sets.length - 1);
    for (const set of sets) {
      const still: typeof silent = [];
      for (const one of silent) {
        if (signal.aborted) return;
        if (one.tried.some(({ credential }) => set.some(({ id }) => id === credential))) {
          still.push(one);
          continue;
        }
        await pace.turn(signal);
        await this.#parts.room();
        await this.#underWay.enter();
        if (signal.aborted) return this.#underWay.leave();
        void this.#askOnce(one, set, (left) => still.push(left), signal);
      }
      await this.#underWay.empty();
      silent = still;
    }
    // Those that answered before their last set are asked no more.
    this.#progress.done = this.#progress.total - this.#following.length;
  }

  async #askOnce(
    { address, tried: before }: { readonly address: string; readonly tried: FoundByAgent['tried'] },
    set: readonly Credential[],
    stillSilent: (one: { address: string; tried: FoundByAgent['tried'] }) => void,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const { tried, answers } = await this.#parts.tryCredentials(address, set, patience.silent, signal);
      if (signal.aborted) return;
      const all = [...before, ...tried];
      if (spoke(tried)) await this.#take({ address, pingMs: null, tried: all }, answers, signal);
      else stillSilent({ address, tried: all });
    } catch (error) {
      if (!signal.aborted)
        this.#parts.log.error({ err: error, address }, 'an address could not be looked at');
    } finally {
      this.#progress.done++;
      this.#underWay.leave();
    }
  }

  async #visit(address: string, signal: AbortSignal): Promise<void> {
    try {
      if (this.#mayAsk(address)) await this.#ask(address, signal);
    } catch (error) {
      if (!signal.aborted)
        this.#parts.log.error({ err: error, address }, 'an address could not be looked at');
    } finally {
      this.#progress.done++;
      this.#underWay.leave();
    }
  }

  #mayAsk(address: string): boolean {
    return this.#parts.allows(address) && this.#allowed.some((network) => isInNetwork(address, network));
  }

  async #ask(address: string, signal: AbortSignal): Promise<void> {
    const own = isOwnMachine(address);
    const pingMs = own ? null : await this.#ping(address, signal);
    if (signal.aborted) return;
    const credentials = this.#order.inTurn();
    // Nobody can be pinged: all are asked alike.
    const silent = pingMs === null && this.#pings && !own;
    const sets = questions(credentials);
    const { tried, answers } = silent
      ? await this.#parts.tryCredentials(address, sets[0] ?? [], patience.silent, signal)
      : await inLane(this.#trying, () =>
          this.#parts.tryCredentials(
            address,
            credentials,
            pingMs === null ? patience.silent : patience.there,
            signal,
          ),
        );
    if (signal.aborted) return;
    // A device that refuses is there all the same.
    if (pingMs !== null || spoke(tried)) await this.#take({ address, pingMs, tried }, answers, signal);
    else if (silent && sets.length > 1 && (await this.#parts.macOf(address)) !== 'nobody')
      this.#silent.push({ address, tried });
  }

  /** Tells of an address that answered, after it was asked what it is. */
  async #take(
    { address, pingMs, tried }: Pick<FoundByAgent, 'address' | 'pingMs' | 'tried'>,
    answers: Credential | null,
    signal: AbortSignal,
  ): Promise<void> {
    const naming = this.#parts.nameOf(address);
    const said =
      answers && (await inLane(this.#reading, () => this.#parts.readDevice(address, answers, signal)));
    const hostName = await naming;
    const mac = await this.#parts.macOf(address);
    if (signal.aborted) return;
    if (answers !== null) this.#order.answered(answers.id);
    this.#progress.found++;
    if (said !== null) this.#progress.recognised++;
    this.#parts.found({ address, pingMs, hostName, mac: mac === 'nobody' ? null : mac, tried, said });
    if (this.#job.neighbours && said !== null) this.#follow(said);
  }

  async #ping(address: string, signal: AbortSignal): Promise<number | null> {
    try {
      return (await this.#parts.echo(address, signal)).rttMs;
    } catch (error) {
      if (signal.aborted) return null;
      if (!(error instanceof PingUnavailableError)) throw error;
      this.#pings = false;
      return null;
    }
  }

  #follow({ neighbours }: Said): void {
    for (const { managementAddress: address } of neighbours) {
      if (address === null || !isIpAddress(address) || this.#followed.size >= mostFollowed) continue;
      if (this.#followed.has(address) || !this.#mayAsk(address)) continue;
      if ([...this.#networks, ...this.#excluded].some((network) => isInNetwork(address, network))) continue;
      this.#followed.add(address);
      this.#following.push(address);
      this.#progress.total++;
    }
  }
}

/** Whether anybody is there, also one who refuses. */
function spoke(tried: FoundByAgent['tried']): boolean {
  return tried.some(({ outcome }) => outcome !== 'silent' && outcome !== 'unreachable');
}

/**
 * What silence is asked with, one datagram each: every community, and all users of SNMPv3 together, whose first question names none
 * of them (RFC 3414, 4).
 */
export function questions(credentials: readonly Credential[]): Credential[][] {
  const sets: Credential[][] = [];
  let users: Credential[] | null = null;
  for (const credential of credentials)
    if (credential.credentials.version !== '3') sets.push([credential]);
    else if (users !== null) users.push(credential);
    else {
      users = [credential];
      sets.push(users);
    }
  return sets;
}

async function inLane<T>(lanes: Lanes, work: () => Promise<T>): Promise<T> {
  await lanes.enter();
  try {
    return await work();
  } finally {
    lanes.leave();
  }
}
