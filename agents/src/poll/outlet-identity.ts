import type { OutletIdentity } from '@rackhaus/config/contract';
import { firstText } from './row-values.ts';
import type { CompiledTable, RowState } from './table.ts';

const longest = 200;

/** What tells the outlet that is this row apart from others which may have its name some day. */
export function outletIdentity(
  { spec, label, unit }: CompiledTable,
  rows: readonly RowState[],
  row: RowState,
): OutletIdentity {
  return {
    row: `${spec.id} ${row.index}`.slice(0, 300),
    among: rows.length,
    label: firstText(label, row)?.slice(0, longest) ?? null,
    unit: firstText(unit, row)?.slice(0, longest) ?? null,
  };
}

/** What is another than it was, in words; null: it is the same outlet. */
export function differsFrom(seen: OutletIdentity, now: OutletIdentity): string | null {
  const said = [
    seen.unit !== now.unit && `it was of unit ${quoted(seen.unit)} and is of ${quoted(now.unit)}`,
    seen.label !== now.label && `it was called ${quoted(seen.label)} and is called ${quoted(now.label)}`,
    seen.row !== now.row && `it stood in row ${quoted(seen.row)} and stands in ${quoted(now.row)}`,
    seen.among !== now.among && `it was one of ${seen.among} outlets and is one of ${now.among}`,
  ].filter((each) => each !== false);
  return said.length === 0 ? null : said.join('; ');
}

function quoted(text: string | null): string {
  return text === null ? 'none' : `"${text}"`;
}
