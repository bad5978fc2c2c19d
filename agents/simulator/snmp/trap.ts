import { element, Tag } from './ber.ts';
import { encodeOid } from './oid.ts';
import { varBind } from './store.ts';
import { integer, objectId, octets, type SnmpValue, timeTicks } from './value.ts';

/** SNMPv2-Trap-PDU (RFC 3416 section 3). */
const trapPdu = 0xa7;
/** msgVersion of SNMPv2c. */
const version2c = 1;

/** An SNMPv2c notification: sysUpTime.0, snmpTrapOID.0 and then the given objects (RFC 3416 section 4.2.6). */
export function trapMessage(options: {
  community: string;
  requestId: number;
  /** Hundredths of a second. */
  uptimeTicks: number;
  /** Dotted, as are those of the objects. */
  trap: string;
  objects: readonly { readonly oid: string; readonly value: SnmpValue }[];
}): Uint8Array {
  const objects = [
    { oid: '1.3.6.1.2.1.1.3.0', value: timeTicks(options.uptimeTicks) },
    { oid: '1.3.6.1.6.3.1.1.4.1.0', value: objectId(options.trap) },
    ...options.objects,
  ];
  const list = element(
    Tag.sequence,
    Buffer.concat(objects.map(({ oid, value }) => varBind(encodeOid(oid), value))),
  );
  const pdu = element(trapPdu, Buffer.concat([integer(options.requestId), integer(0), integer(0), list]));
  return element(Tag.sequence, Buffer.concat([integer(version2c), octets(options.community), pdu]));
}
