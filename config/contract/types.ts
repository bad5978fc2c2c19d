import { z } from 'zod';
import { DeviceTypeFile } from '../device-types/schema.ts';
import { DeviceTypeView, PortKind, PortShape } from './inventory.ts';

// What a type's file says and how it is drawn is the same for both sides: the face editor draws while one drags.
export {
  type Form,
  facesOf,
  outlineOf,
  portSizes,
  rackUnitMm,
  rackWidthMm,
  type TypeFaces,
  usableArea,
} from '../device-types/face.ts';
export { faceProblems, type Overlap, overlapsOf } from '../device-types/face-check.ts';
export { FaceFile, PortGroup } from '../device-types/face-file.ts';
export { groupElements } from '../device-types/placed.ts';
export { expandRange, joinRange } from '../device-types/port-range.ts';
export { portsOfType, type TypePort } from '../device-types/ports.ts';
export { proposedFaces } from '../device-types/proposal.ts';
export { airflows } from '../device-types/schema.ts';
export { DeviceTypeFile };

const count = z.int().min(0);

/** A type in the list of types, with its faces. */
export const TypeListItem = z.strictObject({
  view: DeviceTypeView,
  version: z.int(),
  partNumber: z.string().nullable(),
  ports: count,
  /** Devices of this type, on the shelf or not. */
  devices: count,
});
export type TypeListItem = z.infer<typeof TypeListItem>;

/** GET /api/types: the types that a search finds, a page of them. */
export const TypeList = z.strictObject({
  items: z.array(TypeListItem),
  /** How many the search finds. */
  total: count,
  /** How many there are at all. */
  all: count,
  /** Makers of all types, with how many types each has. */
  manufacturers: z.array(z.strictObject({ name: z.string(), types: count })),
});
export type TypeList = z.infer<typeof TypeList>;

/** What of a file is not taken over as it stands. `blocks`: fibres that make one lane, such as the pairs of duplex couplers. */
export const TypeNote = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['module-bays', 'device-bays', 'module-ports', 'no-plug']), count: count }),
  z.strictObject({ kind: z.literal('renamed'), from: z.string(), to: z.string(), count: count }),
  z.strictObject({ kind: z.literal('blocks'), rear: z.string(), size: count }),
]);
export type TypeNote = z.infer<typeof TypeNote>;

/** GET /api/types/:id */
export const TypeDetail = z.strictObject({
  view: DeviceTypeView,
  /** That of the record `device-type`: what If-Match names. */
  version: z.int(),
  definition: z.record(z.string(), z.unknown()),
  notes: z.array(TypeNote),
  facts: z.strictObject({
    weightKg: z.number().nullable(),
    /** Watts that one supply draws at most. */
    maximumDrawW: z.number().nullable(),
    allocatedDrawW: z.number().nullable(),
    poePorts: count,
    powered: z.boolean(),
  }),
  ports: z.array(
    z.strictObject({
      name: z.string(),
      kind: PortKind,
      shape: PortShape,
      management: z.boolean(),
      twoSided: z.boolean(),
      inner: z.strictObject({ rear: z.string(), lane: z.int() }).nullable(),
      lanes: z.int(),
      /** As the file says it, e.g. `1000base-t`. */
      type: z.string().nullable(),
    }),
  ),
  /** Devices of this type, by name; the first hundred. */
  devices: z.array(z.strictObject({ id: z.int(), name: z.string(), place: z.string() })),
  deviceCount: count,
  /** Documents: their content is at /api/documents/:id/content. */
  frontImageId: z.int().nullable(),
  rearImageId: z.int().nullable(),
});
export type TypeDetail = z.infer<typeof TypeDetail>;

/** What is wrong in a file, and where. */
export const TypeFileProblem = z.strictObject({
  file: z.string(),
  line: z.int().nullable(),
  /** Path of the key, e.g. `interfaces.3.type`. */
  key: z.string(),
  message: z.string(),
});
export type TypeFileProblem = z.infer<typeof TypeFileProblem>;

/** A cable that is in the way of a changed type. */
export const PluggedPort = z.strictObject({
  device: z.strictObject({ id: z.int(), name: z.string() }),
  port: z.string(),
  /** Label of the cable, or null when it has none. */
  cable: z.string().nullable(),
});
export type PluggedPort = z.infer<typeof PluggedPort>;

/** What bringing a type in would do. `blocked`: devices have cables in ports that it no longer has. */
export const TypePreview = z.strictObject({
  slug: z.string(),
  file: z.string(),
  manufacturer: z.string(),
  model: z.string(),
  state: z.enum(['new', 'changed', 'same', 'blocked']),
  /** The type that is there already. */
  id: z.int().nullable(),
  ports: count,
  /** Devices whose ports follow. */
  devices: count,
  addedPorts: z.array(z.string()),
  removedPorts: z.array(z.string()),
  plugged: z.array(PluggedPort),
  /** Pictures that come with it. */
  images: z.array(z.enum(['front', 'rear'])),
  notes: z.array(TypeNote),
});
export type TypePreview = z.infer<typeof TypePreview>;

/** POST /api/types/uploads: what is in an archive, before anything is written. Kept for an hour under its token. */
export const TypeUpload = z.strictObject({
  token: z.string(),
  types: z.array(TypePreview),
  broken: z.array(TypeFileProblem),
  /** How many files were broken: `broken` has several problems of each, and not those of every one when there are very many. */
  brokenFiles: count,
  /** Files that are no device types: pictures nobody needs, texts, other folders of the library. */
  passedOver: count,
});
export type TypeUpload = z.infer<typeof TypeUpload>;

/** POST /api/types/uploads/:token/apply */
export const TypeUploadReply = z.strictObject({
  /** What can be undone; null when there was nothing to do. */
  changeId: z.int().nullable(),
  created: count,
  changed: count,
});
export type TypeUploadReply = z.infer<typeof TypeUploadReply>;
