import { spawn } from 'node:child_process';
import { dataDir } from './data-dir.ts';
import { root } from './supervisor.ts';

// `npm run store -- move|check|copy …`: history and file of the measurement store of one's own installation.
const child = spawn(
  process.execPath,
  ['--disable-warning=ExperimentalWarning', 'backend/src/store-command.ts', ...process.argv.slice(2)],
  { cwd: root, env: { ...process.env, DATA_DIR: dataDir }, stdio: 'inherit' },
);
// It stops by itself once what it has begun is stored.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));
