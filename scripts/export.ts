import { spawnSync } from 'node:child_process';
import { dataDir } from './data-dir.ts';
import { root } from './supervisor.ts';

// `npm run export -- FOLDER`: the whole inventory of one's own installation into a new folder.
const result = spawnSync(
  process.execPath,
  ['--disable-warning=ExperimentalWarning', 'backend/src/export-inventory.ts', ...process.argv.slice(2)],
  { cwd: root, env: { ...process.env, DATA_DIR: dataDir }, stdio: 'inherit' },
);
process.exit(result.status ?? 1);
