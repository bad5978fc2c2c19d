import type { RecordKind, RecordValues } from '@rackhaus/config/contract';
import { m } from '../paraglide/messages.js';
import { getLocale } from '../paraglide/runtime.js';
import {
  addressRoles,
  deviceRoles,
  faces,
  importances,
  lifecycles,
  linkKinds,
  linkMedia,
  linkSides,
  linkStatuses,
  orderStates,
  polarities,
  portKinds,
  proofs,
  protocols,
  sides,
  stepDeeds,
  stepStates,
} from './option-names.ts';

type Say = () => string;

/** What one record of each kind is called. */
const kinds: Readonly<Record<RecordKind, Say>> = {
  site: m.kind_site,
  building: m.kind_building,
  floor: m.kind_floor,
  room: m.kind_room,
  rack: m.kind_rack,
  'device-type': m.kind_device_type,
  device: m.kind_device,
  contract: m.kind_contract,
  'spare-part': m.kind_spare_part,
  outlet: m.kind_outlet,
  port: m.kind_port,
  link: m.kind_link,
  'link-end': m.kind_link_end,
  monitoring: m.kind_monitoring,
  credential: m.kind_credential,
  'credential-rule': m.kind_credential_rule,
  vrf: m.kind_vrf,
  vlan: m.kind_vlan,
  'port-vlan': m.kind_port_vlan,
  prefix: m.kind_prefix,
  address: m.kind_address,
  document: m.kind_document,
  attachment: m.kind_attachment,
  note: m.kind_note,
  'saved-view': m.kind_saved_view,
  service: m.kind_service,
  'service-device': m.kind_service_device,
  'service-need': m.kind_service_need,
  'floor-plan': m.kind_floor_plan,
  'plan-mark': m.kind_plan_mark,
  'label-template': m.kind_label_template,
  'order-step': m.kind_order_step,
  'order-item': m.kind_order_item,
  order: m.kind_order,
  'label-scheme': m.kind_label_scheme,
  'cable-test': m.kind_cable_test,
  'port-wire': m.kind_port_wire,
};
/** What several are called. */
const manyOf: Readonly<Record<RecordKind, Say>> = {
  site: m.kinds_site,
  building: m.kinds_building,
  floor: m.kinds_floor,
  room: m.kinds_room,
  rack: m.kinds_rack,
  'device-type': m.kinds_device_type,
  device: m.kinds_device,
  contract: m.kinds_contract,
  'spare-part': m.kinds_spare_part,
  outlet: m.kinds_outlet,
  port: m.kinds_port,
  link: m.kinds_link,
  'link-end': m.kinds_link_end,
  monitoring: m.kinds_monitoring,
  credential: m.kinds_credential,
  'credential-rule': m.kinds_credential_rule,
  vrf: m.kinds_vrf,
  vlan: m.kinds_vlan,
  'port-vlan': m.kinds_port_vlan,
  prefix: m.kinds_prefix,
  address: m.kinds_address,
  document: m.kinds_document,
  attachment: m.kinds_attachment,
  note: m.kinds_note,
  'saved-view': m.kinds_saved_view,
  service: m.kinds_service,
  'service-device': m.kinds_service_device,
  'service-need': m.kinds_service_need,
  'floor-plan': m.kinds_floor_plan,
  'plan-mark': m.kinds_plan_mark,
  'label-template': m.kinds_label_template,
  'order-step': m.kinds_order_step,
  'order-item': m.kinds_order_item,
  order: m.kinds_order,
  'label-scheme': m.kinds_label_scheme,
  'cable-test': m.kinds_cable_test,
  'port-wire': m.kinds_port_wire,
};

