import { z } from 'zod';

// What is used of the objects that NetBox' REST API answers; source: its OpenAPI schema, releases 3.7 to 4.5. Unknown keys are
// passed over: every release adds some.

const id = z.int();
const text = z
  .string()
  .nullish()
  .transform((value) => (value === undefined || value === null || value.trim() === '' ? null : value.trim()));
const ref = z.looseObject({ id });
const optionalRef = ref.nullish().transform((value) => value ?? null);
const choice = z.looseObject({ value: z.union([z.string(), z.number()]) });
const optionalChoice = choice.nullish().transform((value) => (value ? String(value.value) : null));
const number = z
  .union([z.number(), z.string().transform(Number)])
  .nullish()
  .transform((value) => (typeof value === 'number' && Number.isFinite(value) ? value : null));
/** The display name of an interface, an address, a cable: for remarks. */
const display = z.string().optional().default('');

export const Site = z.looseObject({
  id,
  name: z.string(),
  physical_address: text,
  description: text,
  comments: text,
});
export const Location = z.looseObject({
  id,
  name: z.string(),
  site: ref,
  parent: optionalRef,
  description: text,
});
export const Rack = z.looseObject({
  id,
  name: z.string(),
  site: ref,
  location: optionalRef,
  role: z.looseObject({ name: z.string() }).nullish(),
  u_height: number,
  mounting_depth: number,
  max_weight: number,
  weight_unit: optionalChoice,
  serial: text,
  asset_tag: text,
  description: text,
  comments: text,
});
export const DeviceType = z.looseObject({
  id,
  manufacturer: z.looseObject({ name: z.string() }),
  model: z.string(),
  slug: z.string(),
  part_number: text,
  u_height: number,
  is_full_depth: z.boolean().nullish(),
  airflow: optionalChoice,
  weight: number,
  weight_unit: optionalChoice,
  comments: text,
});
const template = { id, device_type: optionalRef, name: z.string(), label: text, type: optionalChoice };
export const InterfaceTemplate = z.looseObject({ ...template, mgmt_only: z.boolean().nullish() });
export const ConsoleTemplate = z.looseObject(template);
export const PowerPortTemplate = z.looseObject({ ...template, maximum_draw: number, allocated_draw: number });
export const PowerOutletTemplate = z.looseObject({ ...template, power_port: optionalRef });
/** Up to 4.4 one rear port, from 4.5 on a list. */
const mapping = {
  rear_port: ref.nullish(),
  rear_port_position: z.int().nullish(),
  rear_ports: z
    .array(
      z.looseObject({
        position: z.int().optional(),
        rear_port: z.union([ref, id]),
        rear_port_position: z.int(),
      }),
    )
    .optional(),
};
export const FrontPortTemplate = z.looseObject({ ...template, ...mapping });
export const RearPortTemplate = z.looseObject({ ...template, positions: z.int().default(1) });
export const Device = z.looseObject({
  id,
  name: text,
  device_type: ref,
  role: z.looseObject({ name: z.string(), slug: z.string() }).nullish(),
  /** Before NetBox 3.6. */
  device_role: z.looseObject({ name: z.string(), slug: z.string() }).nullish(),
  site: ref,
  location: optionalRef,
  rack: optionalRef,
  position: number,
  face: optionalChoice,
  status: optionalChoice,
  serial: text,
  asset_tag: text,
  primary_ip: optionalRef,
  description: text,
  comments: text,
});
const component = { id, device: ref, name: z.string(), label: text, type: optionalChoice, description: text };
export const Interface = z.looseObject({
  ...component,
  mac_address: text,
  untagged_vlan: optionalRef,
  tagged_vlans: z.array(ref).nullish(),
});
export const Component = z.looseObject(component);
export const FrontPort = z.looseObject({ ...component, ...mapping });
export const RearPort = z.looseObject({ ...component, positions: z.int().default(1) });
const termination = z.looseObject({ object_type: z.string(), object_id: id });
export const Cable = z.looseObject({
  id,
  display,
  a_terminations: z.array(termination),
  b_terminations: z.array(termination),
  /** A word in older versions. */
  type: z
    .union([z.string().transform((value) => ({ value })), choice])
    .nullish()
    .transform((value) => (value ? String(value.value) : null)),
  status: optionalChoice,
  label: text,
  color: text,
  length: number,
  length_unit: optionalChoice,
  description: text,
});
export const Vrf = z.looseObject({ id, name: z.string(), description: text });
export const Vlan = z.looseObject({
  id,
  vid: z.int(),
  name: z.string(),
  site: optionalRef,
  description: text,
});
export const Prefix = z.looseObject({
  id,
  prefix: z.string(),
  vrf: optionalRef,
  vlan: optionalRef,
  /** Before NetBox 4.2; then `scope_type` and `scope_id`. */
  site: optionalRef,
  scope_type: text,
  scope_id: z.int().nullish(),
  description: text,
});
export const Address = z.looseObject({
  id,
  address: z.string(),
  vrf: optionalRef,
  role: optionalChoice,
  assigned_object_type: text,
  assigned_object_id: z.int().nullish(),
  dns_name: text,
  description: text,
});

/** What is fetched, and where: the order of the progress bar. */
export const endpoints = {
  sites: { path: 'dcim/sites', shape: Site },
  locations: { path: 'dcim/locations', shape: Location },
  racks: { path: 'dcim/racks', shape: Rack },
  types: { path: 'dcim/device-types', shape: DeviceType },
  interfaceTemplates: { path: 'dcim/interface-templates', shape: InterfaceTemplate },
  consoleTemplates: { path: 'dcim/console-port-templates', shape: ConsoleTemplate },
  powerPortTemplates: { path: 'dcim/power-port-templates', shape: PowerPortTemplate },
  powerOutletTemplates: { path: 'dcim/power-outlet-templates', shape: PowerOutletTemplate },
  rearPortTemplates: { path: 'dcim/rear-port-templates', shape: RearPortTemplate },
  frontPortTemplates: { path: 'dcim/front-port-templates', shape: FrontPortTemplate },
  devices: { path: 'dcim/devices', shape: Device },
  interfaces: { path: 'dcim/interfaces', shape: Interface },
  consolePorts: { path: 'dcim/console-ports', shape: Component },
  powerPorts: { path: 'dcim/power-ports', shape: Component },
  powerOutlets: { path: 'dcim/power-outlets', shape: Component },
  rearPorts: { path: 'dcim/rear-ports', shape: RearPort },
  frontPorts: { path: 'dcim/front-ports', shape: FrontPort },
  vrfs: { path: 'ipam/vrfs', shape: Vrf },
  vlans: { path: 'ipam/vlans', shape: Vlan },
  prefixes: { path: 'ipam/prefixes', shape: Prefix },
  addresses: { path: 'ipam/ip-addresses', shape: Address },
  cables: { path: 'dcim/cables', shape: Cable },
} as const;
export type EndpointName = keyof typeof endpoints;

/** Everything that was fetched. */
export type NetboxData = {
  readonly [Name in EndpointName]: readonly z.output<(typeof endpoints)[Name]['shape']>[];
};
