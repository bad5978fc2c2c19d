import {
  type AssignedDevice,
  type Observation,
  plausible,
  type Reading,
  type Sightings,
} from '@rackhaus/config/contract';
import type { Logger } from 'pino';
import { isOwnMachine } from '../ping/own-machine.ts';
import { type Echo, PingUnavailableError } from '../ping/pinger.ts';
import type { PollResult } from '../poll/device-poller.ts';
import type { ShownCertificate } from '../tcp/certificate.ts';
import { Certificates } from '../tcp/certificates.ts';
import type { Poller, PollOptions } from './poller.ts';
import { SightTurns } from './sight-turns.ts';

/**
 * Where fping is not installed, a process per echo costs several milliseconds of processor time: as much as several polls. Where
 * SNMP says whether the device is there, ICMP only adds the round-trip time.
 */
const echoEveryMs = { besideSnmp: 30_000, alone: 10_000, aloneWhileSilent: 2000 };
const connectTimeoutMs = 2000;
const pollDeadlineMs = 30_000;
/** Whoever has not answered by then is pinged besides: it is known then whether it is there when the poll has failed. */
const doubtAfterMs = 1000;
/** device.reachable: pingOnly */
const pingOnly = 2;
/** How long a poller may take to come back after it was told to stop. */
const abandonAfterMs = 2000;

export interface MonitorParts {
  /** Null for a device without SNMP. A new one is asked for when one does not come back. */
  readonly createPoller: (() => Poller) | null;
  readonly echo: (host: string, signal: AbortSignal) => Promise<Echo>;
  readonly accepts: (options: {
    host: string;
    port: number;
    timeoutMs: number;
    signal: AbortSignal;
  }) => Promise<boolean>;
  /** The certificate that a TLS server shows. */
  readonly certificate: (options: {
    host: string;
    port: number;
    timeoutMs: number;
    signal: AbortSignal;
  }) => Promise<ShownCertificate | null>;
  readonly emit: (readings: readonly Reading[]) => void;
  readonly observe: (observation: Observation) => void;
  /** What the device saw behind its ports, read in the ordinary course. */
  readonly sighted: (sightings: Sightings) => void;
  /** Milliseconds since 1970, for readings. */
  readonly now: () => number;
  readonly monotonicMs: () => number;
  readonly log: Logger;
}

/** What a device said when it was read out of turn. */
export interface ReadNow {
  /** When it was asked, ms since 1970; null: it did not answer. */
  readonly time: number | null;
  /** Null: it has none. Not told to `sighted`. */
  readonly sightings: Sightings | null;
}

/**
 * Watches one device: SNMP, ICMP, TCP. Where the device speaks SNMP, ICMP and TCP run beside the poll and never delay
 * it. Every round yields `device.reachable`, also when nothing answers.
 */
export class DeviceMonitor {
  readonly #device: AssignedDevice;
  readonly #parts: MonitorParts;
  readonly #closing = new AbortController();
  #poller: Poller | null = null;
  #abortPoll: () => void = () => {};
  #echoing: Promise<void> | null = null;
  #connecting: Promise<boolean> | null = null;
  #echoedAt = Number.NEGATIVE_INFINITY;
  /** Whether it answers ping; null while that is not known. */
  #alive: boolean | null = null;
  #reachable: boolean | null = null;
  /** Rounds one after the other, whoever asked for them. */
  #rounds: Promise<unknown> = Promise.resolve();
  readonly #sights: SightTurns;
  readonly #certificates: Certificates;
  #pingComplained = false;

