import type { Row, Scope, TableSpec } from '../../history/spec.ts';
import { AppError } from '../../problem.ts';
import { parseAddress, parsePrefix } from '../network/ip.ts';
import { recordSpec } from './spec.ts';
import { about } from './subjects.ts';

const device = (row: Row): Scope[] =>
  typeof row.device_id === 'number' ? [{ kind: 'device', id: row.device_id }] : [];
const port = (row: Row): Scope[] =>
  typeof row.port_id === 'number' ? [{ kind: 'port', id: row.port_id }] : [];

function invalid(path: string, message: string): AppError {
  return new AppError('invalid', `${path}: ${message}.`, [{ path, message }]);
}

/** VRFs, VLANs, prefixes and addresses. */
export const networkSpecs: readonly TableSpec[] = [
  recordSpec('vrf', {
    table: 'vrfs',
    dependents: [
      { kind: 'prefix', by: 'vrf_id', action: 'refuse' },
      { kind: 'address', by: 'vrf_id', action: 'refuse' },
    ],
  }),
  recordSpec('vlan', {
    table: 'vlans',
    searched: ['vid', 'name'],
    nameOf: (row) => `${String(row.vid)} ${String(row.name)}`,
    unique: { one_vlan_per_site: ['site_id', 'vid'] },
    dependents: [
      { kind: 'port-vlan', by: 'vlan_id', action: 'delete' },
      { kind: 'port', by: 'untagged_vlan_id', action: 'clear' },
      { kind: 'prefix', by: 'vlan_id', action: 'clear' },
      ...about('vlan'),
    ],
  }),
  recordSpec('port-vlan', {
    table: 'port_vlans',
    nameOf: () => '',
    scopesOf: (row) => [...port(row), { kind: 'vlan', id: Number(row.vlan_id) }],
  }),
  recordSpec('prefix', {
    table: 'prefixes',
    searched: ['cidr', 'purpose'],
    derived: ['family', 'first', 'last', 'length'],
    nameOf: (row) => String(row.cidr),
    unique: { one_prefix_per_vrf: ['vrf_id', 'first', 'length'] },
    prepare: async (_, rows) =>
      rows.map(({ next }) => {
        const parsed = parsePrefix(String(next.cidr));
        if (parsed === null)
          throw invalid('cidr', `"${String(next.cidr)}" is not a network such as 10.1.2.0/24`);
        if (parsed.hostBits)
          throw invalid(
            'cidr',
            `"${String(next.cidr)}" is an address within a network; the network is ${parsed.text}`,
          );
        const { family, text, first, last, length } = parsed;
        return { ...next, cidr: text, family, first, last, length };
      }),
    dependents: about('prefix'),
  }),
  recordSpec('address', {
    table: 'addresses',
    searched: ['address', 'dns_name', 'purpose'],
    derived: ['sort_key'],
    nameOf: (row) => String(row.address),
    scopesOf: (row) => [...device(row), ...port(row)],
    unique: { one_address_per_vrf: ['vrf_id', 'sort_key'] },
    prepare: async (change, rows) => {
      const ports = await change.rows.byIds(
        'ports',
        rows.map(({ next }) => next.port_id).filter((id) => typeof id === 'number'),
      );
      return rows.map(({ next }) => {
        const parsed = parseAddress(String(next.address));
        if (parsed === null) throw invalid('address', `"${String(next.address)}" is not an IP address`);
        // The device of a port is known; it is kept with the address so that both find it.
        const owner = ports.find((row) => row.id === next.port_id)?.device_id ?? next.device_id ?? null;
        return {
          ...next,
          address: parsed.text,
          sort_key: `${parsed.family}${parsed.digits}`,
          device_id: owner,
        };
      });
    },
    dependents: about('address'),
  }),
];
