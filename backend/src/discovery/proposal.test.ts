import { noIdentity, type ObservedPort } from '@rackhaus/config/contract';
import { describe, expect, it } from 'vitest';
import { nameFor, proposalFor, roleFor, typeOf, type UsedType } from './proposal.ts';
import type { Said } from './said.ts';

const port = (name: string, type = 6): ObservedPort => ({
  name,
  ifIndex: 1,
  description: null,
  alias: null,
  mac: null,
  type,
});
const said = (identity: Partial<Said['identity']> = {}, over: Partial<Said> = {}): Said => ({
  credential: 1,
  engineId: null,
  identity: { ...noIdentity, objectId: null, ...identity },
  profile: 'generic',
  kinds: [],
  ports: [],
  addresses: [],
  neighbours: [],
  ...over,
});
const asked = (identity: Partial<Said['identity']> = {}, over: Partial<Said> = {}) => ({
  address: '10.0.0.5',
  hostName: null,
  said: said(identity, over),
});
const types: readonly UsedType[] = [
  { id: 1, manufacturer: 'Acme', model: 'ProLine 2400', part_number: 'JL-24XX', role: 'switch' },
  { id: 2, manufacturer: 'Acme', model: 'Laser 4000', part_number: '', role: null },
];

describe('what a found device would be called', () => {
  it.each([
    ['as it calls itself, without its domain', asked({ name: 'core-1.example.org' }), 'core-1'],
    ['as DNS does', { ...asked(), hostName: 'printer.example.org' }, 'printer'],
    [
      'after what it is and where',
      asked({ vendor: 'Acme', model: 'Laser 4000' }),
      'Acme Laser 4000 10.0.0.5',
    ],
    ['after its address', { address: 'fd00::5', hostName: null, said: null }, 'fd00--5'],
    ['by an address that it calls itself, whole', asked({ name: '10.0.0.5' }), '10.0.0.5'],
    ['without characters that cannot be seen', asked({ name: 'sw\u0000\u0007-1' }), 'sw  -1'],
  ])('%s', (_, from, name) => {
    expect(nameFor(from)).toBe(name);
  });
});

describe('what it would be used as', () => {
  const many = Array.from({ length: 8 }, (_, n) => port(`1/${n + 1}`));
  it.each([
    ['by the word for it', said({ model: 'Wireless AP 3' }), 'access-point'],
    ['by what it measures', said({}, { kinds: ['ups', 'sensor'] }), 'ups'],
    ['by its outlets', said({}, { kinds: ['outlet', 'line'] }), 'pdu'],
    ['by its ports', said({}, { ports: many }), 'switch'],
    ['not by ports of VLANs', said({}, { ports: many.map(({ name }) => port(`vlan${name}`)) }), 'other'],
    ['by processors and volumes', said({}, { kinds: ['processor', 'storage'] }), 'server'],
    ['by sensors alone', said({}, { kinds: ['sensor'] }), 'sensor'],
    ['as anything, where nothing tells', said(), 'other'],
  ] as const)('%s', (_, from, role) => {
    expect(roleFor(from)).toBe(role);
  });

  it('is what its profile says, before all that is guessed, and what such devices are used as here before that', () => {
    const printer = {
      ...asked({ vendor: 'Zeta', model: 'Z 9' }, { kinds: ['sensor'] }),
      profileRole: 'printer',
    } as const;
    expect(proposalFor(printer, types).role).toBe('printer');
    const known = { ...asked({ vendor: 'Acme', model: 'ProLine 2400' }), profileRole: 'printer' } as const;
    expect(proposalFor(known, types)).toMatchObject({ role: 'switch', certainty: 'exact', newType: null });
  });
});

describe('its device type', () => {
  it('is exact by part number, and by model and maker', () => {
    expect(
      proposalFor(asked({ description: 'Switch JL-24XX rev 3', model: 'ProLine 2400' }), types),
    ).toMatchObject({
      type: { id: 1 },
      certainty: 'exact',
    });
    expect(proposalFor(asked({ vendor: 'Acme Inc.', model: 'Laser4000' }), types)).toMatchObject({
      type: { id: 2 },
      certainty: 'exact',
    });
  });

  it('is made of what it says where there is none', () => {
    const from = asked({ vendor: 'Zeta', model: 'Z 9' }, { ports: [port('1'), port('2'), port('vlan7')] });
    expect(proposalFor(from, types)).toMatchObject({
      type: null,
      certainty: 'none',
      newType: { manufacturer: 'Zeta', model: 'Z 9', uHeight: 0, ports: 2 },
    });
    expect(typeOf(from.said, 'switch')).toMatchObject({ u_height: 1, slug: 'zeta-z-9' });
    expect(typeOf(from.said, 'other')?.interfaces.map(({ name }) => name)).toEqual(['1', '2']);
  });

  it('is nothing where it says no model or only answers ping', () => {
    expect(proposalFor(asked({ vendor: 'Zeta' }), types)).toMatchObject({ type: null, newType: null });
    expect(proposalFor({ address: '10.0.0.5', hostName: null, said: null }, types)).toMatchObject({
      name: '10.0.0.5',
      role: 'other',
      type: null,
      newType: null,
    });
    expect(typeOf(said({ vendor: 'Zeta' }), 'other')).toBeNull();
  });
});
