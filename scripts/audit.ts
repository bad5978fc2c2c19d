import { spawnSync } from 'node:child_process';
import { dataDir } from './data-dir.ts';
import { root } from './supervisor.ts';

// `npm run audit -- verify|export …`: the log of who did what of one's own installation.
const result = spawnSync(
  process.execPath,
  ['--disable-warning=ExperimentalWarning', 'backend/src/audit-command.ts', ...process.argv.slice(2)],
  { cwd: root, env: { ...process.env, DATA_DIR: dataDir }, stdio: 'inherit' },
);
process.exit(result.status ?? 2);
