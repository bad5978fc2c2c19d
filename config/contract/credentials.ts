import { z } from 'zod';
import { probeOutcomes, SnmpCredentials } from './agent.ts';
import { recordFields } from './records/index.ts';

const { name } = recordFields.credential.shape;

/** POST /api/credentials. The secret goes in and never comes out again. */
export const NewCredential = z.strictObject({ name, secret: SnmpCredentials });
/** PATCH /api/credentials/:id: another name, another secret, or both. */
export const CredentialPatch = z.strictObject({
  name: name.optional(),
  secret: SnmpCredentials.optional(),
});

/** GET /api/credentials */
export const CredentialList = z.strictObject({
  credentials: z.array(
    z.strictObject({
      id: z.int(),
      version: z.int(),
      name: z.string(),
      protocol: z.enum(['2c', '3']),
      /** Devices that name it themselves. */
      devices: z.int(),
      /** Devices that get it, by themselves or by a rule. */
      used: z.int(),
      /** Rules that assign it. */
      rules: z.int(),
    }),
  ),
});
export type CredentialList = z.infer<typeof CredentialList>;

/**
 * POST /api/credentials/test: does a device answer at this address? With the set `credentialId`, with a `secret` that is not kept,
 * or (neither) with what is assigned to the device `deviceId`. `agentId`: which agent asks; left out: the one that polls that device,
 * or the first one.
 */
export const CredentialTest = z.strictObject({
  address: z
    .string()
    .trim()
    .max(253, 'must be at most 253 characters')
    .regex(/^[A-Za-z0-9][A-Za-z0-9.:_-]*$/, 'must be an IP address or a host name'),
  port: z.int().min(1).max(65_535).default(161),
  credentialId: z.int().positive().nullable().default(null),
  secret: SnmpCredentials.nullable().default(null),
  deviceId: z.int().positive().nullable().default(null),
  agentId: z.int().positive().nullable().default(null),
});
export type CredentialTest = z.output<typeof CredentialTest>;

/** `no-agent`: none is connected, so nobody could ask. `no-credentials`: none are assigned to that device. */
export const testOutcomes = [...probeOutcomes, 'no-agent', 'no-credentials'] as const;
export const CredentialTestReply = z.strictObject({
  outcome: z.enum(testOutcomes),
  /** In English, for the log and for programs; screens have their own words by `outcome`. */
  message: z.string(),
  ms: z.number().nullable(),
  pings: z.boolean().nullable(),
  /** What answered, as people call it: "Aruba 6200F". */
  device: z.string().nullable(),
  serial: z.string().nullable(),
  firmware: z.string().nullable(),
  /** Which agent asked. */
  agent: z.string().nullable(),
});
export type CredentialTestReply = z.infer<typeof CredentialTestReply>;
