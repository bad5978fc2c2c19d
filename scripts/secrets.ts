import { spawnSync } from 'node:child_process';
import { dataDir } from './data-dir.ts';
import { root } from './supervisor.ts';

// `npm run secrets -- rotate`: a new key for the secrets of one's own installation, while its server is stopped.
const result = spawnSync(
  process.execPath,
  ['--disable-warning=ExperimentalWarning', 'backend/src/secrets-command.ts', ...process.argv.slice(2)],
  { cwd: root, env: { ...process.env, DATA_DIR: dataDir }, stdio: 'inherit' },
);
process.exit(result.status ?? 2);
