import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Passwords, recommendedCost } from './passwords.ts';
import { openSecretBox } from './secret-box.ts';

/** Any characters, those of control among them, but no halves of one. */
const text = fc.array(fc.integer({ min: 0, max: 0xd7ff })).map((codes) => String.fromCodePoint(...codes));

describe('a secret box', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rackhaus-box-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('gives back what was put in, also after a restart, with a key that only its owner can read', async () => {
    const first = await openSecretBox(join(folder, 'keys', 'secrets.key'));
    const again = await openSecretBox(join(folder, 'keys', 'secrets.key'));
    expect((await stat(join(folder, 'keys', 'secrets.key'))).mode & 0o777).toBe(0o600);
    fc.assert(
      fc.property(text, (plain) => {
        expect(again.open(first.seal(plain))).toBe(plain);
      }),
    );
    expect(first.seal('public')).not.toBe(first.seal('public'));
  });

  it('refuses what was changed, and what another key sealed', async () => {
    const box = await openSecretBox(join(folder, 'a.key'));
    const other = await openSecretBox(join(folder, 'b.key'));
    const sealed = box.seal('public');
    const changed = `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`;
    expect(() => box.open(changed)).toThrow(/another key/);
    expect(() => other.open(sealed)).toThrow(/another key/);
    expect(() => box.open('public')).toThrow(/not a sealed secret/);
  });

  it('says so when the key file is damaged, instead of making a new key', async () => {
    await writeFile(join(folder, 'a.key'), 'c2hvcnQ=\n');
    await expect(openSecretBox(join(folder, 'a.key'))).rejects.toThrow(/restore it from the backup/);
  });
});

describe('passwords', () => {
  it('are hashed at the recommended cost with a salt, and recognised', { timeout: 30_000 }, async () => {
    const passwords = new Passwords({ cost: recommendedCost });
    const hash = await passwords.hash('Grüße aus dem Rathaus');
    expect(hash).toMatch(/^scrypt\$17\$[\w-]{22}\$[\w-]{43}$/);
    // The umlaut typed as letter and accent.
    expect(await passwords.verify('Gru\u0308ße aus dem Rathaus', hash)).toBe(true);
    expect(await passwords.verify('Grüße aus dem rathaus', hash)).toBe(false);
  });

  it('cost the same when there is no such user', { retry: 2 }, async () => {
    const passwords = new Passwords({ cost: 14 });
    const hash = await passwords.hash('secret');
    const timed = async (stored: string | undefined) => {
      const started = performance.now();
      for (let i = 0; i < 5; i++) expect(await passwords.verify('wrong', stored)).toBe(false);
      return performance.now() - started;
    };
    await timed(hash);
    const ratio = (await timed(undefined)) / (await timed(hash));
    expect(ratio).toBeGreaterThan(0.3);
    expect(ratio).toBeLessThan(3);
  });

  it('are refused when too many wait already, and work afterwards', async () => {
    const passwords = new Passwords({ cost: 10 });
    const many = await Promise.allSettled(Array.from({ length: 40 }, () => passwords.hash('secret')));
    expect(many.filter((result) => result.status === 'rejected')).toHaveLength(18);
    await expect(passwords.hash('secret')).resolves.toContain('scrypt$10$');
  });
});
