import {
  type Batch,
  fieldsOf,
  type Operation,
  type RecordKind,
  recordInput,
  recordPatch,
} from '@rackhaus/config/contract';
import type { ZodType } from 'zod';
import type { Change } from '../../history/change.ts';
import type { Caller } from '../../http/route.ts';
import { AppError } from '../../problem.ts';
import { createRecords, deleteRecord, updateRecord } from './writes.ts';

type Create = Extract<Operation, { op: 'create' }>;

/**
 * Does the operations in their order. Consecutive creates of one kind that do not refer to each other are made together.
 * @returns the id of the record of each operation
 * @throws AppError that names the operation; nothing is done then, because the change is not committed
 */
export async function runBatch(change: Change, caller: Caller, batch: Batch): Promise<number[]> {
  const { operations } = batch;
  const made = new Map<string, number>();
  const schemas = new Schemas();
  const ids: number[] = [];
  let at = 0;
  while (at < operations.length) {
    const operation = operations[at];
    if (operation === undefined) break;
    if (operation.op === 'create') {
      const group = groupFrom(operations, at);
      const values = group.map((each, index) =>
        schemas.check(schemas.create(each.kind), resolved(each, made, at + index), at + index),
      );
      const own = await createRecords(change, caller, operation.kind, values);
      for (const [index, { key }] of group.entries()) {
        const id = own[index] ?? 0;
        ids.push(id);
        if (key === undefined) continue;
        if (made.has(key)) throw invalid(at + index, 'key', `"${key}" is used twice`);
        made.set(key, id);
      }
      at += group.length;
      continue;
    }
    const { kind, id, version } = operation;
    const target = { kind, id, seen: version };
    if (operation.op === 'delete') await deleteRecord(change, caller, target);
    else
      await updateRecord(
        change,
        caller,
        target,
        schemas.check(schemas.patch(kind), resolved(operation, made, at), at),
      );
    ids.push(id);
    at++;
  }
  return ids;
}

/** Schemas of the kinds, each made once for the batch. */
class Schemas {
  readonly #create = new Map<RecordKind, ZodType<Record<string, unknown>>>();
  readonly #patch = new Map<RecordKind, ZodType<Record<string, unknown>>>();

  create(kind: RecordKind): ZodType<Record<string, unknown>> {
    return memo(this.#create, kind, recordInput);
  }
  patch(kind: RecordKind): ZodType<Record<string, unknown>> {
    return memo(this.#patch, kind, recordPatch);
  }

  check(schema: ZodType<Record<string, unknown>>, values: unknown, at: number): Record<string, unknown> {
    const parsed = schema.safeParse(values);
    if (parsed.success) return parsed.data;
    const fields = parsed.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({ path: pathOf(at, key), message: 'is not known here' }))
        : [{ path: pathOf(at, issue.path.map(String).join('.')), message: issue.message }],
    );
    const said = fields.map(({ path, message }) => `${path}: ${message}`).join('; ');
    throw new AppError('invalid', `Operation ${at + 1} is not as it should be: ${said}`, fields);
  }
}

function memo<K, V>(known: Map<K, V>, key: K, make: (key: K) => V): V {
  const value = known.get(key) ?? make(key);
  known.set(key, value);
  return value;
}

function groupFrom(operations: readonly Operation[], start: number): Create[] {
  const group: Create[] = [];
  const keys = new Set<string>();
  for (let at = start; at < operations.length; at++) {
    const operation = operations[at];
    const [first] = group;
    if (operation?.op !== 'create' || (first !== undefined && operation.kind !== first.kind)) break;
    if (refersTo(operation.values, keys)) break;
    group.push(operation);
    if (operation.key !== undefined) keys.add(operation.key);
  }
  return group;
}

function refersTo(values: Readonly<Record<string, unknown>>, keys: ReadonlySet<string>): boolean {
  if (keys.size === 0) return false;
  return Object.values(values).some(
    (value) => typeof value === 'string' && value.startsWith('#') && keys.has(value.slice(1)),
  );
}

/** Puts the ids of records that this batch has made in the place of "#key". */
function resolved(
  { kind, values }: Pick<Create, 'kind' | 'values'>,
  made: ReadonlyMap<string, number>,
  at: number,
): Record<string, unknown> {
  const fields = fieldsOf(kind);
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const isId = fields.get(name)?.meta.type === 'ref' || name === 'subjectId';
      if (!isId || typeof value !== 'string') return [name, value];
      const id = made.get(value.replace(/^#/, ''));
      if (!value.startsWith('#') || id === undefined)
        throw invalid(at, name, `"${value}" is neither an id nor "#" and the key of an earlier operation`);
      return [name, id];
    }),
  );
}

const pathOf = (at: number, path: string) => `operations.${at}.values.${path}`;

function invalid(at: number, path: string, message: string): AppError {
  return new AppError('invalid', `Operation ${at + 1}: ${path}: ${message}.`, [
    { path: pathOf(at, path), message },
  ]);
}
