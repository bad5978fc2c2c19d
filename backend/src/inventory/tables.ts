import type {
  DeviceRole,
  OrderState,
  PortKind,
  RecordKind,
  RecordValues,
  Severity,
} from '@rackhaus/config/contract';
import type { Generated } from 'kysely';

/** Every record: its number, and the number of the change that last touched it. */
interface Kept {
  id: Generated<number>;
  version: Generated<number>;
}

/**
 * `search_key` is the name as it is searched (see search-key.ts). Flags are 0 or 1. `rank` is the order in which people
 * wrote things down. What a field means is said where it is declared, in config/contract/records.
 */
export interface InventoryTables {
  sites: Kept & {
    name: string;
    address: string | null;
    person_in_charge: string | null;
    notes: string | null;
    rank: number;
  };
  buildings: Kept & {
    site_id: number;
    name: string;
    address: string | null;
    notes: string | null;
    rank: number;
  };
  floors: Kept & { building_id: number; name: string; notes: string | null; rank: number };
  /** `site_id` repeats what the floor says: a room's name is unique within its site. */
  rooms: Kept & {
    floor_id: number;
    site_id: number;
    name: string;
    search_key: string;
    number: string | null;
    person_in_charge: string | null;
    notes: string | null;
    rank: number;
  };
  racks: Kept & {
    room_id: number;
    name: string;
    search_key: string;
    purpose: string;
    height_u: number;
    depth_mm: number | null;
    max_weight_kg: number | null;
    max_power_w: number | null;
    asset_tag: string | null;
    serial: string | null;
    person_in_charge: string | null;
    notes: string | null;
    rank: number;
  };
  /** `definition` is the JSON of a DeviceTypeFile; other columns repeat what queries need of it. */
  device_types: Kept & {
    slug: string;
    manufacturer: string;
    model: string;
    part_number: string | null;
    u_height: number;
    form: 'full' | 'half' | 'vertical' | 'none';
    full_depth: number;
    weight_kg: number | null;
    /** The most that one inlet may draw; null when the type does not say. */
    power_w: number | null;
    airflow: string | null;
    definition: string;
    front_image_id: number | null;
    rear_image_id: number | null;
    notes: string | null;
  };
  contracts: Kept & {
    name: string;
    number: string | null;
    supplier: string | null;
    starts_on: string | null;
    ends_on: string | null;
    notice_days: number | null;
    cost_cents: number | null;
    notes: string | null;
  };
  devices: Kept & {
    name: string;
    search_key: string;
    type_id: number;
    role: DeviceRole;
    status: RecordValues<'device'>['status'];
    /** null: on the shelf. */
    room_id: number | null;
    rack_id: number | null;
    /** Lowest rack unit; in halves. */
    position: number | null;
    face: 'front' | 'rear';
    side: 'full' | 'left' | 'right';
    serial: string | null;
    asset_tag: string | null;
    person_in_charge: string | null;
    supplier: string | null;
    order_number: string | null;
    contract_id: number | null;
    purchased_on: string | null;
    warranty_until: string | null;
    support_until: string | null;
    cost_cents: number | null;
    notes: string | null;
  };
  /** What devices take of their racks, kept by the device's settle step. The key is the rule: one device per slot. */
  rack_slots: {
    rack_id: number;
    /** Twice the rack unit; 0 is a rail. */
    half_unit: number;
    face: 'front' | 'rear';
    half: 'left' | 'right';
    device_id: number;
  };
  spare_parts: Kept & {
    name: string;
    manufacturer: string | null;
    part_number: string | null;
    type_id: number | null;
    quantity: number;
    minimum: number;
    room_id: number | null;
    place: string | null;
    notes: string | null;
  };
  outlets: Kept & {
    name: string;
    search_key: string;
    room_id: number;
    place: string | null;
    /** Its ports are numbered from 1. */
    jacks: number;
    notes: string | null;
  };
  /** Exactly one of `device_id` and `outlet_id` is set. */
  ports: Kept & {
    device_id: number | null;
    outlet_id: number | null;
    kind: PortKind;
    name: string;
    search_key: string;
    label: string | null;
    description: string | null;
    mac: string | null;
    untagged_vlan_id: number | null;
    rank: number;
    /** A jack: a cord in front, an installed cable behind. */
    two_sided: number;
    lanes: number;
    /** Inner wiring of a front port: the rear port behind it and the lane there. */
    rear_port_id: number | null;
    rear_lane: number | null;
  };
  /** Wires inside panels that are not what `rear_port_id` and `rear_lane` of their front port say. */
  port_wires: Kept & { port_id: number; lane: number; rear_port_id: number; rear_lane: number };
  /** A label that is not "" is there once. `lane_map`: JSON of a LaneMap. */
  links: Kept & {
    kind: RecordValues<'link'>['kind'];
    status: RecordValues<'link'>['status'];
    label: string;
    label_a: string | null;
    label_b: string | null;
    search_key: string;
    medium: RecordValues<'link'>['medium'];
    color: string | null;
    length_m: number | null;
    to_check: number;
    route: string | null;
    lane_map: string | null;
    polarity: string | null;
    strands: number | null;
    provider: string | null;
    circuit: string | null;
    installed_on: string | null;
    installed_by: string | null;
    accepted_on: string | null;
    accepted_by: string | null;
    inspected_on: string | null;
    inspected_by: string | null;
    room_id: number | null;
    place: string | null;
    notes: string | null;
  };
  /** Each side of a port holds at most one end. `side`: which end of the link, `port_side`: where it is plugged in. */
  link_ends: Kept & {
    link_id: number;
    side: 'a' | 'b';
    connector: number;
    port_id: number;
    port_side: 'front' | 'rear';
  };
  cable_tests: Kept & {
    link_id: number;
    tested_on: string | null;
    tester: string | null;
    limit: string | null;
    passed: number;
    length_m: number | null;
    loss_db: number | null;
    margin_db: number | null;
    notes: string | null;
  };
  label_schemes: Kept & { link_kind: RecordValues<'link'>['kind']; template: string };
  orders: Kept & {
    number: string;
    title: string;
    state: OrderState;
    notes: string | null;
    assignee_id: number | null;
    assignee: string | null;
    scheduled_from: number | null;
    scheduled_until: number | null;
    created_by: string | null;
    created_at: number | null;
    submitted_by: string | null;
    submitted_at: number | null;
    decided_by: string | null;
    decided_at: number | null;
    decision: string | null;
    started_at: number | null;
    finished_at: number | null;
    reverses_id: number | null;
  };
  /** `change`: JSON of a PlannedChange. */
  order_items: Kept & { order_id: number; rank: number; link_id: number | null; change: string };
  order_steps: Kept & {
    order_id: number;
    item_id: number;
    rank: number;
    deed: RecordValues<'order-step'>['deed'];
    link_side: 'a' | 'b' | null;
    connector: number | null;
    port_id: number | null;
    port_side: 'front' | 'rear' | null;
    device_id: number | null;
    state: RecordValues<'order-step'>['state'];
    reason: string | null;
    done_by: string | null;
    done_at: number | null;
    proof: RecordValues<'order-step'>['proof'];
    proof_detail: string | null;
  };
  /** `sealed` is the JSON of SnmpCredentials, sealed by the secret box. */
  credentials: Kept & { name: string; protocol: '2c' | '3'; sealed: string };
  credential_rules: Kept & { credential_id: number; site_id: number | null; role: DeviceRole | null };
  device_monitoring: Kept & {
    device_id: number;
    address: string;
    snmp_port: number;
    credential_id: number | null;
    profile: string | null;
    interval_seconds: number;
    ping: number;
    /** JSON array of TCP ports. */
    tcp: string;
  };
  vrfs: Kept & { name: string; notes: string | null };
  vlans: Kept & {
    site_id: number | null;
    vid: number;
    name: string;
    purpose: string | null;
    notes: string | null;
  };
  port_vlans: Kept & { port_id: number; vlan_id: number };
  /** `first` and `last`: the addresses as hexadecimal digits, 8 or 32 of them, so that text sorts as numbers do. */
  prefixes: Kept & {
    vrf_id: number | null;
    cidr: string;
    family: 4 | 6;
    first: string;
    last: string;
    length: number;
    vlan_id: number | null;
    site_id: number | null;
    purpose: string | null;
    notes: string | null;
  };
  /** `sort_key`: "4" or "6" and the hexadecimal digits. */
  addresses: Kept & {
    vrf_id: number | null;
    address: string;
    sort_key: string;
    role: RecordValues<'address'>['role'];
    device_id: number | null;
    port_id: number | null;
    dns_name: string | null;
    purpose: string | null;
    notes: string | null;
  };
  documents: Kept & { hash: string; media_type: string; size: number };
  attachments: Kept & {
    subject_kind: RecordKind;
    subject_id: number;
    document_id: number;
    name: string;
    note: string | null;
  };
  notes: Kept & {
    subject_kind: RecordKind;
    subject_id: number;
    text: string | null;
    author: string | null;
    time: number;
  };
  saved_views: Kept & { name: string; list_kind: string; query: string | null; owner_id: number | null };
  services: Kept & {
    name: string;
    person_in_charge: string | null;
    hours: string | null;
    importance: 'high' | 'normal' | 'low';
    address: string | null;
    notes: string | null;
  };
  /** `settings` is JSON by kind; `sealed` what it signs in with. */
  checks: Kept & {
    device_id: number;
    name: string;
    kind: RecordValues<'check'>['kind'];
    service_id: number | null;
    active: number;
    interval_seconds: number;
    settings: string;
    notes: string | null;
    sealed: string | null;
  };
  service_devices: Kept & { service_id: number; device_id: number };
  service_needs: Kept & { service_id: number; needs_id: number };
  floor_plans: Kept & {
    floor_id: number;
    name: string;
    document_id: number;
    width: number;
    height: number;
    units_per_metre: number | null;
    rank: number;
    notes: string | null;
  };
  /** Exactly one of the four ids is set. `points`: JSON. */
  plan_marks: Kept & {
    plan_id: number;
    room_id: number | null;
    rack_id: number | null;
    outlet_id: number | null;
    device_id: number | null;
    points: string;
    turn: number;
  };
  label_templates: Kept & {
    name: string;
    object_kind: string;
    medium: string;
    lines: string;
    with_qr: number;
  };
  rule_limits: Kept & {
    rule_id: string;
    scope: RecordValues<'rule-limit'>['scope'];
    site_id: number | null;
    role: DeviceRole | null;
    device_id: number | null;
    entity: string | null;
    enabled: number;
    limit: number | null;
    clear: number | null;
    for_seconds: number | null;
    severity: Severity | null;
    reason: string | null;
  };
  /** `recurrence`: JSON of a Recurrence or "null". */
  maintenances: Kept & {
    name: string;
    scope: RecordValues<'maintenance'>['scope'];
    site_id: number | null;
    room_id: number | null;
    rack_id: number | null;
    device_id: number | null;
    port_id: number | null;
    service_id: number | null;
    from: number;
    until: number;
    recurrence: string;
    order_id: number | null;
    reason: string | null;
  };
  /** `plan`: JSON of a RotaPlan. */
  rotas: Kept & { name: string; plan: string; notes: string | null };
  rota_changes: Kept & {
    rota_id: number;
    from: number;
    until: number;
    user_id: number;
    instead_of_id: number | null;
    reason: string | null;
  };
  /** `plan`: JSON of an EscalationPlan. */
  escalations: Kept & { name: string; rank: number; plan: string; notes: string | null };
  /** Beginnings by which records are found; kept by search/terms.ts. */
  search_terms: { term: string; kind: RecordKind; object_id: number };
  /** One row: counts every change of any table above. */
  inventory_revision: { id: number; revision: number };
}
