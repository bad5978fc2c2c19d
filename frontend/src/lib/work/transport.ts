import { CaptureReply, type OrderStep, StepReply, TraceStarts, Uploaded } from '@rackhaus/config/contract';
import { type Api, ApiProblem } from '../api/api.ts';
import type { Photos } from './browser-db.ts';
import type { CapturedEnd, Entry } from './queue.ts';
import { plain } from './scan.ts';
import type { Answer } from './sender.ts';

/** Sends an entry of the queue to the server: its photos, then itself. Never throws. */
export async function sendEntry(entry: Entry, with_: { api: Api; photos: Photos }): Promise<Answer> {
  const { api, photos } = with_;
  try {
    const documentIds = await upload(entry.photos, api, photos);
    const step = await sendTask(entry, documentIds, api);
    await photos.forget(entry.photos);
    return { kind: 'taken', step };
  } catch (error) {
    return answerOf(error);
  }
}

/** The same content is kept once by the server, so that a photo may be sent again after an answer that was lost. */
async function upload(keys: readonly string[], api: Api, photos: Photos): Promise<number[]> {
  const ids: number[] = [];
  for (const key of keys) {
    const photo = await photos.get(key);
    if (photo !== null) ids.push((await api.upload('/api/documents', photo, Uploaded)).id);
  }
  return ids;
}

async function sendTask(entry: Entry, documentIds: number[], api: Api): Promise<OrderStep | null> {
  const { task } = entry;
  if (task.kind === 'report') {
    const path = `/api/orders/${task.orderId}/steps/${task.stepId}/report`;
    const reply = await api.send('POST', path, { ...task.report, documentIds }, StepReply);
    return reply.step;
  }
  const a = await portOf(task.a, api);
  const b = task.b === null ? null : await portOf(task.b, api);
  await api.send('POST', '/api/captures', { ...task.capture, a, b }, CaptureReply);
  return null;
}

/** The one port that words mean. @throws Unresolved when they mean none, or several */
async function portOf(end: CapturedEnd, api: Api): Promise<{ portId: number; side: 'front' | 'rear' }> {
  if (end.portId !== null) return { portId: end.portId, side: end.side };
  const { starts } = await api.get(`/api/trace/starts?q=${encodeURIComponent(end.text)}`, TraceStarts);
  const single = starts.filter((start) => start.ports.length === 1);
  const exact = single.filter((start) => plain(start.name) === plain(end.text));
  const [found, second] = exact.length > 0 ? exact : single;
  const portId = found?.ports[0];
  if (portId === undefined || second !== undefined) throw new Unresolved(end.text, found !== undefined);
  return { portId, side: end.side };
}

class Unresolved extends Error {
  readonly several: boolean;
  constructor(text: string, several: boolean) {
    super(text);
    this.several = several;
  }
}

function answerOf(error: unknown): Answer {
  if (error instanceof Unresolved)
    return {
      kind: 'trouble',
      trouble: {
        code: 'unresolved',
        reason: error.several ? 'several' : 'none',
        message: error.message,
        blocking: [],
      },
    };
  // Our own fault (the browser's database, say): what is in the queue stays there.
  if (!(error instanceof ApiProblem)) {
    console.error('An entry could not be sent', error);
    return { kind: 'later' };
  }
  switch (error.code) {
    case 'unauthenticated':
      return { kind: 'signed-out' };
    case 'offline':
    case 'unavailable':
    case 'internal':
    case 'too-many':
    // A page that is older than the server cannot read its answer: the key tells later whether it was taken.
    case 'unreadable':
      return { kind: 'later' };
    default:
      return {
        kind: 'trouble',
        trouble: {
          code: error.code,
          reason: error.reason ?? error.code,
          message: error.message,
          blocking: error.blocking,
        },
      };
  }
}
