import { z } from 'zod';
import { RecordKind } from './records/index.ts';

/** What the rows of a list can be. */
export const importTargets = [
  'device',
  'rack',
  'room',
  'outlet',
  'port',
  'link',
  'vlan',
  'prefix',
  'address',
  'spare-part',
  'contract',
] as const;
export const ImportTarget = z.enum(importTargets);
export type ImportTarget = z.infer<typeof ImportTarget>;

/** How dates and numbers are written. `de`: 31.12.2027 and 1.234,50; `en`: 31/12/2027 and 1,234.50; `us`: 12/31/2027. */
export const importNotations = ['de', 'en', 'us'] as const;

/** What files may be at most. */
export const importLimits = {
  bytes: 20_000_000,
  rows: 200_000,
  columns: 200,
  cells: 4_000_000,
  unpackedBytes: 300_000_000,
} as const;

/** What holds for rows that do not say it themselves. */
export const ImportOptions = z.strictObject({
  notation: z.enum(importNotations),
  site: z.string().trim().max(200),
  building: z.string().trim().max(200),
  floor: z.string().trim().max(200),
  /** Where racks are of which the list does not say the room. Empty: it must say so. */
  room: z.string().trim().max(200),
  /** Of racks that are made. */
  heightU: z.int().min(1).max(60),
  /** Rack units are counted from the top. */
  fromTop: z.boolean(),
  /** Devices with an address are watched. */
  monitor: z.boolean(),
});
export type ImportOptions = z.infer<typeof ImportOptions>;

/** A type as simple as possible, made because nobody knows a better one. */
export const SimpleType = z.strictObject({
  manufacturer: z.string().trim().min(1).max(100),
  model: z.string().trim().min(1).max(100),
  uHeight: z.number().min(0).max(60).multipleOf(0.5),
  fullDepth: z.boolean(),
});
export type SimpleType = z.infer<typeof SimpleType>;

/** Which device type is meant by what the list says. */
export const ImportTypeChoice = z.union([
  z.strictObject({ slug: z.string().min(1).max(100) }),
  z.strictObject({ create: SimpleType }),
]);
export type ImportTypeChoice = z.infer<typeof ImportTypeChoice>;

export const ImportType = z.strictObject({
  /** What the rows say, in the form in which it is compared. */
  key: z.string(),
  /** What the rows say. */
  text: z.string(),
  rows: z.int(),
  /** `exact`: there is no doubt. `similar`: to be looked at. `create`: not known, a simple type is made. */
  how: z.enum(['exact', 'similar', 'chosen', 'create']),
  slug: z.string().nullable(),
  label: z.string(),
  uHeight: z.number(),
  suggestions: z.array(z.strictObject({ slug: z.string(), label: z.string() })),
  create: SimpleType,
});
export type ImportType = z.infer<typeof ImportType>;

export const ImportColumn = z.strictObject({
  /** As spreadsheets call it: A, B, … AA. */
  letter: z.string(),
  heading: z.string(),
  samples: z.array(z.string()),
  /** How many rows have a value. */
  filled: z.int(),
  /** The field that it is for; null: it is not brought in. */
  field: z.string().nullable(),
});
export type ImportColumn = z.infer<typeof ImportColumn>;

export const ImportTable = z.strictObject({
  sheets: z.array(z.strictObject({ name: z.string(), rows: z.int() })),
  sheet: z.int(),
  /** Number of the row with the headings, from 1; 0: there is none. */
  headingRow: z.int(),
  rows: z.int(),
  target: ImportTarget,
  /** Fields that a column can be for, in the order in which they are offered. */
  fields: z.array(z.string()),
  columns: z.array(ImportColumn),
  options: ImportOptions,
  types: z.array(ImportType),
});
export type ImportTable = z.infer<typeof ImportTable>;

/** What somebody decided otherwise than it was guessed. Another sheet, heading row or kind of rows is guessed anew. */
export const ImportSettings = z.strictObject({
  sheet: z.int().min(0).max(1000).optional(),
  headingRow: z.int().min(0).max(200_000).optional(),
  target: ImportTarget.optional(),
  /** Field by column, for all columns. */
  fields: z.array(z.string().max(60).nullable()).max(200).optional(),
  options: ImportOptions.optional(),
  types: z.record(z.string().max(500), ImportTypeChoice).optional(),
});
export type ImportSettings = z.infer<typeof ImportSettings>;

