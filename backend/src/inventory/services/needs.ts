/** That one service needs another, by their ids. */
export interface Need {
  readonly from: number;
  readonly to: number;
}
/** Needs by the service that has them. */
export type Needs = ReadonlyMap<number, readonly Need[]>;

/** The shortest chain of needs from one service to another, both included; null when there is none. */
export function wayBetween(needs: Needs, start: number, goal: number): number[] | null {
  const cameFrom = new Map<number, number | null>([[start, null]]);
  for (const here of cameFrom.keys()) {
    if (here === goal) return wayTo(cameFrom, goal);
    for (const { to } of needs.get(here) ?? []) if (!cameFrom.has(to)) cameFrom.set(to, here);
  }
  return null;
}

/** A service that suffers when others fail, and the services through which it does, nearest to the cause last. */
export interface Dependent {
  readonly id: number;
  readonly through: readonly number[];
}

/** Every service that needs one of `roots`, directly or through others, each by its shortest way; the roots come first. */
export function dependentsOf(needs: readonly Need[], roots: readonly number[]): Dependent[] {
  const neededBy = Map.groupBy(needs, ({ to }) => to);
  const cameFrom = new Map<number, number | null>(roots.map((root) => [root, null]));
  for (const here of cameFrom.keys())
    for (const { from } of neededBy.get(here) ?? []) if (!cameFrom.has(from)) cameFrom.set(from, here);
  return [...cameFrom.keys()].map((id) => ({ id, through: wayTo(cameFrom, id).reverse().slice(1) }));
}

function wayTo(cameFrom: ReadonlyMap<number, number | null>, end: number): number[] {
  const way: number[] = [];
  for (let here: number | null = end; here !== null; here = cameFrom.get(here) ?? null) way.unshift(here);
  return way;
}
