import { z } from 'zod';
import { GivenRole, SessionReply } from './session.ts';

const text = (most: number) =>
  z.string().trim().min(1, 'must not be empty').max(most, `must be at most ${most} characters`);
const certificate = z
  .string()
  .trim()
  .max(50_000)
  .regex(
    /^(-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)+$/,
    'must be one or more certificates as text (PEM), beginning with -----BEGIN CERTIFICATE-----',
  );
/** Stands for the name that somebody signs in with. */
const placeholder = '{name}';

/**
 * What members of a group get. Of several groups of a person the highest role counts, with the sites of the rules that give this
 * role. Nobody gets in without one.
 */
export const GroupRule = z.strictObject({
  /** A value of the groups claim (OIDC), compared exactly; the DN or the common name of a group (LDAP), in any case. */
  group: text(500),
  role: GivenRole,
  /** null: all sites. */
  siteIds: z.array(z.int().positive()).max(1000).nullable(),
});
export type GroupRule = z.infer<typeof GroupRule>;

/** Another server that says who somebody is, by OpenID Connect. */
export const OidcSettings = z.strictObject({
  kind: z.literal('oidc'),
  /** Where the provider's description lies: …/.well-known/openid-configuration comes after it. */
  issuer: z
    .url({ protocol: /^https?$/, error: 'must be an address that begins with https://' })
    .max(500)
    .refine((address) => !/[?#]/.test(address), 'must not hold a question mark or a hash'),
  clientId: text(300),
  /** Besides openid: what is asked for, with spaces between. */
  scopes: z
    .string()
    .trim()
    .max(300)
    .regex(/^[\x21\x23-\x5b\x5d-\x7e ]*$/, 'must be words with spaces between them'),
  /** Where the groups stand: a claim, or a path into it with dots, e.g. realm_access.roles. */
  groupsClaim: text(200),
  /** The provider asks for a second factor; Rackhaus then does not ask for its own. */
  checksSecondFactor: z.boolean(),
  /** With it: the levels (acr) of which the provider has to confirm one; '' believes the provider without. */
  acrValues: z.string().trim().max(300),
  /** Instead of those that this server's system trusts, for the provider's certificate. */
  caCertificate: certificate.nullable(),
});
export type OidcSettings = z.infer<typeof OidcSettings>;

const server = z
  .string()
  .trim()
  .regex(
    /^ldaps?:\/\/([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?\/?$/i,
    'must be like ldaps://dc1.example.de or ldap://dc1.example.de:389',
  )
  .max(300);

/** A directory by LDAP: Active Directory, OpenLDAP and others. Always with TLS: from the start (ldaps) or before anything is sent. */
export const LdapSettings = z.strictObject({
  kind: z.literal('ldap'),
  /** Asked in this order: the next one when one cannot be reached. */
  servers: z.array(server).min(1, 'must name a server').max(10),
  /** Instead of those that this server's system trusts, for the directory's certificate. */
  caCertificate: certificate.nullable(),
  directory: z.enum(['active-directory', 'other']),
  /**
   * `search`: an account of its own finds the person, whose password is then tried. `direct`: the name itself is made into what the
   * directory wants; who is signed in can then not be checked again later.
   */
  bind: z.discriminatedUnion('how', [
    z.strictObject({ how: z.literal('search'), user: text(500) }),
    z.strictObject({
      how: z.literal('direct'),
      pattern: text(500).refine(
        (pattern) => pattern.includes(placeholder) && pattern !== placeholder,
        `must hold ${placeholder} and more than that, e.g. {name}@example.local`,
      ),
    }),
  ]),
  /** Where people lie. */
  base: text(500),
  /** Finds one person; {name} stands for what was typed. */
  filter: text(1000).refine((filter) => filter.includes(placeholder), `must hold ${placeholder}`),
  /** The attribute that becomes the name of the account. */
  nameAttribute: text(100).regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'must be the name of an attribute'),
  /** `nested`: groups in groups, found by Active Directory; `member-of`: what the person's entry says; `search`: by their members. */
  groups: z.enum(['nested', 'member-of', 'search']),
  /** Only groups below count. */
  groupBase: text(500),
});
export type LdapSettings = z.infer<typeof LdapSettings>;

export const SignInSettings = z.discriminatedUnion('kind', [OidcSettings, LdapSettings]);
export type SignInSettings = z.infer<typeof SignInSettings>;

/** Why somebody was sent away whom the source knows: what an administrator can do something about. */
export const SignInRefusal = z.strictObject({
  at: z.number(),
  name: z.string(),
  reason: z.enum(['no-group', 'name-taken', 'not-strong', 'too-many-groups']),
  /** What they have. */
  groups: z.array(z.string()),
});
export type SignInRefusal = z.infer<typeof SignInRefusal>;

export const SignInSource = z.strictObject({
  id: z.int(),
  name: z.string(),
  enabled: z.boolean(),
  settings: SignInSettings,
  rules: z.array(GroupRule),
  /** Client secret or password of the own account; it is never shown. */
  hasSecret: z.boolean(),
  /** Accounts that come from it. */
  accounts: z.int(),
  lastRefusal: SignInRefusal.nullable(),
});
export type SignInSource = z.infer<typeof SignInSource>;

/** GET /api/sign-in-sources */
export const SignInSourceList = z.strictObject({
  sources: z.array(SignInSource),
  /** To be entered at a provider: where browsers come back to. */
  redirectUri: z.string(),
});
export type SignInSourceList = z.infer<typeof SignInSourceList>;

const name = text(60);
const rules = z.array(GroupRule).max(200);
const secret = z.string().min(1, 'must not be empty').max(1000);

/** POST /api/sign-in-sources */
export const NewSignInSource = z.strictObject({
  name,
  enabled: z.boolean(),
  settings: SignInSettings,
  rules,
  secret: secret.optional(),
});
export type NewSignInSource = z.infer<typeof NewSignInSource>;

/** PATCH /api/sign-in-sources/:id. Without `secret` it stays, which needs the same servers; null deletes it. */
export const SignInSourceChange = z.strictObject({
  name: name.optional(),
  enabled: z.boolean().optional(),
  settings: SignInSettings.optional(),
  rules: rules.optional(),
  secret: secret.nullable().optional(),
});
export type SignInSourceChange = z.infer<typeof SignInSourceChange>;

/** POST /api/sign-in-sources/check: tries settings before they are saved. `id`: use the secret of that source. */
export const SignInCheck = z.strictObject({
  id: z.int().positive().optional(),
  settings: SignInSettings,
  secret: secret.optional(),
  rules,
  /** Whose groups are looked up (LDAP). */
  person: z.string().trim().max(100).optional(),
  /** Left out: the person's password is not tried. */
  password: z.string().max(200).optional(),
});
export type SignInCheck = z.infer<typeof SignInCheck>;

export const SignInCheckStep = z.strictObject({
  step: z.enum([
    'reach',
    'tls',
    'bind',
    'search',
    'person',
    'groups',
    'rules',
    'discovery',
    'keys',
    'logout',
  ]),
  outcome: z.enum(['done', 'failed', 'not-there']),
  /** What was found or what went wrong, as the server at the other end puts it. */
  detail: z.string(),
  /** A word by which a screen finds its own sentence for a failure. */
  reason: z
    .enum([
      'unreachable',
      'not-allowed',
      'certificate',
      'no-tls',
      'credentials',
      'base',
      'nobody',
      'several',
      'password',
      'disabled',
      'no-id',
      'no-name',
      'no-group',
      'not-https',
      'wrong-issuer',
      'not-a-provider',
      'other',
    ])
    .optional(),
  /** With `groups`: what the person has. */
  groups: z.array(z.string()).optional(),
  /** With `rules`: what that comes to. */
  role: GivenRole.optional(),
});
export type SignInCheckStep = z.infer<typeof SignInCheckStep>;
export const SignInCheckReply = z.strictObject({ steps: z.array(SignInCheckStep) });

/** GET /api/sign-in-ways: for the sign-in page, so by name only. */
export const SignInWays = z.strictObject({
  ways: z.array(z.strictObject({ id: z.int(), name: z.string() })),
});
export type SignInWays = z.infer<typeof SignInWays>;

/** POST /api/sign-in-ways/:id/start: where the browser is to go. `next`: the page of this server that was wanted. */
export const SignInStart = z.strictObject({ next: z.string().max(2000) });
export const SignInStarted = z.strictObject({ url: z.string() });

/** POST /api/sign-in-ways/return: what the provider wrote behind the address that it sent the browser back to. */
export const SignInReturn = z.strictObject({ query: z.string().max(20_000) });
/** `next`: the page that was wanted. */
export const SignInReturned = z.strictObject({ session: SessionReply, next: z.string() });
