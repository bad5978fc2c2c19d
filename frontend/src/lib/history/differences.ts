import { fieldsOf, type RecordKind, type RecordNames } from '@rackhaus/config/contract';
import { m } from '../paraglide/messages.js';
import { valueText } from '../records/display.ts';
import { fieldName } from '../records/names.ts';

/** One field before and after, in words. Null: there was, or is, no record. */
export interface Difference {
  readonly field: string;
  readonly label: string;
  readonly before: string | null;
  readonly after: string | null;
}

type Values = Readonly<Record<string, unknown>> | null;
/** Said already by the name of the record, or of no use to people. */
const unsaid: ReadonlySet<string> = new Set(['name', 'rank', 'subjectKind', 'subjectId', 'time']);

/**
 * What differs, field by field. Of a record that was made or deleted: what was filled in, other than what every new one has.
 */
export function differences(
  kind: RecordKind,
  before: Values,
  after: Values,
  names: RecordNames,
): Difference[] {
  return [...fieldsOf(kind)].flatMap(([field, { meta }]): Difference[] => {
    const was = before?.[field];
    const is = after?.[field];
    if (was === undefined && is === undefined) return [];
    if (before === null || after === null) {
      const value = is ?? was ?? null;
      if (unsaid.has(field) || value === null || value === '' || value === meta.initial) return [];
    } else if (field === 'rank') return [];
    const say = (value: unknown) => words(kind, field, value, names);
    return [
      {
        field,
        label: fieldName(kind, field),
        before: before === null ? null : say(was),
        after: after === null ? null : say(is),
      },
    ];
  });
}

function words(kind: RecordKind, field: string, value: unknown, names: RecordNames): string {
  if (value === null || value === undefined || value === '') return m.history_empty();
  // A definition of hundreds of lines says nothing beside another one.
  if (typeof value === 'object' && !Array.isArray(value)) return m.history_long_value();
  return valueText(kind, field, value, names);
}
