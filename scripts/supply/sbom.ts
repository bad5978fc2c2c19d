import { licenceOf } from './licences.ts';
import type { Lockfile } from './lockfile.ts';
import runtime from './runtime.json' with { type: 'json' };
import { askedFor, type Shipped, shippedPackages } from './shipped.ts';

const ourId = 'rackhaus';
const runtimeId = `pkg:generic/node@${runtime.version}`;

/**
 * The list of what an installation is made of, as CycloneDX 1.6. The same lockfile gives the same list but for `serial` (a UUID)
 * and `at`.
 */
export function sbom(
  lock: Lockfile,
  facts: { readonly version: string; readonly serial: string; readonly at: Date },
): object {
  const packages = shippedPackages(lock);
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${facts.serial}`,
    version: 1,
    metadata: {
      timestamp: facts.at.toISOString(),
      lifecycles: [{ phase: 'build' }],
      tools: { components: [{ type: 'application', name: 'rackhaus sbom', version: facts.version }] },
      component: {
        type: 'application',
        'bom-ref': ourId,
        name: 'rackhaus',
        version: facts.version,
        licenses: [{ license: { id: 'EUPL-1.2' } }],
      },
    },
    components: [runtimeComponent(), ...packages.map(component)],
    dependencies: [
      { ref: ourId, dependsOn: [runtimeId, ...askedFor(lock).map(purlOfId)] },
      ...packages.map((one) => ({ ref: purl(one), dependsOn: one.needs.map(purlOfId) })),
      { ref: runtimeId, dependsOn: [] },
    ],
  };
}

/** The binary that the package `node` brings: what scanners for weaknesses look for is Node itself, not its wrapping. */
function runtimeComponent(): object {
  return {
    type: 'platform',
    'bom-ref': runtimeId,
    name: 'node',
    version: runtime.version,
    cpe: `cpe:2.3:a:nodejs:node.js:${runtime.version}:*:*:*:*:*:*:*`,
    purl: runtimeId,
    licenses: [{ license: { id: 'MIT' } }],
    properties: Object.entries(runtime.sha256).map(([platform, hash]) => ({
      name: `rackhaus:sha256:${platform}`,
      value: hash,
    })),
  };
}

function component(one: Shipped): object {
  const [group, name] = one.name.startsWith('@') ? one.name.split('/') : [undefined, one.name];
  const licence = licenceOf(one);
  return {
    type: 'library',
    'bom-ref': purl(one),
    ...(group === undefined ? {} : { group }),
    name,
    version: one.version,
    purl: purl(one),
    ...(licence === undefined ? {} : { licenses: [asLicence(licence)] }),
    ...(one.integrity === undefined ? {} : { hashes: [asHash(one.integrity)] }),
  };
}

function asLicence(licence: string): object {
  if (licence.startsWith('LicenseRef-')) return { license: { name: licence.slice('LicenseRef-'.length) } };
  // `EUPL-1.1+` is an expression of SPDX too: the id and "or later".
  return /[\s()+]/.test(licence) ? { expression: licence } : { license: { id: licence } };
}

/** npm writes `sha512-` and base64; CycloneDX wants hexadecimal. */
function asHash(integrity: string): object {
  const [kind = '', digest = ''] = integrity.split('-', 2);
  return {
    alg: { sha512: 'SHA-512', sha384: 'SHA-384', sha256: 'SHA-256', sha1: 'SHA-1' }[kind] ?? kind,
    content: Buffer.from(digest, 'base64').toString('hex'),
  };
}

/** The package's address as of the purl specification: the at sign of a scope is percent-encoded. */
function purl(one: Pick<Shipped, 'name' | 'version'>): string {
  return `pkg:npm/${one.name.replace('@', '%40')}@${one.version}`;
}

function purlOfId(id: string): string {
  const at = id.lastIndexOf('@');
  return purl({ name: id.slice(0, at), version: id.slice(at + 1) });
}