/** What each field is called. The type finds a field that has no name. */
const fields: { readonly [K in RecordKind]: Readonly<Record<keyof RecordValues<K>, Say>> } = {
  site: {
    name: m.field_name,
    address: m.field_postal_address,
    personInCharge: m.field_person_in_charge,
    notes: m.field_notes,
    rank: m.field_rank,
  },
  building: {
    siteId: m.kind_site,
    name: m.field_name,
    address: m.field_postal_address,
    notes: m.field_notes,
    rank: m.field_rank,
  },
  floor: {
    buildingId: m.kind_building,
    name: m.field_name,
    notes: m.field_notes,
    rank: m.field_rank,
  },
  room: {
    floorId: m.kind_floor,
    name: m.field_name,
    number: m.field_room_number,
    personInCharge: m.field_person_in_charge,
    notes: m.field_notes,
    rank: m.field_rank,
  },
  rack: {
    roomId: m.kind_room,
    name: m.field_name,
    purpose: m.field_purpose,
    heightU: m.field_height_u,
    depthMm: m.field_depth,
    maxWeightKg: m.field_max_weight,
    maxPowerW: m.field_max_power,
    assetTag: m.field_asset_tag,
    serial: m.field_serial,
    personInCharge: m.field_person_in_charge,
    notes: m.field_notes,
    rank: m.field_rank,
  },
  'device-type': {
    definition: m.field_definition,
    frontImageId: m.field_front_image,
    rearImageId: m.field_rear_image,
    notes: m.field_notes,
  },
  device: {
    name: m.field_name,
    typeId: m.kind_device_type,
    role: m.field_device_role,
    status: m.field_status,
    roomId: m.kind_room,
    rackId: m.kind_rack,
    position: m.field_position,
    face: m.field_face,
    side: m.field_side,
    serial: m.field_serial,
    assetTag: m.field_asset_tag,
    personInCharge: m.field_person_in_charge,
    supplier: m.field_supplier,
    orderNumber: m.field_order_number,
    contractId: m.kind_contract,
    purchasedOn: m.field_purchased_on,
    warrantyUntil: m.field_warranty_until,
    supportUntil: m.field_support_until,
    costCents: m.field_price,
    notes: m.field_notes,
  },
  contract: {
    name: m.field_name,
    number: m.field_contract_number,
    supplier: m.field_contract_partner,
    startsOn: m.field_starts_on,
    endsOn: m.field_ends_on,
    noticeDays: m.field_notice,
    costCents: m.field_cost,
    notes: m.field_notes,
  },
  'spare-part': {
    name: m.field_name,
    manufacturer: m.field_manufacturer,
    partNumber: m.field_part_number,
    typeId: m.field_for_type,
    quantity: m.field_quantity,
    minimum: m.field_minimum,
    roomId: m.field_stored_in,
    place: m.field_storage_place,
    notes: m.field_notes,
  },
  outlet: {
    name: m.field_name,
    roomId: m.kind_room,
    place: m.field_place_in_room,
    jacks: m.field_jacks,
    notes: m.field_notes,
  },
  port: {
    deviceId: m.kind_device,
    outletId: m.kind_outlet,
    kind: m.field_sort,
    name: m.field_name,
    label: m.field_label,
    description: m.field_description,
    mac: m.field_mac,
    untaggedVlanId: m.field_untagged_vlan,
    rank: m.field_rank,
    twoSided: m.field_two_sided,
    lanes: m.field_lanes,
    rearPortId: m.field_rear_port,
    rearLane: m.field_rear_lane,
  },
  link: {
    kind: m.field_sort,
    status: m.field_link_status,
    label: m.field_label,
    labelA: m.field_label_a,
    labelB: m.field_label_b,
    medium: m.field_cable_medium,
    color: m.field_color,
    lengthM: m.field_length,
    toCheck: m.field_to_check,
    route: m.field_route,
    laneMap: m.field_lane_map,
    polarity: m.field_polarity,
    strands: m.field_strands,
    provider: m.field_provider,
    circuit: m.field_circuit,
    installedOn: m.field_installed_on,
    installedBy: m.field_installed_by,
    acceptedOn: m.field_accepted_on,
    acceptedBy: m.field_accepted_by,
    inspectedOn: m.field_inspected_on,
    inspectedBy: m.field_inspected_by,
    roomId: m.kind_room,
    place: m.field_storage_place,
    notes: m.field_notes,
  },
  'link-end': {
    linkId: m.kind_link,
    side: m.field_link_side,
    connector: m.field_connector,
    portId: m.kind_port,
    portSide: m.field_port_side,
  },
  monitoring: {
    deviceId: m.kind_device,
    address: m.field_network_address,
    snmpPort: m.field_snmp_port,
    credentialId: m.kind_credential,
    profile: m.field_profile,
    intervalSeconds: m.field_interval,
    ping: m.field_ping,
    tcp: m.field_tcp,
  },
  credential: {
    name: m.field_name,
    protocol: m.field_protocol,
  },
  'credential-rule': {
    credentialId: m.kind_credential,
    siteId: m.kind_site,
    role: m.field_device_role,
  },
  vrf: {
    name: m.field_name,
    notes: m.field_notes,
  },
  vlan: {
    siteId: m.kind_site,
    vid: m.field_vid,
    name: m.field_name,
    purpose: m.field_purpose,
    notes: m.field_notes,
  },
  'port-vlan': {
    portId: m.kind_port,
    vlanId: m.kind_vlan,
  },
  prefix: {
    vrfId: m.kind_vrf,
    cidr: m.field_cidr,
    vlanId: m.kind_vlan,
    siteId: m.kind_site,
    purpose: m.field_purpose,
    notes: m.field_notes,
  },
  address: {
    vrfId: m.kind_vrf,
    address: m.field_ip_address,
    role: m.field_address_role,
    deviceId: m.kind_device,
    portId: m.kind_port,
    dnsName: m.field_dns_name,
    purpose: m.field_purpose,
    notes: m.field_notes,
  },
  document: {
    hash: m.field_hash,
    mediaType: m.field_media_type,
    size: m.field_size,
  },
  attachment: {
    subjectKind: m.field_subject_kind,
    subjectId: m.field_subject,
    documentId: m.kind_document,
    name: m.field_name,
    note: m.field_remark,
  },
  note: {
    subjectKind: m.field_subject_kind,
    subjectId: m.field_subject,
    text: m.field_text,
    author: m.field_author,
    time: m.field_time,
  },
  'saved-view': {
    name: m.field_name,
    listKind: m.field_list_kind,
    query: m.field_query,
    ownerId: m.field_owner,
  },
  service: {
    name: m.field_name,
    personInCharge: m.field_person_in_charge,
    hours: m.field_hours,
    importance: m.field_importance,
    address: m.field_service_address,
    notes: m.field_notes,
  },
  'service-device': {
    serviceId: m.kind_service,
    deviceId: m.kind_device,
  },
  'service-need': {
    serviceId: m.kind_service,
    needsId: m.field_needs,
  },
  'floor-plan': {
    floorId: m.kind_floor,
    name: m.field_name,
    documentId: m.kind_document,
    width: m.field_plan_width,
    height: m.field_plan_height,
    unitsPerMetre: m.field_units_per_metre,
    rank: m.field_rank,
    notes: m.field_notes,
  },
  'plan-mark': {
    planId: m.kind_floor_plan,
    roomId: m.kind_room,
    rackId: m.kind_rack,
    outletId: m.kind_outlet,
    deviceId: m.kind_device,
    points: m.field_points,
    turn: m.field_turn,
  },
  'label-template': {
    name: m.field_name,
    objectKind: m.field_object_kind,
    medium: m.field_medium,
    lines: m.field_lines,
    withQr: m.field_with_qr,
  },
  'port-wire': {
    portId: m.kind_port,
    lane: m.field_lane,
    rearPortId: m.field_rear_port,
    rearLane: m.field_rear_lane,
  },
  'cable-test': {
    linkId: m.kind_link,
    testedOn: m.field_tested_on,
    tester: m.field_tester,
    limit: m.field_test_limit,
    passed: m.field_passed,
    lengthM: m.field_length,
    lossDb: m.field_loss_db,
    marginDb: m.field_margin_db,
    notes: m.field_notes,
  },
  'label-scheme': {
    linkKind: m.field_link_kind,
    template: m.field_label_pattern,
  },
  order: {
    number: m.field_order_no,
    title: m.field_title,
    state: m.field_order_state,
    notes: m.field_notes,
    assigneeId: m.field_assignee_id,
    assignee: m.field_assignee,
    scheduledFrom: m.field_scheduled_from,
    scheduledUntil: m.field_scheduled_until,
    createdBy: m.field_created_by,
    createdAt: m.field_created_at,
    submittedBy: m.field_submitted_by,
    submittedAt: m.field_submitted_at,
    decidedBy: m.field_decided_by,
    decidedAt: m.field_decided_at,
    decision: m.field_decision,
    startedAt: m.field_started_at,
    finishedAt: m.field_finished_at,
    reversesId: m.field_reverses,
  },
  'order-item': {
    orderId: m.kind_order,
    rank: m.field_rank,
    linkId: m.kind_link,
    change: m.field_planned_change,
  },
  'order-step': {
    orderId: m.kind_order,
    itemId: m.kind_order_item,
    rank: m.field_rank,
    deed: m.field_deed,
    linkSide: m.field_link_side,
    connector: m.field_connector,
    portId: m.kind_port,
    portSide: m.field_port_side,
    deviceId: m.kind_device,
    state: m.field_order_state,
    reason: m.field_reason,
    doneBy: m.field_done_by,
    doneAt: m.field_done_at,
    proof: m.field_proof,
    proofDetail: m.field_proof_detail,
  },
};

