import { z } from 'zod';
import { MomentInQuery } from './moment.ts';

/** What kinds of deeds the log knows: each is kept for a time of its own. */
export const auditKinds = [
  'sign-in',
  'refusal',
  'account',
  'machine',
  'credential',
  'change',
  'deed',
  'settings',
  'export',
  'log',
] as const;
export const AuditKind = z.enum(auditKinds);
export type AuditKind = z.infer<typeof AuditKind>;

/** Everything that the log notes, and of which kind it is. Names are kept for good: they stand in the log and in exports. */
export const auditActions = {
  // Signing in
  'sign-in': 'sign-in',
  'second-factor': 'sign-in',
  'sign-in.locked': 'sign-in',
  'sign-out': 'sign-in',
  'session.ended': 'sign-in',
  'kiosk.opened': 'sign-in',
  // Refused by the table of permissions, an origin, a limit
  access: 'refusal',
  'access.more': 'refusal',
  // Accounts
  'account.made': 'account',
  'account.changed': 'account',
  'account.disabled': 'account',
  'account.enabled': 'account',
  'account.deleted': 'account',
  'account.invited': 'account',
  'account.reset': 'account',
  'account.password': 'account',
  'account.factor': 'account',
  'source.changed': 'account',
  'source.tested': 'account',
  // Agents, tokens, kiosk screens, programs that write
  'agent.made': 'machine',
  'agent.changed': 'machine',
  'agent.enrolled': 'machine',
  'agent.key': 'machine',
  'agent.revoked': 'machine',
  'token.made': 'machine',
  'token.changed': 'machine',
  'token.revoked': 'machine',
  'kiosk.made': 'machine',
  'kiosk.changed': 'machine',
  'kiosk.revoked': 'machine',
  'feed.made': 'machine',
  'feed.changed': 'machine',
  'feed.key': 'machine',
  'feed.revoked': 'machine',
  // Credentials
  'credential.handed-out': 'credential',
  'credential.tested': 'credential',
  'credential.changed': 'credential',
  'secrets.rotated': 'credential',
  // The inventory and its work
  change: 'change',
  import: 'change',
  order: 'deed',
  drift: 'deed',
  discovery: 'deed',
  incident: 'deed',
  drill: 'deed',
  status: 'deed',
  'on-call': 'deed',
  'outlet.ordered': 'deed',
  'outlet.switched': 'deed',
  'outlet.locked': 'deed',
  'outlet.unlocked': 'deed',
  // What is set
  'settings.changed': 'settings',
  'channel.changed': 'settings',
  'channel.tested': 'settings',
  'outgoing.changed': 'settings',
  'protection.changed': 'settings',
  'profile.changed': 'settings',
  simulator: 'settings',
  request: 'settings',
  'server.started': 'settings',
  // What leaves
  export: 'export',
  download: 'export',
  print: 'export',
  backup: 'export',
  // The log itself
  'log.exported': 'log',
  'log.checked': 'log',
  'log.retention': 'log',
  'log.trimmed': 'log',
  'log.forwarding': 'log',
  'log.shortened': 'log',
  'log.key': 'log',
} as const satisfies Record<string, AuditKind>;
export type AuditAction = keyof typeof auditActions;
const actionNames = Object.keys(auditActions);
export const AuditAction = z.custom<AuditAction>(
  (value) => typeof value === 'string' && actionNames.includes(value),
  { error: 'is not an action that the log knows' },
);

export const auditOutcomes = ['done', 'refused', 'failed'] as const;
export const AuditOutcome = z.enum(auditOutcomes);
export type AuditOutcome = z.infer<typeof AuditOutcome>;

export const auditByKinds = ['person', 'agent', 'token', 'kiosk', 'nobody', 'system'] as const;
export const AuditByKind = z.enum(auditByKinds);
export type AuditByKind = z.infer<typeof AuditByKind>;

/** Days that each kind is kept: as it comes, at least and at most. Bounds follow from what the log is for. */
export const auditRetentionDays: Readonly<
  Record<AuditKind, { readonly usual: number; readonly least: number; readonly most: number }>
