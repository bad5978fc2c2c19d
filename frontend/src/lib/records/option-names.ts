import { m } from '../paraglide/messages.js';

// What the choices of fields are called; `names.ts` says which field has which, and its type finds what is missing.

export const lifecycles = {
  planned: m.option_lifecycle_planned,
  ordered: m.option_lifecycle_ordered,
  delivered: m.option_lifecycle_delivered,
  staged: m.option_lifecycle_staged,
  active: m.option_lifecycle_active,
  'to-be-removed': m.option_lifecycle_to_be_removed,
  removed: m.option_lifecycle_removed,
};
export const faces = {
  front: m.option_face_front,
  rear: m.option_face_rear,
};
export const sides = {
  full: m.option_side_full,
  left: m.option_side_left,
  right: m.option_side_right,
};
export const portKinds = {
  network: m.option_port_kind_network,
  front: m.option_port_kind_front,
  rear: m.option_port_kind_rear,
  console: m.option_port_kind_console,
  inlet: m.option_port_kind_inlet,
  'power-outlet': m.option_port_kind_power_outlet,
};
export const linkKinds = {
  permanent: m.option_link_kind_permanent,
  patch: m.option_link_kind_patch,
  power: m.option_link_kind_power,
  console: m.option_link_kind_console,
  provider: m.option_link_kind_provider,
};
export const linkSides = {
  a: m.option_link_side_a,
  b: m.option_link_side_b,
};
export const checkKinds = {
  http: m.check_kind_http,
  tcp: m.check_kind_tcp,
  dns: m.check_kind_dns,
  nut: m.check_kind_nut,
  redfish: m.check_kind_redfish,
  modbus: m.check_kind_modbus,
};
export const protocols = {
  '2c': m.option_protocol_2c,
  '3': m.option_protocol_3,
};
export const addressRoles = {
  management: m.option_address_role_management,
  interface: m.option_address_role_interface,
  virtual: m.option_address_role_virtual,
  gateway: m.option_address_role_gateway,
  reserved: m.option_address_role_reserved,
};
export const importances = {
  high: m.option_importance_high,
  normal: m.option_importance_normal,
  low: m.option_importance_low,
};
export const deviceRoles = {
  switch: m.device_role_switch,
  firewall: m.device_role_firewall,
  router: m.device_role_router,
  server: m.device_role_server,
  storage: m.device_role_storage,
  ups: m.device_role_ups,
  pdu: m.device_role_pdu,
  sensor: m.device_role_sensor,
  'access-point': m.device_role_access_point,
  printer: m.device_role_printer,
  panel: m.device_role_panel,
  'cable-manager': m.device_role_cable_manager,
  shelf: m.device_role_shelf,
  outlet: m.device_role_outlet,
  other: m.device_role_other,
};
export const linkStatuses = {
  installed: m.option_link_status_installed,
  reserved: m.option_link_status_reserved,
  spare: m.option_link_status_spare,
  found: m.option_link_status_found,
};
export const linkMedia = {
  cat5e: m.option_medium_cat5e,
  cat6: m.option_medium_cat6,
  cat6a: m.option_medium_cat6a,
  cat7: m.option_medium_cat7,
  cat7a: m.option_medium_cat7a,
  cat8: m.option_medium_cat8,
  om1: m.option_medium_om1,
  om2: m.option_medium_om2,
  om3: m.option_medium_om3,
  om4: m.option_medium_om4,
  om5: m.option_medium_om5,
  os1: m.option_medium_os1,
  os2: m.option_medium_os2,
  telephone: m.option_medium_telephone,
  coax: m.option_medium_coax,
  dac: m.option_medium_dac,
  aoc: m.option_medium_aoc,
  usb: m.option_medium_usb,
  serial: m.option_medium_serial,
  'c13-c14': m.option_medium_c13_c14,
  'c19-c20': m.option_medium_c19_c20,
  'schuko-c13': m.option_medium_schuko_c13,
  'schuko-c19': m.option_medium_schuko_c19,
  schuko: m.option_medium_schuko,
  cee: m.option_medium_cee,
  'fixed-mains': m.option_medium_fixed_mains,
};
export const polarities = {
  A: m.option_polarity_a,
  B: m.option_polarity_b,
  C: m.option_polarity_c,
  'A-to-A': m.option_polarity_a_to_a,
  'A-to-B': m.option_polarity_a_to_b,
};
export const orderStates = {
  draft: m.option_order_state_draft,
  submitted: m.option_order_state_submitted,
  approved: m.option_order_state_approved,
  working: m.option_order_state_working,
  done: m.option_order_state_done,
  rejected: m.option_order_state_rejected,
  cancelled: m.option_order_state_cancelled,
};
export const stepDeeds = {
  unplug: m.option_step_deed_unplug,
  plug: m.option_step_deed_plug,
  'move-device': m.option_step_deed_move_device,
  'remove-device': m.option_step_deed_remove_device,
  'swap-device': m.option_step_deed_swap_device,
};
export const stepStates = {
  open: m.option_step_state_open,
  done: m.option_step_state_done,
  impossible: m.option_step_state_impossible,
  skipped: m.option_step_state_skipped,
};
export const proofs = {
  none: m.option_proof_none,
  waiting: m.option_proof_waiting,
  proven: m.option_proof_proven,
  contradicted: m.option_proof_contradicted,
  unproven: m.option_proof_unproven,
};
export const severities = { warning: m.option_severity_warning, critical: m.option_severity_critical };
export const limitScopes = {
  all: m.option_scope_all,
  site: m.option_scope_site,
  role: m.option_scope_role,
  device: m.option_scope_device,
  entity: m.option_scope_entity,
};
export const maintenanceScopes = {
  all: m.option_scope_all,
  site: m.option_scope_site,
  room: m.option_scope_room,
  rack: m.option_scope_rack,
  device: m.option_scope_device,
  port: m.option_scope_port,
  service: m.option_scope_service,
};