type Literal<T> = T extends string ? (string extends T ? never : T) : never;
type Choices<V> = {
  readonly [F in keyof V as Literal<V[F]> extends never ? never : F]: Readonly<Record<Literal<V[F]>, Say>>;
};

/** What the options of each choice are called. */
const options: {
  readonly [K in RecordKind as keyof Choices<RecordValues<K>> extends never ? never : K]: Choices<
    RecordValues<K>
  >;
} = {
  device: { role: deviceRoles, status: lifecycles, face: faces, side: sides },
  port: { kind: portKinds },
  link: { kind: linkKinds, status: linkStatuses, medium: linkMedia, polarity: polarities },
  'label-scheme': { linkKind: linkKinds },
  order: { state: orderStates },
  'order-step': {
    deed: stepDeeds,
    linkSide: linkSides,
    portSide: faces,
    state: stepStates,
    proof: proofs,
  },
  'link-end': { side: linkSides, portSide: faces },
  credential: { protocol: protocols },
  'credential-rule': { role: deviceRoles },
  address: { role: addressRoles },
  attachment: { subjectKind: kinds },
  note: { subjectKind: kinds },
  service: { importance: importances },
  'label-template': { objectKind: kinds },
};

/** What a field asks for, where its name does not say it. */
const help: { readonly [K in RecordKind]?: { readonly [F in keyof RecordValues<K>]?: Say } } = {
  device: {
    name: m.help_device_name,
    roomId: m.help_device_room_id,
    position: m.help_device_position,
    side: m.help_device_side,
  },
  rack: { depthMm: m.help_rack_depth_mm },
  contract: { noticeDays: m.help_contract_notice_days },
  'spare-part': { minimum: m.help_spare_part_minimum },
  port: { mac: m.help_port_mac },
  vlan: { siteId: m.help_vlan_site_id },
  prefix: { cidr: m.help_prefix_cidr },
  address: { vrfId: m.help_address_vrf_id },
  monitoring: {
    address: m.help_monitoring_address,
    credentialId: m.help_monitoring_credential_id,
    profile: m.help_monitoring_profile,
    tcp: m.help_monitoring_tcp,
  },
  'credential-rule': { siteId: m.help_credential_rule_site_id, role: m.help_credential_rule_role },
  service: { hours: m.help_service_hours, address: m.help_service_address },
  outlet: { name: m.help_outlet_name },
  'label-template': { lines: m.help_label_template_lines },
};

