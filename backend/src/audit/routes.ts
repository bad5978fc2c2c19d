import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  AuditCheck,
  type AuditEntry,
  AuditExportQuery,
  AuditForwarding,
  AuditForwardingState,
  AuditPage,
  AuditQuery,
  AuditRetention,
  AuditState,
} from '@rackhaus/config/contract';
import type { Request } from 'express';
import type { Database } from '../database/tables.ts';
import { type Caller, defineRoute, type Route } from '../http/route.ts';
import { csvText } from '../inventory/api/export.ts';
import { writeCsv } from '../inventory/import-table/csv.ts';
import { AppError } from '../problem.ts';
import { lastOf } from './append.ts';
import type { Audit } from './audit.ts';
import type { AuditCare } from './care.ts';
import type { Forwarding } from './forwarding.ts';
import { type AuditNote, auditBy } from './note.ts';
import { readLog, walkLog } from './read.ts';
import { readRetention, writeRetention } from './retention.ts';

/** The log for administrators: reading, exporting, checking, how long it is kept, where it is forwarded to. */
export function auditRoutes(deps: {
  db: Database;
  audit: Audit;
  care: AuditCare;
  forwarding: Forwarding;
  checkServer: (host: string, path: string) => Promise<void>;
}): Route[] {
  const { db, audit, care, forwarding } = deps;
  const noted = (caller: Caller, request: Request): Pick<AuditNote, 'outcome' | 'by' | 'address'> => ({
    outcome: 'done',
    by: auditBy(caller),
    address: request.ip ?? null,
  });
  return [
    defineRoute({
      method: 'get',
      path: '/api/audit',
      summary: 'The log of who did what, newest first.',
      query: AuditQuery,
      reply: AuditPage,
      handle: async ({ query, response }) => {
        response.set('Cache-Control', 'no-store');
        const { limit, ...filter } = query;
        const rows = await readLog(db, filter, limit + 1);
        const entries = rows.slice(0, limit);
        return { entries, next: rows.length > limit ? (entries.at(-1)?.number ?? null) : null };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/audit/export',
      summary: 'What of the log fits, oldest first, as CSV or lines of JSON. That is noted.',
      query: AuditExportQuery,
      fileTypes: ['text/csv', 'application/x-ndjson'],
      handle: async ({ query, caller, request, response }) => {
        const { format, ...filter } = query;
        const { kind, outcome, from, to, person, subject, search } = filter;
        await audit.note({
          ...noted(caller, request),
          action: 'log.exported',
          // Not what was searched for: that may be a name.
          detail: {
            format,
            kind: kind ?? null,
            outcome: outcome ?? null,
            from: from ?? null,
            to: to ?? null,
            narrowed: Boolean(person || subject || search),
          },
        });
        const name = `rackhaus-log-${new Date().toISOString().slice(0, 10)}`;
        response.attachment(`${name}.${format === 'csv' ? 'csv' : 'jsonl'}`);
        response.type(format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson');
        response.set('Cache-Control', 'no-store');
        const rows = walkLog(db, filter);
        await pipeline(Readable.from(format === 'csv' ? csvOf(rows) : linesOf(rows)), response);
        return undefined;
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/audit/state',
      summary: 'Whether the chain of the log holds, how long it is kept, where it is forwarded to.',
      reply: AuditState,
      handle: async () => ({
        last: (await lastOf(db)).number,
        check: care.checked,
        retention: await readRetention(db),
        forwarding: await forwarding.state(),
      }),
    }),
    defineRoute({
      method: 'post',
      path: '/api/audit/check',
      summary: 'Begins to check the chain of the log.',
      reply: AuditCheck,
      handle: async ({ caller, request }) => {
        await audit.note({ ...noted(caller, request), action: 'log.checked' });
        care.check();
        return care.checked;
      },
    }),
    defineRoute({
      method: 'put',
      path: '/api/audit/retention',
      summary: 'Sets how many days each kind is kept.',
      body: AuditRetention,
      reply: AuditRetention,
      handle: async ({ body, caller, request }) => {
        await db.transaction().execute(async (tx) => {
          const before = await readRetention(tx);
          await writeRetention(tx, body);
          await audit.noteIn(tx, {
            ...noted(caller, request),
            action: 'log.retention',
            detail: differences(before, body),
          });
        });
        return body;
      },
    }),
    defineRoute({
      method: 'put',
      path: '/api/audit/forwarding',
      summary: 'Sets to which syslog server the log is forwarded.',
      body: AuditForwarding,
      reply: AuditForwardingState,
      handle: async ({ body, caller, request }) => {
        if (body.enabled && body.host === '') {
          const message = 'is missing: the name or address of the syslog server';
          throw new AppError('invalid', `host: ${message}`, [{ path: 'host', message }]);
        }
        if (body.host !== '') await deps.checkServer(body.host, 'host');
        const { enabled, host, port, tls } = body;
        await audit.note({
          ...noted(caller, request),
          action: 'log.forwarding',
          detail: { enabled, host, port, tls },
        });
        await forwarding.set(body);
        return forwarding.state();
      },
    }),
  ];
}

/** "sign-in: 180 > 90" */
function differences(before: AuditRetention, after: AuditRetention): Record<string, string> {
  const flat = (retention: AuditRetention) => ({ ...retention.days, people: retention.peopleDays });
  const was: Record<string, number> = flat(before);
  return Object.fromEntries(
    Object.entries(flat(after))
      .filter(([kind, days]) => was[kind] !== days)
      .map(([kind, days]) => [kind, `${was[kind]} > ${days}`]),
  );
}

const columns = [
  'number',
  'time',
  'kind',
  'action',
  'outcome',
  'by',
  'byId',
  'byName',
  'address',
  'subject',
  'subjectId',
  'subjectName',
  'detail',
  'hash',
] as const;

/** As all CSV files of Rackhaus: with a byte order mark and semicolons, and safe for spreadsheets. */
async function* csvOf(rows: AsyncIterable<AuditEntry>): AsyncGenerator<string> {
  yield `\uFEFF${writeCsv([columns])}`;
  for await (const row of rows)
    yield writeCsv([
      [
        String(row.number),
        new Date(row.time).toISOString(),
        row.kind,
        row.action,
        row.outcome,
        row.by.kind,
        row.by.id === null ? '' : String(row.by.id),
        csvText(row.by.name, 'en'),
        csvText(row.address ?? '', 'en'),
        row.subject?.kind ?? '',
        csvText(row.subject?.id ?? '', 'en'),
        csvText(row.subject?.name ?? '', 'en'),
        JSON.stringify(row.detail),
        row.hash,
      ],
    ]);
}

async function* linesOf(rows: AsyncIterable<AuditEntry>): AsyncGenerator<string> {
  for await (const row of rows) yield jsonLine(row);
}

/** One row as a line of JSON, its time as people and programs write it. */
export function jsonLine(row: AuditEntry): string {
  return `${JSON.stringify({ ...row, time: new Date(row.time).toISOString() })}\n`;
}
