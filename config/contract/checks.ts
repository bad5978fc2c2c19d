import { z } from 'zod';
import {
  type CheckKind,
  checkKinds,
  DnsSettings,
  HttpSettings,
  ModbusSettings,
  NutSettings,
  RedfishSettings,
  TcpSettings,
} from './check-settings.ts';

/** What a check signs in with. Goes in, is kept sealed, and comes out only for agents. */
export const CheckSecret = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('password'),
    user: z.string().min(1, 'must not be empty').max(200),
    password: z.string().min(1, 'must not be empty').max(500),
  }),
  z.strictObject({
    kind: z.literal('token'),
    token: z
      .string()
      .min(1, 'must not be empty')
      .max(4000)
      .regex(/^[\x21-\x7e]+$/, 'must be one line without spaces'),
  }),
]);
export type CheckSecret = z.infer<typeof CheckSecret>;

/** What there is to do, with all that it takes. Never logged: it may hold a secret. */
export const CheckTask = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('http'), settings: HttpSettings, secret: CheckSecret.nullable() }),
  z.strictObject({ kind: z.literal('tcp'), settings: TcpSettings, secret: z.null() }),
  z.strictObject({ kind: z.literal('dns'), settings: DnsSettings, secret: z.null() }),
  z.strictObject({ kind: z.literal('nut'), settings: NutSettings, secret: CheckSecret.nullable() }),
  z.strictObject({ kind: z.literal('redfish'), settings: RedfishSettings, secret: CheckSecret.nullable() }),
  z.strictObject({ kind: z.literal('modbus'), settings: ModbusSettings, secret: z.null() }),
]);
export type CheckTask = z.output<typeof CheckTask>;

/** Kinds that can sign in, and how. */
export const checkSecrets: Readonly<Record<CheckKind, readonly CheckSecret['kind'][]>> = {
  http: ['password', 'token'],
  tcp: [],
  dns: [],
  nut: ['password'],
  redfish: ['password'],
  modbus: [],
};

/** A check of a device, as an agent gets it. */
export const AssignedCheck = z.strictObject({
  id: z.int().positive(),
  /** Its readings are those of the service of this name. */
  name: z.string().min(1),
  intervalSeconds: z.number().min(1).max(600),
  task: CheckTask,
});
export type AssignedCheck = z.output<typeof AssignedCheck>;

/**
 * What came of a check. `ok` is the only good one. What `detail` holds is said of each; null where nothing is to say.
 */
export const checkOutcomes = [
  'ok',
  /** The name has no address. `detail`: the name */
  'unknown-host',
  /** The address lies in no network that may be polled. `detail`: the address */
  'not-allowed',
  'no-route',
  'refused',
  'timeout',
  /** The connection was closed before the answer was whole. */
  'closed',
  /** No TLS came about. `detail`: in the words of the library */
  'no-tls',
  /** `detail`: on which day, 2026-11-23 */
  'certificate-expired',
  /** It expires within the days that are set. `detail`: on which day */
  'certificate-soon',
  'certificate-not-yet',
  /** Nobody who is trusted has signed it. `detail`: why */
  'certificate-untrusted',
  /** It is for others. `detail`: for whom */
  'certificate-name',
  /** It is not the one that is trusted. `detail`: its fingerprint */
  'certificate-changed',
  /** `detail`: the status */
  'status',
  'redirects',
  /** `detail`: the text that is missing, or what was said instead */
  'text-missing',
  /** `detail`: the text */
  'text-found',
  'wrong-password',
  /** The name does not exist there. */
  'no-name',
  /** It exists, but has no records of the type. */
  'no-records',
  /** `detail`: what was answered */
  'wrong-answer',
  /** The DNS server does not want to or cannot answer. `detail`: how it says so */
  'server-failed',
  /** upsd does not know this UPS. `detail`: which ones it knows */
  'no-ups',
  /** upsd has lost its UPS. */
  'stale',
  /** What came is not the protocol, or not what is needed of it. `detail`: what is wrong */
  'protocol',
  /** The device answers with an error. `detail`: which */
  'device-error',
  'failed',
] as const;
export type CheckOutcome = (typeof checkOutcomes)[number];

const Detail = z.string().max(500).nullable();

/** How a check of a device stands, told when it changes. */
export const CheckReport = z.strictObject({
  id: z.int().positive(),
  outcome: z.enum(checkOutcomes),
  detail: Detail,
  /** Since when it has had this outcome, milliseconds since 1970. */
  since: z.number(),
});
export type CheckReport = z.infer<typeof CheckReport>;