const optionsOf: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Say>>>>>> = options;
const fieldsByKind: Readonly<Record<string, Readonly<Record<string, Say>>>> = fields;
const helpByKind: Readonly<Record<string, Readonly<Record<string, Say | undefined>> | undefined>> = help;

/** "Schrank": one record of the kind. */
export function kindName(kind: RecordKind): string {
  return kinds[kind]();
}

/** As it stands within a sentence: English writes it small ("device", but "VLAN"). */
export function kindInSentence(kind: RecordKind): string {
  const name = kindName(kind);
  return getLocale() === 'en' && /^[A-Z][a-z]/.test(name)
    ? name.charAt(0).toLowerCase() + name.slice(1)
    : name;
}

/** "Schränke": several records of the kind, or the list of them. */
export function kindPlural(kind: RecordKind): string {
  return manyOf[kind]();
}

/** The field's name; the name in the API for a field that the kind does not have. */
export function fieldName(kind: RecordKind, field: string): string {
  return fieldsByKind[kind]?.[field]?.() ?? field;
}

/** What the field asks for, in a sentence; undefined where its name says it. */
export function fieldHelp(kind: RecordKind, field: string): string | undefined {
  return helpByKind[kind]?.[field]?.();
}

/** The word for an option of a choice; the option itself when there is no word. */
export function optionName(kind: RecordKind, field: string, option: string): string {
  return optionsOf[kind]?.[field]?.[option]?.() ?? option;
}
