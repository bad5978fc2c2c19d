import { BerError, type BerReader, Tag } from './ber.ts';
import { isOid } from './oid.ts';

/** PDU tags (RFC 3416 section 3). */
export const Pdu = { get: 0xa0, next: 0xa1, response: 0xa2, set: 0xa3, bulk: 0xa5, report: 0xa8 } as const;

export interface Request {
  readonly kind: 'get' | 'next' | 'bulk' | 'set';
  readonly requestId: number;
  /** GETBULK only. */
  readonly nonRepeaters: number;
  readonly maxRepetitions: number;
  readonly bytes: Uint8Array;
  /** Where the content of each asked OID lies in `bytes`: from, to, from, to, … */
  readonly oids: readonly number[];
  /** Of a SET: the INTEGER for each OID; null: another type. Empty otherwise. */
  readonly integers: readonly (number | null)[];
  /** Where the content of the VarBindList lies: an error answer of SNMPv1 repeats it. */
  readonly varBindsFrom: number;
  readonly varBindsTo: number;
}

const kinds = new Map<number, Request['kind']>([
  [Pdu.get, 'get'],
  [Pdu.next, 'next'],
  [Pdu.bulk, 'bulk'],
  [Pdu.set, 'set'],
]);

/** Reads the request PDU at the reader. @throws BerError on anything else, also on PDUs that an agent does not answer. */
export function readRequest(reader: BerReader): Request {
  const tag = reader.peek();
  const kind = kinds.get(tag);
  if (kind === undefined) throw new BerError(`not a request: ${tag}`);
  const outer = reader.enter(tag);
  const requestId = reader.integer();
  const second = reader.integer();
  const third = reader.integer();
  if (requestId > 0x7fffffff || second > 0x7fffffff || third > 0x7fffffff)
    throw new BerError('number above 31 bits');
  const list = reader.enter(Tag.sequence);
  const varBindsFrom = reader.at;
  const oids: number[] = [];
  const integers: (number | null)[] = [];
  while (!reader.done) {
    const bind = reader.enter(Tag.sequence);
    const to = reader.open(Tag.oid);
    if (!isOid(reader.bytes, reader.at, to)) throw new BerError('not an OID in its shortest form');
    oids.push(reader.at, to);
    reader.at = to;
    if (kind === 'set' && reader.peek() === Tag.integer) integers.push(reader.integer());
    else {
      reader.skip();
      if (kind === 'set') integers.push(null);
    }
    reader.leave(bind);
  }
  const varBindsTo = reader.at;
  reader.leave(list);
  reader.leave(outer);
  return {
    kind,
    requestId,
    nonRepeaters: kind === 'bulk' ? Math.max(0, second) : 0,
    maxRepetitions: kind === 'bulk' ? Math.max(0, third) : 0,
    bytes: reader.bytes,
    oids,
    integers,
    varBindsFrom,
    varBindsTo,
  };
}
