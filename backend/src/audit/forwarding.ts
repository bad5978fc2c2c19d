import { once } from 'node:events';
import { connect as connectPlain, isIP, type LookupFunction, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { connect as connectTls } from 'node:tls';
import { AuditForwarding, type AuditForwardingState } from '@rackhaus/config/contract';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Database } from '../database/tables.ts';
import { lastOf } from './append.ts';
import { readLog } from './read.ts';
import { readSetting, writeSetting } from './settings.ts';
import { framed, syslogMessage } from './syslog-message.ts';

const settingsKey = 'forwarding';
const positionKey = 'forwarding-position';
const Position = z.strictObject({ number: z.int().nonnegative() });
const usual: AuditForwarding = { enabled: false, host: '', port: 6514, tls: true, ca: '' };

const connectMs = 10_000;
const retriesMs = [1_000, 2_000, 5_000, 15_000, 60_000] as const;
/**
 * Syslog over TCP acknowledges nothing: what was sent counts as arrived when the connection has outlived the time in which the
 * system gives up on a silent peer (15 minutes and a half on Linux). Until then it is sent again on the next connection.
 */
const arrivedMs = 20 * 60_000;
const slice = 200;

interface Sent {
  readonly number: number;
  readonly at: number;
}

/**
 * Forwards the log to a syslog server, row after row, at least once each: the position is kept in the database, and a server that
 * was away gets what it has missed. A receiver drops repeats by the number in them.
 */
export class Forwarding {
  readonly #db: Database;
  readonly #lookup: LookupFunction;
  readonly #resolve: (host: string) => Promise<string>;
  readonly #elapsed: () => number;
  readonly #log: Logger;
  readonly #host = hostname();
  #settings: AuditForwarding = usual;
  #state: AuditForwardingState['state'] = 'off';
  #lastError: string | null = null;
  #handedOver = 0;
  #confirmed = 0;
  #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #wake: (() => void) | undefined;
  #news = false;

  constructor(options: {
    db: Database;
    /** For sockets: refuses addresses to which this server must not connect. */
    outgoing: { readonly lookup: LookupFunction; resolve(host: string): Promise<string> };
    elapsed: () => number;
    log: Logger;
  }) {
    this.#db = options.db;
    this.#lookup = options.outgoing.lookup;
    this.#resolve = (host) => options.outgoing.resolve(host);
    this.#elapsed = options.elapsed;
    this.#log = options.log;
  }

  async start(): Promise<void> {
    this.#settings = (await readSetting(this.#db, settingsKey, AuditForwarding)) ?? usual;
    this.#confirmed = (await readSetting(this.#db, positionKey, Position))?.number ?? 0;
    this.#handedOver = this.#confirmed;
    this.#begin();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake?.();
    await this.#running;
  }

