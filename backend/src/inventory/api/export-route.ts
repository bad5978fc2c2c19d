import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { RecordExportQuery, type RecordKind } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import { defineRoute, type Route } from '../../http/route.ts';
import { exportRecords } from './export.ts';

/** The list as a file. To be registered before the route of one record, whose `:id` it would match. */
export function exportRoute(deps: { db: Database; now: () => number }, kind: RecordKind): Route {
  return defineRoute({
    method: 'get',
    path: `/api/inventory/${kind}/export`,
    summary: `The ${kind} records that a list with the same filters shows, as xlsx, CSV or JSON.`,
    query: RecordExportQuery,
    fileTypes: [
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'text/csv',
      'application/json',
    ],
    handle: async ({ query, caller, response }) => {
      const file = await exportRecords(deps.db, kind, query, { caller, now: deps.now() });
      response.attachment(file.name);
      response.set({
        'Content-Type': file.mediaType,
        'Cache-Control': 'no-store',
        'X-Content-Type-Options': 'nosniff',
      });
      try {
        await pipeline(Readable.from(file.parts), response);
      } catch (error) {
        // Who cancels the download has what they wanted.
        if (!(error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'))
          throw error;
      }
      return undefined;
    },
  });
}
