import { AppError } from '../problem.ts';
import type { Caller } from './route.ts';

interface Rate {
  /** So many at once, after a while of nothing. */
  readonly burst: number;
  readonly perMinute: number;
  /** Under way for one caller at the same time. */
  readonly atOnce: number;
}

const rates = {
  /** Everything that somebody signed in asks for: a screen asks for some ten things. */
  any: { burst: 2000, perMinute: 6000, atOnce: 100 },
  /** Asked for at each key that is pressed. */
  search: { burst: 100, perMinute: 600, atOnce: 8 },
  /**
   * Papers, exports and what looks at the whole inventory. Somebody who prints the sheets of all racks, one after the other, or
   * tries labels with a preview at every letter does not get there; a browser asks for six things of a page at once.
   */
  dear: { burst: 200, perMinute: 120, atOnce: 8 },
  /** Files that come in, which are kept or read as a whole. */
  files: { burst: 200, perMinute: 120, atOnce: 4 },
} as const satisfies Record<string, Rate>;
type RateName = keyof typeof rates;

/** Which routes cost more than others; all else is `any`. */
const named: readonly (readonly [RateName, RegExp])[] = [
  ['search', /^GET \/api\/search$/],
  [
    'files',
    /^POST \/api\/(documents|imports|imports\/netbox|imports\/:id\/(again|files|apply)|cable-tests\/import|types\/.*)$/,
  ],
  ['dear', /\/(export|print\.pdf|pdf|file)$|^GET \/api\/impact$|\/preview$/],
];

/** The rate that holds for a route of the table of permissions. */
export function rateOf(key: string): RateName {
  return named.find(([, pattern]) => pattern.test(key))?.[0] ?? 'any';
}

interface Bucket {
  tokens: number;
  filledAt: number;
  underWay: number;
}

const mostBuckets = 20_000;

/** Keeps one caller from using up the server: so many calls a minute, so many at the same time, more for what is cheap. */
export class Rates {
  readonly #now: () => number;
  /** Least recently used first. */
  readonly #buckets = new Map<string, Bucket>();

  /** @param now milliseconds on a clock that nobody sets */
  constructor(options: { now: () => number }) {
    this.#now = options.now;
  }

  /** Begins a call; the function that is returned ends it. @throws AppError `too-many` with the time to wait */
  begin(name: RateName, caller: Caller): () => void {
    const who = keyOf(caller);
    // Who is nobody is held back where they try passwords and tokens; agents by what they deliver.
    if (who === null) return () => undefined;
    const rate = rates[name];
    const bucket = this.#bucket(`${name} ${who}`, rate);
    const waitSeconds =
      bucket.tokens < 1
        ? ((1 - bucket.tokens) * 60) / rate.perMinute
        : bucket.underWay >= rate.atOnce
          ? 1
          : 0;
    if (waitSeconds > 0)
      throw new AppError('too-many', 'This is asked for too often. Please wait a moment.', undefined, {
        afterSeconds: waitSeconds,
      });
    bucket.tokens--;
    bucket.underWay++;
    let ended = false;
    return () => {
      if (!ended) bucket.underWay--;
      ended = true;
    };
  }

  #bucket(key: string, rate: Rate): Bucket {
    const now = this.#now();
    const bucket = this.#buckets.get(key) ?? { tokens: rate.burst, filledAt: now, underWay: 0 };
    bucket.tokens = Math.min(rate.burst, bucket.tokens + ((now - bucket.filledAt) / 60_000) * rate.perMinute);
    bucket.filledAt = now;
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > mostBuckets) {
      const oldest = this.#buckets.keys().next();
      if (!oldest.done) this.#buckets.delete(oldest.value);
    }
    return bucket;
  }
}

function keyOf(caller: Caller): string | null {
  if (caller.kind !== 'person') return null;
  // Those of kiosk links have no account; each link has a name of its own.
  return caller.userId === null ? `kiosk ${caller.name}` : `person ${caller.userId}`;
}
