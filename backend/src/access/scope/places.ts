import type { RecordKind } from '@rackhaus/config/contract';

/** How a record comes to be somewhere. */
export type Way =
  /** Its column names what it stands in or belongs to. */
  | { readonly column: string; readonly in: RecordKind }
  /** Rows of another table name it in `back`; each of them is where the record in its `column` is. */
  | { readonly table: string; readonly back: string; readonly column: string; readonly in: RecordKind }
  /** It is about a record of any kind: `subject_kind`, `subject_id`. */
  | { readonly subject: true };

export interface Place {
  /** The first that is set counts; of rows that name it, all of them. */
  readonly ways: readonly Way[];
  /** Who is limited to sites sees those, too, that are nowhere: they hold for everybody. */
  readonly nowhere?: 'shown';
  /** A record between two sites belongs to both: whoever is for one of them may write it. Otherwise all of its sites must be theirs. */
  readonly between?: true;
}

const room = [{ column: 'room_id', in: 'room' }] as const;
const device = { column: 'device_id', in: 'device' } as const;
const port = { column: 'port_id', in: 'port' } as const;
const link = [{ column: 'link_id', in: 'link' }] as const;

/** In which sites the records of a kind are: by what they stand in, and so on up to a site. */
export const places: Partial<Readonly<Record<RecordKind, Place>>> = {
  building: { ways: [{ column: 'site_id', in: 'site' }] },
  floor: { ways: [{ column: 'building_id', in: 'building' }] },
  room: { ways: [{ column: 'floor_id', in: 'floor' }] },
  rack: { ways: room },
  outlet: { ways: room },
  'spare-part': { ways: room },
  device: { ways: [{ column: 'rack_id', in: 'rack' }, ...room] },
  port: { ways: [device, { column: 'outlet_id', in: 'outlet' }] },
  'port-wire': { ways: [port] },
  'port-vlan': { ways: [port] },
  monitoring: { ways: [device] },
  address: { ways: [device, port] },
  link: { ways: [{ table: 'link_ends', back: 'link_id', ...port }], between: true },
  'link-end': { ways: link, between: true },
  'cable-test': { ways: link, between: true },
  'credential-rule': { ways: [{ column: 'site_id', in: 'site' }] },
  vlan: { ways: [{ column: 'site_id', in: 'site' }], nowhere: 'shown' },
  prefix: {
    ways: [
      { column: 'site_id', in: 'site' },
      { column: 'vlan_id', in: 'vlan' },
    ],
    nowhere: 'shown',
  },
  document: {
    ways: [
      { table: 'attachments', back: 'document_id', column: 'id', in: 'attachment' },
      { table: 'floor_plans', back: 'document_id', column: 'id', in: 'floor-plan' },
      { table: 'device_types', back: 'front_image_id', column: 'id', in: 'device-type' },
      { table: 'device_types', back: 'rear_image_id', column: 'id', in: 'device-type' },
    ],
  },
  contract: { ways: [{ table: 'devices', back: 'contract_id', column: 'id', in: 'device' }] },
  service: { ways: [{ table: 'service_devices', back: 'service_id', ...device }] },
  'service-device': { ways: [device] },
  check: { ways: [device] },
  'service-need': { ways: [{ column: 'service_id', in: 'service' }] },
  'floor-plan': { ways: [{ column: 'floor_id', in: 'floor' }] },
  'plan-mark': { ways: [{ column: 'plan_id', in: 'floor-plan' }] },
  note: { ways: [{ subject: true }] },
  attachment: { ways: [{ subject: true }] },
  'order-item': { ways: [{ column: 'order_id', in: 'order' }] },
  'order-step': { ways: [{ column: 'order_id', in: 'order' }] },
  maintenance: {
    ways: [
      { column: 'site_id', in: 'site' },
      { column: 'room_id', in: 'room' },
      { column: 'rack_id', in: 'rack' },
      device,
      port,
      { column: 'service_id', in: 'service' },
    ],
    nowhere: 'shown',
  },
  'rule-limit': { ways: [{ column: 'site_id', in: 'site' }, device] },
};

/**
 * Kinds of which everybody may know every record, because they tell of no site. Only accounts for all sites write them, but for
 * saved views: those are one's own.
 */
export const ofNoSite: ReadonlySet<RecordKind> = new Set([
  'device-type',
  'label-template',
  'label-scheme',
  'vrf',
  'saved-view',
  'rota',
  'rota-change',
  'escalation',
]);