  /** To be called when something has been noted. */
  noted(): void {
    this.#news = true;
    // While the server is away, waiting goes on: whatever is written, it is not asked more often.
    if (this.#state === 'connected') this.#wake?.();
  }

  /** Takes new settings at once. What was noted before it is switched on for the first time is not sent. */
  async set(settings: AuditForwarding): Promise<void> {
    await this.stop();
    const known = await readSetting(this.#db, positionKey, Position);
    if (settings.enabled && known === null) {
      this.#confirmed = (await lastOf(this.#db)).number;
      this.#handedOver = this.#confirmed;
      await writeSetting(this.#db, positionKey, { number: this.#confirmed });
    }
    await writeSetting(this.#db, settingsKey, settings);
    this.#settings = settings;
    this.#lastError = null;
    this.#begin();
  }

  async state(): Promise<AuditForwardingState> {
    const last = (await lastOf(this.#db)).number;
    const waiting = this.#settings.enabled ? Math.max(0, last - this.#handedOver) : 0;
    return {
      settings: this.#settings,
      state: this.#state,
      position: this.#handedOver,
      waiting,
      lastError: this.#lastError,
    };
  }

  #begin(): void {
    this.#stopping = new AbortController();
    this.#state = this.#settings.enabled ? 'connecting' : 'off';
    this.#running = this.#settings.enabled ? this.#run(this.#stopping.signal) : Promise.resolve();
  }

  async #run(end: AbortSignal): Promise<void> {
    for (let attempt = 0; !end.aborted; attempt++) {
      const before = this.#handedOver;
      try {
        this.#state = 'connecting';
        await this.#serve(await this.#connect(end), end);
      } catch (error) {
        if (end.aborted) break;
        this.#lastError = error instanceof Error ? error.message : String(error);
        this.#log.warn({ err: error }, 'the log cannot be forwarded now');
      }
      if (end.aborted) break;
      if (this.#handedOver > before) attempt = 0;
      this.#state = 'waiting';
      await this.#pause(retriesMs[Math.min(attempt, retriesMs.length - 1)] ?? 60_000, end);
    }
    this.#state = 'off';
  }

  async #connect(end: AbortSignal): Promise<Socket> {
    const { host, port, tls, ca } = this.#settings;
    // An address is not looked up by the system; here it is looked at all the same.
    if (isIP(host) !== 0) await this.#resolve(host);
    const at = { host, port, lookup: this.#lookup };
    const socket = tls
      ? connectTls({
          ...at,
          minVersion: 'TLSv1.2',
          ...(isIP(host) === 0 ? { servername: host } : {}),
          ...(ca.trim() === '' ? {} : { ca }),
        })
      : connectPlain(at);
    // Between two rows there may be hours: a peer that vanished meanwhile is noticed.
    socket.setKeepAlive(true, 30_000);
    try {
      const ready = AbortSignal.any([end, AbortSignal.timeout(connectMs)]);
      await once(socket, tls ? 'secureConnect' : 'connect', { signal: ready });
      return socket;
    } catch (error) {
      socket.destroy();
      if (!end.aborted && error instanceof Error && error.name === 'AbortError')
        throw new Error(`${host}, port ${port}, did not answer within ${connectMs / 1000} s.`);
      throw error;
    }
  }

  /** Sends until the connection ends. What may not have arrived is sent again by the next one. */
  async #serve(socket: Socket, end: AbortSignal): Promise<void> {
    const sent: Sent[] = [];
    let broken: Error | null = null;
    const wake = () => this.#wake?.();
    socket.on('error', (error) => {
      broken = error;
    });
    // A syslog server says nothing: what it sends is read and dropped, so that its end is noticed.
    socket.resume();
    socket.on('end', () => socket.destroy());
    socket.on('close', () => {
      broken ??= new Error('The syslog server has closed the connection.');
      wake();
    });
    let position = this.#confirmed;
    this.#state = 'connected';
    this.#lastError = null;
    try {
      while (broken === null && !end.aborted) {
        this.#news = false;
        const rows = await readLog(this.#db, { after: position, order: 'asc' }, slice);
        for (const row of rows) {
          if (!socket.write(framed(syslogMessage(row, this.#host))))
            await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
          if (broken !== null) break;
          position = row.number;
          this.#handedOver = Math.max(this.#handedOver, position);
          sent.push({ number: position, at: this.#elapsed() });
        }
        await this.#confirm(sent);
        if (rows.length === 0 && broken === null && !this.#news) await this.#pause(15_000, end);
      }
      if (broken !== null) throw broken;
      await this.#endOrderly(socket, position);
    } finally {
      socket.destroy();
      this.#handedOver = this.#confirmed;
    }
  }

  async #confirm(sent: Sent[]): Promise<void> {
    const now = this.#elapsed();
    let confirmed = this.#confirmed;
    while (sent[0] !== undefined && now - sent[0].at > arrivedMs)
      confirmed = sent.shift()?.number ?? confirmed;
    if (confirmed > this.#confirmed) await this.#keep(confirmed);
  }

  /** When the server closes in answer to our end, it has read all that was before it. */
  async #endOrderly(socket: Socket, position: number): Promise<void> {
    if (socket.destroyed) return;
    let failed = false;
    socket.on('error', () => {
      failed = true;
    });
    const closed = once(socket, 'close', { signal: AbortSignal.timeout(2000) });
    socket.end();
    try {
      await closed;
      if (!failed && position > this.#confirmed) await this.#keep(position);
    } catch (error) {
      this.#log.warn(
        { err: error },
        'the syslog server did not end the connection; what was sent last will be sent again',
      );
    }
  }

  async #keep(number: number): Promise<void> {
    this.#confirmed = number;
    await writeSetting(this.#db, positionKey, { number });
  }

  #pause(ms: number, end: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        end.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#wake = done;
      end.addEventListener('abort', done, { once: true });
      if (end.aborted) done();
    });
  }
}
