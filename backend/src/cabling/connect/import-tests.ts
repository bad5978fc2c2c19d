import type { TestImportReply } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import { type Changes, causeOf } from '../../history/changes.ts';
import { chunked } from '../../history/rows.ts';
import type { Caller } from '../../http/route.ts';
import { readTesterCsv, type TesterRow } from './tester-csv.ts';

type Becomes = TestImportReply['rows'][number]['becomes'];
interface Planned {
  readonly row: TesterRow;
  readonly linkId: number | null;
  readonly becomes: Becomes;
}

/** Takes in what a tester has measured, by the labels of the cables, in one change. @throws AppError invalid for what is no such list */
export async function importTests(
  deps: { readonly db: Database; readonly changes: Changes },
  caller: Caller,
  request: { readonly text: string; readonly check: boolean },
): Promise<TestImportReply> {
  const rows = readTesterCsv(request.text);
  if (request.check) return replyOf(null, await plan(deps.db, rows));
  const { changeId, result } = await deps.changes.run(causeOf(caller), async (change) => {
    const planned = await plan(change.tx, rows);
    await change.insert(
      'cable-test',
      planned.flatMap(({ row, linkId, becomes }) =>
        becomes === 'test' && linkId !== null
          ? [
              {
                link_id: linkId,
                tested_on: row.testedOn,
                tester: row.tester?.slice(0, 200) ?? null,
                limit: row.limit?.slice(0, 200) ?? null,
                passed: row.passed === true ? 1 : 0,
                length_m: row.lengthM,
                loss_db: row.lossDb,
                margin_db: row.marginDb,
              },
            ]
          : [],
      ),
    );
    return planned;
  });
  return replyOf(changeId, result);
}

async function plan(db: Database, rows: readonly TesterRow[]): Promise<Planned[]> {
  const links = new Map<string, number>();
  for (const part of chunked([...new Set(rows.map(({ label }) => label))]))
    for (const { id, label } of await db
      .selectFrom('links')
      .select(['id', 'label'])
      .where('label', 'in', part)
      .execute())
      links.set(label, id);
  const known = new Set<string>();
  for (const part of chunked([...links.values()]))
    for (const test of await db
      .selectFrom('cable_tests')
      .select(['link_id', 'tested_on', 'limit', 'length_m', 'loss_db'])
      .where('link_id', 'in', part)
      .execute())
      known.add(JSON.stringify([test.link_id, test.tested_on, test.limit, test.length_m, test.loss_db]));
  return rows.map((row) => {
    const linkId = links.get(row.label) ?? null;
    const key = JSON.stringify([linkId, row.testedOn, row.limit, row.lengthM, row.lossDb]);
    const becomes: Becomes =
      linkId === null ? 'no-cable' : row.passed === null ? 'unclear' : known.has(key) ? 'known' : 'test';
    if (becomes === 'test') known.add(key);
    return { row, linkId, becomes };
  });
}

function replyOf(changeId: number | null, planned: readonly Planned[]): TestImportReply {
  return {
    changeId,
    rows: planned.map(({ row: { tester: _, ...row }, linkId, becomes }) => ({ ...row, linkId, becomes })),
  };
}
