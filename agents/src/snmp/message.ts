import { BerError, BerReader, BerWriter } from './ber.ts';
import type { OidBytes } from './oid.ts';

export type RequestKind = 'get' | 'next' | 'bulk' | 'set';

const requestTags: Readonly<Record<RequestKind, number>> = { get: 0xa0, next: 0xa1, bulk: 0xa5, set: 0xa3 };
export const responseTag = 0xa2;
export const reportTag = 0xa8;

/** Error statuses that change what is asked next (RFC 3416 section 3, RFC 1157 4.1.1). */
export const errorStatus = { none: 0, tooBig: 1, noSuchName: 2, genErr: 5, authorizationError: 16 } as const;

const sequence = 0x30;
const emptyNull = Uint8Array.of(0x05, 0x00);

/** What came back; its varbinds are read in place by {@link VarBinds}. */
export interface Reply {
  readonly tag: number;
  readonly requestId: number;
  readonly errorStatus: number;
  /** 1-based position of the varbind the status is about; 0 when it is about none. */
  readonly errorIndex: number;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** Writes a request PDU (RFC 3416 section 3) in front of what the writer holds. `integer`: what a set writes. */
export function writePdu(
  writer: BerWriter,
  kind: RequestKind,
  requestId: number,
  oids: readonly OidBytes[],
  repetitions: number,
  nonRepeaters = 0,
  integer = 0,
): void {
  const pdu = writer.mark;
  for (let i = oids.length - 1; i >= 0; i--) {
    const varbind = writer.mark;
    if (kind === 'set') writer.integer(integer);
    else writer.bytes(emptyNull);
    writer.element(0x06, oids[i] ?? emptyNull);
    writer.wrap(sequence, varbind);
  }
  writer.wrap(sequence, pdu);
  // Third and second field: max-repetitions and non-repeaters in GETBULK, else error-index and error-status.
  writer.integer(kind === 'bulk' ? repetitions : 0);
  writer.integer(kind === 'bulk' ? nonRepeaters : 0);
  writer.integer(requestId);
  writer.wrap(requestTags[kind], pdu);
}

/**
 * Reads the response or report PDU at the reader's position.
 * @throws BerError
 */
export function readPdu(reader: BerReader): Reply {
  reader.next();
  const tag = reader.tag;
  if (tag !== responseTag && tag !== reportTag) throw new BerError(`PDU type ${tag} is not an answer`);
  reader.enter();
  const requestId = reader.integer();
  const status = reader.integer();
  const index = reader.integer();
  reader.expect(sequence);
  return {
    tag,
    requestId,
    errorStatus: status,
    errorIndex: index,
    bytes: reader.bytes,
    start: reader.start,
    end: reader.end,
  };
}

/** Steps through the varbinds of a reply without making an object for each. */
export class VarBinds {
  private readonly reader: BerReader;
  private readonly limit: number;
  oidStart = 0;
  oidEnd = 0;
  tag = 0;
  start = 0;
  end = 0;

  constructor(reply: Reply) {
    this.reader = new BerReader(reply.bytes, reply.start, reply.end);
    this.limit = reply.end;
  }

  /**
   * Goes to the next varbind; false when there is none.
   * @throws BerError when the list is broken from here on; what came before is good.
   */
  next(): boolean {
    const { reader } = this;
    const at = reader.position;
    if (at >= this.limit) return false;
    // Nearly all are like this: three lengths of one octet each, one behind the other.
    const { bytes } = reader;
    const whole = bytes[at + 1] ?? 0x80;
    const name = bytes[at + 3] ?? 0x80;
    const value = at + 4 + name;
    const size = bytes[value + 1] ?? 0x80;
    const end = at + 2 + whole;
    if (
      whole < 0x80 &&
      name < 0x80 &&
      size < 0x80 &&
      bytes[at] === sequence &&
      bytes[at + 2] === 0x06 &&
      value + 2 + size <= end &&
      end <= this.limit
    ) {
      this.oidStart = at + 4;
      this.oidEnd = value;
      this.tag = bytes[value] ?? 0;
      this.start = value + 2;
      this.end = this.start + size;
      reader.position = end;
      return true;
    }
    reader.limit = this.limit;
    reader.expect(sequence);
    const behind = reader.position;
    reader.enter();
    reader.expect(0x06);
    this.oidStart = reader.start;
    this.oidEnd = reader.end;
    reader.next();
    this.tag = reader.tag;
    this.start = reader.start;
    this.end = reader.end;
    reader.position = behind;
    return true;
  }
}

/** What a request asks besides its names. */
export interface RequestOptions {
  /** max-repetitions of GETBULK */
  readonly repetitions: number;
  readonly nonRepeaters: number;
  /** Devices that keep one bridge for each VLAN show it to the community `name@vlan` or in the context `vlan-N`. */
  readonly vlan: number | null;
  /** The INTEGER that a set writes. */
  readonly integer?: number;
}

/** How a request becomes a datagram and a datagram a reply: community (v1, v2c) or user-based (v3). */
export interface MessageFormat {
  encode(kind: RequestKind, requestId: number, oids: readonly OidBytes[], options: RequestOptions): Buffer;
  /** @throws BerError, or another error when the datagram cannot be trusted. */
  decode(datagram: Uint8Array): Reply;
}

/** SNMPv1 (RFC 1157) and SNMPv2c (RFC 1901): the community in plain text. */
export class CommunityFormat implements MessageFormat {
  private readonly version: number;
  private readonly community: Uint8Array;
  private readonly writer: BerWriter;

  constructor(version: '1' | '2c', community: string, writer = new BerWriter(8192)) {
    this.version = version === '1' ? 0 : 1;
    this.community = Buffer.from(community, 'utf8');
    this.writer = writer;
  }

  encode(kind: RequestKind, requestId: number, oids: readonly OidBytes[], options: RequestOptions): Buffer {
    const { writer } = this;
    const { repetitions, nonRepeaters, vlan, integer } = options;
    writer.reset();
    const message = writer.mark;
    writePdu(writer, kind, requestId, oids, repetitions, nonRepeaters, integer);
    if (vlan === null) writer.element(0x04, this.community);
    else writer.element(0x04, Buffer.concat([this.community, Buffer.from(`@${vlan}`)]));
    writer.integer(this.version);
    writer.wrap(sequence, message);
    return writer.take();
  }

  decode(datagram: Uint8Array): Reply {
    const reader = new BerReader(datagram);
    reader.expect(sequence);
    reader.enter();
    if (reader.integer() !== this.version) throw new BerError('an answer of another SNMP version');
    reader.octets();
    return readPdu(reader);
  }
}
