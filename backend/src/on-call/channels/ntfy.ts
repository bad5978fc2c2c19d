import { type Outside, sendHttp } from './http-request.ts';
import type { Send } from './sender.ts';

/** ntfy, own server or ntfy.sh: published as JSON, which carries any character. */
export function ntfySender(deps: { outside: Outside }): Send {
  return async (channel, { message, words, key }) => {
    const { settings, secret } = channel;
    if (settings.kind !== 'ntfy') return { kind: 'gone', error: 'This is no ntfy channel.' };
    const canTake = message.link !== null && message.replyCode !== null;
    const ended = message.notice === 'resolved' || message.notice === 'acknowledged';
    return sendHttp(deps.outside, {
      url: new URL('/', settings.server).href,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': key,
        ...(secret === null ? {} : { authorization: `Bearer ${secret}` }),
      },
      body: JSON.stringify({
        topic: settings.topic,
        title: words.headline,
        message: words.lines.join('\n'),
        priority: ended ? 3 : message.severity === 'critical' ? 5 : 4,
        tags: [ended ? 'white_check_mark' : message.severity === 'critical' ? 'rotating_light' : 'warning'],
        ...(message.link === null ? {} : { click: message.link }),
        ...(canTake
          ? {
              actions: [
                {
                  action: 'http',
                  label: words.acknowledge,
                  method: 'POST',
                  url: acknowledgeUrl(message.link),
                  clear: true,
                },
              ],
            }
          : {}),
      }),
    });
  };
}

/** From the page of a link to what its button calls. */
function acknowledgeUrl(link: string | null): string {
  const url = new URL(link ?? '');
  return new URL(`/api/alert-links/${url.pathname.split('/').at(-1)}/acknowledge`, url).href;
}
