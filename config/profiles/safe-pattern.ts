import { createContext, Script } from 'node:vm';

/** Longer than any pattern that a family needs. */
const longestPattern = 300;
/** How long one trial may take on this machine, which may be busy, and how long those of a whole profile. */
const trialMs = 400;
const budgetMs = 2000;

/** Patterns are tried on so many characters of what a device says and no more. */
export const longestText = 600;
/** Half of it: who is quick on these with the machine busy takes at most eight times as long on the others. */
const trialLengths = [12, 28, longestText / 2] as const;

/**
 * Says what is wrong with the patterns of a profile that others have written. Agents try patterns between two answers of a
 * device, so one that takes seconds would hold up all polling. Refused are references back to a group, repeated groups with
 * several ways or groups in them, and what takes long on the texts that are the worst for it.
 */
export class PatternTrial {
  readonly #script = new Script('new RegExp(pattern, "i").exec(text)');
  readonly #context = createContext({ pattern: '', text: '' });
  readonly #known = new Map<string, string | null>();
  #left = budgetMs;

  /** What is wrong, for people; null: agents may use it. */
  problemOf(pattern: string): string | null {
    const known = this.#known.get(pattern);
    if (known !== undefined) return known;
    const problem = this.#look(pattern);
    this.#known.set(pattern, problem);
    return problem;
  }

  #look(pattern: string): string | null {
    if (pattern.length > longestPattern) return `is longer than ${longestPattern} characters`;
    try {
      new RegExp(pattern);
    } catch {
      return 'is not a regular expression';
    }
    const parser = new Parser(pattern);
    const nodes = parser.read();
    if (nodes === null) return parser.problem;
    if (this.#left <= 0) return 'was not tried: the patterns before it take too long';
    const before = process.cpuUsage();
    try {
      for (const text of worstTexts(nodes))
        if (this.#takesLong(pattern, text))
          return 'takes too long on some texts: fewer of * and + in a row are quicker';
      return null;
    } finally {
      this.#left -= process.cpuUsage(before).user / 1000;
    }
  }

  #takesLong(pattern: string, text: string): boolean {
    Object.assign(this.#context, { pattern, text });
    // On a busy machine a trial may be over before it was given the processor at all: that is tried again.
    for (let left = 5; left > 0; left--) {
      const before = process.cpuUsage();
      if (this.#ends()) return false;
      if (process.cpuUsage(before).user / 1000 > trialMs / 3) return true;
    }
    return true;
  }

  #ends(): boolean {
    try {
      this.#script.runInContext(this.#context, { timeout: trialMs });
      return true;
    } catch (error) {
      // Of another realm than this one's `Error`.
      const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
      if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
      throw error;
    }
  }
}

/** One thing of a pattern after the other: a character or class, or a group of ways. */
interface Node {
  /** Characters that fit; for a group one text that fits. */
  readonly sample: string;
  readonly min: number;
  readonly max: number;
  /** Of a group. */
  readonly ways: readonly (readonly Node[])[] | null;
}

/** Text that brings the pattern to each repetition, much of what it repeats, and an end that fits nothing. */
function* worstTexts(nodes: readonly Node[], before = ''): Generator<string> {
  let prefix = before;
  for (const node of nodes) {
    for (const way of node.ways ?? []) yield* worstTexts(way, prefix);
    if (node.max > 1)
      for (const length of trialLengths)
        for (const end of ['\u0001', ' \u0001', `${node.sample}\n`])
          yield prefix + node.sample.repeat(Math.ceil(length / Math.max(1, node.sample.length))) + end;
    prefix += node.sample.repeat(Math.min(node.min, 8));
  }
}

const candidates = [
  ...'aA1 0-._/,:;()[]{}"\'#=+*%&!?<>@\\|~^$`',
  ...'bcdefghijklmnopqrstuvwxyzBCDEFGHIJKLMNOPQRSTUVWXYZ23456789',
  '\t',
  '\n',
  'ä',
  '\u0001',
];

/** Reads as much of a pattern as has to be known to try it. */
class Parser {
  readonly #text: string;
  #at = 0;
  problem: string | null = null;

  constructor(text: string) {
    this.#text = text;
  }

  /** null: `problem` says why not. */
  read(): readonly Node[] | null {
    const ways = this.#ways();
    if (this.problem !== null) return null;
    if (this.#at < this.#text.length) return this.#fail('cannot be understood');
    return ways.length === 1 ? (ways[0] ?? []) : [{ sample: sampleOf(ways[0] ?? []), min: 1, max: 1, ways }];
  }

  #fail(problem: string): null {
    this.problem ??= problem;
    return null;
  }

  #ways(): Node[][] {
    const ways: Node[][] = [[]];
    while (this.#at < this.#text.length && this.problem === null) {
      const next = this.#text[this.#at];
      if (next === ')') break;
      if (next === '|') {
        this.#at++;
        ways.push([]);
        continue;
      }
      const node = this.#one();
      if (node) ways.at(-1)?.push(node);
    }
    return ways;
  }

  #one(): Node | null {
    const rest = this.#text.slice(this.#at);
    if (/^\\([1-9]|k<)/.test(rest)) return this.#fail('refers back to a group, which is not allowed here');
    const group = /^\((\?:|\?<?[=!]|\?<\w+>)?/.exec(rest);
    if (group) {
      if (group[0] === '(' && rest.startsWith('(?')) return this.#fail('cannot be understood');
      this.#at += group[0].length;
      const ways = this.#ways();
      if (this.problem !== null) return null;
      this.#at++;
      const { min, max } = this.#times();
      if (max > 1 && ways.length > 1)
        return this.#fail('repeats a group with several ways; that can take for ever');
      const inner = ways.some((way) => way.some((node) => node.ways !== null));
      if (max > 1 && inner) return this.#fail('repeats a group with a group in it; that can take for ever');
      return { sample: sampleOf(ways[0] ?? []), min, max, ways };
    }
    const single = /^(?:\\[bB^$]|[$^])/.exec(rest);
    if (single && single[0] !== '\\^' && single[0] !== '\\$') {
      this.#at += single[0].length;
      return null;
    }
    const atom =
      /^(?:\[\^?(?:\\.|[^\]\\])*\]|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\c[A-Za-z]|\\[\s\S]|[\s\S])/.exec(
        rest,
      )?.[0] ?? '';
    this.#at += atom.length;
    const fits = new RegExp(`^${atom}$`);
    return { sample: candidates.find((each) => fits.test(each)) ?? '\u00ff', ...this.#times(), ways: null };
  }

  #times(): { min: number; max: number } {
    const found = /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/.exec(this.#text.slice(this.#at));
    if (!found) return { min: 1, max: 1 };
    this.#at += found[0].length;
    const [, sign, least, comma, most] = found;
    if (sign !== undefined)
      return { min: sign === '+' ? 1 : 0, max: sign === '?' ? 1 : Number.POSITIVE_INFINITY };
    const min = Number(least);
    return { min, max: comma === undefined ? min : most ? Number(most) : Number.POSITIVE_INFINITY };
  }
}

function sampleOf(nodes: readonly Node[]): string {
  return nodes.map((node) => node.sample.repeat(Math.min(Math.max(node.min, 1), 8))).join('');
}
