import type { Condition, IncidentCause } from '@rackhaus/config/contract';
import type { CausesInput, FoundCause } from '../parts.ts';
import type { AgentFacts, CauseFacts, FactsOfDevice } from './facts.ts';
import { eachNeighbour, neighboursOf, type Picture } from './picture.ts';
import { Standing } from './sight.ts';
import type { Sign } from './signs.ts';

/** All that causes are worked out from. */
export interface Known {
  readonly picture: Picture;
  readonly facts: CauseFacts;
  readonly agents: readonly AgentFacts[];
  /** Which agent polls a device; null: none. */
  readonly polledBy: (deviceId: number) => number | null;
  readonly signs: ReadonlyMap<string, Sign>;
  /** What devices that do not answer had said last. */
  readonly lastWords: readonly Condition[];
  readonly input: CausesInput;
}

interface Draft {
  readonly key: string;
  readonly cause: IncidentCause;
  readonly claimed: Set<string>;
  readonly recheck: Set<number>;
}

const mostRechecked = 8;

/** The causes of one evaluation while they are worked out. Nodes are those of the picture. */
export class Drafts {
  readonly known: Known;
  readonly state: Uint8Array;
  /** Number of the cause by node, from 1; 0: none. */
  readonly owner: Int32Array;
  readonly #drafts: Draft[] = [];
  readonly #byKey = new Map<string, number>();
  readonly #conditions: Map<number, Condition[]>;

  constructor(known: Known, state: Uint8Array) {
    this.known = known;
    this.state = state;
    this.owner = new Int32Array(known.picture.size + 1);
    this.#conditions = Map.groupBy(known.input.conditions, (condition) => condition.deviceId);
  }

  /** Begins a cause, or finds the one of that key. Returns its number. */
  add(key: string, cause: Partial<IncidentCause> & Pick<IncidentCause, 'kind' | 'name'>): number {
    const before = this.#byKey.get(key);
    if (before !== undefined) return before;
    const draft: Draft = {
      key,
      cause: { deviceId: null, linkId: null, linkLabel: null, also: [], ...cause },
      claimed: new Set(),
      recheck: new Set(),
    };
    const number = this.#drafts.push(draft);
    this.#byKey.set(key, number);
    if (draft.cause.deviceId !== null) draft.recheck.add(draft.cause.deviceId);
    return number;
  }

  numberOf(key: string): number | undefined {
    return this.#byKey.get(key);
  }

  /** The node is the cause, or suffers from it; the first cause keeps it. */
  give(node: number, number: number): void {
    if (this.owner[node] === 0) this.owner[node] = number;
  }

  recheck(number: number, node: number): void {
    const id = this.id(node);
    const { recheck } = this.#drafts[number - 1] ?? {};
    if (recheck !== undefined && recheck.size < mostRechecked && this.state[node] !== Standing.unmonitored)
      recheck.add(id);
  }

  claim(number: number, conditionId: string): void {
    this.#drafts[number - 1]?.claimed.add(conditionId);
  }

  id(node: number): number {
    return this.known.picture.ids[node] ?? 0;
  }

  fact(node: number): FactsOfDevice | undefined {
    return this.known.facts.devices.get(this.id(node));
  }

  name(node: number): string {
    return this.fact(node)?.name ?? `#${this.id(node)}`;
  }

  /** Of the fault that it cannot be reached. What feeds others keeps its key when it turns out that they suffer. */
  keyOf(node: number): string {
    return neighboursOf(this.known.picture.feeds, node).length > 0
      ? `power:${this.id(node)}`
      : `device:${this.id(node)}/reachability`;
  }

  conditionsOf(deviceId: number): readonly Condition[] {
    return this.#conditions.get(deviceId) ?? [];
  }

  signOf(condition: Condition): Sign | undefined {
    return this.known.signs.get(condition.rule);
  }

  /** Conditions about a connection at its two ends. */
  linkConditions(connection: number): Condition[] {
    const { picture, facts } = this.known;
    const { from, to, ports } = picture.connections[connection] ?? { from: 0, to: 0, ports: [] };
    return ports.flatMap((portId) => {
      const port = facts.ports.get(portId);
      if (port === undefined || (port.deviceId !== from && port.deviceId !== to)) return [];
      return this.conditionsOf(port.deviceId).filter(
        (condition) => condition.entity === port.name && this.signOf(condition) === 'link',
      );
    });
  }

  /** Gives conditions of everything owned to its cause, and what it says of ports that lead there. */
  finish(): { causes: readonly FoundCause[] } {
    const affected: number[][] = this.#drafts.map(() => []);
    const taken = new Set(this.#drafts.flatMap(({ claimed }) => [...claimed]));
    const claim = (number: number, condition: Condition) => {
      if (taken.has(condition.id)) return;
      taken.add(condition.id);
      this.claim(number, condition.id);
    };
    for (let node = 1; node <= this.known.picture.size; node++) {
      const number = this.owner[node] ?? 0;
      if (number === 0) continue;
      const draft = this.#drafts[number - 1];
      const id = this.id(node);
      const monitored = this.state[node] !== Standing.unmonitored;
      if (draft?.cause.deviceId !== id && monitored && this.#isDown(id)) affected[number - 1]?.push(id);
      if (this.state[node] === Standing.dead)
        for (const condition of this.conditionsOf(id)) claim(number, condition);
      else if (this.state[node] === Standing.silent)
        for (const condition of this.conditionsOf(id))
          if (this.signOf(condition) === 'device-silent') claim(number, condition);
      if (this.state[node] === Standing.dead || this.state[node] === Standing.unmonitored)
        eachNeighbour(this.known.picture.network, node, (_, connection) => {
          for (const condition of this.linkConditions(connection)) claim(number, condition);
        });
    }
    return {
      causes: this.#drafts.map((draft, at) => ({
        key: draft.key,
        cause: draft.cause,
        conditionIds: [...draft.claimed],
        affected: affected[at] ?? [],
        recheck: [...draft.recheck],
      })),
    };
  }

  #isDown(id: number): boolean {
    const { unreachable, silent } = this.known.input;
    return unreachable.has(id) || silent.has(id);
  }
}
