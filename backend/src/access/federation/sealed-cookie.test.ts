import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { secretBoxOf } from '../secret-box.ts';
import { SealedCookie } from './sealed-cookie.ts';

const box = () => secretBoxOf({ current: 'k1', keys: new Map([['k1', randomBytes(32)]]) }, 'this test');
const schema = z.strictObject({ state: z.string() });
const cookie = (https: boolean, secretBox = box()) =>
  new SealedCookie({ name: 'sign-in', schema, secretBox, https });
const pair = (header: string) => header.split(';')[0] ?? '';

describe('what a browser keeps for us', () => {
  it('comes back as it was, and cannot be read there', () => {
    const kept = cookie(false);
    const header = kept.set({ state: 'of this attempt' }, 600);
    expect(header).not.toContain('attempt');
    expect(kept.read(`other=1; ${pair(header)}`)).toEqual({ state: 'of this attempt' });
    expect(header).toMatch(/^rackhaus_sign-in=[^;]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Strict$/);
  });

  it('belongs to this very host over https, whoever encrypts', () => {
    expect(cookie(true).set({ state: 'x' }, 600)).toMatch(
      /^__Host-rackhaus-sign-in=[^;]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    expect(cookie(true).clear()).toMatch(/^__Host-rackhaus-sign-in=; Max-Age=0; Path=\/; HttpOnly; Secure/);
  });

  it('counts for nothing when it was changed, sealed by another or put there by hand', () => {
    const secretBox = box();
    const kept = cookie(false, secretBox);
    const good = pair(kept.set({ state: 'x' }, 600));
    const value = good.slice(good.indexOf('=') + 1);
    const changed = `${good.slice(0, -2)}${good.endsWith('AA') ? 'BB' : 'AA'}`;
    const strange = `rackhaus_sign-in=${secretBox.seal(JSON.stringify({ other: 1 }))}`;
    for (const header of [
      undefined,
      '',
      'rackhaus_sign-in=',
      'rackhaus_sign-in={"state":"x"}',
      // Sent from a page without encryption to a server that has it.
      `__Host-rackhaus-sign-in=${value}`,
      changed,
      good.slice(0, -4),
      strange,
    ])
      expect(kept.read(header), header ?? 'none').toBeNull();
    expect(cookie(false).read(good)).toBeNull();
  });
});
