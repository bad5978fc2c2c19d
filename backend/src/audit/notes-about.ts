import type { Request } from 'express';
import type { Caller } from '../http/route.ts';
import type { Audit } from './audit.ts';
import { type AuditNote, auditBy } from './note.ts';

/** Notes what a caller has done to one thing of a kind. */
export type NoteAbout = (
  action: AuditNote['action'],
  thing: { readonly id: number; readonly name: string },
  by: { readonly caller: Caller; readonly request: Request },
  detail?: NonNullable<AuditNote['detail']>,
) => Promise<void>;

/** For routes that are all about things of one kind. */
export function notesAbout(audit: Audit, kind: string): NoteAbout {
  return (action, { id, name }, { caller, request }, detail = {}) =>
    audit.note({
      action,
      outcome: 'done',
      by: auditBy(caller),
      address: request.ip ?? null,
      subject: { kind, id, name },
      detail,
    });
}
