import type { DeviceView } from '@rackhaus/config/contract';
import { m } from '../paraglide/messages.js';

const roles: Readonly<Record<DeviceView['device']['role'], () => string>> = {
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

/** What kind of device it is. */
export function roleName(role: DeviceView['device']['role']): string {
  return roles[role]();
}
