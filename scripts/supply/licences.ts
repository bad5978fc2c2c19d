import { z } from 'zod';
import data from './licences.json' with { type: 'json' };
import type { Shipped } from './shipped.ts';

const { allowed, read } = z
  .strictObject({
    /** SPDX ids that may be part of an installation: none asks for more than naming it and, for files of its own, their source. */
    allowed: z.array(z.string()),
    /** Packages that do not say it as SPDX: what somebody found when reading. */
    read: z.record(z.string(), z.strictObject({ licence: z.string(), because: z.string() })),
  })
  .parse(data);

/** The licence of a package as an SPDX expression; undefined when nobody knows. */
export function licenceOf(shipped: Pick<Shipped, 'name' | 'licence'>): string | undefined {
  return read[shipped.name]?.licence ?? shipped.licence;
}

/** What is wrong with a package's licence; null when it may be part of an installation. */
export function complaintAbout(shipped: Pick<Shipped, 'name' | 'version' | 'licence'>): string | null {
  const licence = licenceOf(shipped);
  const who = `${shipped.name}@${shipped.version}`;
  if (licence === undefined)
    return `${who}: no licence is known. Read its files and write it down in scripts/supply/licences.json.`;
  if (read[shipped.name] !== undefined) return null;
  const choices = licence.replace(/[()]/g, '').split(/\s+OR\s+/);
  // Of alternatives one is enough; of what is joined by AND all must be allowed.
  const fits = choices.some((choice) => choice.split(/\s+AND\s+/).every((id) => allowed.includes(id.trim())));
  return fits ? null : `${who}: ${licence} is not among the licences in scripts/supply/licences.json.`;
}

/** The file that lists what others wrote. Without versions: these stand in the SBOM, and the list changes with packages only. */
export function notice(packages: readonly Shipped[]): string {
  const lines = new Map(
    packages.map((one) => [one.name, `| \`${one.name}\` | ${licenceOf(one) ?? 'unknown'} |`]),
  );
  const explained = Object.entries(read)
    .filter(([name]) => lines.has(name))
    .map(([name, { because }]) => `- \`${name}\`: ${because}`);
  return [
    '# What others wrote',
    '',
    'An installation of Rackhaus contains these packages. Their texts of licence lie beside them in `node_modules`. Written by',
    '`npm run licences -- --write`; the versions are in the SBOM (`npm run sbom`).',
    '',
    '| package | licence |',
    '|---|---|',
    ...lines.values(),
    '',
    'Read by us, where a package does not say it in a form that programs know:',
    '',
    ...explained,
    '',
  ].join('\n');
}
