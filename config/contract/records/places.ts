import { z } from 'zod';
import * as f from './fields.ts';

const rank = f.integer({ min: 0, max: 1_000_000, initial: 0 });
const notes = f.longText();
const personInCharge = f.text(200, { list: true });

export const SiteFields = z.strictObject({
  name: f.name({ pattern: /^[^/]+$/, hint: 'must not contain "/"' }),
  address: f.text(500, { list: true }),
  personInCharge,
  notes,
  rank,
});
export const BuildingFields = z.strictObject({
  siteId: f.ref('site', { list: true }),
  name: f.name(),
  address: f.text(500),
  notes,
  rank,
});
export const FloorFields = z.strictObject({
  buildingId: f.ref('building', { list: true }),
  name: f.name(),
  notes,
  rank,
});
export const RoomFields = z.strictObject({
  floorId: f.ref('floor', { list: true }),
  name: f.name({ pattern: /^[^/]+$/, hint: 'must not contain "/"' }),
  /** As it stands on the door. */
  number: f.text(50, { list: true }),
  personInCharge,
  notes,
  rank,
});
export const RackFields = z.strictObject({
  roomId: f.ref('room', { list: true }),
  name: f.name(),
  /** What the rack is for, in the owner's words. */
  purpose: f.text(200, { list: true }),
  heightU: f.integer({ min: 1, max: 60, unit: 'U', initial: 42, list: true }),
  /** Between the front rails and the door behind: what a device may be deep. */
  depthMm: f.optionalInteger({ min: 100, max: 2000, unit: 'mm' }),
  maxWeightKg: f.optionalNumber({ min: 1, max: 10_000, unit: 'kg' }),
  maxPowerW: f.optionalInteger({ min: 1, max: 200_000, unit: 'W' }),
  assetTag: f.text(100),
  serial: f.text(100),
  personInCharge,
  notes,
  rank,
});
