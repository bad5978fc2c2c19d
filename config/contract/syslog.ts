import { z } from 'zod';

/** RFC 5424, table 2, by number: the lower, the worse. */
export const syslogSeverities = [
  'emergency',
  'alert',
  'critical',
  'error',
  'warning',
  'notice',
  'info',
  'debug',
] as const;

/** RFC 5424, table 1, by number, as programs call them. */
export const syslogFacilities = [
  'kern',
  'user',
  'mail',
  'daemon',
  'auth',
  'syslog',
  'lpr',
  'news',
  'uucp',
  'cron',
  'authpriv',
  'ftp',
  'ntp',
  'audit',
  'alert',
  'clock',
  'local0',
  'local1',
  'local2',
  'local3',
  'local4',
  'local5',
  'local6',
  'local7',
] as const;

/** Longest line that is kept, in characters; the rest is cut off. */
export const longestSyslogText = 8192;
/** Lines in one batch of an agent, at most. */
export const mostSyslogLines = 1000;

const Severity = z.int().min(0).max(7);
const Facility = z.int().min(0).max(23);

/** A message of a device as an agent has read it. Null: the device does not say. */
export const SyslogLine = z.strictObject({
  /** When the agent received it, milliseconds since 1970. */
  time: z.int().min(0).max(4e12),
  /** The address that it came from. */
  from: z.string().min(1).max(100),
  /** The only device that this agent polls at that address. */
  deviceId: z.int().positive().nullable(),
  severity: Severity.nullable(),
  facility: Facility.nullable(),
  /** What the sender calls itself. */
  host: z.string().max(255).nullable(),
  /** The program that wrote it. */
  app: z.string().max(128).nullable(),
  process: z.string().max(128).nullable(),
  /** What kind of message it is: LINK-3-UPDOWN, MSGID of RFC 5424. */
  mnemonic: z.string().max(128).nullable(),
  /** When the device says that it was written. */
  deviceTime: z.int().nullable(),
  text: z.string().max(longestSyslogText),
  /** Structured data of RFC 5424 as it stands. */
  data: z.string().max(longestSyslogText).nullable(),
  /** Not a message but a note: so many of this sender came too fast and were not kept. */
  dropped: z.int().positive().optional(),
});
export type SyslogLine = z.infer<typeof SyslogLine>;

/** POST /api/agent/syslog, with the headers of a batch; a repeat is recognised by them. */
export const SyslogBatch = z.array(SyslogLine).min(1).max(mostSyslogLines);
export type SyslogBatch = z.infer<typeof SyslogBatch>;

/** POST /api/agent/syslog-port: where an agent receives messages, and what it did not keep since it was started. */
export const SyslogPort = z.strictObject({
  /** Null: it is not received there. */
  udp: z.int().min(1).max(65535).nullable(),
  tcp: z.int().min(1).max(65535).nullable(),
  /** Addresses of the agent's machine at which devices may reach it. */
  addresses: z.array(z.string().max(100)).max(50),
  /** Messages of senders that are neither devices of this agent nor in a network that may be polled. */
  strangers: z.int().min(0),
  /** Messages of senders that sent too fast. */
  tooFast: z.int().min(0),
});
export type SyslogPort = z.infer<typeof SyslogPort>;

/** One message as it is shown. */
export const SyslogMessage = SyslogLine.omit({ deviceId: true, dropped: true }).extend({
  /** Grows with the time of receipt. */
  id: z.int(),
  device: z.strictObject({ id: z.int(), name: z.string() }).nullable(),
  /** So many messages of this sender were not kept; null: this is a message. */
  dropped: z.int().nullable(),
});
export type SyslogMessage = z.infer<typeof SyslogMessage>;

const number = z.coerce.number();

/** What of the messages is wanted; left out: all. */
export const SyslogQuery = z.strictObject({
  /** Words that all have to occur, the last letters may be missing; in quotation marks: one after the other. */
  text: z.string().max(300).optional(),
  device: number.pipe(z.int().positive()).optional(),
  /** `unknown`: of senders that are no device of the inventory. */
  of: z.enum(['unknown']).optional(),
  /** As severe as this or worse. */
  severity: number.pipe(Severity).optional(),
  /** Received from here on, milliseconds since 1970. */
  from: number.pipe(z.int().min(0)).optional(),
  /** Received before. */
  to: number.pipe(z.int().min(0)).optional(),
});
export type SyslogQuery = z.infer<typeof SyslogQuery>;

/** GET /api/syslog: newest first. */
export const SyslogPageQuery = SyslogQuery.extend({
  /** Only messages before the one with this id. */
  before: number.pipe(z.int().positive()).optional(),
  /** Only messages after the one with this id: for who follows. */
  after: number.pipe(z.int().min(0)).optional(),
  limit: number.pipe(z.int().min(1).max(500)).default(100),
});

export const SyslogPage = z.strictObject({
  messages: z.array(SyslogMessage),
  /** `before` of the next page; null: there is none. */
  next: z.int().nullable(),
});
export type SyslogPage = z.infer<typeof SyslogPage>;

/** GET /api/syslog/counts: how many messages there are in each span of time, for a chart. */
export const SyslogCounts = z.strictObject({
  /** Where the first span begins, and how long each is. */
  from: z.number(),
  stepMs: z.number(),
  /** By span: all, and of these the ones of severity error or worse. */
  spans: z.array(z.strictObject({ all: z.int(), severe: z.int() })),
});
export type SyslogCounts = z.infer<typeof SyslogCounts>;

export const SyslogSettings = z.strictObject({
  /** For how many days messages are kept. */
  days: z.int().min(1).max(3650),
  /** The oldest go earlier when the file gets larger than this. */
  megabytes: z.int().min(50).max(1_000_000),
});
export type SyslogSettings = z.infer<typeof SyslogSettings>;

/** GET /api/syslog/state: where messages are received and how much is kept. */
export const SyslogState = z.strictObject({
  settings: SyslogSettings,
  agents: z.array(SyslogPort.extend({ id: z.int(), name: z.string() })),
  kept: z.strictObject({
    messages: z.int(),
    bytes: z.number(),
    /** Of the oldest message; null: there is none. */
    oldest: z.number().nullable(),
    /** When messages were last given up because of the size, before their time; null: never. */
    shortenedAt: z.number().nullable(),
  }),
});
export type SyslogState = z.infer<typeof SyslogState>;
