import type { PowerInlet } from '@rackhaus/config/contract';

export interface PowerPort {
  readonly id: number;
  readonly deviceId: number;
  readonly kind: 'inlet' | 'power-outlet';
  readonly name: string;
}

/** One power cord: from an outlet to an inlet. */
export interface Cord {
  readonly cable: { readonly id: number; readonly label: string } | null;
  readonly outlet: PowerPort;
  readonly inlet: PowerPort;
}

export interface PoweredDevice {
  readonly id: number;
  readonly name: string;
  readonly role: string;
  /** Where a cord leads that leaves what somebody may know of: nothing is known of it. */
  readonly beyond?: true;
}

/** Who feeds whom, by power cords as they are documented. */
export class PowerCords {
  readonly devices: ReadonlyMap<number, PoweredDevice>;
  readonly #inlets: ReadonlyMap<number, readonly PowerPort[]>;
  readonly #outlets: ReadonlyMap<number, readonly PowerPort[]>;
  readonly #into: ReadonlyMap<number, readonly Cord[]>;
  readonly #outOf: ReadonlyMap<number, readonly Cord[]>;
  readonly #byInlet: ReadonlyMap<number, Cord>;
  readonly #above = new Map<number, ReadonlySet<number>>();

  constructor(given: {
    devices: readonly PoweredDevice[];
    ports: readonly PowerPort[];
    cords: readonly Cord[];
  }) {
    this.devices = new Map(given.devices.map((device) => [device.id, device]));
    const of = (kind: PowerPort['kind']) =>
      Map.groupBy(
        given.ports.filter((port) => port.kind === kind),
        (port) => port.deviceId,
      );
    this.#inlets = of('inlet');
    this.#outlets = of('power-outlet');
    this.#into = Map.groupBy(given.cords, (cord) => cord.inlet.deviceId);
    this.#outOf = Map.groupBy(given.cords, (cord) => cord.outlet.deviceId);
    this.#byInlet = new Map(given.cords.map((cord) => [cord.inlet.id, cord]));
  }

  inlets(deviceId: number): readonly PowerPort[] {
    return this.#inlets.get(deviceId) ?? [];
  }
  outlets(deviceId: number): readonly PowerPort[] {
    return this.#outlets.get(deviceId) ?? [];
  }
  /** Cords that feed the device. */
  into(deviceId: number): readonly Cord[] {
    return this.#into.get(deviceId) ?? [];
  }
  /** Cords that the device feeds. */
  outOf(deviceId: number): readonly Cord[] {
    return this.#outOf.get(deviceId) ?? [];
  }

  /** UPS, PDU, strip, transfer switch: what supplies others. */
  isSource(deviceId: number): boolean {
    return this.outlets(deviceId).length > 0;
  }

  /** Whether what the device feeds, directly or through others, is all known. */
  isKnownBelow(deviceId: number): boolean {
    return [...this.below(deviceId)].every((id) => this.devices.get(id)?.beyond !== true);
  }

  /** Devices that feed this one, directly or through others. */
  above(deviceId: number): ReadonlySet<number> {
    const known = this.#above.get(deviceId);
    if (known !== undefined) return known;
    const found = new Set<number>();
    const next = [deviceId];
    for (const here of next)
      for (const { outlet } of this.into(here)) {
        if (found.has(outlet.deviceId)) continue;
        found.add(outlet.deviceId);
        next.push(outlet.deviceId);
      }
    this.#above.set(deviceId, found);
    return found;
  }

  /** All that is fed by the device, directly or through others. */
  below(deviceId: number): ReadonlySet<number> {
    const found = new Set<number>();
    const next = [deviceId];
    for (const here of next)
      for (const { inlet } of this.outOf(here)) {
        if (found.has(inlet.deviceId)) continue;
        found.add(inlet.deviceId);
        next.push(inlet.deviceId);
      }
    return found;
  }

  /** Every inlet of a device with the chain above it; a source with several inlets is followed by the first that has a cord. */
  chains(deviceId: number): PowerInlet[] {
    return this.inlets(deviceId).map((inlet) => ({
      portId: inlet.id,
      name: inlet.name,
      ...this.#chain(inlet),
    }));
  }

  #chain(inlet: PowerPort): Pick<PowerInlet, 'chain' | 'end'> {
    const chain: PowerInlet['chain'] = [];
    const seen = new Set([inlet.deviceId]);
    for (let at = this.#byInlet.get(inlet.id); at !== undefined; ) {
      const { outlet, cable } = at;
      const source = this.devices.get(outlet.deviceId);
      // A documented circle is fed by nothing.
      if (source === undefined || seen.has(source.id)) return { chain, end: 'open' };
      if (source.beyond === true) return { chain, end: 'beyond' };
      seen.add(source.id);
      chain.push({ deviceId: source.id, name: source.name, role: source.role, outlet: outlet.name, cable });
      at = this.into(source.id)[0];
      if (at === undefined) return { chain, end: this.beginsHere(source) ? 'documented' : 'open' };
    }
    return { chain, end: 'open' };
  }

  /** A UPS without a documented cord hangs on the mains; what has no inlet is where a feed comes from. */
  beginsHere(source: PoweredDevice): boolean {
    return source.role === 'ups' || this.inlets(source.id).length === 0;
  }
}
