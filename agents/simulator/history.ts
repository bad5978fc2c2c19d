import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { formatLine } from '@rackhaus/config/contract';
import { loadDeviceTypes } from '@rackhaus/config/device-types';
import { loadInventory } from '@rackhaus/config/inventory-file';
import { sampleTownHallFolder } from '@rackhaus/config/sample-town-hall';
import { z } from 'zod';
import { type HistoryReading, history, historySpans } from './town/history.ts';
import { uploadHistory } from './town/history-upload.ts';
import { buildTown, type Town } from './town/topology.ts';

const usage = `usage: history [--inventory DIR] --server URL --token-file FILE --progress FILE
  sends the town's past to a backend as its agent would have; goes on where it was interrupted, does nothing when done
usage: history [--inventory DIR] [--devices FILE.json] [--end MS] [--from MS --to MS --step SECONDS]
  prints it as line protocol, with the ids that --devices gives ({"<name>": <id>, …}), else as JSON lines with names.
  Without --from a year by the hour, the last month by ten minutes, the last day by the minute.`;

/** Output is written in parts of about this size. */
const partBytes = 200_000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      inventory: { type: 'string', default: sampleTownHallFolder },
      server: { type: 'string' },
      'token-file': { type: 'string' },
      progress: { type: 'string' },
      devices: { type: 'string' },
      end: { type: 'string', default: String(Date.now()) },
      from: { type: 'string' },
      to: { type: 'string' },
      step: { type: 'string', default: '3600' },
    },
  });
  const town = buildTown(await loadInventory(values.inventory), await loadDeviceTypes());
  const end = whole('--end', values.end);
  if (values.server !== undefined) {
    if (values['token-file'] === undefined || values.progress === undefined) throw new Error(usage);
    await upload(town, values.server, values['token-file'], values.progress, end);
    return;
  }
  const spans =
    values.from === undefined
      ? historySpans(end)
      : [
          {
            from: whole('--from', values.from),
            to: whole('--to', values.to ?? String(end)),
            stepMs: whole('--step', values.step) * 1000,
          },
        ];
  const ids = values.devices === undefined ? null : await readIds(values.devices);
  let part = '';
  for (const span of spans)
    for (const reading of history(town, span, end)) {
      part += line(reading, ids);
      if (part.length < partBytes) continue;
      await write(part);
      part = '';
    }
  await write(part);
}

async function upload(
  town: Town,
  server: string,
  tokenFile: string,
  progressFile: string,
  now: number,
): Promise<void> {
  const stop = new AbortController();
  process.once('SIGTERM', () => stop.abort());
  process.once('SIGINT', () => stop.abort());
  const token = (await readFile(tokenFile, 'utf8')).trim();
  const url = new URL(server.endsWith('/') ? server : `${server}/`);
  try {
    const sent = await uploadHistory({ town, server: url, token, progressFile, now, signal: stop.signal });
    console.error(`history: ${sent} batches sent`);
  } catch (error) {
    // Stopped: what was accepted is kept in the progress file.
    if (!stop.signal.aborted) throw error;
  }
}

/** Empty for a device that has no id. */
function line(reading: HistoryReading, ids: ReadonlyMap<string, number> | null): string {
  if (ids === null) return `${JSON.stringify(reading)}\n`;
  const deviceId = ids.get(reading.device);
  return deviceId === undefined ? '' : `${formatLine({ ...reading, deviceId })}\n`;
}

async function readIds(file: string): Promise<ReadonlyMap<string, number>> {
  const json: unknown = JSON.parse(await readFile(file, 'utf8'));
  return new Map(Object.entries(z.record(z.string(), z.int().positive()).parse(json)));
}

async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`${name} ${text}: must be a whole number\n${usage}`);
  return value;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
