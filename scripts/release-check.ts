import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './supervisor.ts';
import { readAudit } from './supply/audit.ts';
import { complaintAbout, notice } from './supply/licences.ts';
import { readLockfile } from './supply/lockfile.ts';
import { complaintsAboutLock } from './supply/rules.ts';
import { complaintAboutRuntime } from './supply/runtime.mjs';
import { shippedPackages } from './supply/shipped.ts';

// What has to hold of everything that others wrote before a version is given out. Ends with 0 only when all of it was really
// looked at and found in order: an unreachable registry is not a clean audit.

type Check = readonly [what: string, complaints: () => readonly string[]];

const lock = readLockfile(join(root, 'package-lock.json'));
const packages = shippedPackages(lock);

function audit(): readonly string[] {
  const { stdout } = spawnSync('npm', ['audit', '--json', '--omit=dev', '--audit-level=low'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const result = readAudit(stdout ?? '');
  if (result.kind === 'clean') return [];
  if (result.kind === 'found') return result.findings;
  return [
    `Nobody was asked: ${result.why}`,
    'Run this where npm reaches the registry; until then nothing is known about weaknesses.',
  ];
}

const checks: readonly Check[] = [
  ['lockfile: all from the registry, with integrity, no scripts but one', () => complaintsAboutLock(lock)],
  ['licences of all that is shipped', () => packages.flatMap((one) => complaintAbout(one) ?? [])],
  [
    'docs/notice.md is up to date (npm run licences -- --write)',
    () =>
      readFileSync(join(root, 'docs', 'notice.md'), 'utf8') === notice(packages)
        ? []
        : ['It is another list now.'],
  ],
  [
    'the Node binary is the one that is known',
    () => [complaintAboutRuntime(process.execPath)].filter((complaint) => complaint !== null),
  ],
  ['npm audit: no known weakness in what is shipped', audit],
];

let failed = 0;
for (const [what, complaints] of checks) {
  const found = complaints();
  failed += found.length === 0 ? 0 : 1;
  process.stdout.write(`${found.length === 0 ? '✓' : '✗'} ${what}\n`);
  for (const line of found) process.stdout.write(`    ${line}\n`);
}
process.exit(failed === 0 ? 0 : 1);
