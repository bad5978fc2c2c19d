import { z } from 'zod';
import { PortShape } from '../contract/index.ts';

const Named = { name: z.string().min(1), label: z.string().optional(), description: z.string().optional() };

/** Where a run of ports sits on a face: a grid in millimetres, filled in the order of `ports`. */
export const PortGroup = z.strictObject({
  /** Names, or a range such as `1/1/1-1/1/48` whose last number counts. */
  ports: z.string(),
  shape: PortShape.default('rj45'),
  rows: z.int().min(1).default(1),
  /** down: 1 over 2, then 3 over 4 (switches). across: left to right, then the next row (panels). */
  order: z.enum(['down', 'across']).default('down'),
  x: z.number(),
  y: z.number(),
  /** Size of one port, and the free space after every `every` columns. */
  w: z.number().positive().default(14),
  h: z.number().positive().default(13),
  gap: z.strictObject({ every: z.int().min(1), by: z.number() }).optional(),
});

const FaceFile = z.strictObject({
  groups: z.array(PortGroup).default([]),
  bays: z
    .array(
      z.strictObject({
        rows: z.int(),
        columns: z.int(),
        x: z.number(),
        y: z.number(),
        w: z.number(),
        h: z.number(),
      }),
    )
    .default([]),
  displays: z
    .array(z.strictObject({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }))
    .default([]),
  vents: z.array(z.strictObject({ x: z.number(), y: z.number(), w: z.number(), h: z.number() })).default([]),
  name: z.strictObject({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }).optional(),
});

/**
 * A device type in the format of the NetBox device-type library (its schema/devicetype.json), with our own `rackhaus`
 * part for what that format does not say: form and where ports sit.
 */
export const DeviceTypeFile = z.strictObject({
  manufacturer: z.string(),
  model: z.string(),
  slug: z.string().regex(/^[a-z0-9_-]+$/),
  part_number: z.string().optional(),
  u_height: z.number().min(0).multipleOf(0.5).default(1),
  is_full_depth: z.boolean().default(true),
  airflow: z.string().optional(),
  weight: z.number().optional(),
  weight_unit: z.enum(['kg', 'g', 'lb', 'oz']).optional(),
  comments: z.string().optional(),
  interfaces: z
    .array(
      z.strictObject({
        ...Named,
        type: z.string(),
        mgmt_only: z.boolean().optional(),
        poe_mode: z.string().optional(),
        poe_type: z.string().optional(),
      }),
    )
    .default([]),
  'console-ports': z.array(z.strictObject({ ...Named, type: z.string().optional() })).default([]),
  'power-ports': z
    .array(
      z.strictObject({
        ...Named,
        type: z.string().optional(),
        maximum_draw: z.number().optional(),
        allocated_draw: z.number().optional(),
      }),
    )
    .default([]),
  'power-outlets': z
    .array(
      z.strictObject({
        ...Named,
        type: z.string().optional(),
        power_port: z.string().optional(),
        feed_leg: z.string().optional(),
      }),
    )
    .default([]),
  'front-ports': z
    .array(
      z.strictObject({
        ...Named,
        type: z.string(),
        rear_port: z.string(),
        rear_port_position: z.int().min(1).default(1),
      }),
    )
    .default([]),
  'rear-ports': z
    .array(z.strictObject({ ...Named, type: z.string(), positions: z.int().min(1).default(1) }))
    .default([]),
  rackhaus: z
    .strictObject({
      form: z.enum(['full', 'half', 'vertical', 'none']).default('full'),
      widthMm: z.number().positive().optional(),
      heightMm: z.number().positive().optional(),
      /** Where network ports sit that no group places. */
      networkPorts: z.enum(['front', 'rear']).default('front'),
      front: FaceFile.optional(),
      rear: FaceFile.optional(),
    })
    .optional(),
});
export type DeviceTypeFile = z.infer<typeof DeviceTypeFile>;
