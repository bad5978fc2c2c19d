import { z } from 'zod';
import { networkText, parseNetwork } from './ip-networks.ts';
import { GivenRole } from './session.ts';

const name = z.string().trim().min(1, 'must not be empty').max(100, 'must be at most 100 characters');

/** POST /api/api-tokens: a token for a program, with at most what its maker may do. */
export const NewApiToken = z.strictObject({
  name,
  role: GivenRole,
  /** null: all that the maker may see. */
  sites: z.array(z.int().positive()).max(10_000).nullable(),
  readOnly: z.boolean(),
  /** Whether outlets may be switched with it; only of somebody who may. */
  maySwitch: z.boolean().default(false),
  /** Milliseconds since 1970; at most a year ahead. */
  endsAt: z.number().int(),
});
export type NewApiToken = z.infer<typeof NewApiToken>;
/** The token is shown once. */
export const CreatedApiToken = z.strictObject({ id: z.int(), token: z.string() });

export const ApiTokenFacts = z.strictObject({
  id: z.int(),
  name: z.string(),
  /** Who made it. */
  owner: z.strictObject({ id: z.int(), name: z.string() }),
  role: GivenRole,
  sites: z.array(z.int()).nullable(),
  readOnly: z.boolean(),
  maySwitch: z.boolean(),
  createdAt: z.number(),
  endsAt: z.number(),
  lastUsedAt: z.number().nullable(),
  lastUsedFrom: z.string().nullable(),
});
export type ApiTokenFacts = z.infer<typeof ApiTokenFacts>;
/** GET /api/api-tokens (one's own) and GET /api/api-tokens/all (administrators) */
export const ApiTokenList = z.strictObject({ tokens: z.array(ApiTokenFacts) });
/** How long a token lasts at most. */
export const longestApiTokenMs = 366 * 24 * 3_600_000;

/** A network whose addresses may be polled, as "10.0.0.0/8" or one address. */
export const NetworkText = z
  .string()
  .trim()
  .max(50)
  .transform((text, context) => {
    const network = parseNetwork(text);
    if (network !== null) return networkText(network);
    context.addIssue({
      code: 'custom',
      message: `"${text}" is not a network like 10.0.0.0/8 or fd00::/8, with zeros behind the prefix`,
    });
    return z.NEVER;
  });

/** The most networks that can be allowed. */
export const mostPolledNetworks = 500;

/** PUT /api/polled-networks: where devices may be polled. */
export const PolledNetworks = z.strictObject({
  networks: z
    .array(
      z.strictObject({
        network: NetworkText,
        /** Only for devices of this site; null: for all. */
        siteId: z.int().positive().nullable(),
        note: z.string().trim().max(200).default(''),
      }),
    )
    .max(mostPolledNetworks),
});
export type PolledNetworks = z.infer<typeof PolledNetworks>;

/** GET /api/polled-networks */
export const PolledNetworksReply = z.strictObject({
  networks: z.array(z.strictObject({ network: z.string(), siteId: z.int().nullable(), note: z.string() })),
  /** Those of the setting POLLED_NETWORKS, which are not changed here. */
  fixed: z.array(z.string()),
  /** Documented devices that are not polled because their address lies in none of them; at most 100. */
  outside: z.array(z.strictObject({ deviceId: z.int(), name: z.string(), address: z.string() })),
});
export type PolledNetworksReply = z.infer<typeof PolledNetworksReply>;
