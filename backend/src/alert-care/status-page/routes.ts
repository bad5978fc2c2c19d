import { NewStatusMessage, StatusMessageChange, StatusPage } from '@rackhaus/config/contract';
import { z } from 'zod';
import { mayActAs } from '../../access/admit.ts';
import type { Database } from '../../database/tables.ts';
import { type Caller, defineRoute, type Route } from '../../http/route.ts';
import { WithId } from '../../http/with-id.ts';
import { AppError } from '../../problem.ts';
import { statusPage } from './page.ts';
import { type AffectedServices, affectedServices } from './proposals.ts';

const Made = z.strictObject({ id: z.int() });

/** The status page for colleagues, and the messages that administrators write for it. */
export function statusRoutes(options: {
  db: Database;
  now: () => number;
  /** Whether the page may be seen without signing in. */
  isPublic: () => Promise<boolean>;
  /** Of an alert rule; null: it has none. */
  familyOf: (ruleId: string) => string | null;
}): Route[] {
  const { db, now, isPublic } = options;
  const affected: AffectedServices = affectedServices(options.familyOf);
  return [
    defineRoute({
      method: 'get',
      path: '/api/status',
      summary: 'How services are, for colleagues. Without signing in where the settings allow it.',
      reply: StatusPage,
      handle: async ({ caller, response }) => {
        if (!(await isPublic())) refuseStrangers(caller);
        response.set('Cache-Control', 'no-store');
        return statusPage(db, now(), is(caller, 'administrator') ? affected : null);
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/status/messages',
      summary: 'Says on the status page that something is disturbed or will be.',
      body: NewStatusMessage,
      reply: Made,
      handle: async ({ body, caller }) => {
        const { serviceId, incidentId, ...text } = body;
        return db.transaction().execute(async (tx) => {
          await refuseUnknown(tx, 'services', serviceId, 'serviceId');
          await refuseUnknown(tx, 'incidents', incidentId, 'incidentId');
          return tx
            .insertInto('status_messages')
            .values({
              ...text,
              service_id: serviceId,
              incident_id: incidentId,
              ended_at: null,
              updated_at: now(),
              updated_by: nameOf(caller),
            })
            .returning('id')
            .executeTakeFirstOrThrow();
        });
      },
    }),
    defineRoute({
      method: 'patch',
      path: '/api/status/messages/:id',
      summary: 'Changes a message of the status page, or says that it is over.',
      params: WithId,
      body: StatusMessageChange,
      handle: async ({ params, body, caller }) => {
        const { ended, ...text } = body;
        const { numUpdatedRows } = await db
          .updateTable('status_messages')
          .set((e) => ({
            ...text,
            // Over since it was first said to be.
            ...(ended === undefined
              ? {}
              : { ended_at: ended ? e.fn.coalesce('ended_at', e.val(now())) : null }),
            updated_at: now(),
            updated_by: nameOf(caller),
          }))
          .where('id', '=', params.id)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) throw gone(params.id);
        return undefined;
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/status/messages/:id',
      summary: 'Takes a message off the status page as if it had never been there.',
      params: WithId,
      handle: async ({ params }) => {
        const { numDeletedRows } = await db
          .deleteFrom('status_messages')
          .where('id', '=', params.id)
          .executeTakeFirst();
        if (numDeletedRows === 0n) throw gone(params.id);
        return undefined;
      },
    }),
  ];
}

function is(caller: Caller, role: 'viewer' | 'administrator'): boolean {
  return caller.kind === 'person' && mayActAs(caller.role, role);
}

function nameOf(caller: Caller): string | null {
  return caller.kind === 'person' ? caller.name : null;
}

function refuseStrangers(caller: Caller): void {
  if (caller.kind !== 'person') throw new AppError('unauthenticated', 'Please sign in.');
  if (!is(caller, 'viewer'))
    throw new AppError('forbidden', `This needs the role viewer; yours is ${caller.role}.`);
}

function gone(id: number): AppError {
  return new AppError('not-found', `There is no message ${id} on the status page.`, undefined, {
    reason: 'gone',
  });
}

async function refuseUnknown(
  tx: Database,
  table: 'services' | 'incidents',
  id: number | null,
  path: string,
): Promise<void> {
  if (id === null) return;
  const row = await tx.selectFrom(table).select('id').where('id', '=', id).executeTakeFirst();
  if (row === undefined)
    throw new AppError('invalid', `${path}: there is no ${id}.`, [{ path, message: `there is no ${id}` }]);
}
