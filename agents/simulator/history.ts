import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { formatLine } from '@rackhaus/config/contract';
import { loadDeviceTypes } from '@rackhaus/config/device-types';
import { loadInventory } from '@rackhaus/config/inventory-file';
import { sampleTownHallFolder } from '@rackhaus/config/sample-town-hall';
import { z } from 'zod';
import { type HistoryReading, history, historySpans } from './town/history.ts';
import { buildTown } from './town/topology.ts';

const usage = `usage: history [--inventory DIR] [--devices FILE.json] [--end MS] [--from MS --to MS --step SECONDS]
  prints what polling would have found as line protocol, with the ids that --devices gives ({"<name>": <id>, …});
  without --devices as JSON lines with names. Without --from a year: by the hour, the last month by five minutes, the
  last day by the minute.`;

/** Line protocol is written in parts of about this size. */
const partBytes = 200_000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      inventory: { type: 'string', default: sampleTownHallFolder },
      devices: { type: 'string' },
      end: { type: 'string', default: String(Date.now()) },
      from: { type: 'string' },
      to: { type: 'string' },
      step: { type: 'string', default: '3600' },
    },
  });
  const end = whole('--end', values.end);
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
  const town = buildTown(await loadInventory(values.inventory), await loadDeviceTypes());
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
