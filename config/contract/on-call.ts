import { z } from 'zod';
import { BilingualText, Severity } from './health.ts';
import { Moment } from './moment.ts';
import { RotaPlan } from './records/index.ts';

/** What is told. `summary`: the morning's, of what was held at night. `plan`: the plan has a gap. */
export const noticeKinds = [
  'opened',
  'worse',
  'escalated',
  'reminder',
  'acknowledged',
  'resolved',
  'test',
  'summary',
  'drill',
] as const;
export const NoticeKind = z.enum(noticeKinds);
export type NoticeKind = z.infer<typeof NoticeKind>;

export const channelKinds = ['push', 'email', 'ntfy', 'webhook', 'sms', 'local'] as const;
export const ChannelKind = z.enum(channelKinds);
export type ChannelKind = z.infer<typeof ChannelKind>;

const webUrl = z
  .url({ protocol: /^https?$/, error: 'must be a URL that begins with http:// or https://' })
  .max(2000);
/** Where a browser takes messages: encrypted, but for one on this machine itself. https://www.w3.org/TR/push-api/#push-endpoint */
const pushUrl = webUrl.regex(
  /^(https:|http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/])/i,
  'must begin with https://',
);
const phone = z.string().regex(/^\+[1-9]\d{6,14}$/, 'must be a number such as +4917012345678');
export const webhookTemplates = ['json', 'matrix', 'mattermost', 'teams', 'alertmanager'] as const;
/** `local`: a siren or lamp in the house, switched by a GET or POST on and off. */
export const ChannelSettings = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('push'),
    endpoint: pushUrl,
    p256dh: z.string().max(200),
    /** "Chrome, Android": which of one's devices it is. */
    device: z.string().max(200),
  }),
  z.strictObject({ kind: z.literal('email'), address: z.email() }),
  z.strictObject({
    kind: z.literal('ntfy'),
    server: webUrl,
    topic: z.string().regex(/^[-_A-Za-z0-9]{1,64}$/),
  }),
  z.strictObject({ kind: z.literal('webhook'), url: webUrl, template: z.enum(webhookTemplates) }),
  z.strictObject({ kind: z.literal('sms'), number: phone }),
  z.strictObject({
    kind: z.literal('local'),
    onUrl: webUrl,
    offUrl: webUrl.nullable(),
    method: z.enum(['GET', 'POST']),
  }),
]);
export type ChannelSettings = z.infer<typeof ChannelSettings>;

/** A way to reach somebody. Secrets are written, never read. */
export const ChannelView = z.strictObject({
  id: z.int(),
  version: z.int(),
  /** null: belongs to nobody, a chat or a siren. */
  userId: z.int().nullable(),
  name: z.string(),
  rank: z.int(),
  /** Addresses of push services and webhooks hold secrets: only their host is shown. */
  target: z.string(),
  settings: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('push'), device: z.string() }),
    z.strictObject({ kind: z.literal('email'), address: z.string() }),
    z.strictObject({ kind: z.literal('ntfy'), server: z.string(), topic: z.string() }),
    z.strictObject({ kind: z.literal('webhook'), template: z.enum(webhookTemplates) }),
    z.strictObject({ kind: z.literal('sms'), number: z.string() }),
    z.strictObject({ kind: z.literal('local'), method: z.enum(['GET', 'POST']) }),
  ]),
  hasSecret: z.boolean(),
  enabled: z.boolean(),
  minSeverity: Severity,
  lastSentAt: z.number().nullable(),
  /** When somebody last showed that a message had arrived. */
  lastReceiptAt: z.number().nullable(),
  failingSince: z.number().nullable(),
  lastError: z.string().nullable(),
});
export type ChannelView = z.infer<typeof ChannelView>;
/** GET /api/channels: one's own; all of them for administrators. */
export const ChannelList = z.strictObject({ channels: z.array(ChannelView) });
export type ChannelList = z.infer<typeof ChannelList>;
/** POST /api/channels. `secret`: token of ntfy or webhook, auth key of push. */
export const NewChannel = z.strictObject({
  userId: z.int().positive().nullable(),
  name: z.string().trim().min(1).max(100),
  settings: ChannelSettings,
  secret: z.string().max(500).nullable().default(null),
  minSeverity: Severity.default('warning'),
});
export type NewChannel = z.infer<typeof NewChannel>;
/** PATCH /api/channels/:id */
export const ChannelChange = z.strictObject({
  name: z.string().trim().min(1).max(100).optional(),
  rank: z.int().min(0).max(1000).optional(),
  settings: ChannelSettings.optional(),
  secret: z.string().max(500).nullable().optional(),
  enabled: z.boolean().optional(),
  minSeverity: Severity.optional(),
});
/** POST /api/channels/:id/test: sends now. */
export const ChannelTested = z.strictObject({ sent: z.boolean(), message: z.string() });
/** GET /api/push: what a browser needs to subscribe. PUT /api/push: adds or renews this browser's subscription. */
export const PushKey = z.strictObject({ publicKey: z.string() });
export const PushSubscriptionGiven = z.strictObject({
  endpoint: pushUrl,
  p256dh: z.string().min(1).max(200),
  auth: z.string().min(1).max(200),
  device: z.string().max(200),
  /** The one that it replaces, where the browser gave it a new address. */
  before: pushUrl.nullable().default(null),
});

