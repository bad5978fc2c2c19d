import type { DeviceRole, EntityKind, FoundDevice, OfferedType } from '@rackhaus/config/contract';
import { DeviceTypeFile } from '@rackhaus/config/device-types';
import { type KnownType, typeSaid } from '../inventory/identity/match-type.ts';
import { slugOf } from '../inventory/import-table/type-match.ts';
import type { Said } from './said.ts';

/** A type of the installation, and what devices of it are used as there. */
export interface UsedType extends KnownType {
  readonly role: DeviceRole | null;
}

export interface Asked {
  /** What its profile says that such devices are used as; null: it does not. */
  readonly profileRole?: DeviceRole | null;
  readonly address: string;
  readonly hostName: string | null;
  readonly said: Said | null;
}

/** IANAifType: ethernetCsmacd, iso88023Csmacd, fastEther, fastEtherFX, gigabitEthernet. */
const physical = new Set([6, 7, 62, 69, 117]);
const mostPorts = 120;
/** So many are a switch, whatever else it says. */
const switchPorts = 5;

/** What a found device would be called and be. */
export function proposalFor(asked: Asked, types: readonly UsedType[]): FoundDevice['proposal'] {
  const { said } = asked;
  const meant = said === null ? null : typeSaid(types, said.identity);
  const type = meant === null ? null : (types.find(({ id }) => id === meant.id) ?? null);
  const role = asked.profileRole ?? (said === null ? 'other' : roleFor(said));
  const newType = type !== null || said === null ? null : offeredType(said, role);
  return {
    name: nameFor(asked),
    role: type?.role ?? role,
    type: type === null ? null : { id: type.id, name: `${type.manufacturer} ${type.model}` },
    certainty: type === null || said === null ? 'none' : isExact(type, said) ? 'exact' : 'likely',
    newType,
  };
}

/** As it calls itself, else as DNS does; without domain, and without what names may not have. */
export function nameFor({ address, hostName, said }: Asked): string {
  for (const text of [said?.identity.name ?? null, hostName]) {
    const plain = text?.trim() ?? '';
    const short = /^[\d.]+$/.test(plain) ? plain : (plain.split('.')[0] ?? '');
    const name = short
      .replaceAll(':', '-')
      .replaceAll(/\p{Cc}/gu, ' ')
      .trim()
      .slice(0, 200);
    if (name !== '') return name;
  }
  const { vendor = null, model = null } = said?.identity ?? {};
  const what = [vendor, model].filter((part) => part !== null).join(' ');
  return `${what} ${address.replaceAll(':', '-')}`.trim().slice(0, 200);
}

/** By what people in the trade call such devices, then by what it measures, then by its ports. */
export function roleFor({ identity, kinds, ports }: Pick<Said, 'identity' | 'kinds' | 'ports'>): DeviceRole {
  const words = `${identity.model ?? ''} ${identity.os ?? ''} ${identity.description ?? ''}`.toLowerCase();
  const named = spoken.find(([pattern]) => pattern.test(words));
  if (named !== undefined) return named[1];
  const has = (kind: EntityKind) => kinds.includes(kind);
  if (has('ups')) return 'ups';
  if (has('outlet')) return 'pdu';
  if (physicalPorts(ports).length >= switchPorts) return 'switch';
  if (has('storage') && has('processor')) return 'server';
  return has('sensor') && physicalPorts(ports).length <= 1 ? 'sensor' : 'other';
}

const spoken: readonly (readonly [RegExp, DeviceRole])[] = [
  [/\b(access[ -]?point|wireless ap|wlan ap)\b/, 'access-point'],
  [/\b(ups|uninterruptible|usv)\b/, 'ups'],
  [/\b(pdu|power distribution|switched rack)\b/, 'pdu'],
  [/\b(firewall|security appliance|utm)\b/, 'firewall'],
  [/\b(nas|diskstation|storage array)\b/, 'storage'],
  [/\b(switch|switching)\b/, 'switch'],
  [/\brouter\b/, 'router'],
];

/** The ports that can hold a plug. */
function physicalPorts(ports: Said['ports']): Said['ports'] {
  const names = new Set<string>();
  return ports.filter(({ name, type }) => {
    if (type === null || !physical.has(type) || names.has(name)) return false;
    // Interfaces of VLANs and parts of ports call themselves Ethernet, too.
    if (/vlan|loopback|null|\.\d+$|^(lo|br|docker|veth|virbr|tun|bond)/i.test(name)) return false;
    names.add(name);
    return true;
  });
}

function offeredType(said: Said, role: DeviceRole): OfferedType | null {
  const { vendor, model } = said.identity;
  if (vendor === null || model === null) return null;
  const mounted =
    role === 'switch' || role === 'server' || role === 'firewall' || role === 'router' || role === 'storage';
  const ports = physicalPorts(said.ports).length;
  return {
    manufacturer: vendor.slice(0, 100),
    model: model.slice(0, 100),
    uHeight: mounted || role === 'ups' ? 1 : 0,
    ports: ports > mostPorts ? 0 : ports,
  };
}

/**
 * A device type made of what a device says: its maker, model and ports. How high it is and how its ports look is nothing that a device
 * tells: people correct that on the type's page.
 */
export function typeOf(said: Said, role: DeviceRole): DeviceTypeFile | null {
  const offered = offeredType(said, role);
  if (offered === null) return null;
  const { manufacturer, model, uHeight, ports } = offered;
  return DeviceTypeFile.parse({
    manufacturer,
    model,
    slug: slugOf(`${manufacturer} ${model}`),
    u_height: uHeight,
    is_full_depth: false,
    interfaces:
      ports === 0
        ? [{ name: 'mgmt', type: 'other', mgmt_only: true }]
        : physicalPorts(said.ports).map(({ name }) => ({ name: name.slice(0, 100), type: 'other' })),
  });
}

const plain = (text: string | null) => (text ?? '').toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** Its part number is named, or its very model by its very maker. */
function isExact(type: KnownType, { identity }: Said): boolean {
  const said = plain(`${identity.model ?? ''} ${identity.description ?? ''}`);
  const part = plain(type.part_number);
  if (part.length >= 4 && said.includes(part)) return true;
  const [maker, vendor] = [plain(type.manufacturer), plain(identity.vendor)];
  const model = plain(identity.model);
  const isMaker = vendor !== '' && (maker.includes(vendor) || vendor.includes(maker));
  return isMaker && (model === plain(type.model) || model === plain(`${type.manufacturer}${type.model}`));
}
