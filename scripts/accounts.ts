import { spawnSync } from 'node:child_process';
import { dataDir } from './data-dir.ts';
import { root } from './supervisor.ts';

// `npm run accounts -- rescue NAME`: a way back in for an administrator of one's own installation.
const result = spawnSync(
  process.execPath,
  ['--disable-warning=ExperimentalWarning', 'backend/src/accounts-command.ts', ...process.argv.slice(2)],
  { cwd: root, env: { ...process.env, DATA_DIR: dataDir }, stdio: 'inherit' },
);
process.exit(result.status ?? 2);
