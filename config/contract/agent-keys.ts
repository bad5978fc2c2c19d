import { z } from 'zod';

/** What an agent's own key looks like. The agent makes it itself: it is on its disk before the server knows of it. */
export const AgentKey = z.string().regex(/^rha_[A-Za-z0-9_-]{43}$/, 'must be rha_ and 256 random bits');

/**
 * POST /api/agent/enrol: an agent joins with the token that was shown once, and says which key it will use from then on. The same
 * again is answered alike, so that an answer that got lost costs nothing; the token with another key is refused.
 */
export const AgentEnrolment = z.strictObject({ token: z.string().min(20).max(200), key: AgentKey });
export type AgentEnrolment = z.infer<typeof AgentEnrolment>;
export const EnrolledAgent = z.strictObject({ agent: z.strictObject({ id: z.int(), name: z.string() }) });
/** Why a token was refused, in `reason` of the problem. */
export const enrolmentRefusals = ['unknown', 'used', 'expired'] as const;

/** POST /api/agent/key: the key that the calling agent will use next. The old one holds until the new one was used. */
export const NextAgentKey = z.strictObject({ key: AgentKey });

/** What is known of an agent's key, for administrators. */
export const AgentKeyFacts = z.strictObject({
  /** When it was made; null: the agent has none yet. */
  since: z.number().nullable(),
  /** It has been told to take a new one. */
  renewing: z.boolean(),
  /** Until when somebody may join with the token that was shown; null: no token is open. */
  enrolUntil: z.number().nullable(),
  /** A key that had been replaced was used: when, and from where. null: not so. */
  misused: z.strictObject({ time: z.number(), address: z.string() }).nullable(),
});
export type AgentKeyFacts = z.infer<typeof AgentKeyFacts>;

/** POST /api/agents and POST /api/agents/:id/enrolment; the token is shown once. */
export const AgentEnrolmentToken = z.strictObject({
  id: z.int(),
  token: z.string(),
  /** Milliseconds since 1970. */
  validUntil: z.number(),
  /** SHA-256 of this server's certificate, "sha256:…", where it was signed by itself; null: it needs not be said. */
  fingerprint: z.string().nullable(),
});

export type AgentEnrolmentToken = z.infer<typeof AgentEnrolmentToken>;

/** Agents that were revoked a short time ago and may come back. GET /api/agents/revoked */
export const RevokedAgents = z.strictObject({
  agents: z.array(z.strictObject({ id: z.int(), name: z.string(), revokedAt: z.number() })),
});
