import type { Batch } from '@rackhaus/config/contract';
import { ApiProblem } from '../api/api.ts';
import type { Said } from '../history/undo.svelte.ts';
import { m } from '../paraglide/messages.js';
import type { Records } from '../records/api.ts';
import type { Move } from './editor.svelte.ts';
import type { Where } from './where.ts';
import { whereWords } from './words.ts';

interface Options {
  readonly records: Records;
  readonly said: Said;
  /** Name of a rack, of this room or another one. */
  readonly rackName: (id: number) => string;
  /** Fetches the room again; resolves when what is shown is what the server says. */
  readonly refresh: () => Promise<void>;
}

function values({ roomId, rackId, position, face, side }: Where): Record<string, unknown> {
  return { roomId, rackId, position, face, side };
}

/**
 * Writes moves as one change and says what was done, with the way back. What is refused is said with the name of what is in the way.
 * Resolves in both cases when the room is shown as it is now.
 * @returns whether it was written
 */
export async function writeMoves(moves: readonly Move[], options: Options): Promise<boolean> {
  const { records, said } = options;
  let written = false;
  try {
    said.show({ text: sentence(moves, options), changeId: await send(moves, records) });
    written = true;
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    said.refuse(await refusal(error, moves));
  }
  await options.refresh();
  return written;
}

async function send(moves: readonly Move[], records: Records): Promise<number | null> {
  const [only, second] = moves;
  if (only?.item.version !== undefined && second === undefined) {
    const { changeId } = await records.patch('device', only.item.id, values(only.to), only.item.version);
    return changeId;
  }
  const operations = moves.map(({ item, to }): Batch['operations'][number] =>
    item.version === undefined
      ? {
          op: 'create',
          kind: 'device',
          values: { name: item.name, typeId: item.type.id, role: item.role, ...values(to) },
        }
      : { op: 'update', kind: 'device', id: item.id, version: item.version, values: values(to) },
  );
  const { changeId } = await records.batch(operations);
  return changeId;
}

function sentence(moves: readonly Move[], { rackName }: Options): string {
  const [only, second] = moves;
  if (!only || second) return m.editing_moved_many({ count: moves.length });
  const { item, to } = only;
  const { name } = item;
  const where = whereWords(to, rackName(to.rackId ?? 0), item.type);
  if (item.version === undefined) return m.editing_created({ name, where });
  if (to.rackId !== null) return m.editing_moved({ name, where });
  return to.roomId === null ? m.editing_moved_shelf({ name }) : m.editing_moved_room({ name });
}

/** Who stands where it should go is named; so is what has been moved meanwhile. */
async function refusal(problem: ApiProblem, moves: readonly Move[]): Promise<string> {
  const [only] = moves;
  const by = problem.blocking.map(({ name }) => name).join(', ');
  if (problem.reason === 'occupied' && only && moves.length === 1)
    return m.editing_refused_occupied({ name: only.item.name, by });
  if (problem.reason === 'stale' && only && moves.length === 1)
    return m.editing_refused_stale({ name: only.item.name });
  const { problemSentence } = await import('../records/problem-sentence.ts');
  return problemSentence(problem, 'device');
}
