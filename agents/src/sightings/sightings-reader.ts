import type { Sightings } from '@rackhaus/config/contract';
import { SnmpError } from '../snmp/error.ts';
import { encodeOid } from '../snmp/oid.ts';
import { ReplySize } from '../snmp/reply-size.ts';
import type { AskingBeside } from '../snmp/session.ts';
import { walkTable } from '../snmp/walk.ts';
import { addressTables, readAddresses } from './address-table.ts';
import { type Forwarding, type Reading, readBridge, readBridgePorts, readQBridge } from './forwarding.ts';
import { Learned } from './learned.ts';

/** What a device does not have, or does not answer to, is asked for again after this time. */
const absentForMs = 600_000;
/** Each costs the polling its turn for as long as an answer is waited for. */
const attempts = 2;
const deadlineMs = 30_000;
const mostVlans = 4094;

/** Where the VLANs of a device with a bridge for each are listed; see the schema of profiles. */
export interface BridgePerVlan {
  readonly vlans: string;
  readonly except: readonly number[];
}

/**
 * Reads who was seen behind which port: forwarding table and address table. Remembers which tables the device does not
 * have, so that it is not asked for them each time. Beside the polling: both share the device's session, request by request.
 */
export class SightingsReader {
  private readonly session: AskingBeside;
  private readonly size = new ReplySize();
  /** Part to the moment of `performance.now()` until which it is not asked for: it is not there … */
  private readonly absent = new Map<string, number>();
  /** … or the device, which answers otherwise, does not answer to it. */
  private readonly silent = new Map<string, number>();

  constructor(options: { session: AskingBeside }) {
    this.session = options.session;
  }

  /**
   * Null when the device has neither table, or they could not be read to their end.
   * @throws SnmpError when it does not answer.
   */
  async read(options: {
    perVlan: BridgePerVlan | null;
    /** Port names by ifIndex. */
    portName: (ifIndex: number) => string | undefined;
    /** Ask again also for what was not there before. */
    anew: boolean;
    signal: AbortSignal;
  }): Promise<Pick<Sightings, 'ports' | 'addresses'> | null> {
    const startedAt = performance.now();
    if (options.anew) this.absent.clear();
    const reading: Reading = {
      session: this.session,
      size: this.size,
      deadline: startedAt + deadlineMs,
      signal: options.signal,
      attempts,
    };
    const forwarding = await this.readForwarding(reading, options.perVlan, startedAt);
    if (forwarding?.cut) return null;
    const addresses = await this.readAddressTable(reading, startedAt);
    if (forwarding === null && addresses === null) return null;
    return {
      ports: forwarding === null ? [] : this.named(forwarding, options.portName),
      addresses: addresses ?? [],
    };
  }

  /** Q-BRIDGE first, then a bridge for each VLAN where the device keeps those, then the one bridge. */
  private async readForwarding(
    reading: Reading,
    perVlan: BridgePerVlan | null,
    at: number,
  ): Promise<Forwarding | null> {
    const byVlan = await this.unlessAbsent('qBridge', at, () => readQBridge(reading));
    if (byVlan !== null) return byVlan;
    if (perVlan !== null) {
      const found = await this.unlessAbsent('perVlan', at, () => this.readPerVlan(reading, perVlan, at));
      if (found !== null) return found;
    }
    return await this.unlessAbsent('bridge', at, () => readBridge(reading));
  }

  private async readPerVlan(
    reading: Reading,
    { vlans, except }: BridgePerVlan,
    at: number,
  ): Promise<Forwarding | null> {
    const { rows } = await walkTable(reading.session, reading.size, [encodeOid(vlans)], {
      ...reading,
      rows: mostVlans,
    });
    const numbers = new Set(rows.map(({ index }) => Number(index.split('.').at(-1))));
    const learned = new Learned();
    const ifIndexes = await readBridgePorts(reading);
    let cut = false;
    let answered = 0;
    for (const vlan of numbers) {
      if (except.includes(vlan) || !(vlan >= 1 && vlan <= 4094)) continue;
      const session = this.session.inVlan(vlan);
      const found = await this.ifAnswered(`vlan ${vlan}`, at, () =>
        readBridge({ ...reading, session, attempts: 1 }, vlan),
      );
      if (found === null) continue;
      answered++;
      learned.addAll(found.learned);
      for (const [port, ifIndex] of found.ifIndexes) ifIndexes.set(port, ifIndex);
      cut ||= found.cut;
    }
    return answered === 0 ? null : { learned, ifIndexes, cut };
  }

  /** A VLAN that the device does not show to this community or user is silent or refused: as if it had none. */
  private async ifAnswered<T>(part: string, at: number, work: () => Promise<T | null>): Promise<T | null> {
    if (at < (this.silent.get(part) ?? 0)) return null;
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof SnmpError) || (error.code !== 'timeout' && error.code !== 'refused'))
        throw error;
      this.silent.set(part, at + absentForMs);
      return null;
    }
  }

  private async readAddressTable(reading: Reading, at: number): Promise<Sightings['addresses'] | null> {
    for (let which = 0; which < addressTables; which++) {
      const found = await this.unlessAbsent(`addresses ${which}`, at, () => readAddresses(reading, which));
      if (found !== null) return found;
    }
    return null;
  }

  private async unlessAbsent<T>(part: string, at: number, work: () => Promise<T | null>): Promise<T | null> {
    if (at < (this.absent.get(part) ?? 0) || at < (this.silent.get(part) ?? 0)) return null;
    try {
      const found = await work();
      if (found === null) this.absent.set(part, at + absentForMs);
      else this.absent.delete(part);
      return found;
    } catch (error) {
      // Whether it was this part or the device itself, the next time shows.
      if (error instanceof SnmpError && error.code === 'timeout') this.silent.set(part, at + absentForMs);
      throw error;
    }
  }

  private named(
    { learned, ifIndexes }: Forwarding,
    portName: (ifIndex: number) => string | undefined,
  ): Sightings['ports'] {
    const ifIndexOf = portMap(learned, ifIndexes);
    return learned.byName((bridgePort) => portName(ifIndexOf(bridgePort)));
  }
}

/**
 * Bridge port to ifIndex, -1 for none: by dot1dBasePortIfIndex; a device without that table numbers its bridge ports as its
 * interfaces. Some use numbers in the forwarding table that their own port table does not know: 1 for its first port, and so on.
 */
function portMap(learned: Learned, ifIndexes: ReadonlyMap<number, number>): (bridgePort: number) => number {
  if (ifIndexes.size === 0) return (bridgePort) => bridgePort;
  const fits = learned.numbers().some((number) => ifIndexes.has(number));
  if (fits) return (bridgePort) => ifIndexes.get(bridgePort) ?? -1;
  const inOrder = [...ifIndexes].sort(([a], [b]) => a - b).map(([, ifIndex]) => ifIndex);
  return (bridgePort) => inOrder[bridgePort - 1] ?? -1;
}
