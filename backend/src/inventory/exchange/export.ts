import { sql } from 'kysely';
import type { Database } from '../../database/tables.ts';
import type { StoredRow } from '../../history/spec.ts';
import { toRecord } from '../records/columns.ts';
import { recordSpecs } from '../records/index.ts';
import { type ExchangeFile, exchangeOrder, type GivenRecord } from './file.ts';

/** The whole inventory at one moment. Views that belong to one person are left out, and so are secrets. */
export async function exportInventory(db: Database): Promise<ExchangeFile> {
  return db.transaction().execute(async (tx) => {
    const records: ExchangeFile['records'] = {};
    for (const kind of exchangeOrder) {
      const spec = recordSpecs.get(kind);
      if (spec === undefined) continue;
      const { rows } = await sql<StoredRow>`select * from ${sql.table(spec.table)} order by id`.execute(tx);
      const shared = kind === 'saved-view' ? rows.filter((row) => row.owner_id === null) : rows;
      if (shared.length > 0) records[kind] = shared.map((row) => withoutVersion(toRecord(kind, row)));
    }
    return { rackhaus: 1, records };
  });
}

function withoutVersion(record: Record<string, unknown> & { id: number; version: number }): GivenRecord {
  const { version: _, ...rest } = record;
  return rest;
}
