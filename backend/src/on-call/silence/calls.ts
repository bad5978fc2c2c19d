import type { SilenceAlarm } from '@rackhaus/config/contract';
import type { OpenChannel } from '../channels/sender.ts';
import { webhookBody } from '../channels/webhook-templates.ts';
import type { OpenSettings } from '../settings/settings.ts';

type Call = SilenceAlarm['calls'][number];

/** Stand for what the agent will say: letters only, so that no template escapes them. */
const marks = { title: 'RackhausSaysTitle', text: 'RackhausSaysText', key: 'RackhausSaysKey' } as const;

/** What an agent calls to reach a channel without this server; null: that needs this server (push, mail, a modem). */
export function callOf(channel: OpenChannel, open: OpenSettings): Call | null {
  const { settings, secret } = channel;
  const made = (url: string, body: unknown, token: string | null): Call => ({
    id: String(channel.id),
    url,
    headers: {
      'content-type': 'application/json',
      'idempotency-key': '{key}',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: withPlaceholders(JSON.stringify(body)),
    json: true,
  });
  switch (settings.kind) {
    case 'ntfy':
      return made(
        new URL('/', settings.server).href,
        {
          topic: settings.topic,
          title: marks.title,
          message: marks.text,
          priority: 5,
          tags: ['rotating_light'],
        },
        secret,
      );
    case 'webhook':
      // A Matrix room takes messages by PUT only, and an Alertmanager wants to know when it began.
      if (settings.template === 'matrix' && new URL(settings.url).pathname.includes('/_matrix/client/'))
        return null;
      if (settings.template === 'alertmanager') return null;
      return made(settings.url, webhookBody(settings.template, outgoing(open)), secret);
    case 'sms': {
      if (open.settings.sms?.by !== 'gateway') return null;
      const { url, body } = open.settings.sms;
      const filled = body.replaceAll('{number}', settings.number).replaceAll('{text}', marks.text);
      return made(url, JSON.parse(filled), open.secrets.smsToken);
    }
    case 'push':
    case 'email':
    case 'local':
      return null;
  }
}

function withPlaceholders(json: string): string {
  return json
    .replaceAll(marks.title, '{title}')
    .replaceAll(marks.text, '{text}')
    .replaceAll(marks.key, '{key}');
}

function outgoing({ settings }: OpenSettings): Parameters<typeof webhookBody>[1] {
  const title = { de: marks.title, en: marks.title };
  const text = { de: marks.text, en: marks.text };
  return {
    key: marks.key,
    token: null,
    settings,
    words: {
      headline: marks.title,
      lines: [marks.text],
      short: marks.text,
      howToAnswer: null,
      acknowledge: '',
      open: '',
      confirm: '',
      acknowledged: '',
      notAcknowledged: '',
    },
    message: {
      notice: 'opened',
      incidentId: null,
      severity: 'critical',
      title,
      place: '',
      effect: { de: '', en: '' },
      text,
      since: 0,
      time: 0,
      link: null,
      replyCode: null,
      drill: false,
    },
  };
}
