import type { FeedList, FeedSourceDetail, FeedSourceView } from '@rackhaus/config/contract';
import { z } from 'zod';
import type { Database } from '../database/tables.ts';
import { chunked } from '../history/rows.ts';
import type { Feeds } from './feeds.ts';
import type { HandFields, StoredHandField } from './hand-fields.ts';
import { type Propose, proposals } from './proposals.ts';
import type { Source, Sources } from './sources.ts';
import type { Waiting } from './waiting.ts';

const Tags = z.array(z.tuple([z.string(), z.string()]));
const order = { waiting: 0, mapped: 1, ignored: 2 } as const;

/** What the interface shows of feeds. */
export class FeedViews {
  readonly #db: Database;
  readonly #feeds: Feeds;
  readonly #sources: Sources;
  readonly #waiting: Waiting;
  readonly #hand: HandFields;
  readonly #kept: { readonly bytes: number; readonly ageMs: number };

  constructor(options: {
    db: Database;
    feeds: Feeds;
    sources: Sources;
    waiting: Waiting;
    hand: HandFields;
    kept: { readonly bytes: number; readonly ageMs: number };
  }) {
    this.#db = options.db;
    this.#feeds = options.feeds;
    this.#sources = options.sources;
    this.#waiting = options.waiting;
    this.#hand = options.hand;
    this.#kept = options.kept;
  }

  async list(): Promise<FeedList> {
    const sources = await this.#views([...this.#sources.all()]);
    return {
      feeds: this.#feeds.list(),
      sources: sources.sort((a, b) => order[a.state] - order[b.state] || b.firstSeen - a.firstSeen),
      kept: {
        bytes: this.#waiting.bytes,
        mostBytes: this.#kept.bytes,
        mostDays: Math.round(this.#kept.ageMs / 86_400_000),
      },
    };
  }

  /** @throws AppError `not-found` */
  async source(id: number): Promise<FeedSourceDetail> {
    const source = this.#sources.get(id);
    const [view] = await this.#views([source]);
    if (!view) throw new Error(`source ${id} has no view`);
    const hand = this.#hand.of(source.feedId);
    return {
      source: view,
      fields: source.content.all().map((field) => {
        const own = handOf(hand, field);
        return {
          ...field,
          metrics: own ? [own.metric] : field.metrics,
          hand: own ? { id: own.id, entity: own.entity, factor: own.factor, rate: own.rate } : null,
        };
      }),
    };
  }

  async #views(sources: readonly Source[]): Promise<FeedSourceView[]> {
    const waits = sources.some((source) => source.deviceId === null);
    const propose: Propose = waits ? await proposals(this.#db) : () => null;
    const names = new Map<number, string>();
    const ids = sources.flatMap(({ deviceId }) => (deviceId === null ? [] : [deviceId]));
    for (const part of chunked(ids))
      for (const row of await this.#db
        .selectFrom('devices')
        .select(['id', 'name'])
        .where('id', 'in', part)
        .execute())
        names.set(row.id, row.name);
    return sources.map((source) => this.#view(source, names, propose));
  }

  #view(source: Source, names: ReadonlyMap<number, string>, propose: Propose): FeedSourceView {
    const { id, feedId, label, deviceId, firstSeen, lastSeen, points, dropped } = source;
    const tags = Tags.parse(JSON.parse(source.key)).map(([name, value]) => ({ name, value }));
    const fields = source.content.all();
    const hand = this.#hand.of(feedId);
    const known = (field: (typeof fields)[number]) =>
      field.metrics.length > 0 || handOf(hand, field) !== undefined;
    return {
      id,
      feedId,
      label,
      tags,
      state: deviceId !== null ? 'mapped' : source.ignored ? 'ignored' : 'waiting',
      device: deviceId === null ? null : { id: deviceId, name: names.get(deviceId) ?? '' },
      proposal: deviceId === null ? propose([label, ...tags.map(({ value }) => value)]) : null,
      firstSeen,
      lastSeen,
      points,
      waiting: this.#waiting.of(id).points,
      dropped,
      intervalSeconds: source.interval.seconds,
      measurements: [...new Set(fields.map(({ measurement }) => measurement))],
      understood: fields.filter(known).length,
      unknown: fields.filter((field) => field.number && !known(field)).length,
    };
  }
}

function handOf(
  hand: readonly StoredHandField[],
  field: { measurement: string; field: string },
): StoredHandField | undefined {
  return hand.find((one) => one.measurement === field.measurement && one.field === field.field);
}
