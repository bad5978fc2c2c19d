import { BerError, BerReader } from '../snmp/ber.ts';
import { decodeOid } from '../snmp/oid.ts';

/** A notification as far as it matters here. */
export interface Trap {
  readonly version: '1' | '2c' | '3';
  /** Null for v3, which is not opened: keys of notifications belong to the sender's engine. */
  readonly community: string | null;
  readonly kind: 'linkDown' | 'linkUp' | 'other';
  /** Where the type of an InformRequest stands in the datagram: the answer is the same with another type. Null: none is wanted. */
  readonly informAt: number | null;
}

/** PDU types of RFC 1157 and RFC 3416. */
const trapV1 = 0xa4;
const inform = 0xa6;
const trapV2 = 0xa7;
export const responseType = 0xa2;

const snmpTrapOid = '1.3.6.1.6.3.1.1.4.1.0';
const links: Readonly<Record<string, 'linkDown' | 'linkUp'>> = {
  '1.3.6.1.6.3.1.1.5.3': 'linkDown',
  '1.3.6.1.6.3.1.1.5.4': 'linkUp',
};
/** generic-trap of RFC 1157. */
const genericLinks: Readonly<Record<number, 'linkDown' | 'linkUp'>> = { 2: 'linkDown', 3: 'linkUp' };

/**
 * Reads what kind of notification a datagram is.
 * @throws BerError for anything that is none
 */
export function decodeTrap(datagram: Uint8Array): Trap {
  const reader = new BerReader(datagram);
  reader.expect(0x30);
  reader.enter();
  const version = reader.integer();
  if (version === 3) {
    reader.expect(0x30);
    reader.expect(0x04);
    return { version: '3', community: null, kind: 'other', informAt: null };
  }
  if (version !== 0 && version !== 1) throw new BerError(`there is no SNMP version ${version}`);
  const community = Buffer.from(reader.octets()).toString('utf8');
  const typeAt = reader.position;
  reader.next();
  const { tag } = reader;
  reader.enter();
  if (version === 0 && tag === trapV1)
    return { version: '1', community, kind: kindOfV1(reader), informAt: null };
  if (version === 1 && (tag === trapV2 || tag === inform))
    return { version: '2c', community, kind: kindOfV2(reader), informAt: tag === inform ? typeAt : null };
  throw new BerError(`PDU type ${tag} is no notification`);
}

/** enterprise, agent-addr, generic-trap, … */
function kindOfV1(reader: BerReader): Trap['kind'] {
  reader.expect(0x06);
  reader.next();
  return genericLinks[reader.integer()] ?? 'other';
}

/** request-id, error-status, error-index, varbinds: sysUpTime.0, snmpTrapOID.0, … */
function kindOfV2(reader: BerReader): Trap['kind'] {
  reader.integer();
  reader.integer();
  reader.integer();
  reader.expect(0x30);
  reader.enter();
  const end = reader.limit;
  while (reader.position < end) {
    reader.expect(0x30);
    const behind = reader.position;
    reader.enter();
    reader.expect(0x06);
    const name = decodeOid(reader.bytes, reader.start, reader.end);
    reader.next();
    if (name === snmpTrapOid)
      return reader.tag === 0x06
        ? (links[decodeOid(reader.bytes, reader.start, reader.end)] ?? 'other')
        : 'other';
    reader.position = behind;
    reader.limit = end;
  }
  return 'other';
}
