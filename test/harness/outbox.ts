import { copyFileSync, existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compress, decompress, Outbox } from '@rackhaus/agents/outbox';
import { formatLines, parseLines, type Reading } from '@rackhaus/config/contract';
import pino from 'pino';

const outboxFile = 'outbox.sqlite';

function open(folder: string): Outbox {
  const outbox = new Outbox({
    file: join(folder, outboxFile),
    now: () => Date.now(),
    log: pino({ level: 'silent' }),
  });
  outbox.open();
  return outbox;
}

/** What waits in the outbox of an agent that was killed. The agent's own files stay as they are. */
export function waitingReadings(agentDir: string): Reading[] {
  const copy = mkdtempSync(join(tmpdir(), 'rackhaus-outbox-'));
  for (const suffix of ['', '-wal'])
    if (existsSync(join(agentDir, outboxFile + suffix)))
      copyFileSync(join(agentDir, outboxFile + suffix), join(copy, outboxFile + suffix));
  const outbox = open(copy);
  const readings: Reading[] = [];
  const seen = new Set<number>();
  for (let batch = outbox.oldest(seen); batch !== null; batch = outbox.oldest(seen)) {
    seen.add(batch.sequence);
    if (batch.kind === 'readings') readings.push(...parseLines(decompress(batch.body)));
  }
  outbox.close();
  return readings;
}

/** Puts batches into the outbox of an agent that does not run, as if it had gathered them during an outage. */
export function fillOutbox(agentDir: string, batches: readonly (readonly Reading[])[]): void {
  const outbox = open(agentDir);
  for (const readings of batches) outbox.append('readings', compress(formatLines(readings)));
  outbox.close();
}
