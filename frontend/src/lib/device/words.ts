import { type DeviceView, type MetricId, metric } from '@rackhaus/config/contract';
import { quantities } from '../format/index.ts';
import { metricStateWord } from '../metrics/names.ts';
import { m } from '../paraglide/messages.js';
import type { PortState } from './port-rows.ts';

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
  panel: m.device_role_panel,
  'cable-manager': m.device_role_cable_manager,
  shelf: m.device_role_shelf,
  outlet: m.device_role_outlet,
  other: m.device_role_other,
};

const portStateWords: Readonly<Record<PortState, () => string>> = {
  up: m.device_port_up,
  down: m.device_port_down,
  disabled: m.device_port_disabled,
  fault: m.device_port_fault,
  unknown: m.device_port_unknown,
};

/** What kind of device it is. */
export function roleName(role: DeviceView['device']['role']): string {
  return roles[role]();
}

export function portStateWord(state: PortState): string {
  return portStateWords[state]();
}

/** A value of the catalogue in words: states by their name, all else with its unit. */
export function valueWords(id: MetricId, value: number): string {
  const entry = metric(id);
  const name = entry.states?.[value];
  if (entry.states) return metricStateWord(name ?? 'unknown');
  return quantities.inUnit(value, entry.unit, entry.decimals);
}
