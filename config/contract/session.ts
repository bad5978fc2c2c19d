import { z } from 'zod';
import { AgentEnrolmentToken, AgentKeyFacts } from './agent-keys.ts';

/**
 * Each role may do what those before it may. `kiosk` is what a kiosk link gives: reading, and nothing of people or agents. `on-call`
 * looks at everything and deals with incidents; what is documented is changed from `technician` on.
 */
export const roles = ['kiosk', 'viewer', 'on-call', 'technician', 'administrator'] as const;
export const Role = z.enum(roles);
export type Role = z.infer<typeof Role>;

/** The roles that an account can have. */
export const GivenRole = z.enum(['viewer', 'on-call', 'technician', 'administrator']);
export type GivenRole = z.infer<typeof GivenRole>;

const name = z.string().trim().min(1, 'must not be empty').max(100, 'must be at most 100 characters');
/** How people and their passkeys are called. */
export const personName = name;
/** A password that is set from now on; see also access/password-rules.ts. Any characters: what they are says little. */
export const newPassword = z
  .string()
  .min(12, 'must have at least 12 characters')
  .max(200, 'must have at most 200 characters');
const password = newPassword;

/** Who checks the password of an account. */
export const AccountSource = z.enum(['local', 'oidc', 'ldap']);
export type AccountSource = z.infer<typeof AccountSource>;
/** By what somebody can show that it is they. */
export const SecondFactorKind = z.enum(['totp', 'passkey', 'recovery-code']);
export type SecondFactorKind = z.infer<typeof SecondFactorKind>;

/** POST /api/session */
export const SignIn = z.strictObject({ user: name, password: z.string().max(200) });
export type SignIn = z.infer<typeof SignIn>;

/** GET /api/session. `setup`: nobody can sign in yet, the first administrator is to be made with the code from the server's console. */
export const SessionReply = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('setup') }),
  z.strictObject({ state: z.literal('signed-out') }),
  /** The password was right; what is missing is one of these. Nothing else can be done until then. */
  z.strictObject({
    state: z.literal('second-factor'),
    user: z.string(),
    methods: z.array(SecondFactorKind),
  }),
  /** The password was right, and this account has to set up a second factor before it can do anything else. */
  z.strictObject({ state: z.literal('set-up-second-factor'), user: z.string() }),
  z.strictObject({
    state: z.literal('signed-in'),
    /** null for a kiosk link. */
    userId: z.int().nullable(),
    user: z.string(),
    role: Role,
    /** The sites that the account is limited to; null: all of them. */
    sites: z.array(z.int()).nullable(),
    /** Whether they may switch outlets. */
    maySwitch: z.boolean().optional(),
    /** Only for a kiosk link to one room: that room; nothing else is answered. */
    room: z.int().optional(),
    /** The simulator panel exists (demo). */
    demo: z.boolean(),
    /** Only where the account has to have a second factor and has none: until when it can go on without. */
    secondFactorDueAt: z.number().optional(),
  }),
]);
export type SessionReply = z.infer<typeof SessionReply>;

/** POST /api/setup: makes the first administrator and signs in. */
export const Setup = z.strictObject({ code: z.string().trim().min(1), user: name, password });
export type Setup = z.infer<typeof Setup>;

/** GET /api/users */
export const UserList = z.strictObject({
  users: z.array(
    z.strictObject({
      id: z.int(),
      name: z.string(),
      role: Role,
      disabled: z.boolean(),
      createdAt: z.number(),
      /** The sites that the account is limited to; null: all of them. */
      siteIds: z.array(z.int()).nullable(),
      /** Whether they may switch outlets. */
      maySwitch: z.boolean(),
      source: AccountSource,
      secondFactor: z.boolean(),
      lastSignInAt: z.number().nullable(),
      /** Has not set a password yet; until when the invitation holds. */
      invitedUntil: z.number().nullable(),
      /** There is a link with which this person can set a new password, until then. */
      resetUntil: z.number().nullable(),
    }),
  ),
});
export type UserList = z.infer<typeof UserList>;
/** POST /api/users */
export const NewUser = z.strictObject({
  name,
  password,
  role: GivenRole,
  siteIds: z.array(z.int().positive()).max(10_000).nullable().optional(),
});
/** PATCH /api/users/:id */
export const UserChange = z.strictObject({
  password: password.optional(),
  role: GivenRole.optional(),
  disabled: z.boolean().optional(),
  /** null: all sites. Administrators always have all. */
  siteIds: z.array(z.int().positive()).max(10_000).nullable().optional(),
});

/** GET /api/kiosk-links */
export const KioskLinkList = z.strictObject({
  links: z.array(
    z.strictObject({
      id: z.int(),
      name: z.string(),
      /** The page that the link opens, e.g. `/rooms/1`. */
      path: z.string(),
      createdAt: z.number(),
      lastUsedAt: z.number().nullable(),
    }),
  ),
});
/** POST /api/kiosk-links; the reply's `url` is shown once and holds the secret. */
export const NewKioskLink = z.strictObject({
  name,
  path: z.string().regex(/^\/(rooms(\/\d+)?)?$/, 'must be /rooms or /rooms/<number>'),
});
export const CreatedKioskLink = z.strictObject({ id: z.int(), url: z.string() });
/** POST /api/kiosk-session */
export const KioskSignIn = z.strictObject({ token: z.string().min(20).max(200) });
export const KioskSignedIn = z.strictObject({ path: z.string() });

/** GET /api/agents */
export const AgentList = z.strictObject({
  agents: z.array(
    z.strictObject({
      id: z.int(),
      name: z.string(),
      /** Given to it, whoever polls them at the moment. */
      devices: z.int(),
      /** Of them, given by hand. */
      byHand: z.int(),
      createdAt: z.number(),
      lastSeen: z.number().nullable(),
      siteIds: z.array(z.int()),
      standbyAgentId: z.int().nullable(),
      key: AgentKeyFacts.optional(),
    }),
  ),
});
/**
 * PATCH /api/agents/:id: the sites whose devices it polls, and the agent that takes its devices over while it is silent. What is left
 * out stays. 409 when a site has another agent.
 */
export const AgentChange = z.strictObject({
  siteIds: z.array(z.int().positive()).max(10_000).optional(),
  standbyAgentId: z.int().positive().nullable().optional(),
});
export type AgentChange = z.infer<typeof AgentChange>;
/** POST /api/agents; the reply's token is shown once. */
export const NewAgent = z.strictObject({ name });
export const CreatedAgent = AgentEnrolmentToken;
