import { z } from 'zod';
import { faceProblems } from './face-check.ts';
import { FaceFile } from './face-file.ts';
import { portLists } from './port-lists.ts';
import { wiringOf } from './wiring.ts';

/** More than any device has; keeps a hostile file from filling memory. */
const mostPorts = 2000;
const name = z.string().min(1).max(100);
const text = z.string().max(200);

const Named = {
  name,
  label: text.optional(),
  description: text.optional(),
};
const Coloured = { ...Named, color: z.string().max(20).optional() };
/** Says of old files whether something feeds power: accepted, not used. */
const PowerSource = { _is_power_source: z.boolean().optional() };
const watts = z.number().min(0).max(1_000_000).optional();
const list = <T extends z.ZodType>(item: T) => z.array(item).max(mostPorts).default([]);

export const airflows = [
  'front-to-rear',
  'rear-to-front',
  'left-to-right',
  'right-to-left',
  'side-to-rear',
  'rear-to-side',
  'bottom-to-top',
  'top-to-bottom',
  'passive',
  'mixed',
] as const;

const Interface = z.strictObject({
  ...Named,
  type: z.string().max(60),
  mgmt_only: z.boolean().optional(),
  enabled: z.boolean().optional(),
  bridge: name.optional(),
  rf_role: z.string().max(60).optional(),
  /** pd: is fed by the switch. pse: feeds what is plugged in. */
  poe_mode: z.enum(['pd', 'pse']).optional(),
  poe_type: z.string().max(60).optional(),
});

const Definition = z.strictObject({
  manufacturer: name,
  model: name,
  slug: z
    .string()
    .max(100)
    .regex(/^[a-z0-9_-]+$/, 'may have small letters without accents, digits, - and _ only'),
  part_number: z.string().max(100).optional(),
  u_height: z.number().min(0).max(60).multipleOf(0.5).default(1),
  is_full_depth: z.boolean().default(true),
  airflow: z.enum(airflows).optional(),
  weight: z.number().min(0).max(100_000_000).optional(),
  weight_unit: z.enum(['kg', 'g', 'lb', 'oz']).optional(),
  comments: z.string().max(50_000).optional(),
  description: z.string().max(1000).optional(),
  default_platform: z.string().max(200).optional(),
  /** parent: others are put into its device bays. child: is put into one. */
  subdevice_role: z.enum(['parent', 'child']).optional(),
  exclude_from_utilization: z.boolean().optional(),
  /** The library has a picture of it. */
  front_image: z.boolean().optional(),
  rear_image: z.boolean().optional(),
  is_powered: z.boolean().optional(),
  _is_powered: z.boolean().optional(),
  interfaces: list(Interface),
  'console-ports': list(z.strictObject({ ...Named, ...PowerSource, type: z.string().max(60).optional() })),
  'console-server-ports': list(z.strictObject({ ...Named, type: z.string().max(60).optional() })),
  'power-ports': list(
    z.strictObject({
      ...Named,
      type: z.string().max(60).optional(),
      maximum_draw: watts,
      allocated_draw: watts,
    }),
  ),
  'power-outlets': list(
    z.strictObject({
      ...Coloured,
      type: z.string().max(60).optional(),
      power_port: name.optional(),
      feed_leg: z.enum(['A', 'B', 'C']).optional(),
    }),
  ),
  'front-ports': list(
    z.strictObject({
      ...Coloured,
      type: z.string().max(60),
      /** From NetBox 4.5 on: how many positions of rear ports it takes, named in `port-mappings`. */
      positions: z.int().min(1).max(1024).optional(),
      rear_port: name.optional(),
      rear_port_position: z.int().min(1).max(1024).default(1),
    }),
  ),
  'rear-ports': list(
    z.strictObject({
      ...Coloured,
      ...PowerSource,
      type: z.string().max(60),
      positions: z.int().min(1).max(1024).default(1),
    }),
  ),
  'port-mappings': z
    .array(
      z.strictObject({
        front_port: name,
        front_port_position: z.int().min(1).max(1024).default(1),
        rear_port: name,
        rear_port_position: z.int().min(1).max(1024).default(1),
      }),
    )
    .max(4 * mostPorts)
    .default([]),
  'module-bays': list(z.strictObject({ ...Named, position: z.string().max(60).optional() })),
  'device-bays': list(z.strictObject(Named)),
  'inventory-items': list(
    z.strictObject({ ...Named, manufacturer: name.optional(), part_id: z.string().max(100).optional() }),
  ),
  rackhaus: z
    .strictObject({
      /** Left out: full when it takes rack units; else vertical for a strip of outlets, or none. */
      form: z.enum(['full', 'half', 'vertical', 'none']).optional(),
      widthMm: z.number().positive().max(3000).optional(),
      heightMm: z.number().positive().max(3000).optional(),
      /** The most that a UPS gives, in watts: its inlet may draw more. */
      outputWatts: z.number().positive().max(1_000_000).optional(),
      /** Where network ports sit that no group places. Left out: where such devices mostly have them. */
      networkPorts: z.enum(['front', 'rear']).optional(),
      front: FaceFile.optional(),
      rear: FaceFile.optional(),
    })
    .optional(),
});

/**
 * A device type in the format of the NetBox device-type library (its schema/devicetype.json, in the form before and after
 * NetBox 4.5), with our own `rackhaus` part for what that format does not say: form and where ports sit.
 * An empty text or null means that the file does not say, as in NetBox's own exports.
 */
export const DeviceTypeFile = z.preprocess(
  (file) => wholeHalves(withoutBlanks(file)),
  Definition.superRefine((type, context) => {
    for (const { path, message } of [
      ...sameNames(type),
      ...wiringOf(type).problems,
      ...weightProblems(type),
      ...faceProblems(type),
    ])
      context.addIssue({ code: 'custom', path, message });
  }),
);
export type DeviceTypeFile = z.output<typeof Definition>;

function withoutBlanks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutBlanks);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== null && part !== '')
      .map(([key, part]) => [key, withoutBlanks(part)]),
  );
}

/** What takes part of half a rack unit takes the whole of it: the library has a few of 0.6. */
function wholeHalves(file: unknown): unknown {
  if (typeof file !== 'object' || file === null || !('u_height' in file)) return file;
  const height = file.u_height;
  return typeof height === 'number' ? { ...file, u_height: Math.ceil(height * 2) / 2 } : file;
}

interface Problem {
  readonly path: (string | number)[];
  readonly message: string;
}

function sameNames(type: DeviceTypeFile): Problem[] {
  return portLists.flatMap((list) => {
    const seen = new Set<string>();
    return type[list].flatMap(({ name }, index) => {
      const again = seen.has(name);
      seen.add(name);
      return again ? [{ path: [list, index, 'name'], message: `"${name}" is the name of another port` }] : [];
    });
  });
}

function weightProblems(type: DeviceTypeFile): Problem[] {
  return type.weight !== undefined && type.weight > 0 && type.weight_unit === undefined
    ? [{ path: ['weight'], message: 'needs weight_unit beside it: kg, g, lb or oz' }]
    : [];
}
