import { z } from 'zod';
import { deviceRoles } from './inventory.ts';

/** Kinds of object that can carry a label. */
export const labelKinds = ['rack', 'device', 'port', 'link', 'outlet', 'room'] as const;
export const LabelKind = z.enum(labelKinds);
export type LabelKind = z.infer<typeof LabelKind>;

/** Most labels of one job. */
export const maxLabels = 5000;

/**
 * The letter of each kind in a short code. Letters are never given to another kind: they are printed and stay on walls.
 */
export const codeLetters: Readonly<Record<LabelKind, string>> = {
  rack: 'r',
  device: 'd',
  port: 'p',
  link: 'c',
  outlet: 'o',
  room: 'm',
};

const id = z.int().positive();

/** Which objects: what is given narrows. At least one of `ids`, `deviceId`, `rackId` and `roomId` is needed. */
export const LabelSelection = z
  .strictObject({
    kind: LabelKind,
    /** In this order. */
    ids: z.array(id).min(1).max(maxLabels, `must be at most ${maxLabels} labels`).optional(),
    /** Ports and cables of this device. */
    deviceId: id.optional(),
    rackId: id.optional(),
    roomId: id.optional(),
    /** Devices of this role only, e.g. panels. */
    role: z.enum(deviceRoles).optional(),
    /** Ports by their place on the device, e.g. `1-12, 20`. */
    ports: z
      .string()
      .trim()
      .max(200)
      .regex(
        /^\d{1,4}(\s*-\s*\d{1,4})?(\s*,\s*\d{1,4}(\s*-\s*\d{1,4})?)*$/,
        'must be numbers such as 1-12, 20',
      )
      .optional(),
  })
  .refine(
    ({ ids, deviceId, rackId, roomId }) => (ids ?? deviceId ?? rackId ?? roomId) !== undefined,
    'needs ids, deviceId, rackId or roomId',
  );
export type LabelSelection = z.infer<typeof LabelSelection>;

/** POST /api/labels/preview and POST /api/labels/pdf */
export const LabelJob = z.strictObject({
  selection: LabelSelection,
  /** One line of text each, with placeholders such as `{name}`. */
  lines: z.array(z.string().max(200)).min(1).max(6),
  withQr: z.boolean(),
  medium: z.string().max(60),
  /** First label of the sheet that is not used yet, from 1, row by row. */
  start: z.int().min(1).max(1000).default(1),
  copies: z.int().min(1).max(20).default(1),
  /** The value of `{n}` on the first label. */
  firstNumber: z.int().min(0).max(999_999_999).default(1),
  /** Of the cable that a flag or a wrap goes around, millimetres. */
  cableDiameterMm: z.number().min(1).max(60).default(6),
  /** Shifts everything, for a printer that draws the sheet in askew, millimetres. */
  shiftX: z.number().min(-5).max(5).default(0),
  shiftY: z.number().min(-5).max(5).default(0),
});
export type LabelJob = z.infer<typeof LabelJob>;

/** plain: once. wrap: the text again and again around the cable. flag: on both halves of a label folded around the cable. */
export const labelShapes = ['plain', 'wrap', 'flag'] as const;

/** What labels are printed on. A roll has no columns and rows: each label is a page as long as its text. */
export const LabelMedium = z.strictObject({
  id: z.string(),
  /** Maker and article numbers, as on the box. */
  name: z.string(),
  form: z.enum(['sheet', 'roll']),
  shape: z.enum(labelShapes),
  /** Of one label; the width of a roll's label is null. */
  labelWidthMm: z.number().nullable(),
  labelHeightMm: z.number(),
  pageWidthMm: z.number().nullable(),
  pageHeightMm: z.number(),
  columns: z.int(),
  rows: z.int(),
  /** Left top corner of the first label and the distance from one label to the next. */
  leftMm: z.number(),
  topMm: z.number(),
  pitchXMm: z.number(),
  pitchYMm: z.number(),
});
export type LabelMedium = z.infer<typeof LabelMedium>;

/** A template: one that somebody made (`id`), or one that is always there (`key`, which names it in the interface's language). */
export const LabelTemplate = z.strictObject({
  id: z.int().nullable(),
  key: z.string().nullable(),
  name: z.string(),
  kind: LabelKind,
  medium: z.string(),
  lines: z.array(z.string()),
  withQr: z.boolean(),
});
export type LabelTemplate = z.infer<typeof LabelTemplate>;

/** GET /api/labels/options */
export const LabelOptions = z.strictObject({
  media: z.array(LabelMedium),
  templates: z.array(LabelTemplate),
  placeholders: z.record(LabelKind, z.array(z.string())),
  /** What the codes begin with; a phone must reach it. */
  codePrefix: z.string(),
  /** False: nobody has set PUBLIC_URL, so this is the address by which this browser came. */
  publicUrlSet: z.boolean(),
});
export type LabelOptions = z.infer<typeof LabelOptions>;

const point = { x: z.number(), y: z.number() };
const box = { ...point, w: z.number(), h: z.number() };

/** What is drawn on a page, in millimetres from its left top corner. */
export const DrawItem = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('text'),
    ...point,
    text: z.string(),
    /** Of the font, millimetres. */
    size: z.number(),
    /** How long the text is in the font that is printed with. */
    width: z.number(),
    bold: z.boolean(),
    /** Clockwise about its beginning, degrees. */
    turn: z.number(),
    tone: z.enum(['ink', 'muted']),
  }),
  z.strictObject({
    kind: z.literal('rect'),
    ...box,
    fill: z.enum(['none', 'paper', 'light', 'medium', 'ink']),
    /** Width of the outline in millimetres, 0 without. */
    line: z.number(),
    radius: z.number(),
  }),
  z.strictObject({ kind: z.literal('line'), ...point, x2: z.number(), y2: z.number(), line: z.number() }),
  /** A QR code without its quiet zone: `runs` are [column, row, length] of dark modules. */
  z.strictObject({
    kind: z.literal('qr'),
    ...point,
    moduleMm: z.number(),
    modules: z.int(),
    runs: z.array(z.tuple([z.int(), z.int(), z.int()])),
    text: z.string(),
  }),
]);
export type DrawItem = z.infer<typeof DrawItem>;

export const labelWarnings = [
  'text-cut',
  'line-left-out',
  'qr-small',
  'qr-left-out',
  'letter-unknown',
] as const;
/** The same thing on one or more labels. */
export const LabelWarning = z.strictObject({
  code: z.enum(labelWarnings),
  /** The text that was cut or left out, the letters that the font does not have, or the size of a module in mm. */
  detail: z.string(),
  /** The names of the first objects on whose labels it happened, and on how many it did. */
  labels: z.array(z.string()),
  count: z.int(),
});
export type LabelWarning = z.infer<typeof LabelWarning>;

/** Reply of POST /api/labels/preview: the first page. */
export const LabelPreview = z.strictObject({
  labels: z.int(),
  pages: z.int(),
  page: z.strictObject({ widthMm: z.number(), heightMm: z.number(), items: z.array(DrawItem) }),
  /** The edges of the labels on that page. */
  cells: z.array(z.strictObject(box)),
  /** At most 100; those about text come first. */
  warnings: z.array(LabelWarning),
});
export type LabelPreview = z.infer<typeof LabelPreview>;

/** GET /api/labels/code/:code */
export const LabelTarget = z.strictObject({
  kind: LabelKind,
  id: z.int(),
  name: z.string(),
  /** The page on which the object is seen; null when nothing shows it yet. */
  path: z.string().nullable(),
});
export type LabelTarget = z.infer<typeof LabelTarget>;
