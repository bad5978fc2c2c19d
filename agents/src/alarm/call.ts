import type { SilenceAlarm } from '@rackhaus/config/contract';
import type { Words } from './words.ts';

export type Call = SilenceAlarm['calls'][number];

const timeoutMs = 20_000;

/** Fills in what is said. `key` is the same for each repetition, so that a receiver can drop those. */
export function filled(
  call: Call,
  words: Words,
  key: string,
): { headers: Record<string, string>; body: string } {
  const values: Readonly<Record<string, string>> = { title: words.title, text: words.text, key };
  const fill = (text: string, write: (value: string) => string) =>
    text.replaceAll(/\{(title|text|key)\}/g, (_, name: string) => write(values[name] ?? ''));
  return {
    // Header values are Latin-1 without line breaks; RFC 2047 is what ntfy and others read beyond that.
    headers: Object.fromEntries(
      Object.entries(call.headers).map(([name, value]) => [name, fill(value, headerText)]),
    ),
    body: fill(call.body, call.json ? (value) => JSON.stringify(value).slice(1, -1) : (value) => value),
  };
}

/** Makes the call. @throws Error when it was not taken; its message holds no secret */
export async function makeCall(call: Call, words: Words, key: string, signal: AbortSignal): Promise<void> {
  const { headers, body } = filled(call, words, key);
  const reply = await fetch(call.url, {
    method: 'POST',
    headers,
    body,
    // It could lead elsewhere, and takes the token along.
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  });
  await reply.body?.cancel();
  if (!reply.ok) throw new Error(`${new URL(call.url).host} answered ${reply.status}`);
}

function headerText(value: string): string {
  return /^[\x20-\x7e]*$/.test(value)
    ? value
    : `=?UTF-8?B?${Buffer.from(value, 'utf8').toString('base64')}?=`;
}
