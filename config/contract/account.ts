import { z } from 'zod';
import { AccountSource, GivenRole, newPassword, personName, Role, SessionReply } from './session.ts';

/** A QR code without its quiet zone: modules along one side, and dark ones as column, row, how many side by side. */
export const QrRuns = z.strictObject({
  modules: z.int(),
  runs: z.array(z.tuple([z.int(), z.int(), z.int()])),
});

const code = z
  .string()
  .transform((text) => text.replaceAll(/[\s-]/g, ''))
  .pipe(z.string().regex(/^\d{6}$/, 'must be the six digits that the app shows'));
const recoveryCode = z
  .string()
  .transform((text) => text.toUpperCase().replaceAll(/[^0-9A-Z]/g, ''))
  .pipe(z.string().min(1, 'must not be empty').max(100));

const base64url = z
  .string()
  .regex(/^[\w-]*$/)
  .max(100_000);
const extensions = z.record(z.string(), z.unknown());
const attachment = z.enum(['platform', 'cross-platform']).nullish();

/** What a browser sends after making a passkey (WebAuthn, RegistrationResponseJSON). */
export const PasskeyMade = z.object({
  id: base64url,
  rawId: base64url,
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z.array(z.string().max(40)).max(20).optional(),
  }),
  authenticatorAttachment: attachment,
  clientExtensionResults: extensions,
});
export type PasskeyMade = z.infer<typeof PasskeyMade>;

/** What a browser sends after using a passkey (WebAuthn, AuthenticationResponseJSON). */
export const PasskeyUsed = z.object({
  id: base64url,
  rawId: base64url,
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.nullish(),
  }),
  authenticatorAttachment: attachment,
  clientExtensionResults: extensions,
});
export type PasskeyUsed = z.infer<typeof PasskeyUsed>;

/** Options for the browser's own dialog, handed to it as they are. */
export const PasskeyOptions = z.record(z.string(), z.unknown());

/** POST /api/session/passkey: signs in with a passkey alone. POST /api/session/second-factor: the second step. */
export const SecondFactorAnswer = z.union([
  z.strictObject({ code }),
  z.strictObject({ recoveryCode }),
  z.strictObject({ passkey: PasskeyUsed }),
]);
export type SecondFactorAnswer = z.infer<typeof SecondFactorAnswer>;
export const PasskeySignIn = z.strictObject({ passkey: PasskeyUsed });

/** POST …/totp: begins to set up an app for one-time codes; the secret is shown this once. */
export const NewAuthenticator = z.strictObject({ secret: z.string(), uri: z.string(), qr: QrRuns });
/** PUT …/totp: a code of it shows that it works. */
export const AuthenticatorCode = z.strictObject({ code });
export const NewPasskey = z.strictObject({ name: personName, passkey: PasskeyMade });
export const PasskeyChange = z.strictObject({ name: personName });

/** `codes`: shown this once; null: there are some already, which stay. */
export const RecoveryCodes = z.strictObject({ codes: z.array(z.string()).nullable() });
/** The second factor that had to be set up is there, and with it the session. */
export const SetUpReply = z.strictObject({ codes: z.array(z.string()).nullable(), session: SessionReply });

export const AccountSession = z.strictObject({
  id: z.int(),
  createdAt: z.number(),
  lastUsedAt: z.number(),
  address: z.string().nullable(),
  userAgent: z.string().nullable(),
  /** The one that asks. */
  own: z.boolean(),
});
export type AccountSession = z.infer<typeof AccountSession>;
export const AccountSessions = z.strictObject({ sessions: z.array(AccountSession) });

/** GET /api/account */
export const Account = z.strictObject({
  id: z.int(),
  name: z.string(),
  role: Role,
  source: AccountSource,
  /** False where somebody else checks the password. */
  hasPassword: z.boolean(),
  /** Since when an app for one-time codes is set up. */
  totpSince: z.number().nullable(),
  passkeys: z.array(
    z.strictObject({
      id: z.int(),
      name: z.string(),
      createdAt: z.number(),
      lastUsedAt: z.number().nullable(),
    }),
  ),
  recoveryCodesLeft: z.int(),
  /** This account has to have a second factor. */
  secondFactorNeeded: z.boolean(),
  sessions: z.array(AccountSession),
});
export type Account = z.infer<typeof Account>;

/** POST /api/account/confirm: shows again that it is this person, for what is sensitive. */
export const Confirmation = z.union([
  z.strictObject({ password: z.string().max(200) }),
  z.strictObject({ code }),
  z.strictObject({ passkey: PasskeyUsed }),
]);
export type Confirmation = z.infer<typeof Confirmation>;
/** PUT /api/account/password */
export const PasswordChange = z.strictObject({ current: z.string().max(200), password: newPassword });

const siteIds = z.array(z.int().positive()).max(10_000).nullable();
const address = z.email('must be an address such as name@example.de').max(200);

/** POST /api/users/invitations. `siteIds` null: all sites. `address`: the link is sent there too. */
export const NewInvitation = z.strictObject({
  name: personName,
  role: GivenRole,
  siteIds,
  address: address.nullish(),
});
/** POST /api/users/:id/link: a new invitation for who has no password yet, else a link to set a new one. */
export const NewAccountLink = z.strictObject({ address: address.nullish() });
export const AccountLinkKind = z.enum(['invitation', 'reset']);
export type AccountLinkKind = z.infer<typeof AccountLinkKind>;
/** The address holds the secret and is shown this once. `mail`: what became of sending it; null: it was not to be sent. */
export const MadeAccountLink = z.strictObject({
  id: z.int(),
  kind: AccountLinkKind,
  url: z.string(),
  expiresAt: z.number(),
  mail: z.enum(['sent', 'failed', 'no-server']).nullable(),
});
export type MadeAccountLink = z.infer<typeof MadeAccountLink>;

const token = z.string().min(20).max(200);
/** POST /api/account-links/look */
export const AccountLinkToken = z.strictObject({ token });
export const AccountLinkView = z.strictObject({
  kind: AccountLinkKind,
  name: z.string(),
  expiresAt: z.number(),
});
/** POST /api/account-links/use */
export const AccountLinkUse = z.strictObject({ token, password: newPassword });

/** Who has to have a second factor. */
export const SecondFactorPolicy = z.enum(['nobody', 'administrators', 'everybody']);
export type SecondFactorPolicy = z.infer<typeof SecondFactorPolicy>;
/** GET and PUT /api/sign-in-policy. `dueAt`: until then those who have none are only reminded. */
export const SignInPolicy = z.strictObject({
  secondFactor: SecondFactorPolicy,
  dueAt: z.number().nullable(),
  /** Accounts that have to have one and have none. */
  missing: z.int(),
});
export const SignInPolicyChange = z.strictObject({ secondFactor: SecondFactorPolicy });

/** GET /api/held-off: who has to wait after too many failures. */
export const HeldOff = z.strictObject({
  held: z.array(
    z.strictObject({
      key: z.string(),
      /** What was tried: a sign-in, a second step, a link. */
      what: z.enum(['sign-in', 'second-factor', 'confirmation', 'link', 'setup', 'passkey']),
      /** As it was typed; null where an address is held off whatever it tries. */
      account: z.string().nullable(),
      address: z.string().nullable(),
      failures: z.int(),
      until: z.number(),
    }),
  ),
});
export type HeldOff = z.infer<typeof HeldOff>;
/** POST /api/held-off/release */
export const HeldOffRelease = z.strictObject({ key: z.string().max(1000) });
