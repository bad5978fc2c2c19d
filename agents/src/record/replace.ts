import { createHmac } from 'node:crypto';

/**
 * Other values in the place of those that say who or where somebody is: the same for the same, of the same shape, and not to be
 * turned back, because the key is drawn anew for each recording and kept nowhere.
 */
export class Replacements {
  private readonly key: Uint8Array;
  private readonly names = new Map<string, string>();
  private readonly networks = new Map<string, string>();
  private readonly networks6 = new Map<string, number>();
  private readonly counts = new Map<string, number>();

  constructor({ key }: { key: Uint8Array }) {
    this.key = key;
  }

  /** A MAC address that keeps its maker; what is nobody's (zeros, broadcast, multicast) stays. */
  mac(bytes: Uint8Array): Uint8Array {
    if (bytes.every((byte) => byte === 0) || ((bytes[0] ?? 0) & 1) === 1) return bytes;
    const other = this.digest('mac', Buffer.from(bytes).toString('hex'));
    return Uint8Array.from(bytes, (byte, i) => (i < 3 ? byte : (other[i] ?? 0)));
  }

  /** An IPv4 address of 10.0.0.0/8; addresses of one /24 stay in one. Loopback, masks, multicast and 0.0.0.0/8 stay. */
  ipv4(octets: readonly number[]): number[] {
    const [first = 0, , , last = 0] = octets;
    if (first === 0 || first === 127 || first >= 224) return [...octets];
    const network = octets.slice(0, 3).join('.');
    let other = this.networks.get(network);
    if (other === undefined) {
      const number = this.networks.size + 1;
      other = `10.${(number >> 8) & 255}.${number & 255}`;
      this.networks.set(network, other);
    }
    return [...other.split('.').map(Number), last];
  }

  /**
   * An IPv6 address of 2001:db8::/32, which is nobody's (RFC 3849); addresses of one /64 stay in one, and small numbers of interfaces stay. Of an
   * address with an IPv4 address in it, that is replaced. `::`, `::1` and multicast stay; what multicast says of an address does not.
   */
  ipv6(bytes: Uint8Array): Uint8Array {
    const start = bytes.subarray(0, 12);
    if (start.every((byte) => byte === 0)) return bytes;
    if (start.every((byte, i) => byte === (i < 10 ? 0 : 0xff)))
      return Uint8Array.from([...start, ...this.ipv4([...bytes.subarray(12)])]);
    if (bytes[0] === 0xff) {
      // Solicited-node (RFC 4291 section 2.7.1): the last three octets are those of the address.
      if (!Buffer.from(bytes).toString('hex').startsWith('ff0200000000000000000001ff')) return bytes;
      const other = this.digest('ipv6', Buffer.from(bytes).toString('hex'));
      return Uint8Array.from(bytes, (byte, i) => (i < 13 ? byte : (other[i] ?? 0)));
    }
    const network = Buffer.from(bytes.subarray(0, 8)).toString('hex');
    const number = this.networks6.get(network) ?? this.networks6.size + 1;
    this.networks6.set(network, number);
    const result = Buffer.alloc(16);
    result.writeUInt32BE(0x20010db8, 0);
    result.writeUInt32BE(number, 4);
    const own = bytes.subarray(8);
    const small = own.subarray(0, 6).every((byte) => byte === 0);
    result.set(small ? own : this.digest('ipv6', Buffer.from(own).toString('hex')).subarray(0, 8), 8);
    return Uint8Array.from(result);
  }

  /** `prefix-1`, `prefix-2` … */
  name(prefix: string, text: string): string {
    const known = this.names.get(text.toLowerCase());
    if (known !== undefined) return known;
    const number = (this.counts.get(prefix) ?? 0) + 1;
    this.counts.set(prefix, number);
    const made = `${prefix}-${number}`;
    this.names.set(text.toLowerCase(), made);
    return made;
  }

  /** Digits for digits, letters for letters, all else as it is. */
  serial(text: string): string {
    const other = this.digest('serial', text);
    return [...text]
      .map((char, i) => {
        const number = (other[i % other.length] ?? 0) + i;
        if (/\d/.test(char)) return String(number % 10);
        if (/[A-Z]/.test(char)) return String.fromCharCode(65 + (number % 26));
        if (/[a-z]/.test(char)) return String.fromCharCode(97 + (number % 26));
        return char;
      })
      .join('');
  }

  private digest(kind: string, text: string): Uint8Array {
    return createHmac('sha256', this.key).update(`${kind} ${text}`).digest();
  }
}
