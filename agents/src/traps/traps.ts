import type { AssignedDevice } from '@rackhaus/config/contract';
import type { Logger } from 'pino';
import { BerError } from '../snmp/ber.ts';
import { decodeTrap, responseType, type Trap, type TrapKind, versionOf } from './decode.ts';
import { TrapListener, type TrapPort } from './listener.ts';
import { TrapSenders } from './senders.ts';
import type { V3Traps } from './v3.ts';

/** A device is read at most this often because of what it sends; what comes meanwhile is answered by one more reading. */
const spacingMs: Readonly<Record<TrapKind, number>> = { link: 1000, other: 2000, authentication: 0 };

/** Of all that came since the start. */
export interface TrapCounts {
  /** Of assigned devices, with their community or keys: each has the device read. */
  hints: number;
  /** Of strangers, with wrong communities or keys, and of somebody's failed sign-in at a device. */
  others: number;
  /** Datagrams that are no notifications. */
  broken: number;
}

/**
 * Has a device read at once that sends a trap or an inform (SNMPv1, v2c with its own community, v3 with its own user and
 * keys). A trap is a hint and no more: what it says is never believed, only asked about. v1 and v2c traps of a device
 * that is polled by v3 are such hints, too: they have no community to compare with. However many come, a device is read once
 * now and once a second or two later.
 */
export class Traps {
  readonly #listener: TrapListener;
  readonly #senders: TrapSenders;
  readonly #v3: V3Traps;
  readonly #readNow: (deviceId: number) => Promise<unknown>;
  readonly #monotonicMs: () => number;
  readonly #log: Logger;
  readonly #lastRead = new Map<number, number>();
  readonly #planned = new Map<number, NodeJS.Timeout>();
  readonly counts: TrapCounts = { hints: 0, others: 0, broken: 0 };

  constructor(options: {
    where: TrapPort;
    /** Reads a device out of turn. */
    readNow: (deviceId: number) => Promise<unknown>;
    monotonicMs: () => number;
    log: Logger;
    v3: V3Traps;
    senders?: TrapSenders;
  }) {
    this.#readNow = options.readNow;
    this.#monotonicMs = options.monotonicMs;
    this.#log = options.log;
    this.#v3 = options.v3;
    this.#senders = options.senders ?? new TrapSenders();
    this.#listener = new TrapListener({
      where: options.where,
      receive: (datagram, from) => this.receive(datagram, from),
      log: options.log,
    });
  }

  get port(): number | null {
    return this.#listener.port;
  }

  setDevices(devices: readonly AssignedDevice[]): void {
    this.#senders.set(devices);
    const ids = new Set(devices.map(({ id }) => id));
    this.#v3.keepOnly(ids);
    for (const id of this.#lastRead.keys()) if (!ids.has(id)) this.#lastRead.delete(id);
  }

  start(): Promise<void> {
    return this.#listener.start();
  }

  stop(): void {
    this.#listener.stop();
    this.#senders.stop();
    for (const timer of this.#planned.values()) clearTimeout(timer);
    this.#planned.clear();
    this.#log.info(this.counts, 'traps since the start');
  }

  /** Takes one datagram. Never throws. @returns what the sender of an inform is to be sent */
  receive(datagram: Buffer, from: string): Uint8Array | null {
    try {
      const senders = this.#senders.at(from);
      if (versionOf(datagram) === 3) {
        const taken = this.#v3.take(datagram, senders);
        this.#count(taken.from, taken.kind);
        return taken.answer;
      }
      const trap = decodeTrap(datagram);
      const devices = senders.filter((device) => mayBeFrom(trap, device));
      this.#count(devices, trap.kind);
      if (trap.informAt === null || devices.length === 0) return null;
      const answer = Buffer.from(datagram);
      answer[trap.informAt] = responseType;
      return answer;
    } catch (error) {
      if (!(error instanceof BerError)) this.#log.error({ err: error }, 'a trap could not be read');
      this.counts.broken++;
      return null;
    }
  }

  #count(devices: readonly AssignedDevice[], kind: TrapKind): void {
    if (devices.length === 0 || kind === 'authentication') {
      this.counts.others++;
      return;
    }
    this.counts.hints++;
    for (const { id } of devices) this.#hint(id, spacingMs[kind]);
  }

  #hint(deviceId: number, spacing: number): void {
    if (this.#planned.has(deviceId)) return;
    const waitMs = (this.#lastRead.get(deviceId) ?? Number.NEGATIVE_INFINITY) + spacing - this.#monotonicMs();
    const read = () => {
      this.#planned.delete(deviceId);
      this.#lastRead.set(deviceId, this.#monotonicMs());
      this.#readNow(deviceId).catch((error: unknown) =>
        this.#log.error({ err: error, deviceId }, 'reading a device because of a trap failed'),
      );
    };
    if (waitMs <= 0) read();
    else this.#planned.set(deviceId, setTimeout(read, waitMs));
  }
}

function mayBeFrom(trap: Trap, { snmp }: AssignedDevice): boolean {
  if (snmp === null) return false;
  const { credentials } = snmp;
  return credentials.version === '3' || trap.community === credentials.community;
}
