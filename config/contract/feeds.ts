import { z } from 'zod';
import { isMetricId } from './metrics.ts';

const Count = z.int().nonnegative();
const Time = z.number();
const Metric = z.string().refine(isMetricId, 'is not in the metric catalogue');

/** A program that writes by itself in InfluxDB's way. Its token is shown once, when it is made. */
export const FeedView = z.strictObject({
  id: z.int(),
  name: z.string(),
  createdAt: Time,
  /** null: never. */
  lastSeen: Time.nullable(),
  /** Lines that it has written. */
  points: Count,
  /** Lines of them that could not be taken. */
  rejected: Count,
});
export type FeedView = z.infer<typeof FeedView>;

export const sourceStates = ['waiting', 'mapped', 'ignored'] as const;

const DeviceNamed = z.strictObject({ id: z.int(), name: z.string() });

/** One thing that a feed speaks of. */
export const FeedSourceView = z.strictObject({
  id: z.int(),
  feedId: z.int(),
  label: z.string(),
  /** The tags by which it is known. */
  tags: z.array(z.strictObject({ name: z.string(), value: z.string() })),
  state: z.enum(sourceStates),
  /** The device that it stands for. */
  device: DeviceNamed.nullable(),
  /** The one device of the inventory that has this name or address. */
  proposal: DeviceNamed.nullable(),
  firstSeen: Time,
  lastSeen: Time,
  /** Lines about it. */
  points: Count,
  /** Lines that are kept until it is mapped. */
  waiting: Count,
  /** Lines that were let go before. */
  dropped: Count,
  /** How often it speaks; null: not known yet. */
  intervalSeconds: z.number().nullable(),
  measurements: z.array(z.string()),
  /** Fields that become metrics, and that do not though they could. */
  understood: Count,
  unknown: Count,
});
export type FeedSourceView = z.infer<typeof FeedSourceView>;

/** GET /api/feeds */
export const FeedList = z.strictObject({
  feeds: z.array(FeedView),
  /** Waiting ones first, the newest of those first. */
  sources: z.array(FeedSourceView),
  /** Lines that wait: in all at most `mostBytes`, packed, and no longer than `mostDays`. */
  kept: z.strictObject({ bytes: Count, mostBytes: Count, mostDays: Count }),
});
export type FeedList = z.infer<typeof FeedList>;

/** GET /api/feeds/sources/:id */
export const FeedSourceDetail = z.strictObject({
  source: FeedSourceView,
  fields: z.array(
    z.strictObject({
      measurement: z.string(),
      field: z.string(),
      example: z.string(),
      /** Whether it can become a metric. */
      number: z.boolean(),
      /** Tags of its lines, for the name of an entity. */
      tags: z.array(z.string()),
      metrics: z.array(Metric),
      /** Set by hand. */
      hand: z
        .strictObject({ id: z.int(), entity: z.string(), factor: z.number(), rate: z.boolean() })
        .nullable(),
    }),
  ),
});
export type FeedSourceDetail = z.infer<typeof FeedSourceDetail>;

/** POST /api/feeds */
export const NewFeed = z.strictObject({
  name: z.string().trim().min(1, 'must not be empty').max(100, 'must be at most 100 characters'),
});
export const CreatedFeed = z.strictObject({ id: z.int(), token: z.string() });
/** POST /api/feeds/:id/token */
export const RenewedFeedToken = z.strictObject({ token: z.string() });

/** POST /api/feeds/sources/map: `null` has it wait again. */
export const MapSources = z.strictObject({
  sources: z
    .array(z.strictObject({ id: z.int().positive(), deviceId: z.int().positive().nullable() }))
    .min(1)
    .max(1000),
});
/** POST /api/feeds/sources/ignore */
export const IgnoreSources = z.strictObject({
  sources: z.array(z.int().positive()).min(1).max(1000),
  ignored: z.boolean(),
});

/** PUT /api/feeds/:id/fields: what a field of this feed becomes, whatever it is about. */
export const FeedFieldMapping = z.strictObject({
  measurement: z.string().min(1).max(1024),
  field: z.string().min(1).max(1024),
  metric: Metric,
  /** Name of the entity, `{tag}` filled in; empty for metrics of the device itself. */
  entity: z.string().trim().max(200),
  factor: z.number().refine((factor) => factor !== 0, 'must not be 0'),
  /** A counter: its change per second. */
  rate: z.boolean(),
});
export type FeedFieldMapping = z.infer<typeof FeedFieldMapping>;
