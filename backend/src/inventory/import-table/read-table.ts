import { Worker } from 'node:worker_threads';
import { importLimits } from '@rackhaus/config/contract';
import { checkSize, type Sheet, TableError } from './cells.ts';
import { decodeText, parseCsv } from './csv.ts';
import { readWorkbook } from './xlsx.ts';

/** What a file holds that is a table. @throws TableError */
export function readTableNow(fileName: string, bytes: Uint8Array): Sheet[] {
  const sheets = isWorkbook(bytes)
    ? readWorkbook(bytes, importLimits)
    : [
        {
          name: fileName.replace(/\.[^.]*$/, '').slice(0, 100),
          rows: parseCsv(textOf(bytes)).map((row) => row.map(unescaped)),
        },
      ];
  for (const sheet of sheets) checkSize(sheet, importLimits);
  const filled = sheets.filter(({ rows }) =>
    rows.some((row) => row.some((cell) => cell !== null && cell !== '')),
  );
  if (filled.length === 0) throw new TableError('empty', 'There is nothing in this file.');
  return filled;
}

/** Our own CSV files, and those of others, keep spreadsheets from computing a text by an apostrophe before it. */
const unescaped = (value: string) => value.replace(/^'(?=[=+\-@\t\r])/, '');

/** A zip archive (xlsx, ods) or the compound file of old Excel. */
function isWorkbook(bytes: Uint8Array): boolean {
  const head = [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return head === '504b0304' || head === 'd0cf11e0';
}

function textOf(bytes: Uint8Array): string {
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (!utf16 && bytes.subarray(0, 4096).includes(0))
    throw new TableError('not-a-table', 'This is neither a workbook nor a text file with separated values.');
  return decodeText(bytes);
}

/** What the thread says: the sheets, or why there are none. */
export type Reading =
  | { readonly sheets: readonly Sheet[] }
  | {
      readonly reason: string;
      readonly message: string;
      readonly params: Readonly<Record<string, string>>;
    };

/** How long a file may take, and how much memory reading it. */
const patienceMs = 60_000;
const memoryMb = 1500;

/**
 * Reads a table in a thread of its own, so that a large or hostile file keeps nobody waiting and cannot take the process with it.
 * @throws TableError; the signal's reason when it was told to stop
 */
export async function readTable(
  fileName: string,
  bytes: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
): Promise<readonly Sheet[]> {
  signal.throwIfAborted();
  const worker = new Worker(new URL('./read-worker.ts', import.meta.url), {
    workerData: { fileName, bytes },
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  });
  const { promise, resolve, reject } = Promise.withResolvers<Reading>();
  const stop = () => reject(signal.reason);
  const timer = setTimeout(
    () => reject(new TableError('too-slow', 'Reading the file took too long.')),
    patienceMs,
  );
  signal.addEventListener('abort', stop);
  worker.once('message', resolve);
  worker.once('error', (error: NodeJS.ErrnoException) =>
    reject(
      error.code === 'ERR_WORKER_OUT_OF_MEMORY'
        ? new TableError('too-large-unpacked', 'The file needs more memory than it may have.', {
            most: '300',
          })
        : error,
    ),
  );
  worker.once('exit', () => reject(new Error('Reading the file ended without an answer.')));
  try {
    const reading = await promise;
    if ('sheets' in reading) return reading.sheets;
    throw new TableError(reading.reason, reading.message, reading.params);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    await worker.terminate();
  }
}
