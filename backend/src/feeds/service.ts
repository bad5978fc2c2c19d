import type { Reading } from '@rackhaus/config/contract';
import { loadFeedTemplates } from '@rackhaus/config/feeds';
import type { Router } from 'express';
import { AttemptLimit } from '../access/attempt-limit.ts';
import type { Database } from '../database/tables.ts';
import type { Route } from '../http/route.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { AppError } from '../problem.ts';
import { Feeds } from './feeds.ts';
import { HandFields } from './hand-fields.ts';
import { influxRouter } from './influx-router.ts';
import { Intake } from './intake.ts';
import { Meaning } from './meaning.ts';
import { feedRoutes } from './routes.ts';
import { Sources } from './sources.ts';
import { FeedViews } from './views.ts';
import { Waiting } from './waiting.ts';

const saveMs = 3000;
const tidyMs = 60_000;
const dayMs = 86_400_000;
/** What waits to be mapped: a week, and 100 MB packed, which is some hundred servers for a week. */
const kept = { bytes: 100_000_000, ageMs: 7 * dayMs } as const;

export interface FeedService {
  readonly routes: readonly Route[];
  /** Serves InfluxDB's addresses, outside the API. */
  readonly influx: Router;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Builds everything about programs that write by themselves. */
export async function createFeeds(options: {
  db: Database;
  now: () => number;
  version: string;
  /** Stores readings and shows them. */
  accept: (readings: readonly Reading[]) => Promise<void>;
  /** Which devices are fed, or how often, has changed. */
  fedChanged: () => Promise<void>;
  /** After the inventory has changed. Returns how to stop that. */
  onCommit: (listener: () => void) => () => void;
  /** Told of an address that writes with a token that is nobody's. */
  onRefused: (address: string | null) => void;
  onError: (message: string, error: unknown) => void;
}): Promise<FeedService> {
  const { db, now, onError } = options;
  const meaning = new Meaning({ templates: await loadFeedTemplates() });
  const feeds = new Feeds({ db, now });
  const sources = new Sources({ db, now });
  const hand = new HandFields({ db });
  const waiting = new Waiting({
    db,
    now,
    most: kept,
    dropped: (sourceId, points) => {
      for (const source of sources.all())
        if (source.id === sourceId) {
          source.dropped += points;
          sources.changed(source);
        }
    },
  });
  let polled: ReadonlySet<number> = new Set();
  const fedChanged = oneAtATime(async () => {
    await sources.save();
    await options.fedChanged();
  });
  const inBackground = (what: string, work: () => Promise<void>) => () => {
    work().catch((error: unknown) => onError(what, error));
  };
  const tellFed = inBackground('fed devices could not be followed', fedChanged);
  const intake = new Intake({
    feeds,
    sources,
    waiting,
    hand,
    meaning,
    accept: options.accept,
    isPolled: (deviceId) => polled.has(deviceId),
    now,
    intervalLearnt: tellFed,
  });
  const release = oneAtATime(async () => {
    for (const source of [...sources.all()]) {
      if (source.deviceId === null || waiting.of(source.id).points === 0) continue;
      while (await intake.releaseSome(source));
    }
  });
  const releaseNow = () => {
    release().catch((error: unknown) => {
      // The store is away or busy: what is kept stays, and is tried again.
      if (!(error instanceof AppError)) onError('kept lines could not be stored', error);
    });
  };
  const followInventory = oneAtATime(async () => {
    const rows = await db.selectFrom('device_monitoring').select('device_id').execute();
    polled = new Set(rows.map((row) => row.device_id));
    if (await sources.followInventory()) await options.fedChanged();
  });
  const save = oneAtATime(async () => {
    await feeds.save();
    await sources.save();
  });
  const stops: (() => void)[] = [];
  const every = (ms: number, work: () => void) => {
    const timer = setInterval(work, ms);
    stops.push(() => clearInterval(timer));
  };
  const routes = feedRoutes({
    feeds,
    sources,
    hand,
    views: new FeedViews({ db, feeds, sources, waiting, hand, kept }),
    mapped: async () => {
      await fedChanged();
      releaseNow();
    },
    removed: async (feedId) => {
      sources.forgetFeed(feedId);
      await waiting.load();
      await options.fedChanged();
    },
  });
  return {
    routes,
    influx: influxRouter({
      feeds,
      intake,
      attempts: new AttemptLimit({ now }),
      version: options.version,
      onRefused: options.onRefused,
      now,
      onError,
    }),
    async start() {
      await feeds.load();
      await sources.load();
      await hand.load();
      await waiting.load();
      await followInventory();
      stops.push(options.onCommit(inBackground('the inventory could not be followed', followInventory)));
      every(saveMs, inBackground('what feeds sent could not be counted', save));
      every(saveMs, releaseNow);
      every(
        tidyMs,
        inBackground('kept lines could not be tidied', () => waiting.tidy()),
      );
      releaseNow();
    },
    async stop() {
      for (const stop of stops.splice(0)) stop();
      await release().catch(() => undefined); // what is kept stays for the next start
      await save();
    },
  };
}
