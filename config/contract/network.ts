import { z } from 'zod';
import { addressRoles } from './records/index.ts';

const named = z.strictObject({ id: z.int(), name: z.string() });

/** One network in the tree of all of them: `depth` 0 lies in no other one of its VRF. */
export const PrefixView = z.strictObject({
  id: z.int(),
  cidr: z.string(),
  depth: z.int(),
  vrf: named.nullable(),
  vlan: named.nullable(),
  site: named.nullable(),
  purpose: z.string().nullable(),
  /** Addresses in use in it, those of smaller networks inside included. */
  used: z.int(),
  /** How many there can be: without network and broadcast address; null when nobody would count them (IPv6). */
  size: z.int().nullable(),
});
export type PrefixView = z.infer<typeof PrefixView>;

/** GET /api/prefixes */
export const PrefixTree = z.strictObject({ prefixes: z.array(PrefixView) });
export type PrefixTree = z.infer<typeof PrefixTree>;

/** An address in use. `id` null: no record says so, but a device is polled there. */
export const UsedAddress = z.strictObject({
  id: z.int().nullable(),
  address: z.string(),
  role: z.enum(addressRoles),
  device: named.nullable(),
  port: named.nullable(),
  dnsName: z.string().nullable(),
  purpose: z.string().nullable(),
});
export type UsedAddress = z.infer<typeof UsedAddress>;

/** GET /api/prefixes/:id: what is used and what is free, in the order of the addresses. At most 2,000 rows. */
export const PrefixDetail = z.strictObject({
  prefix: PrefixView,
  rows: z.array(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('used'), ...UsedAddress.shape }),
      /** From `first` to `last`, both free. `count` null: more than can be counted. */
      z.strictObject({
        kind: z.literal('free'),
        first: z.string(),
        last: z.string(),
        count: z.int().nullable(),
      }),
    ]),
  ),
  /** There are more rows than are answered. */
  more: z.boolean(),
});
export type PrefixDetail = z.infer<typeof PrefixDetail>;

/** GET /api/vlans */
export const VlanList = z.strictObject({
  vlans: z.array(
    z.strictObject({
      id: z.int(),
      vid: z.int(),
      name: z.string(),
      purpose: z.string().nullable(),
      site: named.nullable(),
      untagged: z.int(),
      tagged: z.int(),
      prefixes: z.array(z.strictObject({ id: z.int(), cidr: z.string() })),
    }),
  ),
});
export type VlanList = z.infer<typeof VlanList>;

/** GET /api/ports/:id/network */
export const PortNetwork = z.strictObject({
  /** Of the port's record: what a change of the untagged VLAN must name. */
  version: z.int(),
  untagged: named.nullable(),
  tagged: z.array(z.strictObject({ recordId: z.int(), ...named.shape })),
  addresses: z.array(UsedAddress),
});
export type PortNetwork = z.infer<typeof PortNetwork>;
