import type { Database } from '../database/tables.ts';
import { type AgentFacts, administrationRoutes } from './administration-routes.ts';
import { admitBy } from './admit.ts';
import { Agents } from './agents.ts';
import { AttemptLimit } from './attempt-limit.ts';
import { FirstSetup } from './first-setup.ts';
import { KioskLinks } from './kiosk-links.ts';
import { Passwords } from './passwords.ts';
import { SessionCookie } from './session-cookie.ts';
import { sessionRoutes } from './session-routes.ts';
import { Sessions } from './sessions.ts';
import { Users } from './users.ts';

export type Access = ReturnType<typeof createAccess>;

/** Builds everything about who may do what. `sessions` is to be started and stopped by the caller. */
export function createAccess(options: {
  db: Database;
  now: () => number;
  publicUrl: string | null;
  demo: boolean;
  /** See {@link Passwords}. */
  passwordCost: number;
}) {
  const { db, now, publicUrl, demo } = options;
  const cookie = new SessionCookie({ https: publicUrl?.startsWith('https:') === true });
  const sessions = new Sessions({ db, now, cookie });
  const passwords = new Passwords({ cost: options.passwordCost });
  const users = new Users({ db, now, passwords, sessions });
  const kioskLinks = new KioskLinks({ db, now, sessions });
  const agents = new Agents({ db, now });
  const firstSetup = new FirstSetup({ users });
  const attempts = new AttemptLimit({ now });
  return {
    sessions,
    users,
    agents,
    firstSetup,
    admit: admitBy({ sessions, agents }),
    routes: (agentFacts: AgentFacts) => [
      ...sessionRoutes({ users, sessions, kioskLinks, firstSetup, attempts, demo }),
      ...administrationRoutes({ users, kioskLinks, agents, agentFacts, publicUrl }),
    ],
  };
}
