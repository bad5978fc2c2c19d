import { type Outgoing, OutgoingRefused } from '../../outgoing/outgoing.ts';
import type { Outcome } from './sender.ts';

/** Connects to where people say; see outgoing/. */
export type Outside = Pick<Outgoing, 'fetch' | 'check' | 'checkServer' | 'resolve'>;

const timeoutMs = 15_000;
const shownOfReply = 200;

export interface HttpMessage {
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/**
 * Sends one request to an address that people set. Only http and https; redirects are not followed, since they could lead
 * elsewhere, and take the token along. What went wrong is told without the address, which may hold secrets.
 */
export async function sendHttp(
  outside: Outside,
  message: HttpMessage,
): Promise<Outcome & { status?: number }> {
  const url = URL.parse(message.url);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    return { kind: 'refused', error: 'The address is not one that begins with http:// or https://.' };
  try {
    const reply = await outside.fetch(url, {
      method: message.method,
      redirect: 'manual',
      timeoutMs,
      headers: { 'user-agent': 'Rackhaus', ...message.headers },
      ...(message.body === undefined ? {} : { body: message.body }),
    });
    const said = await beginningOf(reply);
    const { status } = reply;
    if (status >= 200 && status < 300) return { kind: 'sent', status };
    const words = `${url.host} answered ${status}${said === '' ? '' : `: ${said}`}`;
    if (status >= 300 && status < 400)
      return { kind: 'later', status, error: `${words}. It leads elsewhere; that is not followed.` };
    return { kind: isAboutThisMessage(status) ? 'refused' : 'later', status, error: words };
  } catch (error) {
    // Later: an administrator may allow it.
    if (error instanceof OutgoingRefused) return { kind: 'later', error: error.message };
    return { kind: 'later', error: `${url.host} could not be reached: ${reasonOf(error)}` };
  }
}

/** What will be said of the same message for ever. A wrong token or address may be put right. */
function isAboutThisMessage(status: number): boolean {
  return status === 400 || status === 413 || status === 422;
}

async function beginningOf(reply: Response): Promise<string> {
  if (reply.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  // Leaving the loop cancels the rest: however much comes, little is read.
  for await (const part of reply.body) {
    text += decoder.decode(part, { stream: true });
    if (text.length >= shownOfReply) break;
  }
  return text.replace(/\s+/g, ' ').trim().slice(0, shownOfReply);
}

/** What an error of the network says, for people. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`;
  const cause = error.cause;
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) return cause.errors[0].message;
  return cause instanceof Error ? cause.message : error.message;
}
