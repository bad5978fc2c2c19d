import type { Socket } from 'node:net';
import type { CheckSettings } from '@rackhaus/config/contract';
import { failureOf, openConnection, secure } from './connection.ts';
import type { CheckContext } from './context.ts';
import { placeOf } from './host.ts';
import { CheckFailure, type Findings } from './result.ts';

const mostBanner = 4096;

/** Connects, and waits for what the server says first where that matters. @returns the certificate, where TLS is spoken @throws CheckFailure */
export async function checkTcp(settings: CheckSettings<'tcp'>, context: CheckContext, findings: Findings) {
  const place = await placeOf(settings, context);
  const plain = await openConnection(place, context.signal);
  try {
    const secured = settings.tls ? await secure(plain, place, { ...context, tls: settings }) : null;
    if (settings.banner !== null) {
      const said = await readUntil(secured?.socket ?? plain, settings.banner, context.signal);
      findings.note('banner', said.trim());
      if (!said.includes(settings.banner))
        throw new CheckFailure('text-missing', said.trim() || settings.banner);
    }
    return secured?.certificate ?? null;
  } finally {
    plain.destroy();
  }
}

/** What is said until the text has come, the other side hangs up, or the time is over. */
async function readUntil(socket: Socket, text: string, signal: AbortSignal): Promise<string> {
  let said = '';
  const stop = () => socket.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const part of socket) {
      if (part instanceof Buffer) said += part.toString('utf8');
      if (said.includes(text) || said.length >= mostBanner) break;
    }
  } catch (error) {
    // What was said until then counts.
    if (said === '' && !signal.aborted) throw failureOf(error);
  } finally {
    signal.removeEventListener('abort', stop);
  }
  if (said === '' && signal.aborted) throw new CheckFailure('timeout');
  return said.slice(0, mostBanner);
}
