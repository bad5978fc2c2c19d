import { z } from 'zod';
import { partClasses } from '../contract/index.ts';

const Oid = z
  .string()
  .regex(/^[0-2](\.(0|[1-9]\d{0,9}))+$/, 'must be an OID in numbers, without a leading dot');

/**
 * Which number stands for a port: `bridge` a bridge port (BRIDGE-MIB dot1dBasePort), `interface` an ifIndex. Where the device
 * has no table of bridge ports, they are taken for the same.
 */
const PortNumbers = z.enum(['bridge', 'interface']);

/**
 * Where a device says which VLANs it has and which ports carry them. Of several the first that names a VLAN counts, the
 * family's own before those of its parts. The last number of an index is the VLAN's, unless `number` says it.
 */
export const VlanSource = z.strictObject({
  id: z.string().min(1),
  /** Column of names. */
  name: Oid,
  /** Column of VLAN numbers, where the index is another. */
  number: Oid.optional(),
  /** VLANs that every device of the family lists and none uses. */
  except: z.array(z.int()).default([]),
  /** Lists of ports by VLAN: bit strings, the first bit for port `first`, or numbers with commas. The first that answers counts. */
  portLists: z
    .array(
      z.strictObject({
        /** All ports of the VLAN. */
        egress: Oid,
        /** Those of them whose frames leave without a tag. */
        untagged: Oid.optional(),
        ports: PortNumbers.default('bridge'),
        first: z.int().min(0).default(1),
      }),
    )
    .default([]),
  /** A column by port with the VLAN of untagged frames, where no list answers. */
  portVlans: z.array(z.strictObject({ vlan: Oid, ports: PortNumbers.default('interface') })).default([]),
  /** Ports that carry many VLANs, by ifIndex. */
  trunks: z
    .strictObject({
      /** Column that says whether the port is one now, and its value for yes. */
      state: Oid,
      is: z.int(),
      /** Column of the VLAN of untagged frames. */
      native: Oid.optional(),
      /** Columns of bit strings of the VLANs 0 to 1023, 1024 to 2047, and so on. */
      vlans: z.array(Oid).min(1).max(4),
    })
    .optional(),
  /** Column of ifIndexes by bridge port. */
  bridgePort: Oid.default('1.3.6.1.2.1.17.1.4.1.2'),
});
export type VlanSource = z.output<typeof VlanSource>;

const PartClassName = z.enum(partClasses);

/**
 * A table of a device's parts. Rows without model and serial number are left out. What an earlier source has with the same
 * serial number is not told twice.
 */
export const PartSource = z.strictObject({
  id: z.string().min(1),
  columns: z.strictObject({
    /** ENTITY-MIB entPhysicalClass or the like. */
    class: Oid.optional(),
    name: Oid.optional(),
    /** Stands in for the name. */
    description: Oid.optional(),
    model: Oid.optional(),
    serial: Oid.optional(),
    firmware: Oid.optional(),
    /** Stands in for the firmware. */
    software: Oid.optional(),
  }),
  /** What the rows are; with a column for the class: what its values mean, others are left out. */
  is: z.union([PartClassName, z.record(z.string().regex(/^-?\d+$/), PartClassName)]),
  /** The index is an ifIndex, so that the port's name is the part's. */
  ofPorts: z.boolean().default(false),
  /** Instance that changes when parts come and go (ENTITY-MIB entLastChangeTime): read only then, and every six hours. */
  changed: Oid.optional(),
});
export type PartSource = z.output<typeof PartSource>;
