import {
  type Batch,
  BatchReply,
  CreateReply,
  DeleteReply,
  type InventoryRecord,
  type RecordKind,
  type RecordNames,
  recordDetailReply,
  recordListReply,
  UpdateReply,
} from '@rackhaus/config/contract';
import { z } from 'zod';
import type { Api } from '../api/api.ts';

/** A record of any kind: its fields by name. */
export type AnyRecord = Readonly<Record<string, unknown>> & { readonly id: number; readonly version: number };

export interface RecordPage<K extends RecordKind = RecordKind> {
  readonly total: number;
  readonly page: number;
  readonly size: number;
  readonly records: readonly InventoryRecord<K>[];
  readonly names: RecordNames;
}
export interface RecordDetail<K extends RecordKind = RecordKind> {
  readonly record: InventoryRecord<K>;
  readonly names: RecordNames;
}

/** What of a list is wanted. `filter`: `<field>:<op>:<value>`, all of which must hold. */
export interface ListQuery {
  readonly q?: string;
  readonly page?: number;
  readonly size?: number;
  /** `name`, or `-name` for downwards. */
  readonly sort?: string;
  readonly filter?: readonly string[];
}

/** Calls of the inventory's records. All of them throw ApiProblem. */
export class Records {
  readonly #api: Api;

  constructor(options: { api: Api }) {
    this.#api = options.api;
  }

  async list<K extends RecordKind>(
    kind: K,
    query: ListQuery = {},
    signal?: AbortSignal,
  ): Promise<RecordPage<K>> {
    const params = listParams(query);
    return this.#api.get(`/api/inventory/${kind}${params === '' ? '' : `?${params}`}`, pageOf(kind), signal);
  }

  async get<K extends RecordKind>(kind: K, id: number, signal?: AbortSignal): Promise<RecordDetail<K>> {
    return this.#api.get(`/api/inventory/${kind}/${id}`, detailOf(kind), signal);
  }

  async create(
    kind: RecordKind,
    values: Readonly<Record<string, unknown>>,
    reason?: string,
  ): Promise<CreateReply> {
    return this.#api.send('POST', `/api/inventory/${kind}${why(reason)}`, values, CreateReply);
  }

  /** @param version the one that was seen; left out, whatever is there is overwritten */
  async patch(
    kind: RecordKind,
    id: number,
    values: Readonly<Record<string, unknown>>,
    version?: number,
    reason?: string,
  ): Promise<z.output<typeof UpdateReply>> {
    const headers = version === undefined ? {} : { 'if-match': `"${version}"` };
    return this.#api.send(
      'PATCH',
      `/api/inventory/${kind}/${id}${why(reason)}`,
      values,
      UpdateReply,
      headers,
    );
  }

  async remove(
    kind: RecordKind,
    id: number,
    version?: number,
    reason?: string,
  ): Promise<z.output<typeof DeleteReply>> {
    const headers = version === undefined ? {} : { 'if-match': `"${version}"` };
    return this.#api.send(
      'DELETE',
      `/api/inventory/${kind}/${id}${why(reason)}`,
      undefined,
      DeleteReply,
      headers,
    );
  }

  /** Several operations as one change: all or nothing. */
  async batch(operations: Batch['operations'], reason?: string): Promise<BatchReply> {
    const body = reason === undefined || reason === '' ? { operations } : { operations, reason };
    return this.#api.send('POST', '/api/inventory/batch', body, BatchReply);
  }

  /** Undoes a change; the reply names the change that did so. */
  async undo(changeId: number): Promise<{ changeId: number }> {
    return this.#api.send('POST', `/api/changes/${changeId}/undo`, undefined, UndoReply);
  }
}

const UndoReply = z.object({ changeId: z.int() });

/** The query string of a list, which the export of the same list takes too. */
export function listParams({ q, page, size, sort, filter = [] }: ListQuery): string {
  const params = new URLSearchParams();
  if (q !== undefined && q.trim() !== '') params.set('q', q.trim());
  if (page !== undefined) params.set('page', String(page));
  if (size !== undefined) params.set('size', String(size));
  if (sort !== undefined && sort !== '') params.set('sort', sort);
  for (const one of filter) params.append('filter', one);
  return params.toString();
}

function why(reason: string | undefined): string {
  return reason === undefined || reason.trim() === '' ? '' : `?${new URLSearchParams({ reason })}`;
}

// The schema of a kind is made from its declaration, from which the type is inferred too; the compiler cannot follow that for a
// kind that it does not know yet. What arrives is checked with the schema.
function pageOf<K extends RecordKind>(kind: K): z.ZodType<RecordPage<K>> {
  return recordListReply(kind) as unknown as z.ZodType<RecordPage<K>>;
}
function detailOf<K extends RecordKind>(kind: K): z.ZodType<RecordDetail<K>> {
  return recordDetailReply(kind) as unknown as z.ZodType<RecordDetail<K>>;
}
