/** Ports of one device or outlet, as people write them: "A:1–24". */
export interface PortRange {
  readonly owner: string;
  readonly ports: readonly string[];
}
/** What is wrong with it: no colon, or a range that runs backwards or is too long. */
export type RangeProblem = 'no-colon' | 'no-ports' | 'backwards' | 'too-long';

const most = 500;

/**
 * Reads "A:1–24", "core-1:1/1/1-1/1/12", "A:1-4, 9, 12". Only the last number of a port's name runs; where the first port of a range is
 * written with leading zeros, all are.
 */
export function parseRange(text: string): PortRange | RangeProblem {
  const colon = text.indexOf(':');
  if (colon < 1) return 'no-colon';
  const owner = text.slice(0, colon).trim();
  const ports: string[] = [];
  for (const part of text
    .slice(colon + 1)
    .split(/[,;]/)
    .map((each) => each.trim())
    .filter((each) => each !== '')) {
    const run = runOf(part);
    if (typeof run === 'string') return run;
    ports.push(...run);
    if (ports.length > most) return 'too-long';
  }
  return ports.length === 0 ? 'no-ports' : { owner, ports };
}

function runOf(part: string): readonly string[] | RangeProblem {
  const match = /^(.*?)(\d+)\s*(?:–|—|-|\.\.|bis|to)\s*(.*?)(\d+)$/i.exec(part);
  if (match === null) return [part];
  const [, prefix = '', first = '', secondPrefix = '', last = ''] = match;
  // "Gi1/0-Gi1/12" is a range; "uplink-2" with nothing in common is a name.
  if (secondPrefix !== '' && secondPrefix !== prefix) return [part];
  const [from, to] = [Number(first), Number(last)];
  if (to < from) return 'backwards';
  if (to - from >= most) return 'too-long';
  const width = first.startsWith('0') ? first.length : 0;
  return Array.from(
    { length: to - from + 1 },
    (_, index) => `${prefix}${String(from + index).padStart(width, '0')}`,
  );
}

/** The port that a person means: by its name, with or without leading zeros. */
export function portByName<P extends { readonly name: string }>(
  ports: readonly P[],
  wanted: string,
): P | undefined {
  const plain = (name: string) => name.replace(/(^|\D)0+(?=\d)/g, '$1').toLowerCase();
  return ports.find(({ name }) => name === wanted) ?? ports.find(({ name }) => plain(name) === plain(wanted));
}