/**
 * What a push message carries, as JSON, encrypted (RFC 8291): the browser shows it as it is, in the language of messages.
 * The browser answers with POST /api/alert-links/:token/receipt when it is shown, and …/acknowledge when its button is pressed.
 */
export const PushMessage = z.strictObject({
  title: z.string(),
  body: z.string(),
  /** The same for all of one incident, "incident-5": a newer one takes the place of the older. */
  tag: z.string(),
  /** What a press opens: /incidents/5, or /a/TOKEN of a test. */
  path: z.string().regex(/^\/(?!\/)/),
  /** The one in the link of the message; null: nothing to confirm. */
  token: z.string().nullable(),
  /** Words of the buttons; `acknowledge` null: nothing to acknowledge. */
  acknowledge: z.string().nullable(),
  open: z.string(),
  /** What stands there when the button was pressed and it worked, and when it did not. */
  acknowledged: z.string(),
  notAcknowledged: z.string(),
  /** Stays on the screen until somebody looks, and makes itself heard again in place of an older one. */
  urgent: z.boolean(),
  time: z.number(),
});
export type PushMessage = z.infer<typeof PushMessage>;

/** What is set for all: GET, PUT /api/alert-settings (administrator). `secret` parts: null in replies, left out to keep. */
export const AlertSettings = z.strictObject({
  mail: z
    .strictObject({
      host: z.string().min(1).max(255),
      port: z.int().min(1).max(65535),
      /** `tls`: from the first byte. `starttls`: required. `none`: only for a relay in the same house. */
      security: z.enum(['tls', 'starttls', 'none']),
      user: z.string().max(200),
      from: z.string().min(3).max(320),
      /** The documented device that is the mail server, for the check of ways. */
      deviceId: z.int().positive().nullable(),
    })
    .nullable(),
  /** Mailbox that is read for replies. */
  mailbox: z
    .strictObject({
      host: z.string().min(1).max(255),
      port: z.int().min(1).max(65535),
      security: z.enum(['tls', 'starttls', 'none']),
      user: z.string().min(1).max(200),
    })
    .nullable(),
  sms: z
    .discriminatedUnion('by', [
      z.strictObject({
        by: z.literal('modem'),
        /** /dev/ttyUSB0 */
        device: z.string().regex(/^\/[-\w/.]+$/),
        /** Documented device that the modem hangs on, for the check of ways. */
        deviceId: z.int().positive().nullable(),
      }),
      z.strictObject({
        by: z.literal('gateway'),
        url: webUrl,
        /** JSON body with {number} and {text}. */
        body: z.string().max(2000),
      }),
    ])
    .nullable(),
  /** Below critical nobody is told in these hours; a summary comes at the end. */
  quiet: z
    .strictObject({ from: z.string().regex(/^\d\d:\d\d$/), until: z.string().regex(/^\d\d:\d\d$/) })
    .nullable(),
  /** Weekly test to each person. */
  weeklyTest: z.strictObject({ day: z.int().min(1).max(7), at: z.string().regex(/^\d\d:\d\d$/) }).nullable(),
  /** Called every so often while all is well: somebody outside notices when it stops. */
  heartbeat: z.strictObject({ url: webUrl, everySeconds: z.int().min(30).max(3600) }).nullable(),
  timeZone: z.string().min(1).max(60),
  /** Of messages. */
  language: z.enum(['de', 'en']),
  /** The status page for colleagues may be seen without signing in. */
  publicStatus: z.boolean(),
});
export type AlertSettings = z.infer<typeof AlertSettings>;
export const AlertSecrets = z.strictObject({
  mailPassword: z.string().max(500).nullable().optional(),
  mailboxPassword: z.string().max(500).nullable().optional(),
  smsPin: z.string().max(20).nullable().optional(),
  smsToken: z.string().max(500).nullable().optional(),
});
/** PUT body */
export const AlertSettingsChange = z.strictObject({
  settings: AlertSettings,
  secrets: AlertSecrets.default({}),
});
/** GET reply; `set`: which secrets there are. */
export const AlertSettingsReply = z.strictObject({
  settings: AlertSettings,
  set: z.strictObject({
    mailPassword: z.boolean(),
    mailboxPassword: z.boolean(),
    smsPin: z.boolean(),
    smsToken: z.boolean(),
  }),
});
export type AlertSettingsReply = z.infer<typeof AlertSettingsReply>;

