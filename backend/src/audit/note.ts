import type { AuditAction, AuditByKind, AuditOutcome } from '@rackhaus/config/contract';
import type { Caller } from '../http/route.ts';

/** Who did something. `id` is the number of the account, agent, token or kiosk link. */
export interface AuditBy {
  readonly kind: AuditByKind;
  readonly id: number | null;
  readonly name: string;
}

/**
 * One thing that happened. No secret belongs in it, and no name or address of a person but in `by`, `address` and a subject of
 * kind `user`: those alone are taken out when their time is over. A name that nobody has (a wrong sign-in) is not noted:
 * people type passwords there.
 */
export interface AuditNote {
  readonly action: AuditAction;
  readonly outcome: AuditOutcome;
  readonly by: AuditBy;
  /** Network address; null: none, or not known. */
  readonly address: string | null;
  /** What it was done to. A person is of kind `user`. */
  readonly subject?: { readonly kind: string; readonly id: number | string | null; readonly name: string };
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>;
}

/** The server itself. */
export const bySystem: AuditBy = { kind: 'system', id: null, name: '' };
/** Somebody who has not said who they are. */
export const byNobody: AuditBy = { kind: 'nobody', id: null, name: '' };

/** Who calls, as the log says it. */
export function auditBy(caller: Caller): AuditBy {
  if (caller.kind === 'agent') return { kind: 'agent', id: caller.agentId, name: caller.name };
  if (caller.kind !== 'person') return byNobody;
  if (caller.userId === null) return { kind: 'kiosk', id: null, name: caller.name };
  if (caller.token !== undefined)
    return { kind: 'token', id: caller.token.id, name: `${caller.name} (${caller.token.name})` };
  return { kind: 'person', id: caller.userId, name: caller.name };
}
