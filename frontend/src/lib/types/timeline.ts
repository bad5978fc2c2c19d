/** What was, is, and was taken back: undo and redo over values that are never changed in place. */
export interface Timeline<T> {
  readonly past: readonly T[];
  readonly present: T;
  readonly future: readonly T[];
  /** Steps with the same key that follow each other are one: a drag, a number being typed. */
  readonly key: string | null;
}

const longest = 200;

export function begin<T>(present: T): Timeline<T> {
  return { past: [], present, future: [], key: null };
}

/** A step forward. With `key`, it joins the last one of the same key. */
export function step<T>(line: Timeline<T>, next: T, key: string | null = null): Timeline<T> {
  if (next === line.present) return line;
  if (key !== null && key === line.key) return { ...line, present: next, future: [] };
  return { past: [...line.past, line.present].slice(-longest), present: next, future: [], key };
}

/** Ends a run of steps that are one: the next step of the same key is a new one. */
export function settle<T>(line: Timeline<T>): Timeline<T> {
  return line.key === null ? line : { ...line, key: null };
}

export function undo<T>(line: Timeline<T>): Timeline<T> {
  const last = line.past.at(-1);
  if (last === undefined) return line;
  return { past: line.past.slice(0, -1), present: last, future: [line.present, ...line.future], key: null };
}

export function redo<T>(line: Timeline<T>): Timeline<T> {
  const [next, ...future] = line.future;
  if (next === undefined) return line;
  return { past: [...line.past, line.present], present: next, future, key: null };
}
