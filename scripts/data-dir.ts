import { join } from 'node:path';
import { root } from './supervisor.ts';

/** Where one's own installation keeps everything, unless DATA_DIR says otherwise. */
export const dataDir = process.env.DATA_DIR ?? join(root, 'data', 'rackhaus');
