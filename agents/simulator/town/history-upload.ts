import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Assignment, agentHeaders, formatLine } from '@rackhaus/config/contract';
import { z } from 'zod';
import { compress, encodingOf } from '../../src/outbox/body.ts';
import { history, historySpans } from './history.ts';
import type { Town } from './topology.ts';

/** Well below the two million bytes that a batch may have. */
const batchBytes = 1_000_000;
/** While the backend is away or busy. */
const retryMs = 2_000;

/** How far an upload has come; with it one that was interrupted goes on where it was. */
const Progress = z.strictObject({
  end: z.number(),
  outbox: z.string(),
  /** Batches that were accepted. */
  accepted: z.int().min(0),
  done: z.boolean(),
});
type Progress = z.infer<typeof Progress>;

/**
 * Sends the town's past to a backend as its agent would have: newest span first, so that charts of today are there soon.
 * Device ids come from the agent's assignment. Does nothing when `progressFile` says that it is done.
 * @returns the number of batches that were sent.
 * @throws Error when the backend rejects the token or a batch.
 */
export async function uploadHistory(options: {
  town: Town;
  server: URL;
  token: string;
  progressFile: string;
  now: number;
  signal: AbortSignal;
}): Promise<number> {
  let progress = await readProgress(options.progressFile, options.now);
  if (progress.done) return 0;
  const ids = await deviceIds(options);
  let sequence = 0;
  let sent = 0;
  for (const batch of batches(options.town, progress.end, ids)) {
    sequence++;
    if (sequence <= progress.accepted) continue;
    await post(options, batch, progress.outbox, sequence);
    sent++;
    progress = { ...progress, accepted: sequence };
    await writeProgress(options.progressFile, progress);
  }
  await writeProgress(options.progressFile, { ...progress, done: true });
  return sent;
}

function* batches(town: Town, end: number, ids: ReadonlyMap<string, number>): Generator<string> {
  let text = '';
  for (const span of historySpans(end).toReversed())
    for (const reading of history(town, span, end)) {
      const deviceId = ids.get(reading.device);
      if (deviceId === undefined) continue;
      text += `${formatLine({ ...reading, deviceId })}\n`;
      if (text.length < batchBytes) continue;
      yield text;
      text = '';
    }
  if (text !== '') yield text;
}

type Target = { readonly server: URL; readonly token: string; readonly signal: AbortSignal };

/** Waits until the assignment names devices: the inventory may still be imported. */
async function deviceIds(target: Target): Promise<ReadonlyMap<string, number>> {
  for (;;) {
    const reply = await request(target, 'api/agent/assignment', { method: 'GET' });
    const { devices } = Assignment.parse(await reply.json());
    if (devices.length > 0) return new Map(devices.map((device) => [device.name, device.id]));
    await delay(retryMs, undefined, { signal: target.signal });
  }
}

async function post(target: Target, text: string, outbox: string, sequence: number): Promise<void> {
  const body = compress(text);
  const encoding = encodingOf(body);
  await request(target, 'api/agent/readings', {
    method: 'POST',
    body: new Uint8Array(body),
    headers: {
      'content-type': 'text/plain',
      ...(encoding && { 'content-encoding': encoding }),
      [agentHeaders.outbox]: outbox,
      [agentHeaders.sequence]: String(sequence),
    },
  });
}

/** Asks until the backend takes it. @throws Error when it never will. */
async function request(target: Target, path: string, init: RequestInit): Promise<Response> {
  for (;;) {
    target.signal.throwIfAborted();
    const reply = await fetch(new URL(path, target.server), {
      ...init,
      headers: { ...init.headers, authorization: `Bearer ${target.token}` },
      signal: target.signal,
    }).catch((error: unknown) => {
      // fetch tells a refused connection by a TypeError; the backend may just be starting.
      if (error instanceof TypeError) return null;
      throw error;
    });
    if (reply?.ok) return reply;
    if (reply !== null && reply.status !== 429 && reply.status < 500)
      throw new Error(`${path}: ${reply.status} ${(await reply.text()).slice(0, 300)}`);
    await reply?.body?.cancel();
    await delay(retryMs, undefined, { signal: target.signal });
  }
}

async function readProgress(file: string, now: number): Promise<Progress> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return { end: now, outbox: `history-${randomUUID()}`, accepted: 0, done: false };
  return Progress.parse(JSON.parse(text));
}

async function writeProgress(file: string, progress: Progress): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(progress), { mode: 0o600 });
  await rename(`${file}.new`, file);
}
