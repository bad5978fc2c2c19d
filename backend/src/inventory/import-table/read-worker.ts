import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { TableError } from './cells.ts';
import { type Reading, readTableNow } from './read-table.ts';

const Work = z.object({ fileName: z.string(), bytes: z.instanceof(Uint8Array) });

/** The thread of {@link readTable}. */
function read(): Reading {
  const { fileName, bytes } = Work.parse(workerData);
  try {
    return { sheets: readTableNow(fileName, bytes) };
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    return { reason: error.reason, message: error.message, params: error.params };
  }
}

parentPort?.postMessage(read());
