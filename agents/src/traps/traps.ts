import type { AssignedDevice } from '@rackhaus/config/contract';
import type { Logger } from 'pino';
import { BerError } from '../snmp/ber.ts';
import { decodeTrap, responseType, type Trap } from './decode.ts';
import { TrapListener, type TrapPort } from './listener.ts';
import { TrapSenders } from './senders.ts';

/** A device is read at most this often because of what it sends; what comes meanwhile is answered by one more reading. */
const spacingMs = { link: 1000, unreadable: 5000 };

/** Of all that came since the start. */
export interface TrapCounts {
  /** linkUp and linkDown of assigned devices, and what they send by v3. */
  links: number;
  /** Other notifications, also from strangers and with wrong communities. */
  others: number;
  /** Datagrams that are no notifications. */
  broken: number;
}

/**
 * Has devices read at once that tell of a link going up or down (SNMPv1 and v2c, with the device's own community). A trap is
 * a hint and no more: what it says is never believed, only asked about. A v3 trap is not opened; one from a device that is
 * polled by v3 is such a hint, too, and so are v1 and v2c traps of such a device, which has no community to compare with.
 */
export class Traps {
  readonly #listener: TrapListener;
  readonly #senders: TrapSenders;
  readonly #readNow: (deviceId: number) => Promise<unknown>;
  readonly #monotonicMs: () => number;
  readonly #log: Logger;
  readonly #lastRead = new Map<number, number>();
  readonly #planned = new Map<number, NodeJS.Timeout>();
  readonly counts: TrapCounts = { links: 0, others: 0, broken: 0 };

  constructor(options: {
    where: TrapPort;
    /** Reads a device out of turn. */
    readNow: (deviceId: number) => Promise<unknown>;
    monotonicMs: () => number;
    log: Logger;
    senders?: TrapSenders;
  }) {
    this.#readNow = options.readNow;
    this.#monotonicMs = options.monotonicMs;
    this.#log = options.log;
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
    let trap: Trap;
    try {
      trap = decodeTrap(datagram);
    } catch (error) {
      if (!(error instanceof BerError)) this.#log.error({ err: error }, 'a trap could not be read');
      this.counts.broken++;
      return null;
    }
    const senders = this.#senders.at(from).filter((device) => mayBeFrom(trap, device));
    if (senders.length === 0 || (trap.kind === 'other' && trap.version !== '3')) this.counts.others++;
    else {
      this.counts.links++;
      for (const { id } of senders)
        this.#hint(id, trap.version === '3' ? spacingMs.unreadable : spacingMs.link);
    }
    if (trap.informAt === null || senders.length === 0) return null;
    const answer = Buffer.from(datagram);
    answer[trap.informAt] = responseType;
    return answer;
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
  return credentials.version === '3' || (trap.community !== null && trap.community === credentials.community);
}
