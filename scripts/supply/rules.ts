import { isForeign, type Lockfile, nameAt } from './lockfile.ts';
import { shippedPackages } from './shipped.ts';

const registry = 'https://registry.npmjs.org/';

/** The only package that may run something when it is installed: it fetches the Node binary, whose SHA-256 is checked. */
export const mayRunAtInstall: readonly string[] = ['node'];

/** One version of each of these: a second one would be the one that nobody updates. */
const onlyOnce: readonly string[] = [
  ...[
    '@simplewebauthn/server',
    'express',
    'helmet',
    'jose',
    'kysely',
    'ldapts',
    'nodemailer',
    'oauth4webapi',
  ],
  ...[
    'openid-client',
    'otpauth',
    'selfsigned',
    'socket.io',
    'engine.io',
    'socket.io-parser',
    'send',
    'web-push',
  ],
  ...['ws', 'yaml', 'zod'],
];

/** The formatter's builds for other systems: not to be had where the lockfile is written, and never part of an installation. */
const withoutIntegrity = /^@biomejs\/cli-/;

/** What in a lockfile would let in something else than what was looked at. */
export function complaintsAboutLock(lock: Lockfile): string[] {
  const foreign = Object.entries(lock.packages).filter(([place, found]) => isForeign(place, found));
  const complaints = foreign.flatMap(([place, found]) => {
    const name = nameAt(place);
    const here: string[] = [];
    if (found.version === undefined) here.push('has no version');
    if (found.resolved !== undefined && !found.resolved.startsWith(registry))
      here.push(`comes from ${found.resolved}, not from the registry`);
    if (found.integrity === undefined) {
      if (!(withoutIntegrity.test(name) && found.dev && found.optional)) here.push('has no integrity');
    } else if (!found.integrity.startsWith('sha512-')) here.push('has an integrity weaker than SHA-512');
    if (found.hasInstallScript && !mayRunAtInstall.includes(name))
      here.push('runs a script when it is installed');
    return here.map((what) => `${place} ${what}`);
  });
  const elsewhere = Object.entries(lock.packages).flatMap(([place, found]) =>
    Object.entries({ ...found.dependencies, ...found.devDependencies, ...found.optionalDependencies })
      .filter(([, range]) => /^(git|github:|https?:|file:)/.test(range))
      .map(
        ([name, range]) => `${place || 'package.json'} asks for ${name} at ${range}, not from the registry`,
      ),
  );
  const shipped = shippedPackages(lock);
  const twice = onlyOnce.flatMap((name) => {
    const versions = shipped.filter((one) => one.name === name).map((one) => one.version);
    return versions.length > 1 ? [`${name} is there more than once: ${versions.join(', ')}`] : [];
  });
  return [...complaints, ...elsewhere, ...twice];
}
