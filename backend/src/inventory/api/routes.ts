import {
  Batch,
  BatchReply,
  CreateReply,
  DeleteReply,
  madeElsewhere,
  NewLink,
  type RecordKind,
  RecordListQuery,
  recordDetailReply,
  recordInput,
  recordKinds,
  recordListReply,
  recordPatch,
  UpdateReply,
  WriteQuery,
} from '@rackhaus/config/contract';
import type { Request } from 'express';
import type { Database } from '../../database/tables.ts';
import { type Changes, causeOf } from '../../history/changes.ts';
import { Rows } from '../../history/rows.ts';
import { defineRoute, type Route } from '../../http/route.ts';
import { WithId } from '../../http/with-id.ts';
import { AppError } from '../../problem.ts';
import { toRecord } from '../records/columns.ts';
import { runBatch } from './batch.ts';
import { exportRoute } from './export-route.ts';
import { isVisible, specOf } from './kinds.ts';
import { createLink } from './links.ts';
import { namesAround, selectRecords } from './selection.ts';
import { swapRoutes } from './swap-routes.ts';
import { createRecords, deleteRecord, updateRecord } from './writes.ts';
import { writtenElsewhere } from './written-elsewhere.ts';

/** The largest batch of records that have every field at its usual length. */
const batchLimit = 32_000_000;
/** A device type with many ports, or a long note. */
const recordLimit = 2_000_000;

/** For the description of routes that ask {@link seenVersion}. */
export const ifMatch = {
  'If-Match':
    'The version that was seen, in quotes. When it is another one by now, nothing is done: 409, reason "stale".',
};

interface Deps {
  readonly db: Database;
  readonly changes: Changes;
  readonly now: () => number;
}

function writingRoutes(deps: Deps, kind: RecordKind): Route[] {
  return [
    ...(madeElsewhere.includes(kind) ? [] : [createRoute(deps, kind)]),
    // The fields of a document are those of its file: they stay.
    ...(kind === 'document' ? [] : [patchRoute(deps, kind)]),
    deleteRoute(deps, kind),
  ];
}

/** Every kind of record over one pattern, several at once, and what people do in one step that takes several records. */
export function recordRoutes(deps: Deps): Route[] {
  return [
    batchRoute(deps),
    linkRoute(deps),
    ...swapRoutes(deps),
    ...recordKinds.flatMap((kind) => [
      listRoute(deps, kind),
      exportRoute(deps, kind),
      detailRoute(deps, kind),
      ...(writtenElsewhere[kind] === undefined ? writingRoutes(deps, kind) : []),
    ]),
  ];
}

function listRoute({ db }: Deps, kind: RecordKind): Route {
  return defineRoute({
    method: 'get',
    path: `/api/inventory/${kind}`,
    summary: `Records of the kind ${kind}, filtered, in order, a page at a time.`,
    query: RecordListQuery,
    reply: recordListReply(kind),
    handle: async ({ query, caller }) => {
      const { page, size, ...selection } = query;
      const { total, rows } = await selectRecords(db, kind, selection, caller, {
        offset: (page - 1) * size,
        limit: size,
      });
      const records = rows.map((row) => toRecord(kind, row));
      return { total, page, size, records, names: await namesAround(db, kind, records, caller) };
    },
  });
}

function detailRoute({ db }: Deps, kind: RecordKind): Route {
  const { table } = specOf(kind);
  return defineRoute({
    method: 'get',
    path: `/api/inventory/${kind}/:id`,
    summary: `One ${kind}; its version is the ETag.`,
    params: WithId,
    reply: recordDetailReply(kind),
    handle: async ({ params, caller, response }) => {
      const [row] = await new Rows(db).byIds(table, [params.id]);
      if (row === undefined || !isVisible(kind, row, caller))
        throw new AppError('not-found', `There is no ${kind} ${params.id}.`, undefined, { reason: 'gone' });
      const found = toRecord(kind, row);
      // The names of other records may change while the version stays: nothing may be kept, or they would be old.
      response.set({ ETag: `"${row.version}"`, 'Cache-Control': 'no-store' });
      return { record: found, names: await namesAround(db, kind, [found], caller) };
    },
  });
}

