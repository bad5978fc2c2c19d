import type { ImportRow, RecordKind } from '@rackhaus/config/contract';
import type { NewEvent } from '../../history/events.ts';
import type { Row } from '../../history/spec.ts';
import { toFields } from '../records/columns.ts';

/** What comes along with what people look for: the ports of a device, the ends of a cable. */
const alongside: ReadonlySet<RecordKind> = new Set(['port', 'link-end']);

/** What a rehearsed change did to one record, as a row of the preview; nothing for what only comes along. */
export function eventRow({ kind, objectId, name, before, after }: NewEvent): ImportRow[] {
  if (alongside.has(kind)) return [];
  const isNew = before === null;
  return [
    {
      row: null,
      file: null,
      outcome: isNew ? 'create' : 'change',
      kind,
      // What is only rehearsed has no number that anybody could look up.
      id: isNew ? null : objectId,
      name,
      fields: isNew || kind === 'credential' ? [] : differences(kind, columnsOf(before), columnsOf(after)),
      problems: [],
      hints: [],
    },
  ];
}

function differences(kind: RecordKind, before: Row, after: Row): ImportRow['fields'] {
  const was = toFields(kind, before);
  const is = toFields(kind, after);
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].map((field) => ({
    kind,
    field,
    before: shown(was[field]),
    after: shown(is[field]),
  }));
}

function shown(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'object' ? '…' : String(value);
}

function columnsOf(data: NewEvent['before']): Row {
  return data !== null && 'row' in data ? data.row : {};
}