/** Who is on call in a stretch of time. */
export const Shift = z.strictObject({
  from: z.number(),
  until: z.number(),
  /** null: nobody, a gap. */
  userId: z.int().nullable(),
  name: z.string().nullable(),
  layer: z.string().nullable(),
  /** The record of the kind rota-change that makes it so. */
  changeId: z.int().nullable(),
});
export type Shift = z.infer<typeof Shift>;
/** GET /api/rotas/:id/shifts?from=&until= (ms; at most 400 days), whole and in order. POST /api/rotas/preview with a plan. */
export const ShiftList = z.strictObject({
  shifts: z.array(Shift),
  holidays: z.array(z.strictObject({ date: z.string(), name: z.string() })),
});
export type ShiftList = z.infer<typeof ShiftList>;

/** POST /api/rotas/preview: the shifts of a plan that is not saved. */
export const RotaPreview = z.strictObject({ plan: RotaPlan, from: Moment, until: Moment });
export type RotaPreview = z.infer<typeof RotaPreview>;

/** GET /api/on-call: for the dashboard: who is on call now, what is next, and what is wrong with the plan. */
export const OnCallNow = z.strictObject({
  rotas: z.array(
    z.strictObject({
      id: z.int(),
      name: z.string(),
      now: Shift.nullable(),
      next: Shift.nullable(),
    }),
  ),
  people: z.array(
    z.strictObject({
      userId: z.int(),
      name: z.string(),
      role: z.string(),
      channels: z.int(),
      /** Channels that work: enabled, not failing, once confirmed. */
      working: z.int(),
      lastReceiptAt: z.number().nullable(),
    }),
  ),
  problems: z.array(
    z.strictObject({
      /** gap, no-channel, failing-channel, unconfirmed, empty-step, no-plan, unknown-person, disabled-person */
      code: z.string(),
      severity: Severity,
      text: BilingualText,
      from: z.number().nullable(),
      until: z.number().nullable(),
      rotaId: z.int().nullable(),
      escalationId: z.int().nullable(),
      userId: z.int().nullable(),
    }),
  ),
});
export type OnCallNow = z.infer<typeof OnCallNow>;
/**
 * POST /api/rotas/:id/calendar-link: the address of an iCal feed, shown once; the one that the same person had before ends.
 * `mine`: one's own shifts only. DELETE: ends those of the caller.
 */
export const NewCalendarLink = z.strictObject({ mine: z.boolean().default(false) });
export const CalendarLink = z.strictObject({ url: z.string() });