  constructor(device: AssignedDevice, parts: MonitorParts) {
    this.#device = device;
    this.#parts = parts;
    this.#certificates = new Certificates({
      look: (port) =>
        parts.certificate({
          host: device.address,
          port,
          timeoutMs: connectTimeoutMs,
          signal: this.#closing.signal,
        }),
      monotonicMs: parts.monotonicMs,
    });
    this.#sights = new SightTurns({
      deviceId: device.id,
      sight: async (options) => (await this.#poller?.sight(this.#closing.signal, options)) ?? null,
      problem: (problem) =>
        parts.log.debug({ device: device.name, problem }, 'no forwarding table could be read'),
      monotonicMs: parts.monotonicMs,
    });
  }

  /** Looks at the device once; resolves to whether it answered. Does not reject because of the device. */
  async round(): Promise<boolean> {
    const reachable = await this.#oneAtATime({});
    // Beside the polling, which it does not delay.
    if (reachable) this.#beside(this.#sightWhenDue());
    return reachable;
  }

  /**
   * The same out of turn, right after the round that may be under way: also neighbours and, unless `sight` is false, who was
   * seen behind the ports; `anew`: everything that is otherwise read every ten minutes.
   */
  async readNow({ sight = true, anew = false }: { sight?: boolean; anew?: boolean } = {}): Promise<ReadNow> {
    let time = this.#parts.now();
    const reachable = await this.#oneAtATime({ now: true, anew }, () => {
      time = this.#parts.now();
    });
    if (!reachable) return { time: null, sightings: null };
    if (!sight) return { time, sightings: null };
    return { time, sightings: await this.#sights.atOnce() };
  }

  /** Aborts what is under way; nothing is emitted afterwards. */
  close(): void {
    this.#closing.abort();
    this.#abortPoll();
    this.#poller?.close();
    this.#poller = null;
  }

  async #sightWhenDue(): Promise<void> {
    const sightings = await this.#sights.whenDue();
    if (sightings !== null && !this.#closing.signal.aborted) this.#parts.sighted(sightings);
  }

  #oneAtATime(options: PollOptions, began: () => void = () => {}): Promise<boolean> {
    const run = this.#rounds.then(async () => {
      if (this.#closing.signal.aborted) return false;
      began();
      const reachable = this.#parts.createPoller === null ? await this.#probe() : await this.#poll(options);
      this.#reachable = reachable;
      return reachable;
    });
    // Whoever asked for that round is told of its error; the next one takes its turn all the same.
    this.#rounds = run.catch(() => undefined);
    return run;
  }

  async #poll(options: PollOptions): Promise<boolean> {
    this.#beside(this.#echo());
    this.#beside(this.#connect());
    let doubt: Promise<boolean> | null = null;
    const doubtTimer = setTimeout(() => {
      doubt = this.#isThere();
    }, doubtAfterMs);
    let result: PollResult;
    try {
      result = await this.#pollInTime(options);
    } finally {
      clearTimeout(doubtTimer);
    }
    const { reachable } = result;
    const isThere = !reachable && !this.#closing.signal.aborted && (await (doubt ?? this.#isThere()));
    if (result.observation !== null && !this.#closing.signal.aborted) this.#parts.observe(result.observation);
    this.#emit(withReachability(this.#device.id, result, { now: this.#parts.now(), isThere }));
    this.#say(reachable, isThere ? `${result.problem}, though it answers ping` : result.problem);
    return reachable;
  }

  /** Whether it answers a ping, though it is silent otherwise. */
  async #isThere(): Promise<boolean> {
    const { address, ping } = this.#device;
    if (!ping || isOwnMachine(address)) return false;
    try {
      return (await this.#parts.echo(address, this.#closing.signal)).rttMs !== null;
    } catch (error) {
      if (this.#closing.signal.aborted) return false;
      if (error instanceof PingUnavailableError || error instanceof RangeError) return false;
      this.#parts.log.error({ err: error, device: this.#device.name }, 'a probe failed in an unforeseen way');
      return false;
    }
  }

  /** A device without SNMP: it is reachable when it answers ping and all its ports accept. */
  async #probe(): Promise<boolean> {
    const [, accepted] = await Promise.all([this.#echo(), this.#connect()]);
    const alive = this.#device.ping ? this.#alive : true;
    // When no ping can be sent from here nothing can be said, unless a port has spoken against it.
    if (this.#closing.signal.aborted || (alive === null && accepted)) return true;
    const reachable = alive === true && accepted;
    this.#emit([
      {
        deviceId: this.#device.id,
        kind: 'device',
        entity: '',
        time: this.#parts.now(),
        values: { reachable: reachable ? 1 : 0 },
      },
    ]);
    this.#say(reachable, accepted ? 'no answer to ping' : 'a TCP port does not accept');
    return reachable;
  }

  async #pollInTime(options: PollOptions): Promise<PollResult> {
    const { createPoller } = this.#parts;
    if (createPoller === null) throw new Error('the device has no SNMP');
    this.#poller ??= createPoller();
    const poller = this.#poller;
    const began = this.#parts.monotonicMs();
    const stop = new AbortController();
    const deadlineTimer = setTimeout(() => stop.abort(), pollDeadlineMs);
    let abandonTimer: NodeJS.Timeout | undefined;
    const abandoned = new Promise<null>((resolve) => {
      abandonTimer = setTimeout(() => resolve(null), pollDeadlineMs + abandonAfterMs);
      this.#abortPoll = () => {
        stop.abort();
        resolve(null);
      };
    });
    let problem = 'the poll was given up';
    try {
      const result = await Promise.race([poller.poll(stop.signal, options), abandoned]);
      if (result !== null) return result;
    } catch (error) {
      this.#parts.log.error(
        { err: error, device: this.#device.name },
        'the poller failed in an unforeseen way',
      );
      problem = 'the poller failed';
    } finally {
      clearTimeout(deadlineTimer);
      clearTimeout(abandonTimer);
      this.#abortPoll = () => {};
    }
    // Whatever state it is in, the next round starts with a new one.
    poller.close();
    if (this.#poller === poller) this.#poller = null;
    const durationMs = this.#parts.monotonicMs() - began;
    return { readings: [], observation: null, reachable: false, problem, durationMs };
  }

  /** ICMP when its time has come. `#alive` says afterwards whether the device answers. */
  async #echo(): Promise<void> {
    if (!this.#device.ping) return;
    if (this.#echoing !== null) return this.#echoing;
    const everyMs = this.#echoEveryMs();
    const now = this.#parts.monotonicMs();
    // Rounds are not exactly on time; without the slack every other echo would wait for one round more.
    if (now - this.#echoedAt < everyMs - 200) return;
    this.#echoedAt = now;
    this.#echoing = this.#echoNow().finally(() => {
      this.#echoing = null;
    });
    return this.#echoing;
  }

  #echoEveryMs(): number {
    if (this.#device.snmp !== null) return echoEveryMs.besideSnmp;
    return this.#alive === false ? echoEveryMs.aloneWhileSilent : echoEveryMs.alone;
  }

  async #echoNow(): Promise<void> {
    const { address, id, name } = this.#device;
    const { signal } = this.#closing;
    try {
      let lost = 0;
      let { rttMs } = await this.#parts.echo(address, signal);
      if (rttMs === null) {
        // One lost echo is no outage: ask again before saying so.
        lost++;
        ({ rttMs } = await this.#parts.echo(address, signal));
        if (rttMs === null) lost++;
      }
      this.#alive = rttMs !== null;
      const rtt = rttMs === null ? undefined : plausible('device.ping', rttMs / 1000);
      const values = { pingLoss: lost / 2, ...(rtt === undefined ? {} : { ping: rtt }) };
      this.#emit([{ deviceId: id, kind: 'device', entity: '', time: this.#parts.now(), values }]);
    } catch (error) {
      if (signal.aborted) return;
      this.#alive = null;
      if (!(error instanceof PingUnavailableError || error instanceof RangeError)) throw error;
      if (!this.#pingComplained)
        this.#parts.log.debug({ device: name, problem: error.message }, 'no ping possible');
      this.#pingComplained = true;
    }
  }

  /** All TCP checks; resolves to whether every port accepted. */
  #connect(): Promise<boolean> {
    if (this.#device.tcp.length === 0) return Promise.resolve(true);
    this.#connecting ??= this.#connectNow().finally(() => {
      this.#connecting = null;
    });
    return this.#connecting;
  }

  async #connectNow(): Promise<boolean> {
    const { address, id, tcp } = this.#device;
    const { signal } = this.#closing;
    const accepted = await Promise.all(
      tcp.map((port) => this.#parts.accepts({ host: address, port, timeoutMs: connectTimeoutMs, signal })),
    );
    const time = this.#parts.now();
    this.#emit(
      tcp.map((port, index) => ({
        deviceId: id,
        kind: 'sensor',
        entity: `tcp/${port}`,
        time,
        // sensor.state: 0 ok, 2 critical
        values: { state: accepted[index] ? 0 : 2 },
      })),
    );
    // Beside the round: a handshake takes longer than the device may be waited for.
    this.#beside(
      this.#certificates
        .readings(
          id,
          tcp.filter((_, index) => accepted[index]),
          time,
        )
        .then((readings) => this.#emit(readings)),
    );
    return accepted.every(Boolean);
  }

  #beside(probe: Promise<unknown>): void {
    probe.catch((error: unknown) =>
      this.#parts.log.error({ err: error, device: this.#device.name }, 'a probe failed in an unforeseen way'),
    );
  }

  #emit(readings: readonly Reading[]): void {
    if (!this.#closing.signal.aborted) this.#parts.emit(readings);
  }

  #say(reachable: boolean, problem: string | null): void {
    if (this.#closing.signal.aborted || reachable === this.#reachable) return;
    const device = this.#device.name;
    if (!reachable) this.#parts.log.warn({ device, problem }, 'the device does not answer');
    else if (this.#reachable === false) this.#parts.log.info({ device }, 'the device answers again');
  }
}

/** The poll's readings; when they do not say whether the device answered (the poll was given up), that as well. */
function withReachability(
  deviceId: number,
  { readings, reachable }: PollResult,
  { now, isThere }: { now: number; isThere: boolean },
): Reading[] {
  const said = isThere ? pingOnly : reachable ? 1 : 0;
  const of = ({ kind, values }: Reading) => kind === 'device' && values.reachable !== undefined;
  if (readings.some(of))
    return readings.map((each) =>
      of(each) ? { ...each, values: { ...each.values, reachable: said } } : each,
    );
  return [...readings, { deviceId, kind: 'device', entity: '', time: now, values: { reachable: said } }];
}
