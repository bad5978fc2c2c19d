import type { PushMessage } from '@rackhaus/config/contract';
import webPush from 'web-push';
import { z } from 'zod';
import { type Outside, sendHttp } from './http-request.ts';
import type { Outgoing, Send } from './sender.ts';

/** How long a push service keeps what it cannot hand over, a phone that is off: longer is no alarm any more. */
const keptSeconds = 86_400;

export const PushKeys = z.strictObject({ publicKey: z.string(), privateKey: z.string() });
export type PushKeys = z.infer<typeof PushKeys>;

/** A pair of keys (RFC 8292), made once: browsers subscribe to the public one. */
export function newPushKeys(): PushKeys {
  return webPush.generateVAPIDKeys();
}

/** Web Push (RFC 8030, 8188, 8291, 8292). A subscription that has ended is `gone`: browsers never take one up again. */
export function pushSender(deps: {
  outside: Outside;
  keys: () => Promise<PushKeys>;
  publicUrl: string | null;
}): Send {
  return async (channel, outgoing) => {
    const { settings, secret } = channel;
    if (settings.kind !== 'push' || secret === null)
      return { kind: 'gone', error: 'The key of this subscription is missing.' };
    const { publicKey, privateKey } = await deps.keys();
    const { message } = outgoing;
    let request: webPush.RequestDetails & { body: Buffer };
    try {
      request = webPush.generateRequestDetails(
        { endpoint: settings.endpoint, keys: { p256dh: settings.p256dh, auth: secret } },
        Buffer.from(JSON.stringify(pushMessage(outgoing))),
        {
          vapidDetails: { subject: subjectOf(deps.publicUrl, outgoing), publicKey, privateKey },
          TTL: keptSeconds,
          contentEncoding: 'aes128gcm',
          urgency: message.severity === 'critical' || message.notice === 'test' ? 'high' : 'normal',
          // What has not been handed over yet gives way to what is newer of the same incident.
          topic: tagOf(outgoing),
        },
      ) as webPush.RequestDetails & { body: Buffer };
    } catch (error) {
      return {
        kind: 'refused',
        error: `The subscription is not valid: ${error instanceof Error ? error.message : String(error)}`,
      };
    }
    const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
    const outcome = await sendHttp(deps.outside, {
      url: settings.endpoint,
      method: 'POST',
      headers: Object.fromEntries(headers.filter(([name]) => name !== 'Content-Length')),
      body: new Uint8Array(request.body),
    });
    if (outcome.kind !== 'sent' && (outcome.status === 404 || outcome.status === 410))
      return { kind: 'gone', error: 'The browser has ended this subscription.' };
    return outcome;
  };
}

/** Whom a push service may turn to. Apple refuses a subject with localhost, so that one is never used. */
function subjectOf(publicUrl: string | null, { settings }: Outgoing): string {
  const url = publicUrl === null ? null : URL.parse(publicUrl);
  const isReal = url?.hostname.includes('.') && !/^[\d.]+$|:|\.localhost$/.test(url.hostname);
  if (url?.protocol === 'https:' && isReal) return url.origin;
  const from = /[^\s<>]+@[^\s<>]+/.exec(settings.mail?.from ?? '')?.[0];
  return `mailto:${from ?? `rackhaus@${isReal ? url?.hostname : 'rackhaus.invalid'}`}`;
}

/** At most 32 characters of base64url: it is the topic as well. */
function tagOf({ message, key }: Outgoing): string {
  return message.incidentId === null
    ? key.replace(/[^-\w]/g, '-').slice(-32)
    : `incident-${message.incidentId}`;
}

function pushMessage(outgoing: Outgoing): PushMessage {
  const { message, words, token } = outgoing;
  const isTest = message.notice === 'test';
  return {
    title: words.headline.slice(0, 200),
    body: words.lines.join('\n').slice(0, 1200),
    tag: tagOf(outgoing),
    path:
      message.incidentId !== null
        ? `/incidents/${message.incidentId}`
        : isTest && token !== null
          ? `/a/${token}`
          : '/incidents',
    token,
    acknowledge: message.replyCode === null ? null : words.acknowledge,
    open: isTest ? words.confirm : words.open,
    acknowledged: words.acknowledged,
    notAcknowledged: words.notAcknowledged,
    urgent:
      message.severity === 'critical' &&
      ['opened', 'worse', 'escalated', 'reminder', 'drill'].includes(message.notice),
    time: message.time,
  };
}
