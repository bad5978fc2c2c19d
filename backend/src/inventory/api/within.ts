import type { RecordKind } from '@rackhaus/config/contract';
import { type RawBuilder, sql } from 'kysely';
import { specOf } from './kinds.ts';

/** Where a record stands or what it belongs to: its column that names a record of the other kind. */
const belongsTo: Partial<
  Readonly<Record<RecordKind, readonly (readonly [column: string, kind: RecordKind])[]>>
> = {
  building: [['site_id', 'site']],
  floor: [['building_id', 'building']],
  room: [['floor_id', 'floor']],
  rack: [['room_id', 'room']],
  device: [
    ['rack_id', 'rack'],
    ['room_id', 'room'],
    ['type_id', 'device-type'],
    ['contract_id', 'contract'],
  ],
  outlet: [['room_id', 'room']],
  port: [
    ['device_id', 'device'],
    ['outlet_id', 'outlet'],
    ['untagged_vlan_id', 'vlan'],
  ],
  'link-end': [
    ['link_id', 'link'],
    ['port_id', 'port'],
  ],
  monitoring: [
    ['device_id', 'device'],
    ['credential_id', 'credential'],
  ],
  'credential-rule': [
    ['site_id', 'site'],
    ['credential_id', 'credential'],
  ],
  'spare-part': [
    ['room_id', 'room'],
    ['type_id', 'device-type'],
  ],
  vlan: [['site_id', 'site']],
  'port-vlan': [
    ['port_id', 'port'],
    ['vlan_id', 'vlan'],
  ],
  prefix: [
    ['site_id', 'site'],
    ['vlan_id', 'vlan'],
    ['vrf_id', 'vrf'],
  ],
  address: [
    ['device_id', 'device'],
    ['port_id', 'port'],
    ['vrf_id', 'vrf'],
  ],
  attachment: [['document_id', 'document']],
  'service-device': [
    ['service_id', 'service'],
    ['device_id', 'device'],
  ],
  check: [
    ['device_id', 'device'],
    ['service_id', 'service'],
  ],
  'service-need': [['service_id', 'service']],
  'floor-plan': [['floor_id', 'floor']],
  'plan-mark': [['plan_id', 'floor-plan']],
};

/** Kinds that are in a place because something that names them is: a cable by its ends, a service by its devices. */
const reachedBy: Partial<Readonly<Record<RecordKind, readonly [column: string, kind: RecordKind]>>> = {
  link: ['link_id', 'link-end'],
  service: ['service_id', 'service-device'],
};

type Condition = RawBuilder<unknown>;

/** The condition that a record of `kind` stands in or belongs to that one; null where that has no meaning. */
export function within(kind: RecordKind, container: RecordKind, id: number): Condition | null {
  if (kind === container) return sql`id = ${id}`;
  if (kind === 'note' || kind === 'attachment') {
    const about = sql`(subject_kind = ${container} and subject_id = ${id})`;
    return kind === 'attachment' && container === 'document' ? sql`document_id = ${id}` : about;
  }
  const ways = (belongsTo[kind] ?? []).flatMap(([column, parent]) => {
    const way = through(column, parent, container, id);
    return way === null ? [] : [way];
  });
  const by = reachedBy[kind];
  if (by !== undefined) {
    const [column, child] = by;
    const inside = without(child, kind, container, id);
    if (inside !== null)
      ways.push(
        sql`id in (select ${sql.ref(column)} from ${sql.table(specOf(child).table)} where ${inside})`,
      );
  }
  return ways.length === 0 ? null : sql`(${sql.join(ways, sql` or `)})`;
}

function through(column: string, parent: RecordKind, container: RecordKind, id: number): Condition | null {
  if (parent === container) return sql`${sql.ref(column)} = ${id}`;
  const inside = within(parent, container, id);
  if (inside === null) return null;
  return sql`${sql.ref(column)} in (select id from ${sql.table(specOf(parent).table)} where ${inside})`;
}

/** `child` within the container, by other ways than over `kind`, which asks. */
function without(child: RecordKind, kind: RecordKind, container: RecordKind, id: number): Condition | null {
  const ways = (belongsTo[child] ?? []).flatMap(([column, parent]) => {
    const way = parent === kind ? null : through(column, parent, container, id);
    return way === null ? [] : [way];
  });
  return ways.length === 0 ? null : sql`(${sql.join(ways, sql` or `)})`;
}