> = {
  'sign-in': { usual: 180, least: 30, most: 730 },
  refusal: { usual: 90, least: 30, most: 365 },
  account: { usual: 1095, least: 365, most: 3650 },
  machine: { usual: 1095, least: 365, most: 3650 },
  credential: { usual: 365, least: 180, most: 1825 },
  change: { usual: 3650, least: 365, most: 7300 },
  deed: { usual: 1095, least: 180, most: 3650 },
  settings: { usual: 1095, least: 365, most: 3650 },
  export: { usual: 365, least: 90, most: 1825 },
  log: { usual: 1095, least: 365, most: 3650 },
};
function retentionDays(kind: AuditKind) {
  const { usual, least, most } = auditRetentionDays[kind];
  return z
    .int()
    .min(least, `must be at least ${least} days`)
    .max(most, `must be at most ${most} days`)
    .default(usual);
}
export const auditPeopleDays = { usual: 365, least: 30, most: 1095 } as const;
/** How long what is kept. `peopleDays`: after how many days people are replaced by pseudonyms, in what is kept longer. */
export const AuditRetention = z.strictObject({
  days: z
    .strictObject({
      'sign-in': retentionDays('sign-in'),
      refusal: retentionDays('refusal'),
      account: retentionDays('account'),
      machine: retentionDays('machine'),
      credential: retentionDays('credential'),
      change: retentionDays('change'),
      deed: retentionDays('deed'),
      settings: retentionDays('settings'),
      export: retentionDays('export'),
      log: retentionDays('log'),
    })
    .prefault({}),
  peopleDays: z
    .int()
    .min(auditPeopleDays.least, `must be at least ${auditPeopleDays.least} days`)
    .max(auditPeopleDays.most, `must be at most ${auditPeopleDays.most} days`)
    .default(auditPeopleDays.usual),
});
export type AuditRetention = z.output<typeof AuditRetention>;

/** One row of the log. Times are milliseconds since 1970, UTC. */
export const AuditEntry = z.strictObject({
  number: z.int().positive(),
  time: z.number(),
  kind: AuditKind,
  action: z.string(),
  outcome: AuditOutcome,
  /** `name` is a pseudonym when `pseudonym` is set. */
  by: z.strictObject({ kind: AuditByKind, id: z.int().nullable(), name: z.string() }),
  address: z.string().nullable(),
  subject: z.strictObject({ kind: z.string(), id: z.string().nullable(), name: z.string() }).nullable(),
  pseudonym: z.boolean(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  hash: z.string(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

const moment = MomentInQuery.optional();
/** What of the log is asked for. Newest first; `before`: only numbers below. `search`: within names, address, route. */
export const AuditFilter = z.strictObject({
  kind: AuditKind.optional(),
  outcome: AuditOutcome.optional(),
  person: z.string().trim().max(200).optional(),
  subject: z.string().trim().max(200).optional(),
  search: z.string().trim().max(200).optional(),
  from: moment,
  to: moment,
});
export type AuditFilter = z.output<typeof AuditFilter>;
export const AuditQuery = AuditFilter.extend({
  before: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type AuditQuery = z.output<typeof AuditQuery>;
export const AuditPage = z.strictObject({
  entries: z.array(AuditEntry),
  /** The next page's `before`; null: this is the end. */
  next: z.int().nullable(),
});
export type AuditPage = z.infer<typeof AuditPage>;
export const AuditExportQuery = AuditFilter.extend({ format: z.enum(['csv', 'json']) });

/** Whether the chain holds. `cut`: rows at the end are missing; `people`: who it was has been changed. */
export const AuditCheck = z.strictObject({
  state: z.enum(['never', 'running', 'intact', 'broken']),
  /** When it was checked. */
  time: z.number().nullable(),
  rows: z.int(),
  deleted: z.int(),
  broken: z
    .strictObject({
      number: z.int(),
      time: z.number().nullable(),
      why: z.enum(['changed', 'missing', 'people', 'cut']),
    })
    .nullable(),
});
export type AuditCheck = z.infer<typeof AuditCheck>;

/** Where the log is forwarded to as it is written; RFC 5424 over TCP, or TLS (RFC 5425). `ca`: PEM of who signed its certificate. */
export const AuditForwarding = z.strictObject({
  enabled: z.boolean(),
  host: z
    .string()
    .trim()
    .max(253, 'must be at most 253 characters')
    .regex(/^$|^[A-Za-z0-9][A-Za-z0-9.:_-]*$/, 'must be an IP address or a host name'),
  port: z.int().min(1, 'must be 1 to 65535').max(65_535, 'must be 1 to 65535'),
  tls: z.boolean(),
  ca: z
    .string()
    .max(50_000, 'must be at most 50,000 characters')
    .refine((text) => text.trim() === '' || text.includes('-----BEGIN CERTIFICATE-----'), {
      error: 'must be certificates in PEM format',
    }),
});
export type AuditForwarding = z.output<typeof AuditForwarding>;
export const AuditForwardingState = z.strictObject({
  settings: AuditForwarding,
  state: z.enum(['off', 'connecting', 'connected', 'waiting']),
  /** The last number that was handed over. */
  position: z.int(),
  /** Rows that wait. */
  waiting: z.int(),
  lastError: z.string().nullable(),
});
export type AuditForwardingState = z.infer<typeof AuditForwardingState>;

export const AuditState = z.strictObject({
  last: z.int(),
  check: AuditCheck,
  retention: AuditRetention,
  forwarding: AuditForwardingState,
});
export type AuditState = z.infer<typeof AuditState>;
