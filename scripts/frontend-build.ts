import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './supervisor.ts';

const frontend = join(root, 'frontend');
const build = join(frontend, 'build');
const marker = join(build, '.source-hash');

/** Builds the dashboard unless it was built from exactly these sources. Output goes to stderr. Throws when the build fails. */
export function ensureFrontendBuilt(): void {
  const hash = sourceHash();
  if (existsSync(marker) && readFileSync(marker, 'utf8') === hash) return;
  process.stderr.write('Building the dashboard …\n');
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const result = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: frontend,
    stdio: ['ignore', 2, 2],
    // Also when tests ask for it: what is tested is what people get.
    env: { ...process.env, NODE_ENV: 'production' },
  });
  if (result.status !== 0) throw new Error('The dashboard could not be built; see the messages above.');
  writeFileSync(marker, hash);
}

function sourceHash(): string {
  const hash = createHash('sha256');
  const inputs = [
    join(frontend, 'src'),
    join(frontend, 'static'),
    join(frontend, 'messages'),
    // Not the folder: the compiler writes files of its own beside it.
    join(frontend, 'project.inlang', 'settings.json'),
    join(frontend, 'vite.config.ts'),
    join(frontend, 'paraglide.ts'),
    join(frontend, 'without-inline.ts'),
    join(root, 'config', 'contract'),
    join(root, 'package-lock.json'),
  ];
  for (const file of inputs.flatMap(filesBelow)) {
    hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function filesBelow(path: string): string[] {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.name !== 'paraglide' && entry.name !== 'cache')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => filesBelow(join(path, entry.name)));
}
