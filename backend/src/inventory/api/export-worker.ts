import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { writeWorkbook } from '../import-table/xlsx.ts';

const Cell = z.union([z.string(), z.number(), z.boolean(), z.strictObject({ day: z.string() }), z.null()]);
const Sheet = z.strictObject({ name: z.string(), rows: z.array(z.array(Cell)) });

/** The thread that writes workbooks; see export.ts. */
const bytes = writeWorkbook([Sheet.parse(workerData)]);
parentPort?.postMessage(bytes, [bytes.buffer]);
