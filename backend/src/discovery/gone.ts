import { hostRanges, inRanges, parseNetwork } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import { chunked } from '../history/rows.ts';
import { readIds, readTexts } from './said.ts';
import type { RunRow } from './tables.ts';

/**
 * Marks what a run has asked and not heard. It cannot tell of what lies outside of its networks, nor of what has never
 * answered to anything but credentials that the run does not have.
 */
export async function markGone(
  tx: Database,
  run: Pick<RunRow, 'scan_id' | 'networks' | 'exclude' | 'snmp_port'> & { readonly started_at: number },
  now: number,
): Promise<void> {
  const parsed = (json: string) => readTexts(json).flatMap((text) => parseNetwork(text) ?? []);
  const ranges = hostRanges(parsed(run.networks), parsed(run.exclude));
  const rows = await tx
    .selectFrom('discovery_found')
    .select(['id', 'address', 'ping_ms', 'credential_id', 'snmp_port'])
    .where('gone_since', 'is', null)
    .where('last_seen', '<', run.started_at)
    .execute();
  const scan = await tx
    .selectFrom('discovery_scans')
    .select('credential_ids')
    .where('id', '=', run.scan_id)
    .executeTakeFirst();
  const credentials = scan === undefined ? [] : readIds(scan.credential_ids);
  const asked = ({ ping_ms, credential_id, snmp_port }: (typeof rows)[number]) =>
    ping_ms !== null ||
    credential_id === null ||
    (credentials.includes(credential_id) && snmp_port === run.snmp_port);
  const gone = rows.filter((row) => inRanges(row.address, ranges) && asked(row)).map(({ id }) => id);
  for (const part of chunked(gone))
    await tx.updateTable('discovery_found').set({ gone_since: now }).where('id', 'in', part).execute();
}
