import { z } from 'zod';

/** A network that this server may connect to although it is not public. */
export const OutgoingNetwork = z.strictObject({
  /** null: set where the server is started (OUTGOING_NETWORKS), and changed there only. */
  id: z.int().nullable(),
  network: z.string(),
  note: z.string(),
  createdAt: z.number().nullable(),
  createdBy: z.string().nullable(),
});
export type OutgoingNetwork = z.infer<typeof OutgoingNetwork>;

/** GET /api/outgoing-networks */
export const OutgoingNetworkList = z.strictObject({ networks: z.array(OutgoingNetwork) });
export type OutgoingNetworkList = z.infer<typeof OutgoingNetworkList>;

/** POST /api/outgoing-networks: `10.1.0.0/16`, or a single address. */
export const NewOutgoingNetwork = z.strictObject({
  network: z.string().trim().min(1).max(60),
  note: z.string().trim().max(200).default(''),
});

/** GET /api/protection: how this server is reached, as it sees the one who asks. */
export const Protection = z.strictObject({
  /** null: it does not encrypt by itself. */
  certificate: z
    .strictObject({
      source: z.enum(['files', 'self-signed']),
      /** Where it lies; null for the one that the server has signed itself. */
      file: z.string().nullable(),
      subject: z.string(),
      issuer: z.string(),
      names: z.array(z.string()),
      validFrom: z.number(),
      validTo: z.number(),
      fingerprint: z.string(),
      /** Why a newer file is not used; null: all is well. */
      problem: z.string().nullable(),
    })
    .nullable(),
  connection: z.strictObject({
    encrypted: z.boolean(),
    /** Where the caller is, as far as is believed. */
    address: z.string(),
    /** The proxies in between that are believed. */
    proxies: z.array(z.string()),
    /** One that says it is a proxy and is not believed: its address for TRUST_PROXY. */
    unknownProxy: z.string().nullable(),
    publicUrl: z.string().nullable(),
  }),
});
export type Protection = z.infer<typeof Protection>;
