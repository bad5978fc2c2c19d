import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Database } from '../database/tables.ts';
import type { CallNotes, NotedCall } from '../http/call-notes.ts';
import type { Caller } from '../http/route.ts';
import { AppError } from '../problem.ts';
import type { Audit } from './audit.ts';
import type { CallContext, CallContexts } from './call-context.ts';
import { type AuditNote, auditBy, byNobody } from './note.ts';
import { type NotedRoute, notedRoute } from './route-actions.ts';
import { subjectOf } from './subjects.ts';

/** Opening the same file again within this time is one download: viewers fetch it in pieces. */
const sameDownloadMs = 10 * 60_000;

/** Notes what is done by calls of routes, in one place; what the work notes itself is not noted twice. */
export class RequestNotes implements CallNotes {
  readonly #db: Database;
  readonly #audit: Audit;
  readonly #contexts: CallContexts;
  readonly #now: () => number;
  readonly #downloads = new Map<string, number>();

  constructor(options: { db: Database; audit: Audit; contexts: CallContexts; now: () => number }) {
    this.#db = options.db;
    this.#audit = options.audit;
    this.#contexts = options.contexts;
    this.#now = options.now;
  }

  around(key: string, request: Request, work: (call: NotedCall) => Promise<void>): Promise<void> {
    const context: CallContext = { address: request.ip ?? null, by: byNobody, noted: false };
    return this.#contexts.run(context, () => work(this.#call(key, context)));
  }

  #call(key: string, context: CallContext): NotedCall {
    const route = notedRoute(key);
    let subject: AuditNote['subject'];
    let detail: NonNullable<AuditNote['detail']> = {};
    let over = false;
    const note = (
      action: AuditNote['action'],
      outcome: AuditNote['outcome'],
      more: AuditNote['detail'] = {},
    ) =>
      this.#audit.note({
        action,
        outcome,
        by: context.by,
        address: context.address,
        ...(subject === undefined ? {} : { subject }),
        detail: { ...detail, ...more },
      });
    const noted = (of: NotedRoute) => (of.always === true ? false : context.noted);

    return {
      by: (caller: Caller) => {
        context.by = auditBy(caller);
      },
      about: async ({ params, body }) => {
        if (route === null) return;
        // Before the work: afterwards what is deleted has no name.
        subject = await subjectOf(this.#db, key, params);
        detail = { ...detailOf(key), ...testDetail(key, body) };
        if (subject === undefined) subject = testedDevice(key, body);
      },
      done: async (reply, response) => {
        over = true;
        if (route === null || noted(route)) return;
        if (route.action === 'download' && this.#goesOn(response, context, subject)) return;
        await note(route.action, 'done', outcomeDetail(reply));
      },
      failed: async (error) => {
        if (over) return;
        over = true;
        if (isRefusal(error)) {
          if (context.noted) return;
          const action = signIns.has(key) ? 'sign-in' : 'access';
          detail = { route: key, reason: error.details.reason ?? error.code };
          await note(action, 'refused');
        } else if (error instanceof AppError) {
          // Such as an address outside the networks that may be polled.
          if (route?.action === 'credential.tested' && detail.target !== undefined)
            await note(route.action, 'refused', { reason: error.details.reason ?? error.code });
        } else if (route !== null) {
          await note(route.action, 'failed', { route: key });
        }
      },
    };
  }

  /** A picture shown on a page, or one more piece of what is being downloaded. */
  #goesOn(response: Response, context: CallContext, subject: AuditNote['subject']): boolean {
    const shown = String(response.getHeader('Content-Disposition') ?? '').startsWith('inline');
    if (shown && String(response.getHeader('Content-Type') ?? '').startsWith('image/')) return true;
    const now = this.#now();
    for (const [key, time] of this.#downloads)
      if (Math.abs(now - time) > sameDownloadMs) this.#downloads.delete(key);
    const key = JSON.stringify([context.by, subject]);
    const known = this.#downloads.has(key);
    if (!known) this.#downloads.set(key, now);
    return known;
  }
}

const signIns = new Set(['POST /api/session', 'POST /api/setup', 'POST /api/kiosk-session']);

function isRefusal(error: unknown): error is AppError {
  return error instanceof AppError && (error.code === 'forbidden' || error.code === 'unauthenticated');
}

/** What was done, as the address says it: the word after the number. */
function detailOf(key: string): NonNullable<AuditNote['detail']> {
  const last = key.split('/').at(-1) ?? '';
  const method = key.slice(0, key.indexOf(' '));
  return last.startsWith(':') || key.split('/').length < 4
    ? { route: key }
    : { route: key, ...(method === 'GET' ? {} : { what: last }) };
}

const Test = z.object({
  address: z.string(),
  port: z.number(),
  credentialId: z.number().nullable(),
  deviceId: z.number().nullable(),
});

/** With which credentials what address was asked; not the secret. */
function testDetail(key: string, body: unknown): NonNullable<AuditNote['detail']> {
  if (key !== 'POST /api/credentials/test') return {};
  const test = Test.safeParse(body).data;
  if (test === undefined) return {};
  return { target: `${test.address}:${test.port}`, credential: test.credentialId };
}

function testedDevice(key: string, body: unknown): AuditNote['subject'] {
  if (key !== 'POST /api/credentials/test') return undefined;
  const id = Test.safeParse(body).data?.deviceId ?? null;
  return id === null ? undefined : { kind: 'device', id, name: '' };
}

const Tested = z.object({ outcome: z.string().max(40) });

function outcomeDetail(reply: unknown): NonNullable<AuditNote['detail']> {
  const result = Tested.safeParse(reply).data?.outcome;
  return result === undefined ? {} : { result };
}
