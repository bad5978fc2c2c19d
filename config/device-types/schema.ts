import { z } from 'zod';
import { PortShape } from '../contract/index.ts';

const Named = {
  name: z.string().min(1),
  label: z.string().optional(),
  description: z.string().optional(),
  color: z.string().optional(),
};
/** Keys of the library that say nothing Rackhaus uses: accepted, so that its files can be used as they are. */
const Ignored = z.unknown().optional();

/** The library writes an empty text where it does not know. */
const Watts = z.union([z.number(), z.literal('').transform(() => undefined)]).optional();

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
export const DeviceTypeFile = z
  .strictObject({
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
    description: z.string().optional(),
    default_platform: Ignored,
    subdevice_role: Ignored,
    front_image: Ignored,
    rear_image: Ignored,
    is_powered: Ignored,
    'console-server-ports': Ignored,
    'module-bays': Ignored,
    'device-bays': Ignored,
    'inventory-items': Ignored,
    interfaces: z
      .array(
        z.strictObject({
          ...Named,
          type: z.string(),
          mgmt_only: z.boolean().optional(),
          enabled: Ignored,
          bridge: Ignored,
          rf_role: Ignored,
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
          maximum_draw: Watts,
          allocated_draw: Watts,
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
  })
  .superRefine((type, context) => {
    for (const problem of portProblems(type)) context.addIssue({ code: 'custom', ...problem });
  });
export type DeviceTypeFile = z.infer<typeof DeviceTypeFile>;

interface PortLists {
  readonly interfaces: readonly { readonly name: string }[];
  readonly 'console-ports': readonly { readonly name: string }[];
  readonly 'power-ports': readonly { readonly name: string }[];
  readonly 'power-outlets': readonly { readonly name: string }[];
  readonly 'front-ports': readonly {
    readonly name: string;
    readonly rear_port: string;
    readonly rear_port_position: number;
  }[];
  readonly 'rear-ports': readonly { readonly name: string; readonly positions: number }[];
}

/** Links name a port by its name alone, so it must be the only one; a front port needs its lane of a rear port to itself. */
function portProblems(type: PortLists): { path: (string | number)[]; message: string }[] {
  const problems: { path: (string | number)[]; message: string }[] = [];
  const seen = new Set<string>();
  for (const list of ['interfaces', 'console-ports', 'power-ports', 'power-outlets', 'front-ports'] as const)
    for (const [index, { name }] of type[list].entries()) {
      if (seen.has(name))
        problems.push({ path: [list, index, 'name'], message: `"${name}" is the name of another port` });
      seen.add(name);
    }
  const rear = new Map(type['rear-ports'].map((port) => [port.name, port.positions]));
  const fronts = new Map(type['front-ports'].map((port) => [port.name, port.rear_port]));
  const rearSeen = new Set<string>();
  for (const [index, { name, positions }] of type['rear-ports'].entries()) {
    const jack = positions === 1 && fronts.get(name) === name;
    if (rearSeen.has(name) || (seen.has(name) && !jack))
      problems.push({
        path: ['rear-ports', index, 'name'],
        message: `"${name}" is the name of another port; only a jack, a front port with this rear port of one position, shares it`,
      });
    rearSeen.add(name);
  }
  const lanes = new Set<string>();
  for (const [index, port] of type['front-ports'].entries()) {
    const positions = rear.get(port.rear_port);
    const lane = `${port.rear_port}/${port.rear_port_position}`;
    if (positions === undefined)
      problems.push({
        path: ['front-ports', index, 'rear_port'],
        message: `"${port.rear_port}" is not one of rear-ports`,
      });
    else if (port.rear_port_position > positions)
      problems.push({
        path: ['front-ports', index, 'rear_port_position'],
        message: `must be at most ${positions}, the positions of "${port.rear_port}"`,
      });
    else if (lanes.has(lane))
      problems.push({
        path: ['front-ports', index, 'rear_port_position'],
        message: `position ${port.rear_port_position} of "${port.rear_port}" belongs to another front port`,
      });
    lanes.add(lane);
  }
  return problems;
}
