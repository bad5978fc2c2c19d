import { z } from 'zod';
import { PortShape } from '../contract/inventory.ts';

/** Farther than any device is wide or high. */
const farthestMm = 3000;
const place = z.number().min(-farthestMm).max(farthestMm);
const size = z.number().positive().max(farthestMm);
const box = { x: place, y: place, w: size, h: size };

/** Where a run of ports sits on a face: a grid in millimetres, filled in the order of `ports`. */
export const PortGroup = z.strictObject({
  /** Names, or a range such as `1/1/1-1/1/48` whose last number counts. */
  ports: z.string().max(20_000),
  shape: PortShape.default('rj45'),
  rows: z.int().min(1).max(100).default(1),
  /** down: 1 over 2, then 3 over 4 (switches). across: left to right, then the next row (panels). */
  order: z.enum(['down', 'across']).default('down'),
  x: place,
  y: place,
  /** Size of one port, and the free space after every `every` columns. */
  w: size.default(14),
  h: size.default(13),
  /** From one port to the next, when there is room between them. */
  dx: size.optional(),
  dy: size.optional(),
  gap: z.strictObject({ every: z.int().min(1), by: z.number().min(0).max(farthestMm) }).optional(),
});
export type PortGroup = z.infer<typeof PortGroup>;

const few = 200;

/** One side of a device in millimetres from its left top corner, the rear as seen from behind. */
export const FaceFile = z.strictObject({
  groups: z.array(PortGroup).max(few).default([]),
  /** Drive bays: a grid that fills its box. */
  bays: z
    .array(z.strictObject({ rows: z.int().min(1).max(50), columns: z.int().min(1).max(100), ...box }))
    .max(few)
    .default([]),
  displays: z.array(z.strictObject(box)).max(few).default([]),
  vents: z.array(z.strictObject(box)).max(few).default([]),
  blanks: z.array(z.strictObject(box)).max(few).default([]),
  labels: z
    .array(z.strictObject({ text: z.string().min(1).max(100), ...box }))
    .max(few)
    .default([]),
  /** Where the device's name is written. */
  name: z.strictObject(box).optional(),
});
export type FaceFile = z.infer<typeof FaceFile>;
