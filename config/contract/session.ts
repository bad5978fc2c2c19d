import { z } from 'zod';

/** Each role may do what those before it may. `kiosk` is what a kiosk link gives: reading, and nothing of people or agents. */
export const roles = ['kiosk', 'viewer', 'technician', 'administrator'] as const;
export const Role = z.enum(roles);
export type Role = z.infer<typeof Role>;

const name = z.string().trim().min(1, 'must not be empty').max(100, 'must be at most 100 characters');
const password = z
  .string()
  .min(10, 'must have at least 10 characters')
  .max(200, 'must have at most 200 characters');

/** POST /api/session */
export const SignIn = z.strictObject({ user: name, password: z.string().max(200) });
export type SignIn = z.infer<typeof SignIn>;

/** GET /api/session. `setup`: nobody can sign in yet, the first administrator is to be made with the code from the server's console. */
export const SessionReply = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('setup') }),
  z.strictObject({ state: z.literal('signed-out') }),
  z.strictObject({
    state: z.literal('signed-in'),
    /** null for a kiosk link. */
    userId: z.int().nullable(),
    user: z.string(),
    role: Role,
    /** The simulator panel exists (demo). */
    demo: z.boolean(),
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
    }),
  ),
});
/** POST /api/users */
export const NewUser = z.strictObject({
  name,
  password,
  role: z.enum(['viewer', 'technician', 'administrator']),
});
/** PATCH /api/users/:id */
export const UserChange = z.strictObject({
  password: password.optional(),
  role: z.enum(['viewer', 'technician', 'administrator']).optional(),
  disabled: z.boolean().optional(),
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
      devices: z.int(),
      createdAt: z.number(),
      lastSeen: z.number().nullable(),
    }),
  ),
});
/** POST /api/agents; the reply's token is shown once. */
export const NewAgent = z.strictObject({ name });
export const CreatedAgent = z.strictObject({ id: z.int(), token: z.string() });
