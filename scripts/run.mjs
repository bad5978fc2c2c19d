// Plain JavaScript for whatever Node the machine has: brings in the dependencies when they are missing or older than the
// lockfile, then hands over to Node 24 from node_modules, which runs TypeScript as it is.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { complaintAboutRuntime } from './supply/runtime.mjs';

const root = join(import.meta.dirname, '..');
const marker = join(root, 'node_modules', '.rackhaus-lock');
const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');

if (!existsSync(marker) || readFileSync(marker, 'utf8') !== lock) {
  process.stderr.write('Installing dependencies …\n');
  // Its output goes to stderr: stdout belongs to the command (`ready …`, JSON).
  const install = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (install.status !== 0) {
    process.stderr.write('The dependencies could not be installed; see the message of npm above.\n');
    process.exit(1);
  }
  const complaint = complaintAboutRuntime(join(root, 'node_modules', 'node', 'bin', 'node'));
  if (complaint !== null) {
    process.stderr.write(`${complaint}\nIt will not be run. Please tell us, and install again.\n`);
    process.exit(1);
  }
  writeFileSync(marker, lock);
}

const [script, ...rest] = process.argv.slice(2);
const node = join(root, 'node_modules', '.bin', 'node');
const child = spawn(node, ['--disable-warning=ExperimentalWarning', join(root, script), ...rest], {
  stdio: 'inherit',
  env: { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}:${process.env.PATH}` },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
// npm hands a signal to its shell, which dies of it and tells nobody: without npm there is nobody to work for.
if (process.env.npm_lifecycle_event !== undefined) {
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 500).unref();
}
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
