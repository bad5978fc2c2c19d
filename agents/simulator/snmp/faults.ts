import { Tag } from './ber.ts';
import { encodeOid } from './oid.ts';
import { type OidStore, writeVarBind } from './store.ts';
import { timeTicks } from './value.ts';

/** How a responder misbehaves, for tests of pollers. Every part may be changed while it runs. */
export interface ResponderFaults {
  /** Time before an answer leaves, plus up to so much at random. */
  latencyMs?: number;
  jitterMs?: number;
  /** Share of requests, 0..1, that get no answer. */
  lossRatio?: number;
  /** What is written by a community is done, and not answered. */
  swallowedSets?: boolean;
  /** Nothing is answered. */
  silent?: boolean;
  /** GETNEXT and GETBULK sometimes go backwards. */
  wrongOrder?: boolean;
  /** GETNEXT and GETBULK answer the asked OID again and again. */
  endless?: boolean;
  /** Requests for more than so many OIDs, or GETBULK for more than so many values, get tooBig. */
  tooBigAbove?: number;
  /** All counters read 0. */
  counterReset?: boolean;
  wrongRequestId?: boolean;
  /** Answers leave from another UDP port than the one asked. */
  otherPort?: boolean;
  /** Answers are cut in the middle. */
  truncated?: boolean;
}

/** The faults that are switched by a name alone (`--fault`). */
export const namedFaults = {
  silent: { silent: true },
  'wrong-order': { wrongOrder: true },
  endless: { endless: true },
  'too-big': { tooBigAbove: 1 },
  'counter-reset': { counterReset: true },
  'wrong-request-id': { wrongRequestId: true },
  'other-port': { otherPort: true },
  truncated: { truncated: true },
} as const satisfies Record<string, ResponderFaults>;

/** A store that lies as the faults say; the original where they say nothing of it. */
export function faultyStore(
  store: OidStore,
  faults: ResponderFaults,
  /** After a played reboot: hundredths of a second since then. */
  uptime: (() => number) | null = null,
): OidStore {
  if (!faults.wrongOrder && !faults.endless && !faults.counterReset && uptime === null) return store;
  return new FaultyStore(store, faults, uptime);
}

const sysUpTime = encodeOid('1.3.6.1.2.1.1.3.0');

class FaultyStore implements OidStore {
  readonly size: number;
  readonly #store: OidStore;
  readonly #faults: ResponderFaults;
  readonly #uptime: (() => number) | null;

  constructor(store: OidStore, faults: ResponderFaults, uptime: (() => number) | null) {
    this.#uptime = uptime;
    this.size = store.size;
    this.#store = store;
    this.#faults = faults;
  }

  exact(oid: Uint8Array, from: number, to: number): number {
    return this.#store.exact(oid, from, to);
  }

  after(oid: Uint8Array, from: number, to: number): number {
    if (this.#faults.endless) {
      const same = this.#store.exact(oid, from, to);
      if (same >= 0) return same;
    }
    return this.#shuffled(this.#store.after(oid, from, to));
  }

  following(index: number): number {
    return this.#faults.endless ? index : this.#shuffled(this.#store.following(index));
  }

  oid(index: number): Uint8Array {
    return this.#store.oid(index);
  }

  write(index: number, out: Uint8Array, at: number, end: number): number {
    if (this.#uptime !== null) {
      const oid = this.#store.oid(index);
      if (Buffer.compare(oid, sysUpTime) === 0)
        return writeVarBind(out, at, end, oid, timeTicks(this.#uptime()));
    }
    const after = this.#store.write(index, out, at, end);
    if (this.#faults.counterReset && after > 0) zeroCounter(out, at, after);
    return after;
  }

  /** Every seventh entry is answered with one further ahead, the walk then comes back. */
  #shuffled(index: number): number {
    return this.#faults.wrongOrder && index % 7 === 6 && index >= 3 ? index - 3 : index;
  }
}

/** Makes the value of the VarBind at `at` 0 when it is a counter; its length stays, which BER decoders accept. */
function zeroCounter(out: Uint8Array, at: number, end: number): void {
  let place = at + 1 + lengthSizeAt(out, at + 1);
  const oidLengthAt = place + 1;
  const size = lengthSizeAt(out, oidLengthAt);
  // An OID of more than 127 bytes would need a long length: none of the counters has one.
  if (size !== 1) return;
  place = oidLengthAt + 1 + (out[oidLengthAt] ?? 0);
  if (out[place] === Tag.counter32 || out[place] === Tag.counter64) out.fill(0, place + 2, end);
}

function lengthSizeAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  return first < 0x80 ? 1 : 1 + (first & 0x7f);
}
