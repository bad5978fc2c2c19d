/** A step as far as its turn goes. */
export interface Turn {
  /** Where it is, from the widest (site) to the narrowest (face of a rack); as many names for every step. */
  readonly place: readonly string[];
  /** Within the narrowest place: all of a smaller phase come first. */
  readonly phase: number;
  /** Within a phase: smaller first. */
  readonly rank: readonly number[];
  /** Steps that have to be done first, by their places in the list. */
  readonly before: readonly number[];
}

/** Beyond these a shortest round is not looked for but a good one taken. */
const exactPlaces = 7;
const exactStates = 20_000;

/**
 * The order in which nobody walks twice: sites, in them buildings, and so on down to the face of a rack, each gone to as few
 * times as what has to come before what allows; those that may come in any order as people sort them. A place that has to be
 * gone to twice is left with everything done that could be.
 * @returns the places of the steps in the list, in their new order
 * @throws Error when steps wait for each other in a circle
 */
export function inOrder(turns: readonly Turn[]): number[] {
  const depth = turns[0]?.place.length ?? 0;
  const all = turns.map((_, index) => index);
  return arrange(turns, all, 0, depth);
}

function arrange(turns: readonly Turn[], own: readonly number[], level: number, depth: number): number[] {
  if (own.length <= 1) return [...own];
  if (level === depth) return onTheSpot(turns, own);
  const groups = Map.groupBy(own, (index) => turns[index]?.place[level] ?? '');
  if (groups.size === 1) return arrange(turns, own, level + 1, depth);
  return visits(turns, groups).flatMap((visit) => arrange(turns, visit, level + 1, depth));
}

/** Everything in one place: what comes first by itself, else by phase and rank. */
function onTheSpot(turns: readonly Turn[], own: readonly number[]): number[] {
  const waiting = new Set(own);
  const order: number[] = [];
  const sorted = [...own].sort((a, b) => compareTurns(turns[a], turns[b]) || a - b);
  while (waiting.size > 0) {
    const ready = sorted.find(
      (index) => waiting.has(index) && !turns[index]?.before.some((each) => waiting.has(each)),
    );
    if (ready === undefined) throw new Error('Steps of a worklist wait for each other.');
    waiting.delete(ready);
    order.push(ready);
  }
  return order;
}

function compareTurns(a: Turn | undefined, b: Turn | undefined): number {
  if (a === undefined || b === undefined) return 0;
  if (a.phase !== b.phase) return a.phase - b.phase;
  for (const [index, value] of a.rank.entries()) {
    const other = b.rank[index] ?? 0;
    if (value !== other) return value - other;
  }
  return 0;
}

type Groups = ReadonlyMap<string, readonly number[]>;

/** Which places are gone to one after the other, and what is done at each visit. */
function visits(turns: readonly Turn[], groups: Groups): number[][] {
  return knots(turns, groups).flatMap((knot) => {
    const part = new Map(knot.map((name) => [name, groups.get(name) ?? []]));
    return knot.length === 1 ? [...part.values()].map((each) => [...each]) : round(turns, part);
  });
}

const collator = new Intl.Collator('de', { numeric: true });
const sorted = (names: Iterable<string>) => [...names].sort(collator.compare);

/**
 * Places that wait for each other in a circle are tied together; the knots come in an order in which each waits only for those
 * before it, and otherwise sorted.
 */
