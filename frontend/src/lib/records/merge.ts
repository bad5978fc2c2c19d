/** How one field stands when two people have edited a record: `both` is a conflict, `same` is that both did the same. */
export interface MergedField {
  readonly field: string;
  readonly before: unknown;
  readonly mine: unknown;
  readonly theirs: unknown;
  readonly by: 'mine' | 'theirs' | 'both' | 'same';
}

type Values = Readonly<Record<string, unknown>>;

/** Whether two values of a field are the same; those of a shape of their own are compared as JSON. */
export function sameValue(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (one === null || other === null || typeof one !== 'object' || typeof other !== 'object') return false;
  return JSON.stringify(one) === JSON.stringify(other);
}

/** What has changed on either side since `before`, field by field; what nobody touched is left out. */
export function mergeFields(
  fields: readonly string[],
  before: Values,
  mine: Values,
  theirs: Values,
): MergedField[] {
  return fields.flatMap((field) => {
    const [old, own, other] = [before[field], mine[field], theirs[field]];
    const iDid = !sameValue(old, own);
    const theyDid = !sameValue(old, other);
    if (!iDid && !theyDid) return [];
    const by = iDid && theyDid ? (sameValue(own, other) ? 'same' : 'both') : iDid ? 'mine' : 'theirs';
    return [{ field, before: old, mine: own, theirs: other, by }];
  });
}

/** The values to save: theirs with my changes, and for conflicts what was chosen. Null as long as one is not decided. */
export function mergedValues(
  fields: readonly MergedField[],
  chosen: Readonly<Record<string, 'mine' | 'theirs'>>,
): Record<string, unknown> | null {
  const values: Record<string, unknown> = {};
  for (const one of fields) {
    const side = one.by === 'both' ? chosen[one.field] : one.by === 'theirs' ? 'theirs' : 'mine';
    if (side === undefined) return null;
    values[one.field] = side === 'mine' ? one.mine : one.theirs;
  }
  return values;
}
