import { hostRanges, inRanges, parseNetwork } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import { chunked } from '../history/rows.ts';
import { readTexts } from './said.ts';
import type { RunRow } from './tables.ts';

/** Marks what a run has asked and not heard. What lies outside of its networks it cannot tell of. */
export async function markGone(
  tx: Database,
  run: Pick<RunRow, 'networks' | 'exclude'> & { readonly started_at: number },
  now: number,
): Promise<void> {
  const parsed = (json: string) => readTexts(json).flatMap((text) => parseNetwork(text) ?? []);
  const ranges = hostRanges(parsed(run.networks), parsed(run.exclude));
  const rows = await tx
    .selectFrom('discovery_found')
    .select(['id', 'address'])
    .where('gone_since', 'is', null)
    .where('last_seen', '<', run.started_at)
    .execute();
  const gone = rows.filter(({ address }) => inRanges(address, ranges)).map(({ id }) => id);
  for (const part of chunked(gone))
    await tx.updateTable('discovery_found').set({ gone_since: now }).where('id', 'in', part).execute();
}
