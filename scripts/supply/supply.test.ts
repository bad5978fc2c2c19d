import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import packageJson from '../../package.json' with { type: 'json' };
import { readAudit } from './audit.ts';
import { complaintAbout, notice } from './licences.ts';
import { type Lockfile, readLockfile } from './lockfile.ts';
import { complaintsAboutLock, mayRunAtInstall } from './rules.ts';
import runtime from './runtime.json' with { type: 'json' };
import { complaintAboutRuntime } from './runtime.mjs';
import { sbom } from './sbom.ts';
import { bundled, shippedPackages } from './shipped.ts';

const root = join(import.meta.dirname, '..', '..');
const lock = readLockfile(join(root, 'package-lock.json'));

/** The lockfile as somebody might change it. */
function changed(place: string, to: Partial<Lockfile['packages'][string]>): Lockfile {
  const found = lock.packages[place];
  if (found === undefined) throw new Error(`no ${place}`);
  return { ...lock, packages: { ...lock.packages, [place]: { ...found, ...to } } };
}

describe('the lockfile', () => {
  it('takes everything from the registry, with integrity, and lets nothing run but what brings Node', () => {
    expect(complaintsAboutLock(lock)).toEqual([]);
    expect(packageJson.allowScripts).toEqual(Object.fromEntries(mayRunAtInstall.map((name) => [name, true])));
    expect(readFileSync(join(root, '.npmrc'), 'utf8')).toContain('strict-allow-scripts=true');
  });

  it.each([
    ['no integrity', { integrity: undefined }],
    ['weaker than SHA-512', { integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' }],
    ['not from the registry', { resolved: 'https://example.org/zod.tgz' }],
    ['not from the registry', { resolved: 'git+ssh://git@example.org/zod.git' }],
    ['runs a script', { hasInstallScript: true }],
    ['asks for left-pad', { dependencies: { 'left-pad': 'github:someone/left-pad' } }],
  ])('is complained about: %s', (what, to) => {
    expect(complaintsAboutLock(changed('node_modules/zod', to)).join('\n')).toContain(what);
  });

  it('has what matters for safety once', () => {
    const express = changed('node_modules/express', { dependencies: { ws: '^7.0.0' } });
    const ws = changed('node_modules/ws', { version: '7.0.0' }).packages['node_modules/ws'];
    if (ws === undefined) throw new Error('no ws');
    const twice = {
      ...express,
      packages: { ...express.packages, 'node_modules/express/node_modules/ws': ws },
    };
    expect(complaintsAboutLock(twice).join()).toContain('ws is there more than once');
  });
});

describe('the runtime', () => {
  it('is the binary whose SHA-256 is written down', () => {
    expect(lock.packages['node_modules/node']?.version, 'also change scripts/supply/runtime.json').toBe(
      runtime.version,
    );
    expect(complaintAboutRuntime(join(root, 'node_modules', 'node', 'bin', 'node'))).toBeNull();
  });

  it('is refused when it is another one', () => {
    expect(complaintAboutRuntime(import.meta.filename, 'linux-x64')).toContain('is not Node');
  });
});

describe('the licences', () => {
  const shipped = shippedPackages(lock);

  it('of all that is shipped are known and allowed, and listed in docs/notice.md', () => {
    expect(shipped.flatMap((one) => complaintAbout(one) ?? [])).toEqual([]);
    expect(readFileSync(join(root, 'docs', 'notice.md'), 'utf8'), 'npm run licences -- --write').toBe(
      notice(shipped),
    );
  });

  it.each([
    ['GPL-3.0-only', false],
    ['(MIT OR GPL-3.0-only)', true],
    ['(MIT AND GPL-3.0-only)', false],
    ['(ISC AND CC-BY-3.0)', true],
    [undefined, false],
  ])('%s: allowed is %s', (licence, fits) => {
    expect(complaintAbout({ name: 'left-pad', version: '1.0.0', licence }) === null).toBe(fits);
  });

  it('cover what the interface is built of: every package that its sources import', () => {
    const folder = join(root, 'frontend', 'src');
    const imported = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(ts|svelte|css|html)$/.test(file) && !/\.test\.ts$|paraglide/.test(file))
      .flatMap((file) => [
        ...readFileSync(join(folder, file), 'utf8').matchAll(/(?:from|import\(?) ?'(@?[a-z][\w./-]*)'/g),
      ])
      .map((match) =>
        (match[1] ?? '')
          .split('/')
          .slice(0, match[1]?.startsWith('@') ? 2 : 1)
          .join('/'),
      )
      .filter((name) => !name.startsWith('@rackhaus') && !name.startsWith('node:') && name !== 'vitest');
    const names = new Set<string>([...bundled, ...shipped.map((one) => one.name)]);
    expect([...new Set(imported)].filter((name) => !names.has(name))).toEqual([]);
  });
});

describe('the SBOM', () => {
  const facts = { version: '1.2.3', serial: '3e671687-395b-41f5-a30f-a58921a69b79', at: new Date(0) };
  const Sbom = z.object({
    bomFormat: z.literal('CycloneDX'),
    specVersion: z.literal('1.6'),
    serialNumber: z.string().regex(/^urn:uuid:[0-9a-f-]{36}$/),
    metadata: z.object({ timestamp: z.iso.datetime(), component: z.object({ 'bom-ref': z.string() }) }),
    components: z.array(
      z.object({
        'bom-ref': z.string(),
        type: z.enum(['library', 'platform']),
        name: z.string().min(1),
        version: z.string().min(1),
        purl: z.string().regex(/^pkg:(npm|generic)\/(%40[^/@]+\/)?[^/@]+@[^@]+$/),
        licenses: z.array(z.object({})).length(1),
        hashes: z
          .array(z.object({ alg: z.literal('SHA-512'), content: z.string().regex(/^[0-9a-f]{128}$/) }))
          .optional(),
      }),
    ),
    dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()) })),
  });

  it('names every package with version, licence and hash, and what needs what', () => {
    const made = Sbom.parse(sbom(lock, facts));
    const refs = new Set(made.components.map((one) => one['bom-ref']));
    expect(refs.size).toBe(made.components.length);
    refs.add(made.metadata.component['bom-ref']);
    expect(
      made.dependencies.flatMap((one) => [one.ref, ...one.dependsOn]).filter((ref) => !refs.has(ref)),
    ).toEqual([]);
    const without = made.components.filter((one) => one.hashes === undefined).map((one) => one.name);
    expect(without).toEqual(['node']);
    for (const name of ['express', 'net-snmp', 'svelte', 'pdfjs-dist', 'node'])
      expect(made.components.map((one) => one.name)).toContain(name);
    for (const name of ['vitest', 'playwright-core', 'oidc-provider', 'smtp-server'])
      expect(
        made.components.map((one) => one.name),
        'stays with us',
      ).not.toContain(name);
  });

  it('is the same for the same lockfile', () => {
    expect(sbom(lock, facts)).toEqual(sbom(readLockfile(join(root, 'package-lock.json')), facts));
  });
});

describe('the audit', () => {
  it('is clean only when npm said so', () => {
    expect(readAudit('{"auditReportVersion":2,"vulnerabilities":{}}')).toEqual({ kind: 'clean' });
    expect(readAudit('{"message":"405 Method Not Allowed"}')).toEqual({
      kind: 'unanswered',
      why: '405 Method Not Allowed',
    });
    expect(readAudit('').kind).toBe('unanswered');
    expect(readAudit('{}').kind).toBe('unanswered');
  });

  it('names what it found', () => {
    const found = '{"vulnerabilities":{"ws":{"severity":"high","range":"<8.17.1","fixAvailable":true}}}';
    expect(readAudit(found)).toEqual({ kind: 'found', findings: ['ws <8.17.1: high'] });
  });
});