/** A certificate that a server has shown. */
export const SeenCertificate = z.strictObject({
  /** SHA-256, 64 hexadecimal digits. */
  fingerprint: z.string(),
  subject: z.string().max(300),
  issuer: z.string().max(300),
  /** Milliseconds since 1970. */
  validUntil: z.number(),
});
export type SeenCertificate = z.infer<typeof SeenCertificate>;

/** A check that somebody waits for. */
export const CheckJob = z.strictObject({
  id: z.string().min(1).max(100),
  /** Of the device, where the check names none itself. */
  address: z.string().min(1).max(253).nullable(),
  task: CheckTask,
});
export type CheckJob = z.output<typeof CheckJob>;

/** POST /api/agent/checks */
export const CheckAnswer = z.strictObject({
  id: z.string().min(1).max(100),
  outcome: z.enum(checkOutcomes),
  detail: Detail,
  /** How long it took. */
  ms: z.number().nullable(),
  certificate: SeenCertificate.nullable(),
  /** What was read, for people: the status, the records, values and what the device is. */
  seen: z.array(z.strictObject({ name: z.string().max(200), value: z.string().max(500) })).max(200),
});
export type CheckAnswer = z.infer<typeof CheckAnswer>;

const Name = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(100, 'must be at most 100 characters')
  .regex(/^\P{Cc}*$/u, 'must be one line without control characters');
const Values = z.strictObject({
  name: Name,
  serviceId: z.int().positive().nullable(),
  active: z.boolean(),
  intervalSeconds: z.number().min(5, 'must be at least 5').max(600, 'must be at most 600'),
  settings: z.record(z.string(), z.unknown()),
  notes: z.string().max(20_000).nullable(),
});

/** POST /api/checks */
export const NewCheck = Values.partial({
  serviceId: true,
  active: true,
  intervalSeconds: true,
  notes: true,
}).extend({
  deviceId: z.int().positive(),
  kind: z.enum(checkKinds),
  secret: CheckSecret.nullable().default(null),
});
/** PATCH /api/checks/:id: what is named; `secret` null takes it away. */
export const CheckPatch = Values.partial().extend({ secret: CheckSecret.nullable().optional() });

/** How a check stands. `waiting`: nothing has come of it yet; `unknown`: nobody knows now; `off`: it is not done. */
export const checkStates = ['ok', 'fails', 'unknown', 'waiting', 'off'] as const;
export type CheckState = (typeof checkStates)[number];

/** GET /api/devices/:id/checks, GET /api/services/:id/checks */
export const CheckList = z.strictObject({
  checks: z.array(
    z.strictObject({
      id: z.int(),
      version: z.int(),
      deviceId: z.int(),
      deviceName: z.string(),
      name: z.string(),
      kind: z.enum(checkKinds),
      serviceId: z.int().nullable(),
      active: z.boolean(),
      intervalSeconds: z.number(),
      settings: z.record(z.string(), z.unknown()),
      notes: z.string().nullable(),
      /** How it signs in; null: not at all. */
      secret: z.enum(['password', 'token']).nullable(),
      state: z.enum(checkStates),
      outcome: z.enum(checkOutcomes).nullable(),
      detail: z.string().nullable(),
      /** Since when it stands so, milliseconds since 1970. */
      since: z.number().nullable(),
      /** When it was last done. */
      time: z.number().nullable(),
      /** Seconds. */
      responseTime: z.number().nullable(),
      /** Until its certificate expires, in seconds. */
      certificate: z.number().nullable(),
    }),
  ),
});
export type CheckList = z.infer<typeof CheckList>;
export type CheckView = CheckList['checks'][number];

/**
 * POST /api/checks/try: a check that is being written. Without `secret` that of the check `checkId` is taken, where it would go to
 * the same place.
 */
export const CheckTry = z.strictObject({
  deviceId: z.int().positive(),
  checkId: z.int().positive().nullable().default(null),
  kind: z.enum(checkKinds),
  settings: z.record(z.string(), z.unknown()),
  secret: CheckSecret.nullable().optional(),
});
export type CheckTry = z.output<typeof CheckTry>;
/** `no-agent`: nobody could ask. */
export const CheckTryReply = CheckAnswer.omit({ id: true }).extend({
  outcome: z.enum([...checkOutcomes, 'no-agent']),
  /** Which agent asked. */
  agent: z.string().nullable(),
});
export type CheckTryReply = z.infer<typeof CheckTryReply>;
