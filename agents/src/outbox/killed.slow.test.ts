import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Outbox } from './outbox.ts';

const kills = 80;

describe('an outbox whose process is killed', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rackhaus-outbox-'));
    file = join(folder, 'outbox.sqlite');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('has every append that was acknowledged exactly once, killed at any moment', async () => {
    const acknowledged = new Set<string>();
    for (let kill = 0; kill < kills; kill++) {
      const child = spawn(process.execPath, [
        join(import.meta.dirname, '../testing/append-for-ever.ts'),
        file,
        `${kill}`,
      ]);
      const lines = createInterface({ input: child.stdout });
      // Some are killed while they open the outbox, the others while they append.
      let timer: NodeJS.Timeout | undefined;
      if (kill % 5 === 0) timer = setTimeout(() => child.kill('SIGKILL'), 100 + ((kill * 41) % 150));
      lines.on('line', (line) => {
        acknowledged.add(line);
        timer ??= setTimeout(() => child.kill('SIGKILL'), (kill * 37) % 80);
      });
      await new Promise((resolve) => lines.once('close', resolve));
      clearTimeout(timer);
    }
    expect(acknowledged.size).toBeGreaterThan(kills);
    const outbox = new Outbox({ file, now: () => Date.now(), log: pino({ level: 'silent' }) });
    outbox.open();
    expect(readdirSync(folder).filter((name) => name.includes('corrupt'))).toEqual([]);
    const found: string[] = [];
    const seen = new Set<number>();
    for (let batch = outbox.oldest(seen); batch !== null; batch = outbox.oldest(seen)) {
      seen.add(batch.sequence);
      found.push(`${batch.sequence} ${Buffer.from(batch.body).toString()}`);
      if (seen.size % 500 === 0) {
        for (const sequence of seen) outbox.settle(sequence, { outcome: 'accepted' });
        seen.clear();
      }
    }
    expect(new Set(found).size).toBe(found.length);
    expect([...acknowledged].filter((line) => !found.includes(line))).toEqual([]);
    // At most the one batch that was under way at each kill is there without having been acknowledged in time.
    expect(found.length - acknowledged.size).toBeLessThanOrEqual(kills * 20);
    outbox.close();
  }, 180_000);
});
