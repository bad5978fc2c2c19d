import { z } from 'zod';
import { deviceRoles, portKinds } from '../inventory.ts';
import * as f from './fields.ts';

/** The life of a device, in the order in which it usually goes. */
export const lifecycles = [
  'planned',
  'ordered',
  'delivered',
  'staged',
  'active',
  'to-be-removed',
  'removed',
] as const;

export const DeviceTypeFields = z.strictObject({
  /** The file in the format of the NetBox device-type library, as an object; slug, sizes and ports are read from it. */
  definition: f.json(z.record(z.string(), z.unknown()), {}),
  frontImageId: f.optionalRef('document'),
  rearImageId: f.optionalRef('document'),
  notes: f.longText(),
});

export const DeviceFields = z.strictObject({
  /** Unique among devices. Links are written `<name>:<port>`. */
  name: f.name({ pattern: /^[^:]+$/, hint: 'must not contain ":"' }),
  typeId: f.ref('device-type', { list: true }),
  role: f.choice(deviceRoles, 'other', { list: true }),
  status: f.choice(lifecycles, 'active', { list: true }),
  /** null: on the shelf, in no room yet. */
  roomId: f.optionalRef('room', { list: true }),
  rackId: f.optionalRef('rack', { list: true }),
  /** Lowest rack unit it takes, from 1 at the bottom, in halves; null: at a rail, or in no unit. */
  position: f.optionalNumber({ min: 1, max: 60, unit: 'U', list: true }),
  face: f.choice(['front', 'rear'], 'front'),
  /** Which half of the unit, or which rail seen from the front. */
  side: f.choice(['full', 'left', 'right'], 'full'),
  serial: f.text(100, { list: true }),
  assetTag: f.text(100, { list: true }),
  personInCharge: f.text(200, { list: true }),
  supplier: f.text(),
  orderNumber: f.text(100),
  contractId: f.optionalRef('contract'),
  purchasedOn: f.date(),
  warrantyUntil: f.date({ list: true }),
  supportUntil: f.date(),
  costCents: f.optionalInteger({ min: 0, max: 100_000_000_000, unit: 'ct' }),
  notes: f.longText(),
});

export const ContractFields = z.strictObject({
  name: f.name(),
  number: f.text(100, { list: true }),
  supplier: f.text(200, { list: true }),
  startsOn: f.date({ list: true }),
  endsOn: f.date({ list: true }),
  /** How long before the end it must be given notice. */
  noticeDays: f.optionalInteger({ min: 0, max: 3650, unit: 'days' }),
  costCents: f.optionalInteger({ min: 0, max: 100_000_000_000, unit: 'ct' }),
  notes: f.longText(),
});

/** Parts on the shelf: optics, power supplies, disks, cords. */
export const SparePartFields = z.strictObject({
  name: f.name(),
  manufacturer: f.text(200, { list: true }),
  partNumber: f.text(100, { list: true }),
  /** A type of device that it is for, or that it is. */
  typeId: f.optionalRef('device-type'),
  quantity: f.integer({ min: 0, max: 1_000_000, initial: 1, list: true }),
  /** Fewer than these: order more. */
  minimum: f.integer({ min: 0, max: 1_000_000, initial: 0, list: true }),
  roomId: f.optionalRef('room', { list: true }),
  /** Cupboard, drawer, box. */
  place: f.text(200, { list: true }),
  notes: f.longText(),
});

/** An outlet in a wall (Datendose). */
export const OutletFields = z.strictObject({
  name: f.name({ pattern: /^[^:]+$/, hint: 'must not contain ":"' }),
  roomId: f.ref('room', { list: true }),
  /** Where in the room. */
  place: f.text(200, { list: true }),
  jacks: f.integer({ min: 1, max: 24, initial: 2, list: true }),
  notes: f.longText(),
});

const mac = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/;

/** Exactly one of `deviceId` and `outletId` is set. The ports of a device come from its type when it is made. */
export const PortFields = z.strictObject({
  deviceId: f.optionalRef('device', { fixed: true, list: true }),
  outletId: f.optionalRef('outlet', { fixed: true, list: true }),
  kind: f.choice(portKinds, 'network', { fixed: true, list: true }),
  name: f.name({ max: 100 }),
  /** What is written beside it. */
  label: f.text(100, { list: true }),
  description: f.text(200, { list: true }),
  /** Lower case with colons, whatever form was typed. */
  mac: macField(),
  untaggedVlanId: f.optionalRef('vlan', { list: true }),
  rank: f.integer({ min: 0, max: 1_000_000, initial: 0 }),
  twoSided: f.flag(false, { fixed: true }),
  lanes: f.integer({ min: 1, max: 1000, initial: 1, fixed: true }),
  /** Inner wiring of a front port: the rear port behind it, and the lane there of its first lane. */
  rearPortId: f.optionalRef('port'),
  rearLane: f.optionalInteger({ min: 1, max: 1000 }),
});
/**
 * Inner wiring of a front port of several lanes that do not all lead to one rear port, or not in a row. A front port without
 * such records has its lanes at `rearPortId` from `rearLane` on.
 */
export const PortWireFields = z.strictObject({
  portId: f.ref('port', { fixed: true, list: true }),
  lane: f.integer({ min: 1, max: 1000, initial: 1, fixed: true, list: true }),
  rearPortId: f.ref('port', { fixed: true, list: true }),
  rearLane: f.integer({ min: 1, max: 1000, initial: 1, fixed: true, list: true }),
});

function macField() {
  return f.parsedText(
    (value) => {
      const hex = value.toLowerCase().replaceAll(/[^0-9a-f]/g, '');
      const plain = hex.match(/../g)?.join(':') ?? '';
      return /^[0-9a-f:.\- ]+$/i.test(value) && mac.test(plain) ? plain : undefined;
    },
    'must be a MAC address such as 00:1a:2b:3c:4d:5e',
    { list: true },
  );
}

/** How a device is polled; at most one for each device. */
export const MonitoringFields = z.strictObject({
  deviceId: f.ref('device', { fixed: true, list: true }),
  address: f.name({
    pattern: /^[A-Za-z0-9][A-Za-z0-9.:_-]*$/,
    hint: 'must be an IP address or a host name',
    max: 253,
  }),
  snmpPort: f.integer({ min: 1, max: 65_535, initial: 161 }),
  /** null: what is assigned to its site and role (see `credential-rule`), or only pinged. */
  credentialId: f.optionalRef('credential', { list: true }),
  profile: f.text(100),
  intervalSeconds: f.decimal({ min: 1, max: 86_400, unit: 's', initial: 60, list: true }),
  ping: f.flag(true),
  tcp: f.json(z.array(z.int().min(1).max(65_535)).max(50), []),
});

/** Which set of credentials is for a site, a role, or both; null is "all". The narrowest one counts. */
export const CredentialRuleFields = z.strictObject({
  credentialId: f.ref('credential', { list: true }),
  siteId: f.optionalRef('site', { list: true }),
  role: f.optionalChoice(deviceRoles, { list: true }),
});

/** A set of SNMP credentials. The secret is given apart and never answered. */
export const CredentialFields = z.strictObject({
  name: f.name(),
  protocol: f.choice(['2c', '3'], '2c', { fixed: true, list: true }),
});
