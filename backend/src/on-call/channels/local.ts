import { type Outside, sendHttp } from './http-request.ts';
import { type Send, sent } from './sender.ts';

/**
 * A siren or lamp in the house: on when something critical opens, off when `stillNeeded` says that nobody has to be called any
 * more. Switching on or off twice does no harm.
 */
export function localSender(deps: {
  outside: Outside;
  stillNeeded: (channelId: number) => Promise<boolean>;
}): Send {
  return async (channel, { message, key }) => {
    const { settings, secret } = channel;
    if (settings.kind !== 'local') return { kind: 'gone', error: 'This is no siren or lamp.' };
    const switchTo = (url: string) =>
      sendHttp(deps.outside, {
        url,
        method: settings.method,
        headers: {
          'idempotency-key': key,
          ...(secret === null ? {} : { authorization: `Bearer ${secret}` }),
        },
      });
    switch (message.notice) {
      case 'opened':
      case 'worse':
      case 'escalated':
      case 'reminder':
      case 'drill':
        return message.severity === 'critical' ? switchTo(settings.onUrl) : sent;
      case 'resolved':
      case 'acknowledged': {
        if (settings.offUrl === null || (await deps.stillNeeded(channel.id))) return sent;
        return switchTo(settings.offUrl);
      }
      case 'test': {
        // Both are tried, and it does not stay on for want of somebody who ends the test.
        const on = await switchTo(settings.onUrl);
        return on.kind === 'sent' && settings.offUrl !== null ? switchTo(settings.offUrl) : on;
      }
      case 'summary':
        return sent;
    }
  };
}
