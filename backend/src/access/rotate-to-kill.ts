import { writeSync } from 'node:fs';
import { rotateKey } from './rotate.ts';

// For a test: rotates, and waits at one step to be killed.
const [database = '', keyFile = '', at = ''] = process.argv.slice(2);
await rotateKey({
  database,
  keyFile,
  reached: (step) => {
    if (step !== at) return;
    writeSync(1, 'reached');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  },
});
