import type { SnmpValue } from '../snmp/decode.ts';

/**
 * DateAndTime (SNMPv2-TC) as milliseconds since 1970. undefined for anything else, also for the form of 8 octets, which does not
 * say in which time zone it is.
 */
export function dateAndTime(value: SnmpValue): number | undefined {
  if (!(value instanceof Uint8Array) || value.length !== 11) return undefined;
  const view = new DataView(value.buffer, value.byteOffset, value.length);
  const [month = 0, day = 0, hour = 0, minute = 0, second = 0, tenths = 0] = value.subarray(2, 8);
  const sign = { 43: 1, 45: -1 }[value[8] ?? 0];
  if (sign === undefined || month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  const fromUtc = sign * ((value[9] ?? 0) * 60 + (value[10] ?? 0)) * 60_000;
  return Date.UTC(view.getUint16(0), month - 1, day, hour, minute, second, tenths * 100) - fromUtc;
}
