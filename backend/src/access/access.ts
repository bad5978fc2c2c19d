import { type Audit, byNobody } from '../audit/audit.ts';
import type { Database } from '../database/tables.ts';
import { administrationRoutes } from './administration-routes.ts';
import { createGate } from './admit.ts';
import { AgentKeys } from './agent-keys.ts';
import { type AgentFacts, agentAdministrationRoutes } from './agent-routes.ts';
import { Agents } from './agents.ts';
import { apiTokenRoutes } from './api-token-routes.ts';
import { ApiTokens } from './api-tokens.ts';
import { AttemptLimit } from './attempt-limit.ts';
import { CallRate } from './call-rate.ts';
import { Enrolment } from './enrolment.ts';
import { enrolmentRoutes } from './enrolment-routes.ts';
import { passwordsHere, type SignInByPassword } from './federation/password.ts';
import { FirstSetup } from './first-setup.ts';
import { KioskLinks } from './kiosk-links.ts';
import { LocalAgent } from './local-agent.ts';
import { OwnSessions } from './own-account/own-session.ts';
import { ownAccountRoutes } from './own-account/routes.ts';
import { Passwords } from './passwords.ts';
import { AccountLinks } from './people/account-links.ts';
import type { LinkMail } from './people/link-mail.ts';
import { peopleRoutes } from './people/routes.ts';
import { Authenticators } from './second-factor/authenticators.ts';
import { Challenges } from './second-factor/challenges.ts';
import { Passkeys } from './second-factor/passkeys.ts';
import { SecondFactorRule } from './second-factor/policy.ts';
import { RecoveryCodes } from './second-factor/recovery-codes.ts';
import { SecondFactors } from './second-factor/second-factors.ts';
import type { SecretBox } from './secret-box.ts';
import { SessionCookie } from './session-cookie.ts';
import { sessionRoutes } from './session-routes.ts';
import { Sessions } from './sessions.ts';
import { SignInSteps } from './sign-in-steps.ts';
import { SignIns } from './sign-ins.ts';
import { type StandsIn, Users } from './users.ts';

/** Programs with a token: ten a second are many for an interface to people's work. */
const tokenCallsAMinute = 600;

export type Access = ReturnType<typeof createAccess>;

/** Builds everything about who may do what. `sessions` is to be started and stopped by the caller. */
export function createAccess(options: {
  db: Database;
  /** Where it is noted who did what. */
  audit: Audit;
  secretBox: SecretBox;
  now: () => number;
  publicUrl: string | null;
  demo: boolean;
  /** Browsers reach this server over https; left out: as `publicUrl` says. */
  https?: boolean;
  /** See {@link Passwords}. */
  passwordCost: number;
  /** SHA-256 of this server's certificate where it is signed by itself: agents are told to expect that one. */
  fingerprint?: () => string | null;
}) {
  const { db, audit, now, publicUrl, demo } = options;
  const https = options.https ?? publicUrl?.startsWith('https:') === true;
  const cookie = new SessionCookie({ https });
  const sessions = new Sessions({ db, now, cookie });
  const passwords = new Passwords({ cost: options.passwordCost });
  const users = new Users({ db, now, passwords, sessions });
  const kioskLinks = new KioskLinks({ db, now, sessions });
  const keys = new AgentKeys({ db, audit, now });
  const enrolment = new Enrolment({ db, keys, audit, now });
  const agents = new Agents({ db, now, keys, enrolment });
  const apiTokens = new ApiTokens({ db, now });
  const localAgent = new LocalAgent({ db, agents, keys });
  const firstSetup = new FirstSetup({ users });
  const attempts = new AttemptLimit({
    now,
    // The name is not noted: people type passwords there. Administrators see it while it is held off.
    onHeldOff: ({ what = 'sign-in', address }) =>
      void audit.note({
        action: 'sign-in.locked',
        outcome: 'refused',
        by: byNobody,
        address,
        detail: { what },
      }),
  });
  const factors = new SecondFactors({
    db,
    authenticators: new Authenticators({ db, secretBox: options.secretBox, now }),
    passkeys: new Passkeys({ db, now, challenges: new Challenges({ now }) }),
    recoveryCodes: new RecoveryCodes({ db, now }),
  });
  const rule = new SecondFactorRule({ db, now });
  const steps = new SignInSteps({ now });
  users.onLocked((userId) => steps.endOf(userId));
  const accountLinks = new AccountLinks({ db, now });
  const own = new OwnSessions({ sessions, users, now });
  const signIns = new SignIns({
    users,
    sessions,
    factors,
    rule,
    steps,
    stepCookie: new SessionCookie({ https, purpose: 'step' }),
    attempts,
    audit,
    demo,
  });
  return {
    sessions,
    users,
    agents,
    agentKeys: keys,
    enrolment,
    localAgent,
    firstSetup,
    signIns,
    /** Who has to have a second factor. */
    secondFactorRule: rule,
    /** What people have besides their password. */
    secondFactors: factors,
    accountLinks,
    /** Whose browser it is that asks, and whether they have shown so lately. */
    own,
    /** Slows down guessing; people see there who has to wait. */
    attempts,
    gate: createGate({
      sessions,
      agents,
      apiTokens,
      callRate: new CallRate({ most: tokenCallsAMinute, now }),
      db,
    }),
    routes: (
      agentFacts: AgentFacts,
      mail: LinkMail,
      passwordsOf: SignInByPassword = passwordsHere(users),
      standsIn: StandsIn = async () => [],
    ) => [
      ...sessionRoutes({
        users,
        sessions,
        kioskLinks,
        firstSetup,
        attempts,
        signIns,
        passwords: passwordsOf,
        factors,
        accountLinks,
        audit,
        publicUrl,
      }),
      ...ownAccountRoutes({
        own,
        users,
        passwords: passwordsOf,
        sessions,
        factors,
        rule,
        attempts,
        audit,
        publicUrl,
      }),
      ...peopleRoutes({
        own,
        users,
        sessions,
        factors,
        rule,
        accountLinks,
        mail,
        attempts,
        audit,
        publicUrl,
        standsIn,
      }),
      ...administrationRoutes({ kioskLinks, publicUrl }),
      ...agentAdministrationRoutes({
        agents,
        keys,
        agentFacts,
        audit,
        fingerprint: options.fingerprint ?? (() => null),
      }),
      ...apiTokenRoutes({ tokens: apiTokens, audit, own }),
      ...enrolmentRoutes({ db, agents, keys, enrolment, attempts: new AttemptLimit({ now }) }),
    ],
  };
}
