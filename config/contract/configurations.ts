import { z } from 'zod';

const User = z.string().regex(/^[^\s\0-][^\r\n\0]{0,199}$/, 'must be a name without spaces at its beginning');
/** '' is none. */
const Secret = z
  .string()
  .max(500, 'must be at most 500 characters')
  .regex(/^[^\r\n\0]*$/, 'must be one line')
  .transform((value) => (value === '' ? null : value))
  .nullable();
/** A private key without passphrase, as ssh-keygen writes it. */
const PrivateKey = z
  .string()
  .max(20_000, 'must be at most 20,000 characters')
  .regex(
    /^\s*(-----BEGIN [A-Z ]*PRIVATE KEY-----[\sA-Za-z0-9+/=:,-]+-----END [A-Z ]*PRIVATE KEY-----\s*)?$/,
    {
      message: 'must be a private key: -----BEGIN OPENSSH PRIVATE KEY----- …',
    },
  )
  .transform((value) => (value.trim() === '' ? null : `${value.trim()}\n`))
  .nullable();

/** What somebody signs in with to read a device's configuration. Goes in, is kept sealed, and comes out only for agents. */
export const ShellLogin = z
  .strictObject({
    user: User,
    password: Secret.default(null),
    privateKey: PrivateKey.default(null),
    /** What the device asks for before it shows everything. */
    enable: Secret.default(null),
  })
  .refine(({ password, privateKey }) => password !== null || privateKey !== null, {
    message: 'needs a password or a private key',
    path: ['password'],
  });
export type ShellLogin = z.output<typeof ShellLogin>;
/** What of it is to be another one; the rest stays. */
export const ShellLoginChange = z.strictObject({
  user: User.optional(),
  password: Secret.optional(),
  privateKey: PrivateKey.optional(),
  enable: Secret.optional(),
});
export type ShellLoginChange = z.output<typeof ShellLoginChange>;

/** A public key of a host as in OpenSSH's known_hosts: "ssh-ed25519 AAAA…". */
export const HostKey = z.string().regex(/^[a-z0-9@.-]{1,60} [A-Za-z0-9+/=]{20,3000}$/, 'must be a host key');

/** A device whose configuration is to be read once. The dialogue is that of the profile. Comes with the assignment. */
export const ConfigurationJob = z.strictObject({
  id: z.string().min(1).max(100),
  deviceId: z.int().positive(),
  address: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.:_-]*$/, 'must be an IP address or a host name'),
  port: z.int().min(1).max(65_535),
  profile: z.string().min(1).max(100),
  login: ShellLogin,
  /** Who answers has to have one of these; none: it has never been met. */
  hostKeys: z.array(HostKey).max(20),
  /** Whether key exchanges, ciphers and signatures that are not safe any more may be used, which some devices need. */
  oldAlgorithms: z.boolean(),
});
export type ConfigurationJob = z.output<typeof ConfigurationJob>;

/**
 * What came of reading a configuration. `other-host-key`: somebody else answers, or the device has been set up anew.
 * `no-common-algorithm`: it knows only what is not safe any more. `no-dialogue`: its profile does not say how. `not-understood`: it
 * answered, and no configuration was among it. `no-ssh`: the agent's machine has no ssh.
 */
export const configurationOutcomes = [
  'read',
  'unreachable',
  'wrong-login',
  'wrong-enable',
  'other-host-key',
  'no-common-algorithm',
  'no-dialogue',
  'not-understood',
  'timeout',
  'not-allowed',
  'no-ssh',
] as const;
export type ConfigurationOutcome = (typeof configurationOutcomes)[number];

/** Above it, it is no configuration. */
export const longestConfiguration = 4_000_000;

/** POST /api/agent/configurations */
export const ConfigurationAnswer = z.strictObject({
  id: z.string().min(1).max(100),
  outcome: z.enum(configurationOutcomes),
  /** Lines end in \n; without prompts and pages; as the device shows it, with its secrets. null unless it was read. */
  text: z.string().max(longestConfiguration).nullable(),
  /** Whom we have spoken to. */
  hostKeys: z.array(HostKey).max(20),
  /** In the agent's words, for the log of the one who looks closer. */
  detail: z.string().max(1000).nullable(),
});
export type ConfigurationAnswer = z.output<typeof ConfigurationAnswer>;
