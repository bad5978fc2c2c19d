import { BerError, BerReader } from '../snmp/ber.ts';
import { decodeOid } from '../snmp/oid.ts';

/**
 * What a notification is about. `authentication`: somebody asked with a wrong community, which anybody can do as often as they
 * like (SNMPv2-MIB authenticationFailure).
 */
export type TrapKind = 'link' | 'authentication' | 'other';

/** A notification of SNMPv1 or v2c as far as it matters here. */
export interface Trap {
  readonly community: string;
  readonly kind: TrapKind;
  /** Where the type of an InformRequest stands in the datagram: the answer is the same with another type. Null: none is wanted. */
  readonly informAt: number | null;
}

/** PDU types of RFC 1157 and RFC 3416. */
const trapV1 = 0xa4;
export const informType = 0xa6;
export const trapV2Type = 0xa7;
export const responseType = 0xa2;

const snmpTrapOid = '1.3.6.1.6.3.1.1.4.1.0';
const kinds: Readonly<Record<string, TrapKind>> = {
  '1.3.6.1.6.3.1.1.5.3': 'link',
  '1.3.6.1.6.3.1.1.5.4': 'link',
  '1.3.6.1.6.3.1.1.5.5': 'authentication',
};
/** generic-trap of RFC 1157. */
const genericKinds: Readonly<Record<number, TrapKind>> = { 2: 'link', 3: 'link', 4: 'authentication' };

/** @throws BerError for what is no SNMP message */
export function versionOf(datagram: Uint8Array): number {
  const reader = new BerReader(datagram);
  reader.expect(0x30);
  reader.enter();
  return reader.integer();
}

/**
 * Reads what kind of notification a datagram of v1 or v2c is.
 * @throws BerError for anything that is none
 */
export function decodeTrap(datagram: Uint8Array): Trap {
  const reader = new BerReader(datagram);
  reader.expect(0x30);
  reader.enter();
  const version = reader.integer();
  if (version !== 0 && version !== 1) throw new BerError(`there is no SNMP version ${version}`);
  const community = Buffer.from(reader.octets()).toString('utf8');
  const typeAt = reader.position;
  reader.next();
  const { tag } = reader;
  reader.enter();
  if (version === 0 && tag === trapV1) return { community, kind: kindOfV1(reader), informAt: null };
  if (version === 1 && (tag === trapV2Type || tag === informType))
    return { community, kind: kindOfV2(reader), informAt: tag === informType ? typeAt : null };
  throw new BerError(`PDU type ${tag} is no notification`);
}

/** enterprise, agent-addr, generic-trap, … */
function kindOfV1(reader: BerReader): TrapKind {
  reader.expect(0x06);
  reader.next();
  return genericKinds[reader.integer()] ?? 'other';
}

/**
 * Of a PDU that was entered: request-id, error-status, error-index, varbinds: sysUpTime.0, snmpTrapOID.0, …
 * @throws BerError
 */
export function kindOfV2(reader: BerReader): TrapKind {
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
        ? (kinds[decodeOid(reader.bytes, reader.start, reader.end)] ?? 'other')
        : 'other';
    reader.position = behind;
    reader.limit = end;
  }
  return 'other';
}
