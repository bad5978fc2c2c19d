import { z } from 'zod';
import * as f from './fields.ts';

/** Kinds of which a note, a document or a plan can speak: those with a page or a place. */
export const subjectKinds = [
  'site',
  'building',
  'floor',
  'room',
  'rack',
  'device-type',
  'device',
  'outlet',
  'port',
  'link',
  'contract',
  'spare-part',
  'vlan',
  'prefix',
  'address',
  'service',
  'floor-plan',
  'order',
] as const;
const subject = {
  subjectKind: f.choice(subjectKinds, 'device', { fixed: true, list: true }),
  subjectId: f.integer({ min: 1, max: Number.MAX_SAFE_INTEGER, fixed: true }),
};

/** A file, kept once by the SHA-256 of its content. Made by an upload, see documents in the API. */
export const DocumentFields = z.strictObject({
  hash: f.name({ pattern: /^[0-9a-f]{64}$/, hint: 'must be a SHA-256', fixed: true }),
  mediaType: f.name({ fixed: true }),
  size: f.integer({ min: 0, max: 10 ** 12, fixed: true, list: true }),
});
export const AttachmentFields = z.strictObject({
  ...subject,
  documentId: f.ref('document', { fixed: true, list: true }),
  name: f.name(),
  note: f.text(500, { list: true }),
});
/** An entry of an object's journal. Time and author are those of the change that made it. */
export const NoteFields = z.strictObject({
  ...subject,
  text: f.longText(),
  author: f.text(200, { list: true }),
  time: f.time({ fixed: true, list: true }),
});
/** A list as somebody likes to see it. `ownerId` null: for everybody. `query` is the list page's query string. */
export const SavedViewFields = z.strictObject({
  name: f.name(),
  listKind: f.name({ max: 40 }),
  query: f.text(4000),
  ownerId: f.optionalInteger({ min: 1, max: Number.MAX_SAFE_INTEGER }),
});

export const ServiceFields = z.strictObject({
  name: f.name(),
  /** Who answers for it. */
  personInCharge: f.text(200, { list: true }),
  /** When it must work, in words. */
  hours: f.text(200, { list: true }),
  importance: f.choice(['high', 'normal', 'low'], 'normal', { list: true }),
  /** Where one reaches it, when it runs outside: host name or URL. */
  address: f.text(500, { list: true }),
  notes: f.longText(),
});
export const ServiceDeviceFields = z.strictObject({
  serviceId: f.ref('service', { fixed: true, list: true }),
  deviceId: f.ref('device', { fixed: true, list: true }),
});
export const ServiceNeedFields = z.strictObject({
  serviceId: f.ref('service', { fixed: true, list: true }),
  needsId: f.ref('service', { fixed: true, list: true }),
});

export const FloorPlanFields = z.strictObject({
  floorId: f.ref('floor', { list: true }),
  name: f.name(),
  documentId: f.ref('document'),
  /** Size of the picture in its own units; marks are in these. */
  width: f.decimal({ min: 1, max: 100_000, initial: 1000 }),
  height: f.decimal({ min: 1, max: 100_000, initial: 700 }),
  /** Units in one metre; null when nobody has measured. */
  unitsPerMetre: f.optionalNumber({ min: 0.001, max: 100_000 }),
  rank: f.integer({ min: 0, max: 1_000_000, initial: 0 }),
  notes: f.longText(),
});
/** Exactly one of the four is set. A room is a polygon; the others are a point with a turn in degrees. */
export const PlanMarkFields = z.strictObject({
  planId: f.ref('floor-plan', { fixed: true, list: true }),
  roomId: f.optionalRef('room', { fixed: true }),
  rackId: f.optionalRef('rack', { fixed: true }),
  outletId: f.optionalRef('outlet', { fixed: true }),
  deviceId: f.optionalRef('device', { fixed: true }),
  points: f.json(
    z
      .array(z.tuple([z.number(), z.number()]))
      .min(1)
      .max(200),
    [[0, 0]],
  ),
  turn: f.decimal({ min: -360, max: 360, initial: 0 }),
});

export const LabelTemplateFields = z.strictObject({
  name: f.name(),
  /** What it is for. */
  objectKind: f.choice(['rack', 'device', 'port', 'link', 'outlet', 'room'], 'device', { list: true }),
  medium: f.name({ max: 60 }),
  /** One line of text each, with placeholders. */
  lines: f.json(z.array(z.string().max(200)).min(1).max(6), ['{name}']),
  withQr: f.flag(true),
});