function createRoute({ changes }: Deps, kind: RecordKind): Route {
  return defineRoute({
    method: 'post',
    path: `/api/inventory/${kind}`,
    summary: `Makes a ${kind}.`,
    query: WriteQuery,
    body: recordInput(kind),
    bodyLimit: recordLimit,
    reply: CreateReply,
    handle: async ({ body, query, caller }) => {
      const { changeId, result } = await changes.run(causeOf(caller, query.reason), (change) =>
        createRecords(change, caller, kind, [body]),
      );
      return { changeId, id: result[0] ?? 0, version: changeId ?? 0 };
    },
  });
}

function patchRoute({ changes }: Deps, kind: RecordKind): Route {
  return defineRoute({
    method: 'patch',
    path: `/api/inventory/${kind}/:id`,
    summary: `Changes the named fields of a ${kind}. With If-Match only when it still has that version.`,
    params: WithId,
    query: WriteQuery,
    headers: ifMatch,
    body: recordPatch(kind),
    bodyLimit: recordLimit,
    reply: UpdateReply,
    handle: async ({ params, body, query, caller, request, response }) => {
      const seen = seenVersion(request);
      const { changeId, result } = await changes.run(causeOf(caller, query.reason), async (change) => {
        await updateRecord(change, caller, { kind, id: params.id, seen }, body);
        return (await change.get(kind, params.id)).version;
      });
      response.set('ETag', `"${result}"`);
      return { changeId, version: result };
    },
  });
}

function deleteRoute({ changes }: Deps, kind: RecordKind): Route {
  return defineRoute({
    method: 'delete',
    path: `/api/inventory/${kind}/:id`,
    summary: `Deletes a ${kind} and what is only of it. With If-Match only when it still has that version.`,
    params: WithId,
    query: WriteQuery,
    headers: ifMatch,
    reply: DeleteReply,
    handle: async ({ params, query, caller, request }) => {
      const seen = seenVersion(request);
      const { changeId } = await changes.run(causeOf(caller, query.reason), (change) =>
        deleteRecord(change, caller, { kind, id: params.id, seen }),
      );
      return { changeId };
    },
  });
}

function batchRoute({ changes }: Deps): Route {
  return defineRoute({
    method: 'post',
    path: '/api/inventory/batch',
    summary:
      'Makes, changes and deletes records in one change: all of it or nothing. "#key" stands for the id of a record made before. Needs the role that each kind needs.',
    body: Batch,
    bodyLimit: batchLimit,
    reply: BatchReply,
    handle: async ({ body, caller }) => {
      const { changeId, result } = await changes.run(causeOf(caller, body.reason), (change) =>
        runBatch(change, caller, body),
      );
      return { changeId, ids: result };
    },
  });
}

function linkRoute({ changes }: Deps): Route {
  return defineRoute({
    method: 'post',
    path: '/api/links',
    summary: 'Joins two ports with a cable.',
    query: WriteQuery,
    body: NewLink,
    reply: CreateReply,
    handle: async ({ body, query, caller }) => {
      const { changeId, result } = await changes.run(causeOf(caller, query.reason), (change) =>
        createLink(change, caller, body),
      );
      return { changeId, id: result, version: changeId ?? 0 };
    },
  });
}

/** The version of If-Match; undefined where there is none, or `*`. @throws AppError invalid for what is not one of ours */
export function seenVersion(request: Request): number | undefined {
  const header = request.get('if-match');
  if (header === undefined || header === '*') return undefined;
  const version = /^(?:W\/)?"?(\d{1,15})"?$/.exec(header.trim())?.[1];
  if (version === undefined)
    throw new AppError(
      'invalid',
      `If-Match: "${header}" is not the version of a record, such as "12" in quotes.`,
    );
  return Number(version);
}
