import type { Cord, PowerCords } from './cords.ts';

/** What is measured, in watts. */
export interface MeasuredWatts {
  /** Into a device, or out of a source, in total. */
  device(deviceId: number): number | null;
  /** Through one outlet, where the source measures that. */
  outlet(deviceId: number, name: string): number | null;
  /** The most that one supply of a device draws; null: not known. For sharing out what is measured only as a whole. */
  supply(deviceId: number): number | null;
}

/**
 * Watts through each cord: as its outlet measures, else as the device tells that hangs on it (its supplies share), else its part of
 * what the source measures in all and no other cord accounts for.
 */
export class Draws {
  readonly #cords: PowerCords;
  readonly #measured: MeasuredWatts;
  readonly #source = new Map<number, number | null>();
  readonly #told = new Map<Cord, number | null>();

  constructor(options: { cords: PowerCords; measured: MeasuredWatts }) {
    this.#cords = options.cords;
    this.#measured = options.measured;
  }

  /** What a source gives: as it measures, or all that hangs on it added up. null: not known. */
  ofSource(deviceId: number): number | null {
    const known = this.#source.get(deviceId);
    if (known !== undefined) return known;
    // A documented circle adds up to nothing that is known.
    this.#source.set(deviceId, null);
    const cords = this.#cords.outOf(deviceId);
    const parts = () => added(cords.map((cord) => this.#toldOf(cord)));
    const watts = this.#measured.device(deviceId) ?? (cords.length === 0 ? null : parts());
    this.#source.set(deviceId, watts);
    return watts;
  }

  /** null: not known. */
  through(cord: Cord): number | null {
    const told = this.#toldOf(cord);
    if (told !== null) return told;
    const whole = this.#measured.device(cord.outlet.deviceId);
    if (whole === null) return null;
    const silent: Cord[] = [];
    let rest = whole;
    for (const each of this.#cords.outOf(cord.outlet.deviceId)) {
      const watts = this.#toldOf(each);
      if (watts === null) silent.push(each);
      else rest -= watts;
    }
    const weights = silent.map((each) => this.#measured.supply(each.inlet.deviceId));
    const known = weights.filter((weight) => weight !== null);
    // Who is not known to draw more or less than others counts as their mean.
    const mean = known.length === 0 ? 1 : known.reduce((total, weight) => total + weight, 0) / known.length;
    const total = weights.reduce<number>((all, weight) => all + (weight ?? mean), 0);
    const own = weights[silent.indexOf(cord)] ?? mean;
    return total === 0 ? 0 : (Math.max(0, rest) * own) / total;
  }

  #toldOf(cord: Cord): number | null {
    const known = this.#told.get(cord);
    if (known !== undefined) return known;
    const { outlet, inlet } = cord;
    const watts = this.#measured.outlet(outlet.deviceId, outlet.name) ?? this.#shareOf(inlet.deviceId, cord);
    this.#told.set(cord, watts);
    return watts;
  }

  /** Supplies share the load evenly, as far as their sources give anything. */
  #shareOf(deviceId: number, cord: Cord): number | null {
    const isSource = this.#cords.isSource(deviceId);
    const watts = isSource ? this.ofSource(deviceId) : this.#measured.device(deviceId);
    if (watts === null) return null;
    const live = this.#cords
      .into(deviceId)
      .filter(({ outlet }) => this.#measured.device(outlet.deviceId) !== 0);
    return live.includes(cord) ? watts / live.length : 0;
  }
}

export interface Failover {
  /** What the source would carry, were the other sources of its redundant devices gone; null: not known. */
  readonly watts: number | null;
  /** Devices that hang on it and on another source. */
  readonly shared: number;
}

/** Adds to what a source gives now what devices that it feeds draw from elsewhere. */
export function failoverOf(sourceId: number, cords: PowerCords, draws: Draws): Failover {
  const isBelow = ({ outlet }: Cord) =>
    outlet.deviceId === sourceId || cords.above(outlet.deviceId).has(sourceId);
  let shared = 0;
  const parts: (number | null)[] = [draws.ofSource(sourceId)];
  // What hangs on it elsewhere may have a second supply of which nothing is known here.
  if (!cords.isKnownBelow(sourceId)) parts.push(null);
  for (const id of cords.below(sourceId)) {
    const elsewhere = cords.into(id).filter((cord) => !isBelow(cord));
    if (elsewhere.length === 0) continue;
    shared++;
    for (const cord of elsewhere) parts.push(draws.through(cord));
  }
  return { watts: added(parts), shared };
}

function added(parts: readonly (number | null)[]): number | null {
  let total = 0;
  for (const part of parts) {
    if (part === null) return null;
    total += part;
  }
  return total;
}