function knots(turns: readonly Turn[], groups: Groups): string[][] {
  const placeOf = new Map<number, string>();
  for (const [name, own] of groups) for (const index of own) placeOf.set(index, name);
  const waitsFor = new Map<string, Set<string>>();
  for (const [name, own] of groups) {
    const others = new Set<string>();
    for (const index of own)
      for (const each of turns[index]?.before ?? []) {
        const place = placeOf.get(each);
        if (place !== undefined && place !== name) others.add(place);
      }
    waitsFor.set(name, others);
  }
  const reach = new Map(sorted(groups.keys()).map((name) => [name, reachable(waitsFor, name)]));
  const tied = new Map<string, string[]>();
  for (const [name, others] of reach) {
    const knot = [name, ...others].filter((each) => each === name || reach.get(each)?.has(name));
    tied.set(name, sorted(new Set(knot)));
  }
  const left = new Set([...tied.values()].map((knot) => knot[0] ?? ''));
  const order: string[][] = [];
  const finished = new Set<string>();
  while (left.size > 0) {
    const next = sorted(left).find((name) => {
      const knot = tied.get(name) ?? [];
      return knot.every((each) =>
        [...(waitsFor.get(each) ?? [])].every((other) => finished.has(other) || knot.includes(other)),
      );
    });
    if (next === undefined) throw new Error('Places of a worklist wait for each other.');
    left.delete(next);
    const knot = tied.get(next) ?? [];
    order.push(knot);
    for (const name of knot) finished.add(name);
  }
  return order;
}

function reachable(edges: ReadonlyMap<string, ReadonlySet<string>>, from: string): Set<string> {
  const seen = new Set<string>();
  const look = [...(edges.get(from) ?? [])];
  for (let name = look.pop(); name !== undefined; name = look.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    look.push(...(edges.get(name) ?? []));
  }
  return seen;
}

interface State {
  readonly done: ReadonlySet<number>;
  readonly path: readonly number[][];
}

/** The shortest round through places that wait for each other. At each visit everything is done that can be. */
function round(turns: readonly Turn[], groups: Groups): number[][] {
  const names = sorted(groups.keys());
  const own = new Set([...groups.values()].flat());
  const total = own.size;
  const visit = (name: string, before: ReadonlySet<number>): number[] => {
    const now: number[] = [];
    const sofar = new Set(before);
    const waiting = new Set((groups.get(name) ?? []).filter((index) => !before.has(index)));
    for (let found = true; found; ) {
      found = false;
      for (const index of waiting)
        if ((turns[index]?.before ?? []).every((each) => sofar.has(each) || !own.has(each))) {
          waiting.delete(index);
          sofar.add(index);
          now.push(index);
          found = true;
        }
    }
    return now;
  };
  if (names.length > exactPlaces) return greedyRound(names, groups, visit);
  let front: State[] = [{ done: new Set(), path: [] }];
  const seen = new Set<string>();
  while (front.length > 0) {
    const next: State[] = [];
    for (const state of front)
      for (const name of names) {
        const now = visit(name, state.done);
        if (now.length === 0) continue;
        const all = new Set([...state.done, ...now]);
        const path = [...state.path, now];
        if (all.size === total) return path;
        const key = [...all].sort((a, b) => a - b).join();
        if (seen.has(key)) continue;
        seen.add(key);
        if (seen.size > exactStates) return greedyRound(names, groups, visit);
        next.push({ done: all, path });
      }
    front = next;
  }
  throw new Error('Steps of a worklist wait for each other.');
}

/** Always to a place that can be finished; where there is none, to the one where most can be done. */
function greedyRound(
  names: readonly string[],
  groups: Groups,
  visit: (name: string, done: ReadonlySet<number>) => number[],
): number[][] {
  const done = new Set<number>();
  const path: number[][] = [];
  const total = [...groups.values()].flat().length;
  while (done.size < total) {
    const options = names
      .map((name) => {
        const now = visit(name, done);
        const open = (groups.get(name) ?? []).filter((index) => !done.has(index)).length;
        return { now, finishes: now.length === open };
      })
      .filter(({ now }) => now.length > 0);
    const best =
      options.find(({ finishes }) => finishes) ?? options.toSorted((a, b) => b.now.length - a.now.length)[0];
    if (best === undefined) throw new Error('Steps of a worklist wait for each other.');
    path.push(best.now);
    for (const index of best.now) done.add(index);
  }
  return path;
}
