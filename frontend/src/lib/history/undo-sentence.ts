import { RecordKind } from '@rackhaus/config/contract';
import { ApiProblem } from '../api/api.ts';
import { m } from '../paraglide/messages.js';
import { fieldName } from '../records/names.ts';
import { blockingNames, problemSentence } from '../records/problem-sentence.ts';

/** Why a change could not be taken back, with who came in between. */
export function undoSentence(problem: ApiProblem): string {
  const later = problem.blocking.find(({ kind }) => kind === 'change');
  const blocking = problem.blocking.filter(({ kind }) => kind !== 'change');
  const why = because(problem, blocking);
  return later === undefined ? why : `${why} ${m.undo_changed_by({ user: later.name })}`;
}

function because(problem: ApiProblem, blocking: ApiProblem['blocking']): string {
  const names = blockingNames(blocking);
  switch (problem.reason) {
    case 'deleted-since':
      return m.undo_deleted_since({ names });
    case 'added-since':
      return m.undo_added_since({ names });
    case 'changed-since': {
      const kind = RecordKind.safeParse(blocking[0]?.kind);
      const field = problem.fields[0]?.path ?? '';
      return m.undo_changed_since({ names, field: kind.success ? fieldName(kind.data, field) : field });
    }
    default:
      return problemSentence(
        new ApiProblem(problem.code, problem.message, problem.fields, {
          ...(problem.reason === undefined ? {} : { reason: problem.reason }),
          blocking,
        }),
      );
  }
}
