import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimAt, groupsIn, nameIn } from './claims.ts';

describe('a claim', () => {
  it.each([
    [{ groups: ['a'] }, 'groups', ['a']],
    [{ realm_access: { roles: ['a'] } }, 'realm_access.roles', ['a']],
    // Names of claims that hold dots themselves.
    [{ 'https://rathaus.test/groups': ['a'] }, 'https://rathaus.test/groups', ['a']],
    [{ resource_access: { 'rack.haus': { roles: ['a'] } } }, 'resource_access.rack.haus.roles', ['a']],
    [{ a: 1, 'a.b': { c: 2 } }, 'a.b.c', 2],
    [{}, 'groups', undefined],
    [{ a: 'text' }, 'a.length', undefined],
    [{ a: ['x'] }, 'a.0', undefined],
    [{ a: null }, 'a.b', undefined],
  ])('in %j at %s: %j', (claims, path, found) => expect(claimAt(claims, path)).toEqual(found));

  it('is only what the provider has said', () => {
    for (const path of ['constructor', '__proto__', 'toString', 'a.constructor', 'a.__proto__.constructor'])
      expect(claimAt({ a: {} }, path), path).toBeUndefined();
  });

  it('is found at any depth by the names that lead there', () => {
    const name = fc.string({ minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 5 }), (path) => {
        const claims = path.reduceRight<unknown>((inner, key) => Object.fromEntries([[key, inner]]), 'here');
        expect(claimAt({ ...(claims as object) }, path.join('.'))).toBe('here');
      }),
    );
  });
});

describe('groups', () => {
  it.each([
    [{ groups: ['a', 'b'] }, ['a', 'b']],
    [{ groups: 'a' }, ['a']],
    [{ groups: ['a', 1, null, { b: 1 }] }, ['a']],
    [{ groups: { a: true } }, []],
    [{}, []],
    [{ _claim_names: { groups: 'src1' } }, 'too-many'],
    [{ _claim_names: { other: 'src1' } }, []],
    // Given after all.
    [{ groups: ['a'], _claim_names: { groups: 'src1' } }, ['a']],
  ])('of %j: %j', (claims, groups) => expect(groupsIn(claims, 'groups')).toEqual(groups));
});

describe('the name', () => {
  it.each([
    [{ preferred_username: 'erika', email: 'e@rathaus.test', sub: '1' }, 'erika'],
    [{ preferred_username: '  ', upn: 'erika@rathaus.test', sub: '1' }, 'erika@rathaus.test'],
    [{ preferred_username: 7, email: 'e@rathaus.test', sub: '1' }, 'e@rathaus.test'],
    [{ sub: '1' }, '1'],
    [{}, ''],
    [{ preferred_username: 'x'.repeat(300) }, 'x'.repeat(100)],
  ])('of %j', (claims, name) => expect(nameIn(claims)).toBe(name));
});
