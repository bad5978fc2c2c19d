import { z } from 'zod';
import * as f from './fields.ts';

export const VrfFields = z.strictObject({ name: f.name(), notes: f.longText() });
/** The number is unique within a site, or among those that are for all sites. */
export const VlanFields = z.strictObject({
  siteId: f.optionalRef('site', { list: true }),
  vid: f.integer({ min: 1, max: 4094, list: true }),
  name: f.name(),
  purpose: f.text(200, { list: true }),
  notes: f.longText(),
});
/** A VLAN that a port carries with a tag. The untagged one is a field of the port. */
export const PortVlanFields = z.strictObject({
  portId: f.ref('port', { fixed: true, list: true }),
  vlanId: f.ref('vlan', { fixed: true, list: true }),
});
/** `cidr` is normalised by the server: `10.1.2.0/24`, lower case for IPv6, no host bits. */
export const PrefixFields = z.strictObject({
  vrfId: f.optionalRef('vrf', { list: true }),
  cidr: f.name({
    pattern: /^[0-9a-fA-F.:]+\/\d{1,3}$/,
    hint: 'must be a network such as 10.1.2.0/24',
    max: 50,
  }),
  vlanId: f.optionalRef('vlan', { list: true }),
  siteId: f.optionalRef('site', { list: true }),
  purpose: f.text(200, { list: true }),
  notes: f.longText(),
});
export const addressRoles = ['management', 'interface', 'virtual', 'gateway', 'reserved'] as const;
/** Without a length; unique within its VRF. */
export const AddressFields = z.strictObject({
  vrfId: f.optionalRef('vrf', { list: true }),
  address: f.name({ pattern: /^[0-9a-fA-F.:]+$/, hint: 'must be an IP address such as 10.1.2.3', max: 45 }),
  role: f.choice(addressRoles, 'interface', { list: true }),
  deviceId: f.optionalRef('device', { list: true }),
  portId: f.optionalRef('port', { list: true }),
  dnsName: f.text(253, { list: true }),
  purpose: f.text(200, { list: true }),
  notes: f.longText(),
});
