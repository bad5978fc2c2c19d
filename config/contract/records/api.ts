import { z } from 'zod';
import { fieldsOf, newRecord, type RecordKind, recordReply } from './index.ts';

/**
 * How a field is compared in a filter `<field>:<op>:<value>`. `any`: one of a comma list. `empty` takes `yes` (or nothing) or
 * `no`. Besides fields: `id`, and `within:<kind>:<id>` for what stands in or belongs to that site, room, rack, device …
 */
export const filterOps = ['is', 'not', 'has', 'lt', 'gt', 'empty', 'any'] as const;
export type FilterOp = (typeof filterOps)[number];

const page = z.coerce.number('must be a number').int();
const filter = z.string().max(8000, 'must be at most 8000 characters');
const filters = z
  .union([filter, z.array(filter).max(50, 'must be at most 50')])
  .optional()
  .transform((value) => (value === undefined ? [] : typeof value === 'string' ? [value] : value));

/** What picks and orders the records of a list. */
export const RecordSelection = z.strictObject({
  /** Words, each of which must be found in some text of the record. */
  q: z.string().trim().max(200, 'must be at most 200 characters').optional(),
  /** Names of fields by commas, with `-` before those that go downwards. Left out: as people wrote them down, or by name. */
  sort: z.string().max(200).optional(),
  filter: filters,
});

/** GET /api/inventory/<kind> */
export const RecordListQuery = RecordSelection.extend({
  page: page.min(1, 'must be at least 1').max(1_000_000).default(1),
  size: page.min(1, 'must be at least 1').max(1000, 'must be at most 1000').default(50),
});
export type RecordListQuery = z.output<typeof RecordListQuery>;

/** GET /api/inventory/<kind>/export: what the list shows, all pages of it. */
export const RecordExportQuery = RecordSelection.extend({
  format: z.enum(['xlsx', 'csv', 'json']),
  /** Names of fields by commas, in their order; left out: all. */
  columns: z.string().max(2000).optional(),
  language: z.enum(['de', 'en']).default('de'),
});
export type RecordExportQuery = z.output<typeof RecordExportQuery>;

/** What people call the records that are answered and those they refer to, by `<kind>/<id>`: `{"rack/3": "Schrank 3"}`. */
export const RecordNames = z.record(z.string(), z.string());
export type RecordNames = z.infer<typeof RecordNames>;

export function recordListReply(kind: RecordKind) {
  return z.strictObject({
    total: z.int(),
    page: z.int(),
    size: z.int(),
    records: z.array(recordReply(kind)),
    names: RecordNames,
  });
}

export function recordDetailReply(kind: RecordKind) {
  return z.strictObject({ record: recordReply(kind), names: RecordNames });
}

/** Fields that the server fills: `always`, or when they are not given. */
const filledByServer: Partial<
  Readonly<Record<RecordKind, Readonly<Record<string, 'always' | 'if-missing'>>>>
> = {
  note: { author: 'always', time: 'always' },
  // Who makes a view without saying whose it is has it alone.
  'saved-view': { ownerId: 'if-missing' },
};

/** What POST /api/inventory/<kind> and `create` in a batch take: a new record without what the server fills. */
export function recordInput(kind: RecordKind): z.ZodType<Record<string, unknown>> {
  const filled = filledByServer[kind];
  if (filled === undefined) return newRecord(kind);
  return z.strictObject(
    Object.fromEntries(
      [...fieldsOf(kind)].flatMap(([name, { schema, meta }]) => {
        if (filled[name] === 'always') return [];
        if (filled[name] === 'if-missing') return [[name, schema.optional()]];
        if (!('initial' in meta)) return [[name, schema]];
        return [[name, schema.optional().transform((value) => (value === undefined ? meta.initial : value))]];
      }),
    ),
  );
}

/** Kinds that are made in another way than by POST /api/inventory/<kind>: by an upload, or with a secret. */
export const madeElsewhere: readonly RecordKind[] = ['document', 'credential'];

/** `reason` of any write: why, for the history. */
export const WriteQuery = z.strictObject({
  reason: z.string().trim().max(500, 'must be at most 500 characters').optional(),
});

/** What a write did. `changeId` null: everything was as it should be already. Undo: POST /api/changes/:id/undo. */
export const CreateReply = z.strictObject({ changeId: z.int().nullable(), id: z.int(), version: z.int() });
export const UpdateReply = z.strictObject({ changeId: z.int().nullable(), version: z.int() });
export const DeleteReply = z.strictObject({ changeId: z.int().nullable() });
export type CreateReply = z.infer<typeof CreateReply>;

const PlugIn = z.strictObject({
  portId: z.int().positive(),
  /** Of a jack: a cord in front, an installed cable behind. */
  side: z.enum(['front', 'rear']).default('front'),
});

/** POST /api/links: a cable and both of its ends in one change. */
export const NewLink = z.strictObject({
  kind: z.enum(['permanent', 'patch', 'power']).default('patch'),
  label: z.string().trim().max(100, 'must be at most 100 characters').nullable().default(null),
  color: z.string().trim().max(40, 'must be at most 40 characters').nullable().default(null),
  lengthM: z.number().min(0.01).max(100_000).nullable().default(null),
  notes: z.string().max(20_000).nullable().default(null),
  from: PlugIn,
  to: PlugIn,
});
export type NewLink = z.output<typeof NewLink>;

const SwapPort = z.strictObject({ id: z.int(), name: z.string(), kind: z.string() });
const Plugged = z.strictObject({ linkId: z.int(), label: z.string(), farEnd: z.string() });

/** GET /api/devices/:id/swap?typeId= : what would become of the ports of a device that becomes one of another type. */
export const SwapPreview = z.strictObject({
  version: z.int(),
  /** Ports that stay because the new type has one of the same name. */
  kept: z.array(SwapPort),
  /** Ports that the new type does not have, with what is plugged in. `suggested`: a new port of the same kind, or null. */
  lost: z.array(SwapPort.extend({ links: z.array(Plugged), suggested: z.string().nullable() })),
  /** Names of ports of the new type that none of the old ones has. */
  added: z.array(z.strictObject({ name: z.string(), kind: z.string() })),
});
export type SwapPreview = z.infer<typeof SwapPreview>;

/** POST /api/devices/:id/swap */
export const Swap = z.strictObject({
  typeId: z.int().positive(),
  version: z.int().optional(),
  /** Old name of a port to its new one: it keeps its cables, addresses and history. */
  mapping: z.record(z.string().max(100), z.string().max(100)).default({}),
  /** Where it goes when the new type does not fit where the old one is. */
  position: z.number().min(1).max(60).nullable().optional(),
  side: z.enum(['full', 'left', 'right']).optional(),
  /** Take out the cables of ports that the new type does not have. Otherwise such a swap is refused. */
  unplug: z.boolean().default(false),
});
export type Swap = z.output<typeof Swap>;
