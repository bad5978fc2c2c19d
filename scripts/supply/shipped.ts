import { isForeign, type LockedPackage, type Lockfile, nameAt, resolveFrom } from './lockfile.ts';

/** What the interface's bundle is made of. The frontend names these for development: nobody installs them to run Rackhaus. */
export const bundled = [
  '@fontsource-variable/inter',
  '@inlang/paraglide-js',
  '@sveltejs/kit',
  'bits-ui',
  'chart.js',
  'fflate',
  'jsqr',
  'pdfjs-dist',
  'svelte',
] as const;

/** Of these, the compiler writes the code that is bundled: what the compiler itself needs stays with us. */
const writesCode: ReadonlySet<string> = new Set(['@inlang/paraglide-js']);

/** The workspaces that run in a town hall; `test` stays with us. */
const workspaces = ['agents', 'backend', 'config', 'frontend'] as const;

export interface Shipped {
  readonly name: string;
  readonly version: string;
  /** As the package itself says it. */
  readonly licence: string | undefined;
  readonly integrity: string | undefined;
  /** Names and versions of what it needs, `name@version`, sorted. */
  readonly needs: readonly string[];
}

/**
 * Every package from outside that is part of an installation, once a version, sorted by name: the runtime, what backend and
 * agent need, and what the interface is built of. With all that these need in turn, so rather one too many than one too few.
 */
export function shippedPackages(lock: Lockfile): Shipped[] {
  const seen = new Map<string, Shipped>();
  const waiting = roots(lock);
  const visited = new Set<string>();
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    if (visited.has(place)) continue;
    visited.add(place);
    const found = lock.packages[place];
    if (found === undefined || !isForeign(place, found)) continue;
    const needed = writesCode.has(nameAt(place)) ? [] : neededBy(lock, place, found);
    waiting.push(...needed);
    const version = found.version ?? '';
    const id = `${nameAt(place)}@${version}`;
    const ids = needed.map((other) => `${nameAt(other)}@${lock.packages[other]?.version ?? ''}`);
    seen.set(id, {
      name: nameAt(place),
      version,
      licence: found.license,
      integrity: found.integrity,
      needs: [...new Set([...(seen.get(id)?.needs ?? []), ...ids])].sort(),
    });
  }
  return [...seen.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/** What we ask for ourselves, `name@version`, sorted. */
export function askedFor(lock: Lockfile): string[] {
  return [
    ...new Set(roots(lock).map((place) => `${nameAt(place)}@${lock.packages[place]?.version ?? ''}`)),
  ].sort();
}

function roots(lock: Lockfile): string[] {
  const asked: [folder: string, names: string[]][] = [
    ['', Object.keys(lock.packages['']?.dependencies ?? {})],
  ];
  for (const folder of workspaces)
    asked.push([folder, Object.keys(lock.packages[folder]?.dependencies ?? {})]);
  asked.push(['frontend', [...bundled]]);
  return asked.flatMap(([folder, names]) =>
    names
      .filter((name) => !name.startsWith('@rackhaus/'))
      .map((name) => {
        const place = resolveFrom(lock, folder, name);
        if (place === undefined) throw new Error(`The lockfile has no ${name}, which ${folder} needs.`);
        return place;
      }),
  );
}

function neededBy(lock: Lockfile, place: string, found: LockedPackage): string[] {
  return [...Object.keys(found.dependencies), ...Object.keys(found.optionalDependencies)].flatMap((name) => {
    const other = resolveFrom(lock, place, name);
    return other === undefined ? [] : [other];
  });
}
