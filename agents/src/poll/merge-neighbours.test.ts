import type { ObservedNeighbour } from '@rackhaus/config/contract';
import { expect, it } from 'vitest';
import { mergeNeighbours, oneOfLldp } from './merge-neighbours.ts';

const lldp: ObservedNeighbour = {
  localPort: 'Gi1/0/1',
  remoteName: 'core-1',
  remotePort: 'Gi1/0/24',
  remoteDescription: null,
  protocol: 'lldp',
  chassis: '00:11:22:aa:bb:cc',
  portDescription: null,
  managementAddress: '10.0.0.1',
};
const cdp: ObservedNeighbour = { ...lldp, protocol: 'cdp', chassis: null, managementAddress: null };

it.each([
  ['the same name', {}],
  ['a name with the domain', { remoteName: 'CORE-1.rathaus.example' }],
  ['a name with the serial number', { remoteName: 'core-1(FOC1234X0AB)' }],
  ['the same address', { remoteName: 'other', managementAddress: '10.0.0.1' }],
  ['a name made of the MAC address', { remoteName: 'SEP001122AABBCC' }],
])('LLDP wins over CDP: %s', (_, change) => {
  expect(mergeNeighbours([{ ...cdp, ...change }, lldp])).toEqual([lldp]);
});

it.each([
  ['another port', { localPort: 'Gi1/0/2' }],
  ['another device', { remoteName: 'core-2' }],
])('CDP counts where LLDP tells nothing of it: %s', (_, change) => {
  expect(mergeNeighbours([lldp, { ...cdp, ...change }])).toHaveLength(2);
});

it('of tables that tell of LLDP the first that knows any neighbour counts, beside those of CDP', () => {
  const again = { ...lldp, localPort: 'ethernet 24' };
  expect(oneOfLldp([[], [lldp], [again], [cdp]])).toEqual([lldp, cdp]);
  expect(oneOfLldp([[], [cdp]])).toEqual([cdp]);
});
