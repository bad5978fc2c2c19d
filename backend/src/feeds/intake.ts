import type { Reading } from '@rackhaus/config/contract';
import type { Point } from '@rackhaus/config/line-protocol';
import { futureMs } from '../monitoring/ingest.ts';
import type { Feed, Feeds } from './feeds.ts';
import type { HandFields } from './hand-fields.ts';
import type { Meaning, SourceOfPoint } from './meaning.ts';
import { Rates } from './rates.ts';
import { readingsOfPoints } from './readings.ts';
import { mostSources, type Source, type Sources } from './sources.ts';
import type { Waiting } from './waiting.ts';

/** Stores readings and shows them. @throws AppError `too-many`, `unavailable`: try again later */
export type Accept = (readings: readonly Reading[]) => Promise<void>;

/** What was wrong with lines that could be read. */
export interface Refused {
  /** From the future. */
  future: number;
  /** About more things than a feed may speak of. */
  tooMany: number;
}

/** Takes in lines: those about known devices become readings, those about others are kept until somebody says which they are. */
export class Intake {
  readonly #feeds: Feeds;
  readonly #sources: Sources;
  readonly #waiting: Waiting;
  readonly #hand: HandFields;
  readonly #meaning: Meaning;
  readonly #accept: Accept;
  readonly #isPolled: (deviceId: number) => boolean;
  readonly #now: () => number;
  readonly #intervalLearnt: (deviceId: number) => void;
  readonly #rates = new Rates();
  /** Sources whose kept lines are being stored, each with counters of its own: their past comes after their present. */
  readonly #releasing = new Map<number, Rates>();

  constructor(options: {
    feeds: Feeds;
    sources: Sources;
    waiting: Waiting;
    hand: HandFields;
    meaning: Meaning;
    accept: Accept;
    isPolled: (deviceId: number) => boolean;
    now: () => number;
    intervalLearnt: (deviceId: number) => void;
  }) {
    this.#feeds = options.feeds;
    this.#sources = options.sources;
    this.#waiting = options.waiting;
    this.#hand = options.hand;
    this.#meaning = options.meaning;
    this.#accept = options.accept;
    this.#isPolled = options.isPolled;
    this.#now = options.now;
    this.#intervalLearnt = options.intervalLearnt;
  }

  /**
   * Resolves when everything is stored or kept. `rejected`: lines of the same request that could not be read.
   * @throws AppError `too-many`, `unavailable`: nothing is lost when the same lines are sent again
   */
  async take(feed: Feed, points: readonly Point[], rejected: number): Promise<Refused> {
    const now = this.#now();
    const latest = now + futureMs;
    const groups = new Map<string, { of: SourceOfPoint; points: Point[] }>();
    let future = 0;
    for (const point of points) {
      if (point.time > latest) {
        future++;
        continue;
      }
      const of = this.#meaning.sourceOf(point);
      const group = groups.get(of.key);
      if (group) group.points.push(point);
      else groups.set(of.key, { of, points: [point] });
    }
    const sources = await this.#sources.find(
      feed.id,
      new Map([...groups].map(([key, { of }]) => [key, of] as const)),
    );
    const run = this.#rates.begin();
    const readings: Reading[] = [];
    const waiting = new Map<number, Point[]>();
    let tooMany = 0;
    for (const [key, group] of groups) {
      const source = sources.get(key);
      if (!source) tooMany += group.points.length;
      else if (source.deviceId !== null)
        readings.push(...this.#readings(source, source.deviceId, group.points, run.rate));
      else if (!source.ignored) waiting.set(source.id, group.points);
    }
    if (readings.length > 0) await this.#accept(readings);
    await this.#waiting.add(waiting);
    run.keep();
    for (const [key, group] of groups) {
      const source = sources.get(key);
      if (source) this.#note(source, group.points, now);
    }
    const refused = { future, tooMany };
    this.#feeds.seen(feed, { points: points.length, rejected: rejected + future + tooMany });
    return refused;
  }

  /**
   * Stores the next kept lines of a source that has been mapped.
   * @returns whether there may be more. @throws AppError as `take`
   */
  async releaseSome(source: Source): Promise<boolean> {
    const { deviceId } = source;
    const pack = deviceId === null ? undefined : await this.#waiting.oldest(source.id);
    if (deviceId === null || !pack) {
      this.#releasing.delete(source.id);
      return false;
    }
    const rates = this.#releasing.get(source.id) ?? new Rates({ most: 10_000 });
    this.#releasing.set(source.id, rates);
    const run = rates.begin();
    const points = [...pack.points].sort((a, b) => a.time - b.time);
    const readings = this.#readings(source, deviceId, points, run.rate);
    if (readings.length > 0) await this.#accept(readings);
    run.keep();
    await this.#waiting.done(pack.id);
    return true;
  }

  #readings(
    source: Source,
    deviceId: number,
    points: readonly Point[],
    rate: ReturnType<Rates['begin']>['rate'],
  ) {
    return readingsOfPoints(points, {
      deviceId,
      meaning: this.#meaning,
      hand: this.#hand.of(source.feedId),
      rate: (series, value, time) => rate(`${source.id}\n${series}`, value, time),
      alive: !this.#isPolled(deviceId),
    });
  }

  #note(source: Source, points: readonly Point[], now: number): void {
    source.lastSeen = now;
    source.points += points.length;
    for (const point of points) source.content.note(point, this.#meaning);
    const changed = source.interval.note(points.map((point) => point.time));
    if (changed && source.deviceId !== null) this.#intervalLearnt(source.deviceId);
    this.#sources.changed(source);
  }
}

/** What is said of lines that were refused; null: none were. */
export function refusedText({ future, tooMany }: Refused): string | null {
  const parts = [
    ...(future > 0 ? [`${future} points are more than ${futureMs / 60_000} minutes in the future`] : []),
    ...(tooMany > 0
      ? [`${tooMany} points are about more than ${mostSources} different things; do tags change each time?`]
      : []),
  ];
  return parts.length === 0 ? null : parts.join('; ');
}
