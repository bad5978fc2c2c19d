import type { AssignedDevice, SnmpCredentials } from '@rackhaus/config/contract';
import { BerError, BerWriter } from '../snmp/ber.ts';
import { reportTag } from '../snmp/message.ts';
import { encodeOid } from '../snmp/oid.ts';
import { readUsmHeader, UsmFormat, type UsmHeader } from '../snmp/usm.ts';
import { usmFor } from '../snmp/v3-discovery.ts';
import { informType, kindOfV2, responseType, type TrapKind, trapV2Type } from './decode.ts';
import type { OwnEngine } from './own-engine.ts';

type V3Credentials = Extract<SnmpCredentials, { version: '3' }>;

/** What became of a datagram. `answer`: what the sender waits for. */
export interface TakenV3 {
  readonly from: readonly AssignedDevice[];
  readonly kind: TrapKind;
  readonly answer: Uint8Array | null;
}

/** RFC 3414 section 2.2.3. */
const windowSeconds = 150;
/** SNMP-USER-BASED-SM-MIB usmStatsUnknownEngineIDs.0 and usmStatsNotInTimeWindows.0 */
const unknownEngineIds = '1.3.6.1.6.3.15.1.1.4.0';
const notInTimeWindows = '1.3.6.1.6.3.15.1.1.2.0';
/** Making keys for an engine takes milliseconds: whoever invents engines must not keep us busy. */
const newEngineEveryMs = 2000;
const enginesPerDevice = 4;

/**
 * Opens notifications of SNMPv3 with the credentials by which the sender is polled. Of a trap the sender's engine is the
 * authoritative one, of an inform ours: its sender asks for it first, and waits for an answer (RFC 3414 section 1.5.1).
 * That a trap may be an old one sent again does no harm: it only has the device read.
 */
export class V3Traps {
  readonly #openEngine: () => OwnEngine;
  #engine: OwnEngine | null = null;
  readonly #monotonicMs: () => number;
  readonly #formats = new Map<string, { format: UsmFormat; of: V3Credentials }>();
  readonly #madeAt = new Map<number, number>();
  #reports = 0;

  /** @param options.openEngine called once, at the start */
  constructor(options: { openEngine: () => OwnEngine; monotonicMs: () => number }) {
    this.#openEngine = options.openEngine;
    this.#monotonicMs = options.monotonicMs;
  }

  /** Before that nothing is opened. @throws Error when the engine cannot be kept */
  start(): void {
    this.#engine = this.#openEngine();
  }

  /** Forgets keys of devices that are gone. */
  keepOnly(deviceIds: ReadonlySet<number>): void {
    for (const key of this.#formats.keys())
      if (!deviceIds.has(Number(key.slice(0, key.indexOf('/'))))) this.#formats.delete(key);
    for (const id of this.#madeAt.keys()) if (!deviceIds.has(id)) this.#madeAt.delete(id);
  }

  /**
   * @param senders assigned devices at the address that it came from
   * @throws BerError for what is no notification
   */
  take(datagram: Uint8Array, senders: readonly AssignedDevice[]): TakenV3 {
    const nothing: TakenV3 = { from: [], kind: 'other', answer: null };
    const own = this.#engine;
    const header = readUsmHeader(datagram);
    if (own === null) return nothing;
    const known = senders.flatMap((device) => {
      const credentials = device.snmp?.credentials;
      return credentials?.version === '3' ? [{ device, credentials }] : [];
    });
    if (known.length === 0) return nothing;
    if (header.engineId.length === 0)
      return (header.flags & 0x04) === 0 ? nothing : { ...nothing, answer: this.#discovered(own, header) };
    const toUs = own.id.equals(header.engineId);
    for (const { device, credentials } of known) {
      if (credentials.user !== header.user) continue;
      const format = this.#format(own, device.id, credentials, header.engineId);
      if (format === null) continue;
      const opened = format.open(datagram);
      if (!opened.secure) continue;
      if (toUs && credentials.auth && !this.#inTime(own, header))
        return { ...nothing, answer: format.answer(header.messageId, this.#report(notInTimeWindows)) };
      const { pdu } = opened;
      const began = pdu.position;
      pdu.next();
      const { tag } = pdu;
      if (tag !== (toUs ? informType : trapV2Type)) throw new BerError(`PDU type ${tag} is no notification`);
      const element = Buffer.from(pdu.bytes.subarray(began, pdu.end));
      pdu.enter();
      const kind = kindOfV2(pdu);
      element[0] = responseType;
      return {
        from: [device],
        kind,
        answer: toUs ? format.answer(header.messageId, element, opened.scope) : null,
      };
    }
    return nothing;
  }

  #inTime(own: OwnEngine, header: UsmHeader): boolean {
    return (
      header.boots === own.boots &&
      Math.abs(header.time - Math.floor(this.#monotonicMs() / 1000)) <= windowSeconds
    );
  }

  /** Who asks which engine this is (RFC 3414 section 4) is told. */
  #discovered(own: OwnEngine, header: UsmHeader): Uint8Array {
    const format = new UsmFormat({
      engine: this.#clock(own),
      user: '',
      context: '',
      auth: null,
      priv: null,
    });
    return format.answer(header.messageId, this.#report(unknownEngineIds));
  }

  #report(counter: string): Uint8Array {
    const writer = new BerWriter(256);
    const pdu = writer.mark;
    // Counter32
    writer.element(0x41, Uint8Array.of(0, ...bigEndian(++this.#reports)));
    writer.element(0x06, encodeOid(counter));
    writer.wrap(0x30, pdu);
    writer.wrap(0x30, pdu);
    writer.integer(0);
    writer.integer(0);
    writer.integer(0);
    writer.wrap(reportTag, pdu);
    return writer.take();
  }

  #clock(own: OwnEngine) {
    return { ...own, time: Math.floor(this.#monotonicMs() / 1000), learntAt: performance.now() };
  }

  #format(
    self: OwnEngine,
    deviceId: number,
    credentials: V3Credentials,
    engineId: Uint8Array,
  ): UsmFormat | null {
    const key = `${deviceId}/${Buffer.from(engineId).toString('hex')}`;
    const known = this.#formats.get(key);
    if (known?.of === credentials) return known.format;
    const now = this.#monotonicMs();
    if (now - (this.#madeAt.get(deviceId) ?? Number.NEGATIVE_INFINITY) < newEngineEveryMs) return null;
    this.#madeAt.set(deviceId, now);
    const own = [...this.#formats.keys()].filter((each) => each.startsWith(`${deviceId}/`));
    for (const oldest of own.slice(0, Math.max(0, own.length - enginesPerDevice + 1)))
      this.#formats.delete(oldest);
    const engine = self.id.equals(engineId)
      ? this.#clock(self)
      : { id: Buffer.from(engineId), boots: 0, time: 0, learntAt: performance.now() };
    const format = usmFor(credentials, engine);
    this.#formats.set(key, { format, of: credentials });
    return format;
  }
}

function bigEndian(value: number): [number, number, number, number] {
  return [(value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}
