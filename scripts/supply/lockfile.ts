import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** One installed package, as npm's lockfile (version 3) has it. The workspaces are packages too. */
const LockedPackage = z.object({
  name: z.string().optional(),
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  license: z.string().optional(),
  link: z.boolean().default(false),
  dev: z.boolean().default(false),
  optional: z.boolean().default(false),
  hasInstallScript: z.boolean().default(false),
  dependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
});
export type LockedPackage = z.infer<typeof LockedPackage>;

const Lockfile = z.object({
  lockfileVersion: z.literal(3),
  packages: z.record(z.string(), LockedPackage),
});
export type Lockfile = z.infer<typeof Lockfile>;

/** @throws when the file is not a lockfile of npm 7 or later */
export function readLockfile(file: string): Lockfile {
  return Lockfile.parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** `node_modules/a/node_modules/@b/c` is the package `@b/c`. */
export function nameAt(place: string): string {
  return place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** Whether it comes from outside: not one of our workspaces and not the link to one. */
export function isForeign(place: string, found: LockedPackage): boolean {
  return place.includes('node_modules/') && !found.link;
}

/** Where Node finds `name` when the package at `from` imports it; undefined when it is not installed (another platform's). */
export function resolveFrom(lock: Lockfile, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = above(folder)) {
    const place = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    const found = lock.packages[place];
    if (found !== undefined) return found.link ? found.resolved : place;
    if (folder === '') return undefined;
  }
}

function above(folder: string): string {
  const nested = folder.lastIndexOf('/node_modules/');
  if (nested >= 0) return folder.slice(0, nested);
  return '';
}
