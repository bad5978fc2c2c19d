import type { OpenSettings } from '../settings/settings.ts';
import { type Outside, sendHttp } from './http-request.ts';
import type { Outcome } from './sender.ts';

/** Longest text handed to a gateway: four joined messages of the phone's alphabet. */
export const mostSmsCharacters = 600;

/** SMS by an HTTP gateway: the body is JSON in which {number} and {text} are put in wherever they stand in a string. */
export async function sendByGateway(
  outside: Outside,
  number: string,
  text: string,
  key: string,
  { settings, secrets }: OpenSettings,
): Promise<Outcome> {
  if (settings.sms?.by !== 'gateway') return { kind: 'later', error: 'No SMS gateway has been set.' };
  return sendHttp(outside, {
    url: settings.sms.url,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': key,
      ...(secrets.smsToken === null ? {} : { authorization: `Bearer ${secrets.smsToken}` }),
    },
    body: JSON.stringify(filled(JSON.parse(settings.sms.body), { number, text })),
  });
}

/** Puts values in after parsing, so that no text can change the form of the JSON. */
function filled(part: unknown, values: Readonly<Record<'number' | 'text', string>>): unknown {
  if (typeof part === 'string')
    return part.replace(/\{(number|text)\}/g, (_, name) => values[name === 'number' ? 'number' : 'text']);
  if (Array.isArray(part)) return part.map((item) => filled(item, values));
  if (typeof part === 'object' && part !== null)
    return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, filled(item, values)]));
  return part;
}
