import type { CausesInput } from '../parts.ts';
import { eachNeighbour, type Picture } from './picture.ts';

/** How a device stands, by node. */
export const Standing = { unmonitored: 0, answers: 1, dead: 2, silent: 3 } as const;

/** What the agents see. */
export interface Sight {
  /** {@link Standing} by node. Devices nobody polls that must be dead, by what is around them, are dead too. */
  readonly state: Uint8Array;
  /** 1: a way of answering or unwatched devices leads there. */
  readonly reached: Uint8Array;
  /** Over which node the way of an agent came there; 0: over none. */
  readonly via: Int32Array;
  /** Dead devices next to something reached, nearest to the agents first: only they can be where the network ends. */
  readonly frontier: readonly number[];
}

export function statesOf(picture: Picture, input: CausesInput): Uint8Array {
  const state = new Uint8Array(picture.size + 1);
  const mark = (ids: ReadonlySet<number>, value: number) => {
    for (const id of ids) {
      const node = picture.site.node(id);
      if (node !== undefined) state[node] = value;
    }
  };
  mark(input.answering, Standing.answers);
  mark(input.silent, Standing.silent);
  mark(input.unreachable, Standing.dead);
  return state;
}

/**
 * Walks from the agents, and from everything that answers, through what leads traffic on and is not known to be dead.
 * `explained`: 1 for devices whose silence has an explanation already; they are no frontier. Changes `state` where a device that
 * nobody polls must be dead.
 */
export function look(
  picture: Picture,
  state: Uint8Array,
  from: readonly number[],
  explained: Int32Array,
): Sight {
  const reached = new Uint8Array(picture.size + 1);
  const found = new Uint8Array(picture.size + 1);
  const frontier: number[] = [];
  const queue = new Int32Array(picture.size + 1);
  let length = 0;
  let at = 0;
  const via = new Int32Array(picture.size + 1);
  const push = (node: number, over = 0) => {
    reached[node] = 1;
    via[node] = over;
    queue[length++] = node;
  };
  const isAgent = new Set(from);
  const walk = () => {
    while (at < length) {
      const node = queue[at++] ?? 0;
      if (picture.transit[node] !== 1 && !isAgent.has(node)) continue;
      eachNeighbour(picture.network, node, (other) => {
        if (reached[other] === 1 || found[other] === 1) return;
        if (state[other] === Standing.dead && explained[other] !== 0) return;
        if (state[other] === Standing.unmonitored && mustBeDead(picture, state, other))
          state[other] = Standing.dead;
        if (state[other] === Standing.dead) {
          found[other] = 1;
          frontier.push(other);
        } else push(other, node);
      });
    }
  };
  for (const node of from) if (reached[node] === 0) push(node);
  walk();
  for (let node = 1; node <= picture.size; node++)
    if (state[node] === Standing.answers && reached[node] === 0) {
      push(node);
      walk();
    }
  // An agent's own device is where one looks from, also when it does not answer the questions of SNMP.
  for (const node of from)
    if (state[node] === Standing.dead && explained[node] === 0 && found[node] === 0) {
      found[node] = 1;
      frontier.push(node);
    }
  return { state, reached, via, frontier };
}

/** A switch that nobody polls: at most one device beside it answers, and several do not. */
function mustBeDead(picture: Picture, state: Uint8Array, node: number): boolean {
  if (picture.transit[node] !== 1) return false;
  const answer = new Set<number>();
  const dead = new Set<number>();
  eachNeighbour(picture.network, node, (other) => {
    if (state[other] === Standing.answers) answer.add(other);
    else if (state[other] === Standing.dead) dead.add(other);
  });
  return answer.size <= 1 && dead.size >= 2;
}

/**
 * What lies behind the frontier: gives every node to which no way is left the owner of what it is behind, the nearest where there
 * are several. A node behind only one is always given to that one. `owner`: 0 for nobody.
 */
export function spread(picture: Picture, sight: Sight, owner: Int32Array): void {
  const queue = new Int32Array(picture.size + 1);
  let length = 0;
  for (const node of sight.frontier) if (owner[node] !== 0) queue[length++] = node;
  const first = new Set(sight.frontier);
  for (let node = 1; node <= picture.size; node++)
    if (owner[node] !== 0 && sight.state[node] === Standing.dead && !first.has(node)) queue[length++] = node;
  for (let at = 0; at < length; at++) {
    const node = queue[at] ?? 0;
    if (picture.transit[node] !== 1) continue;
    eachNeighbour(picture.network, node, (other) => {
      if (sight.reached[other] === 1 || owner[other] !== 0) return;
      owner[other] = owner[node] ?? 0;
      queue[length++] = other;
    });
  }
}
