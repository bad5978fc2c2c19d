import type { ObservedPart } from '@rackhaus/config/contract';
import type { PartSource, VlanSource } from '@rackhaus/config/profiles';
import { toNumber } from '../../snmp/decode.ts';
import { encodeOid } from '../../snmp/oid.ts';
import { readParts } from './parts.ts';
import type { Reading } from './reading.ts';
import { readVlans, type Vlans } from './vlans.ts';

/** A device that does not say when its parts changed is asked for them anew after this time. */
const partsMs = 6 * 3_600_000;

/** Reads VLANs and parts of one device: what changes rarely and is asked for at a refresh only. */
export class NetworkPoller {
  private readonly vlanSources: readonly VlanSource[];
  private readonly partSources: readonly PartSource[];
  private partsAt = Number.NEGATIVE_INFINITY;
  private partsChange: number | undefined;
  /** Null: the device has said nothing of the kind. */
  vlans: Vlans | null = null;
  parts: readonly ObservedPart[] = [];

  constructor(options: { vlans: readonly VlanSource[]; parts: readonly PartSource[] }) {
    this.vlanSources = options.vlans;
    this.partSources = options.parts;
  }

  /** @throws SnmpError when the device does not answer. */
  async readVlans(reading: Reading): Promise<void> {
    if (this.vlanSources.length > 0) this.vlans = await readVlans(reading, this.vlanSources);
  }

  /**
   * Reads the parts when they may have changed; `anew`: the device was restarted.
   * @throws SnmpError when the device does not answer.
   */
  async readParts(reading: Reading, anew: boolean): Promise<void> {
    if (this.partSources.length === 0) return;
    const changed = this.partSources.find((source) => source.changed !== undefined)?.changed;
    const [value] = changed === undefined ? [] : await reading.session.get([encodeOid(changed)]);
    const change = toNumber(value);
    const at = performance.now();
    if (!anew && change === this.partsChange && at < this.partsAt + partsMs) return;
    this.parts = await readParts(reading, this.partSources);
    this.partsChange = change;
    this.partsAt = at;
  }
}
