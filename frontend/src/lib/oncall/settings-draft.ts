import type { AlertSettings } from '@rackhaus/config/contract';

/** What each part of the settings begins with when it is switched on. */
export const beginnings = {
  mail: { host: '', port: 587, security: 'starttls', user: '', from: '', deviceId: null },
  mailbox: { host: '', port: 993, security: 'tls', user: '' },
  modem: { by: 'modem', device: '/dev/ttyUSB0', deviceId: null },
  gateway: { by: 'gateway', url: '', body: '{"to": "{number}", "text": "{text}"}' },
  quiet: { from: '22:00', until: '06:00' },
  weeklyTest: { day: 2, at: '10:00' },
  heartbeat: { url: '', everySeconds: 60 },
} as const satisfies {
  mail: NonNullable<AlertSettings['mail']>;
  mailbox: NonNullable<AlertSettings['mailbox']>;
  modem: NonNullable<AlertSettings['sms']>;
  gateway: NonNullable<AlertSettings['sms']>;
  quiet: NonNullable<AlertSettings['quiet']>;
  weeklyTest: NonNullable<AlertSettings['weeklyTest']>;
  heartbeat: NonNullable<AlertSettings['heartbeat']>;
};