/** What is wrong in a row, and where. A screen finds its sentence by `reason`; `message` says the same in English. */
export const ImportRowProblem = z.strictObject({
  column: z.string().nullable(),
  heading: z.string().nullable(),
  field: z.string().nullable(),
  value: z.string(),
  reason: z.string(),
  params: z.record(z.string(), z.string()),
  message: z.string(),
});
export type ImportRowProblem = z.infer<typeof ImportRowProblem>;

export const importOutcomes = ['problem', 'create', 'change', 'same', 'left'] as const;
export const ImportOutcome = z.enum(importOutcomes);
export type ImportOutcome = z.infer<typeof ImportOutcome>;

/** What becomes of one row of a list, or of one record of a YAML file. */
export const ImportRow = z.strictObject({
  /** Number of the row or line; null for what is not in the file. */
  row: z.int().nullable(),
  /** With several files: which one. */
  file: z.string().nullable(),
  outcome: ImportOutcome,
  kind: RecordKind,
  id: z.int().nullable(),
  name: z.string(),
  fields: z.array(
    z.strictObject({
      kind: RecordKind,
      field: z.string(),
      before: z.string().nullable(),
      after: z.string().nullable(),
    }),
  ),
  problems: z.array(ImportRowProblem),
  /** What is done otherwise than one might think; does not stand in the way. */
  hints: z.array(ImportRowProblem),
});
export type ImportRow = z.infer<typeof ImportRow>;

const count = z.int().min(0);
export const ImportCounts = z.strictObject({
  problem: count,
  create: count,
  change: count,
  same: count,
  left: count,
});
export type ImportCounts = z.infer<typeof ImportCounts>;

export const ImportPreview = z.strictObject({
  counts: ImportCounts,
  /** Rows with a hint. */
  hints: count,
  /** What is made besides the rows: places, racks, types. The first two hundred. */
  also: z.array(z.strictObject({ kind: RecordKind, name: z.string() })),
  alsoCount: count,
});
export type ImportPreview = z.infer<typeof ImportPreview>;

/**
 * An import under way. It is held in memory: when the server is started again, or too many have been begun since, it is gone,
 * and nothing of it has been brought in. Its id is a secret, by which it can be asked for and stopped while the database is busy with it.
 */
export const ImportJob = z.strictObject({
  id: z.string(),
  fileName: z.string(),
  size: z.int(),
  source: z.enum(['table', 'yaml', 'netbox']),
  user: z.string(),
  startedAt: z.number(),
  /** reading → ready ⇄ planning → applying → done; `failed` when the file cannot be read; `cancelled`. */
  state: z.enum(['reading', 'planning', 'ready', 'applying', 'done', 'failed', 'cancelled']),
  progress: z.strictObject({ done: count, total: count }).nullable(),
  /** Why it failed, or why the last attempt to apply it did. */
  problem: z
    .strictObject({ reason: z.string(), message: z.string(), params: z.record(z.string(), z.string()) })
    .nullable(),
  table: ImportTable.nullable(),
  preview: ImportPreview.nullable(),
  result: z.strictObject({ changeId: z.int().nullable(), created: count, changed: count }).nullable(),
});
export type ImportJob = z.infer<typeof ImportJob>;

/** POST /api/imports/netbox */
export const NetboxImport = z.strictObject({
  /** Where NetBox is opened in a browser. */
  url: z.string().trim().min(1, 'must not be empty').max(500),
  token: z.string().trim().min(1, 'must not be empty').max(500),
});
export type NetboxImport = z.infer<typeof NetboxImport>;

/** GET /api/imports: the caller's own, newest first. */
export const ImportJobList = z.strictObject({
  jobs: z.array(ImportJob.omit({ table: true, preview: true })),
});
export type ImportJobList = z.infer<typeof ImportJobList>;

/** GET /api/imports/:id/rows */
export const ImportRows = z.strictObject({
  total: count,
  page: z.int(),
  size: z.int(),
  rows: z.array(ImportRow),
});
export type ImportRows = z.infer<typeof ImportRows>;

/** GET /api/imports/:id/progress: what changes while the database is busy. */
export const ImportProgress = ImportJob.pick({
  id: true,
  state: true,
  progress: true,
  problem: true,
  result: true,
});
export type ImportProgress = z.infer<typeof ImportProgress>;

/** POST /api/imports/:id/apply. `leaveOut`: rows with problems are left out; else there must not be any. */
export const ImportApply = z.strictObject({ leaveOut: z.boolean().default(false) });
