import { fieldsOf, type RecordKind } from '@rackhaus/config/contract';

const known = new Map<RecordKind, ReturnType<typeof fieldsOf>>();

/** The fields of a kind, gathered once: rows ask for them thousands of times. */
export function knownFields(kind: RecordKind): ReturnType<typeof fieldsOf> {
  const fields = known.get(kind) ?? fieldsOf(kind);
  known.set(kind, fields);
  return fields;
}
