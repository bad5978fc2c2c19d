import { type Outside, sendHttp } from './http-request.ts';
import type { Send } from './sender.ts';
import { webhookBody } from './webhook-templates.ts';

/** A webhook in the form that its receiver expects. `Idempotency-Key` is the same at each attempt. */
export function webhookSender(deps: { outside: Outside }): Send {
  return async (channel, outgoing) => {
    const { settings, secret } = channel;
    if (settings.kind !== 'webhook') return { kind: 'gone', error: 'This is no webhook.' };
    const headers = {
      'content-type': 'application/json',
      'idempotency-key': outgoing.key,
      ...(secret === null ? {} : { authorization: `Bearer ${secret}` }),
    };
    const body = JSON.stringify(webhookBody(settings.template, outgoing));
    const url = new URL(settings.url);
    // The address of a room in the Matrix client API: the key is the transaction, which the server takes once only.
    if (
      settings.template === 'matrix' &&
      /\/_matrix\/client\/.*\/send\/m\.room\.message\/?$/.test(url.pathname)
    ) {
      url.pathname = `${url.pathname.replace(/\/$/, '')}/${encodeURIComponent(outgoing.key)}`;
      return sendHttp(deps.outside, { url: url.href, method: 'PUT', headers, body });
    }
    return sendHttp(deps.outside, { url: settings.url, method: 'POST', headers, body });
  };
}
