import { z } from 'zod';

/**
 * `distributor`: what is laid to a distributor and what of it is in use, without any word of what for (INF.12.A11). `patch`: the cords
 * of a place in the order in which one walks. `removal`: what goes when devices or cables go, both ends of every cord on the way.
 * `unused`: cables that lead to a device on one side at most (INF.12.A8). `inspection`: cables that nobody has looked at for too
 * long (INF.12.A12). `undocumented`: orders that have been open for too long (INF.12.A10).
 */
export const sheetKinds = [
  'distributor',
  'patch',
  'removal',
  'unused',
  'inspection',
  'undocumented',
] as const;
export type SheetKind = (typeof sheetKinds)[number];

/** Which cables are looked at. `cords`: what is plugged in by hand, without power. */
export const sheetCables = ['all', 'permanent', 'cords', 'power'] as const;

const ids = z
  .string()
  .regex(/^\d{1,15}(,\d{1,15}){0,999}$/, 'must be numbers separated by commas')
  .transform((text) => text.split(',').map(Number));
const whole = (least: number, most: number, initial: number) =>
  z
    .string()
    .regex(/^\d{1,5}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(least).max(most))
    .default(initial);

/** What a sheet is about; left out parameters are the usual ones. */
export const SheetChoice = z.strictObject({
  language: z.enum(['de', 'en']).default('de'),
  /** "rack:3"; left out: everything. */
  within: z
    .string()
    .regex(/^(site|building|floor|room|rack):\d{1,15}$/, 'must be a place such as rack:3')
    .optional(),
  /** Left out: what is usual for the sheet. */
  cables: z.enum(sheetCables).optional(),
  /** Of a removal list: what goes. Without both it is the devices that are marked as going. */
  devices: ids.optional(),
  links: ids.optional(),
  /** Of `inspection`: how long a look is good for. */
  years: whole(1, 30, 4),
  /** Of `undocumented`: how long an order may be open. */
  weeks: whole(0, 260, 4),
  /** Key of a column. Left out: as one walks. */
  sort: z.string().max(40).optional(),
  order: z.enum(['asc', 'desc']).default('asc'),
});
export type SheetChoice = z.infer<typeof SheetChoice>;

/** GET /api/sheets/:sheet */
export const SheetQuery = SheetChoice.extend({ page: whole(1, 99_999, 1), size: whole(1, 500, 100) });
/** GET /api/sheets/:sheet/file */
export const SheetFileQuery = SheetChoice.extend({ format: z.enum(['pdf', 'xlsx', 'csv']) });

/** GET /api/cables/export: all cables of a place as a list that an import takes back without a difference. */
export const CablesExportQuery = SheetChoice.pick({ language: true, within: true }).extend({
  format: z.enum(['xlsx', 'csv']),
});

/** A text, a number, a day; null: nothing to say. */
export const SheetCell = z.union([z.string(), z.number(), z.strictObject({ day: z.string() }), z.null()]);
export type SheetCell = z.infer<typeof SheetCell>;

/** A sheet in the language that was asked for: the same words on screen, on paper and in a file. */
export const SheetReply = z.strictObject({
  sheet: z.enum(sheetKinds),
  title: z.string(),
  /** "Rathaus · EG · Serverraum · Schrank 1"; "" for everything. */
  place: z.string(),
  columns: z.array(
    z.strictObject({ key: z.string(), title: z.string(), kind: z.enum(['text', 'number', 'day']) }),
  ),
  rows: z.array(
    z.strictObject({
      key: z.string(),
      cells: z.array(SheetCell),
      /** What there is more to read of. */
      about: z.strictObject({ kind: z.enum(['port', 'link', 'order', 'device']), id: z.int() }).nullable(),
    }),
  ),
  total: z.int(),
  page: z.int(),
  size: z.int(),
});
export type SheetReply = z.infer<typeof SheetReply>;
