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
};
export const linkSides = {
  a: m.option_link_side_a,
  b: m.option_link_side_b,
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
  panel: m.device_role_panel,
  'cable-manager': m.device_role_cable_manager,
  shelf: m.device_role_shelf,
  outlet: m.device_role_outlet,
  other: m.device_role_other,
};
