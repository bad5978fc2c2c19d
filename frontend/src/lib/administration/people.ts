import type { MadeAccountLink, UserList } from '@rackhaus/config/contract';
import { quantities } from '../format/index.ts';
import { m } from '../paraglide/messages.js';

export type User = UserList['users'][number];

/** Whether somebody can sign in, in words. */
export function stateWords(user: User, now: number): string {
  if (user.disabled) return m.admin_users_disabled();
  if (user.invitedUntil !== null)
    return user.invitedUntil > now
      ? m.people_invited({ time: quantities.moment(user.invitedUntil, now) })
      : m.people_invitation_over();
  return m.admin_users_active();
}

/** Who checks the password, in words. */
export function sourceWords(user: User): string {
  switch (user.source) {
    case 'local':
      return m.people_source_local();
    case 'oidc':
      return m.people_source_oidc();
    case 'ldap':
      return m.people_source_ldap();
  }
}

/** What became of sending a link, and until when it holds. */
export function linkWords(link: MadeAccountLink, now: number): string {
  const until = quantities.moment(link.expiresAt, now);
  const what =
    link.kind === 'invitation' ? m.people_link_invitation({ until }) : m.people_link_reset({ until });
  switch (link.mail) {
    case null:
      return what;
    case 'sent':
      return `${what} ${m.people_link_sent()}`;
    case 'failed':
      return `${what} ${m.people_link_failed()}`;
    case 'no-server':
      return `${what} ${m.people_link_no_server()}`;
  }
}
