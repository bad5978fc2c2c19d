import type { DiscoveryRun } from '@rackhaus/config/contract';
import { describe, expect, it } from 'vitest';
import { lastRunWords, shortcoming } from './words.ts';

const run = (state: DiscoveryRun['state'], found: number, recognised: number): DiscoveryRun => ({
  id: 1,
  scanId: 1,
  scanName: 'Rathaus',
  state,
  startedBy: null,
  agent: null,
  createdAt: 0,
  startedAt: 0,
  finishedAt: 0,
  progress: { phase: 'recognise', done: 254, total: 254, found, recognised },
  problem: null,
  detail: null,
  fresh: 0,
});

describe('a search that came to its end', () => {
  it.each([
    ['has heard nothing', run('done', 0, 0), 3, 'silence'],
    ['has found devices to which none of its credentials fits', run('done', 12, 0), 3, 'credentials'],
    ['only pings, as it was told', run('done', 12, 0), 0, null],
    ['has recognised one of many', run('done', 12, 1), 3, null],
    ['was stopped before it could hear anything', run('cancelled', 0, 0), 3, null],
    ['has not begun', null, 3, null],
  ])('%s', (_, last, credentials, expected) => {
    expect(shortcoming(last, credentials)).toBe(expected);
  });

  it('does not count what is not there', () => {
    expect(lastRunWords(run('done', 0, 0), 0)).toMatch(/nichts gefunden|nothing found/);
    expect(lastRunWords(run('cancelled', 0, 0), 0)).toMatch(/nichts gefunden|nothing found/);
    expect(lastRunWords(run('done', 12, 0), 0)).toMatch(/12/);
  });
});
