import type { Audit } from '../../audit/audit.ts';
import type { Database } from '../../database/tables.ts';
import type { Route } from '../../http/route.ts';
import type { Outgoing } from '../../outgoing/outgoing.ts';
import type { AttemptLimit } from '../attempt-limit.ts';
import type { SecretBox } from '../secret-box.ts';
import type { Sessions } from '../sessions.ts';
import type { SignIns } from '../sign-ins.ts';
import type { Users } from '../users.ts';
import { FederatedAccounts } from './accounts.ts';
import { LdapSignIn } from './ldap.ts';
import { OidcSignIn } from './oidc.ts';
import { PasswordSignIn } from './password.ts';
import { Recheck } from './recheck.ts';
import { federationRoutes } from './routes.ts';
import { Sources } from './sources.ts';

export interface Federation {
  /** Name and password, of an account here or in a directory. */
  readonly passwords: PasswordSignIn;
  /** To be started and stopped by the caller. */
  readonly recheck: Recheck;
  readonly routes: Route[];
}

/** Builds signing in by other servers: OpenID Connect and LDAP. */
export function createFederation(options: {
  db: Database;
  secretBox: SecretBox;
  users: Users;
  sessions: Sessions;
  signIns: SignIns;
  attempts: AttemptLimit;
  outgoing: Outgoing;
  audit: Audit;
  publicUrl: string | null;
  /** Browsers reach this server over https. */
  https: boolean;
  now: () => number;
  /** A source that could not be asked, or whose answer could not be trusted. */
  onTrouble: (source: string, error: Error) => void;
}): Federation {
  const { db, secretBox, sessions, outgoing, audit, now, onTrouble } = options;
  const sources = new Sources({ db, secretBox, now });
  const accounts = new FederatedAccounts({ db, sources, sessions, audit, now });
  const ldap = new LdapSignIn({ sources, accounts, outgoing, now, onTrouble });
  const oidc = new OidcSignIn({
    sources,
    accounts,
    signIns: options.signIns,
    attempts: options.attempts,
    outgoing,
    secretBox,
    https: options.https,
    now,
    onTrouble,
  });
  const recheck = new Recheck({ db, sources, accounts, ldap, onTrouble });
  return {
    passwords: new PasswordSignIn({ users: options.users, accounts, ldap }),
    recheck,
    routes: federationRoutes({
      sources,
      accounts,
      oidc,
      recheck,
      outgoing,
      audit,
      publicUrl: options.publicUrl,
      now,
    }),
  };
}
