import { GivenRole, type GroupRule } from '@rackhaus/config/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayActAs } from '../admit.ts';
import { grantFor } from './rules.ts';

const rule = (group: string, role: GroupRule['role'], siteIds: number[] | null = null): GroupRule => ({
  group,
  role,
  siteIds,
});

describe('what groups come to', () => {
  it('is nothing without a rule that fits', () => {
    expect(grantFor([], [rule('it', 'viewer')], 'oidc')).toBeNull();
    expect(grantFor(['it'], [], 'oidc')).toBeNull();
    expect(grantFor(['other'], [rule('it', 'viewer')], 'oidc')).toBeNull();
  });

  it('is the highest role, whatever the order', () => {
    const rules = [rule('all', 'viewer'), rule('it', 'technician', [2, 1]), rule('duty', 'on-call')];
    for (const order of [rules, rules.toReversed()])
      expect(grantFor(['all', 'duty', 'it'], order, 'oidc')).toEqual({
        role: 'technician',
        siteIds: [1, 2],
      });
  });

  it('puts the sites of rules of the same role together; a lesser role elsewhere widens nothing', () => {
    const rules = [
      rule('a', 'technician', [1]),
      rule('b', 'technician', [3, 1]),
      rule('all', 'viewer', null),
    ];
    expect(grantFor(['a', 'b', 'all'], rules, 'oidc')).toEqual({ role: 'technician', siteIds: [1, 3] });
    expect(grantFor(['a', 'c'], [...rules, rule('c', 'technician', null)], 'oidc')).toEqual({
      role: 'technician',
      siteIds: null,
    });
  });

  it('gives administrators all sites', () => {
    expect(grantFor(['a'], [rule('a', 'administrator', [1])], 'oidc')).toEqual({
      role: 'administrator',
      siteIds: null,
    });
  });

  it('can be no site at all', () => {
    expect(grantFor(['a'], [rule('a', 'viewer', [])], 'oidc')).toEqual({ role: 'viewer', siteIds: [] });
  });

  it('compares what a provider says exactly', () => {
    expect(grantFor(['IT'], [rule('it', 'viewer')], 'oidc')).toBeNull();
    expect(grantFor(['cn=it,dc=rathaus'], [rule('it', 'viewer')], 'oidc')).toBeNull();
  });

  it('compares groups of a directory by DN or common name, in any case', () => {
    const groups = ['CN=Netz\\, Team,OU=Gruppen,DC=rathaus'];
    for (const name of ['netz, team', 'cn=netz\\, team, ou=gruppen,dc=Rathaus'])
      expect(grantFor(groups, [rule(name, 'viewer')], 'ldap'), name).toMatchObject({ role: 'viewer' });
    // As OpenLDAP writes it.
    expect(
      grantFor(['cn=Netz\\2C Team,ou=gruppen,dc=rathaus'], [rule(groups[0] ?? '', 'viewer')], 'ldap'),
    ).toEqual({ role: 'viewer', siteIds: null });
    // Somebody may call a group what they like.
    const posing = 'cn=cn\\=it\\,dc\\=rathaus,ou=fremd,dc=rathaus';
    expect(grantFor([posing], [rule('cn=it,dc=rathaus', 'viewer')], 'ldap')).toBeNull();
    // A group elsewhere in the tree is another one when the whole name was asked for.
    expect(grantFor(['cn=it,ou=fremd,dc=rathaus'], [rule('cn=it,dc=rathaus', 'viewer')], 'ldap')).toBeNull();
  });

  it('never comes to more than some rule that fits gives', () => {
    const group = fc.constantFrom('a', 'b', 'c', 'd');
    const site = fc.integer({ min: 1, max: 5 });
    const rules = fc.array(
      fc.record({
        group,
        role: fc.constantFrom(...GivenRole.options),
        siteIds: fc.option(fc.array(site, { maxLength: 4 })),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(fc.array(group, { maxLength: 4 }), rules, (groups, all) => {
        const fitting = all.filter((one) => groups.includes(one.group));
        const grant = grantFor(groups, all, 'oidc');
        expect(grant === null).toBe(fitting.length === 0);
        if (grant === null) return;
        expect(fitting.map(({ role }) => role)).toContain(grant.role);
        for (const { role } of fitting) expect(mayActAs(grant.role, role)).toBe(true);
        if (grant.role === 'administrator') return;
        const giving = fitting.filter(({ role }) => role === grant.role);
        for (const id of grant.siteIds ?? [])
          expect(giving.some(({ siteIds }) => siteIds?.includes(id))).toBe(true);
        expect(grant.siteIds === null).toBe(giving.some(({ siteIds }) => siteIds === null));
      }),
    );
  });
});
