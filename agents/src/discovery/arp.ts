import { readFile } from 'node:fs/promises';

const keptMs = 1000;
/** A router that answers for others has all their addresses (proxy ARP, RFC 1027): its own tells nothing of them. */
const mostOfOne = 8;
/** Linux, include/uapi/linux/if_arp.h: ATF_COM, the entry is complete. */
const complete = 0x2;

/** What a text in the form of /proc/net/arp says (proc(5)): IPv4 address to MAC address; `nobody`: asked for, and nobody has it. */
export function parseArp(text: string): Map<string, string | 'nobody'> {
  const table = new Map<string, string | 'nobody'>();
  const counts = new Map<string, number>();
  for (const line of text.split('\n').slice(1)) {
    const [address, , flags, mac] = line.trim().split(/\s+/);
    if (address === undefined || flags === undefined || mac === undefined) continue;
    if ((Number(flags) & complete) === 0) table.set(address, 'nobody');
    else if (/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(mac) && mac !== '00:00:00:00:00:00') {
      table.set(address, mac.toLowerCase());
      counts.set(mac.toLowerCase(), (counts.get(mac.toLowerCase()) ?? 0) + 1);
    }
  }
  for (const [address, mac] of table) if ((counts.get(mac) ?? 0) > mostOfOne) table.delete(address);
  return table;
}

/** The MAC addresses of this machine's own networks, as it has learned them; only read. Empty where a system has no such table. */
export class ArpTable {
  readonly #read: () => Promise<string>;
  readonly #monotonicMs: () => number;
  #table: Promise<Map<string, string | 'nobody'>> = Promise.resolve(new Map());
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(options: { monotonicMs: () => number; read?: () => Promise<string> }) {
    this.#monotonicMs = options.monotonicMs;
    this.#read = options.read ?? (() => readFile('/proc/net/arp', 'utf8'));
  }

  /** null: it does not know. At most a second old. */
  async macOf(address: string): Promise<string | 'nobody' | null> {
    const now = this.#monotonicMs();
    if (now - this.#readAt >= keptMs) {
      this.#readAt = now;
      // Other systems have no such file: nothing is known there.
      this.#table = this.#read().then(parseArp, () => new Map());
    }
    return (await this.#table).get(address) ?? null;
  }
}
