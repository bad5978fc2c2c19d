import type { addressRoles } from '@rackhaus/config/contract';
import { parseAddress, parsePrefix } from '../network/ip.ts';
import { type Draft, notesOf } from './draft.ts';
import type { NetboxData } from './shapes.ts';

/** VRFs and VLANs: before the ports, which name them. */
export function writeVlans(draft: Draft, data: NetboxData): void {
  for (const vrf of data.vrfs)
    draft.add('vrf', `vrf/${vrf.id}`, { name: vrf.name, notes: notesOf(vrf.description) });
  const taken = new Set<string>();
  for (const vlan of data.vlans) {
    const siteId = vlan.site === null ? null : (draft.idOf(`site/${vlan.site.id}`) ?? null);
    const key = `${siteId ?? ''}/${vlan.vid}`;
    if (taken.has(key)) {
      draft.remark(
        'vlan',
        `${vlan.vid} ${vlan.name}`,
        'is left out: its number is used by another VLAN of the same site',
      );
      continue;
    }
    taken.add(key);
    draft.add('vlan', `vlan/${vlan.id}`, {
      siteId,
      vid: vlan.vid,
      name: vlan.name,
      purpose: vlan.description?.slice(0, 200) ?? null,
    });
  }
}

/** Prefixes and addresses: after the ports, to which addresses belong. */
export function writeAddresses(draft: Draft, data: NetboxData): void {
  const vrfOf = (vrf: { readonly id: number } | null) =>
    vrf === null ? null : (draft.idOf(`vrf/${vrf.id}`) ?? null);
  const taken = new Set<string>();
  for (const prefix of data.prefixes) {
    const vrfId = vrfOf(prefix.vrf);
    const parsed = parsePrefix(prefix.prefix);
    const key = `${vrfId ?? ''}/${parsed?.text ?? ''}`;
    if (parsed === null || taken.has(key)) {
      draft.remark('prefix', prefix.prefix, 'is left out: there is another one like it');
      continue;
    }
    taken.add(key);
    const site = prefix.site?.id ?? (prefix.scope_type === 'dcim.site' ? prefix.scope_id : null) ?? null;
    draft.add('prefix', `prefix/${prefix.id}`, {
      vrfId,
      cidr: parsed.text,
      vlanId: prefix.vlan === null ? null : (draft.idOf(`vlan/${prefix.vlan.id}`) ?? null),
      siteId: site === null ? null : (draft.idOf(`site/${site}`) ?? null),
      purpose: prefix.description?.slice(0, 200) ?? null,
    });
  }
  const primary = new Set(
    data.devices.flatMap((device) => (device.primary_ip === null ? [] : [device.primary_ip.id])),
  );
  const owners = new Map(data.interfaces.map((port) => [port.id, port.device.id]));
  for (const address of data.addresses) {
    const vrfId = vrfOf(address.vrf);
    const parsed = parseAddress(address.address.split('/')[0] ?? '');
    const key = `${vrfId ?? ''}/${parsed?.digits ?? ''}`;
    if (parsed === null || taken.has(key)) {
      draft.remark('address', address.address, 'is left out: the address is there already');
      continue;
    }
    taken.add(key);
    const onInterface =
      address.assigned_object_type === 'dcim.interface' ? (address.assigned_object_id ?? null) : null;
    const portId = onInterface === null ? undefined : draft.idOf(`interface/${onInterface}`);
    const deviceId = onInterface === null ? undefined : draft.idOf(`device/${owners.get(onInterface) ?? 0}`);
    draft.add('address', `address/${address.id}`, {
      vrfId,
      address: parsed.text,
      role: primary.has(address.id) ? 'management' : roleOf(address.role),
      portId: portId ?? null,
      deviceId: deviceId ?? null,
      dnsName: address.dns_name,
      purpose: address.description?.slice(0, 200) ?? null,
    });
  }
}

function roleOf(role: string | null): (typeof addressRoles)[number] {
  return role === 'vip' ||
    role === 'vrrp' ||
    role === 'hsrp' ||
    role === 'glbp' ||
    role === 'carp' ||
    role === 'anycast'
    ? 'virtual'
    : 'interface';
}
