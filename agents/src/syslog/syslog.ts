import { join } from 'node:path';
import type { AssignedDevice, SyslogLine } from '@rackhaus/config/contract';
import type { Logger } from 'pino';
import type { BackendClient } from '../delivery/backend-client.ts';
import { Delivery } from '../delivery/delivery.ts';
import { sendBatch } from '../delivery/send.ts';
import { OncePerMinute } from '../log.ts';
import { Outbox } from '../outbox/outbox.ts';
import { TrapSenders } from '../traps/senders.ts';
import { Allowance } from './allowance.ts';
import { SyslogListener, type SyslogPlace } from './listener.ts';
import { parseMessage } from './parse.ts';
import { PortReport } from './port-report.ts';
import { SyslogQueue } from './queue.ts';

/** What waits for the backend at most; a message takes some 30 bytes. */
const mostWaitingBytes = 256_000_000;
const notesEveryMs = 10_000;

/**
 * Receives messages of devices (syslog by UDP and TCP), reads them, and brings them to the backend by an outbox of their own, so that
 * however many come, readings do not wait for them. Taken are those of devices that this agent polls and of others in the networks that
 * may be polled; the rest is counted.
 */
export class Syslog {
  readonly #client: BackendClient;
  readonly #outbox: Outbox;
  readonly #delivery: Delivery;
  readonly #queue: SyslogQueue;
  readonly #listener: SyslogListener;
  readonly #report: PortReport;
  readonly #senders = new TrapSenders({ of: () => true });
  readonly #allowance = new Allowance();
  readonly #allows: (address: string) => boolean;
  readonly #now: () => number;
  readonly #monotonicMs: () => number;
  readonly #log: Logger;
  readonly #complaint = new OncePerMinute();
  #strangers = 0;
  #notes: NodeJS.Timeout | null = null;
  #starting: Promise<void> = Promise.resolve();

  /**
   * @param options.client a connection of its own, which is closed by `stop`
   * @param options.allows whether a sender that is no device may send
   */
  constructor(options: {
    where: SyslogPlace;
    dataDir: string;
    client: BackendClient;
    allows: (address: string) => boolean;
    now: () => number;
    monotonicMs: () => number;
    log: Logger;
  }) {
    const { client, now, monotonicMs, log } = options;
    this.#client = client;
    this.#allows = options.allows;
    this.#now = now;
    this.#monotonicMs = monotonicMs;
    this.#log = log;
    const outbox = new Outbox({
      file: join(options.dataDir, 'syslog.sqlite'),
      now,
      log,
      maxBytes: mostWaitingBytes,
    });
    this.#outbox = outbox;
    this.#delivery = new Delivery({
      outbox,
      send: (batch, signal) => sendBatch({ client, outboxId: outbox.id, batch, now, signal }),
      monotonicMs,
      log,
    });
    this.#queue = new SyslogQueue({
      outbox,
      appended: (sequence) => this.#delivery.appended(sequence),
      log,
    });
    this.#listener = new SyslogListener({
      where: options.where,
      receive: (message, from) => this.receive(message, from),
      welcome: (from) => this.#isKnown(from),
      log,
    });
    this.#report = new PortReport({
      client,
      state: () => ({
        ...this.#listener.ports,
        strangers: this.#strangers,
        tooFast: this.#allowance.dropped + this.#queue.lost,
      }),
      log,
    });
  }

  get ports(): { readonly udp: number | null; readonly tcp: number | null } {
    return this.#listener.ports;
  }

  setDevices(devices: readonly AssignedDevice[]): void {
    this.#senders.set(devices);
  }

  /** Opens the outbox and begins to listen. @throws OutboxUnusableError */
  start(): void {
    this.#outbox.open();
    this.#delivery.start();
    this.#notes = setInterval(() => this.#note(), notesEveryMs);
    this.#starting = this.#listener.start().then(() => {
      if (this.#notes !== null) this.#report.start();
    });
  }

  async stop(): Promise<void> {
    if (this.#notes !== null) clearInterval(this.#notes);
    this.#notes = null;
    await this.#listener.stop();
    await this.#starting;
    this.#note();
    this.#senders.stop();
    await this.#report.stop();
    this.#queue.stop();
    await this.#delivery.stop();
    this.#client.close();
    this.#outbox.close();
  }

  /** Takes one message. Never throws. */
  receive(message: Buffer, from: string): void {
    try {
      if (!this.#isKnown(from)) {
        this.#strangers++;
        return;
      }
      if (message.length === 0 || !this.#allowance.take(from, this.#monotonicMs())) return;
      const time = this.#now();
      const parsed = parseMessage(message, time);
      if (parsed.text === '' && parsed.data === null && parsed.mnemonic === null) return;
      this.#queue.add({ time, from, deviceId: this.#deviceAt(from), ...parsed });
    } catch (error) {
      if (this.#complaint.due()) this.#log.error({ err: error, from }, 'a message could not be taken');
    }
  }

  #isKnown(from: string): boolean {
    return this.#senders.at(from).length > 0 || this.#allows(from);
  }

  /** Several devices behind one address cannot be told apart by it. */
  #deviceAt(from: string): number | null {
    const [device, ...others] = this.#senders.at(from);
    return device !== undefined && others.length === 0 ? device.id : null;
  }

  /** Says of each sender whose messages were not all taken how many were not. */
  #note(): void {
    const time = this.#now();
    for (const { address, dropped } of this.#allowance.collect(this.#monotonicMs())) {
      const from = address === '' ? '?' : address;
      const note: SyslogLine = {
        time,
        from,
        deviceId: this.#deviceAt(from),
        severity: 4,
        facility: 5,
        host: null,
        app: null,
        process: null,
        mnemonic: null,
        deviceTime: null,
        text: '',
        data: null,
        dropped,
      };
      this.#queue.add(note);
    }
  }
}
