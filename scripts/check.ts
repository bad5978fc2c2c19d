import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './supervisor.ts';

// Format, lint, types and the quick unit tests: what has to hold before a commit, in less than a minute.
const bin = (name: string) => join(root, 'node_modules', '.bin', name);
const frontend = join(root, 'frontend');
type Step = readonly [name: string, command: string, args: readonly string[], cwd?: string];

/** What has not changed since the last check is not looked at again. */
const types = (folder: string): Step => [
  `types: ${folder}`,
  bin('tsc'),
  [
    ...['-p', folder, '--incremental'],
    ...['--tsBuildInfoFile', join(root, 'node_modules', '.cache', 'tsc', `${folder}.json`)],
  ],
];
// The longest first, so that none of them is left for the end.
const steps: readonly Step[] = [
  ['unit tests', bin('vitest'), ['run', '--reporter=minimal', '--project=quick', '--project=runes']],
  ['types: frontend', bin('svelte-check'), ['--output', 'human', '--threshold', 'warning'], frontend],
  ...['backend', 'test', 'agents', 'config', 'scripts', 'frontend/src/service-worker'].map(types),
  ['format and lint', bin('biome'), ['check', '--error-on-warnings', '.']],
];

function run([name, command, args, cwd]: Step): Promise<boolean> {
  return new Promise((resolve) => {
    const started = performance.now();
    const child = spawn(command, args, { cwd: cwd ?? root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const gather = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on('data', gather);
    child.stderr.on('data', gather);
    child.on('close', (code) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      process.stdout.write(`${code === 0 ? '✓' : '✗'} ${name} (${seconds} s)\n`);
      if (code !== 0) process.stdout.write(`${output}\n`);
      resolve(code === 0);
    });
  });
}

// Generated messages and SvelteKit's generated types are inputs of the next steps.
const results: boolean[] = [
  await run(['prepare messages', process.execPath, ['paraglide.ts'], frontend]),
  await run(['prepare frontend', bin('svelte-kit'), ['sync'], frontend]),
];
const waiting = [...steps];
const worker = async () => {
  for (let step = waiting.shift(); step; step = waiting.shift()) results.push(await run(step));
};
// Two at a time: that is how many cores the smallest machines of ours have.
await Promise.all([worker(), worker()]);
process.exit(results.every(Boolean) ? 0 : 1);
