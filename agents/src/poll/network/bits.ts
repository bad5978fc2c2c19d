import type { SnmpValue } from '../../snmp/decode.ts';

/** The most octets of a list that are looked at: 65,536 ports. */
const mostOctets = 8192;

/** The numbers whose bits are set; the highest bit of the first octet stands for `first` (Q-BRIDGE-MIB PortList). */
export function bitNumbers(value: SnmpValue, first: number): number[] {
  if (!(value instanceof Uint8Array)) return [];
  const numbers: number[] = [];
  const octets = Math.min(value.length, mostOctets);
  for (let at = 0; at < octets; at++) {
    const octet = value[at] ?? 0;
    for (let bit = 0; octet !== 0 && bit < 8; bit++)
      if (octet & (0x80 >> bit)) numbers.push(at * 8 + bit + first);
  }
  return numbers;
}

/**
 * A list of ports: a bit string, or, as some agents send it, the numbers as text with commas. A bit string that happens to read so
 * would need to be of digits and at least one comma throughout.
 */
export function portNumbers(value: SnmpValue, first: number): number[] {
  if (!(value instanceof Uint8Array)) return [];
  const text = value.length > 0 && value.every(isDigitOrComma) ? Buffer.from(value).toString('latin1') : '';
  if (/^\d{1,10}(,\d{1,10})+,?$/.test(text) || /^\d{3},?$/.test(text))
    return text
      .split(',')
      .filter((number) => number !== '')
      .map(Number);
  return bitNumbers(value, first);
}

function isDigitOrComma(octet: number): boolean {
  return (octet >= 0x30 && octet <= 0x39) || octet === 0x2c;
}
