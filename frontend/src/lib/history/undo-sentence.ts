import { ApiProblem } from '../api/api.ts';
import { m } from '../paraglide/messages.js';
import { problemSentence } from '../records/problem-sentence.ts';

/** Why a change could not be taken back, with who came in between. */
export function undoSentence(problem: ApiProblem): string {
  const later = problem.blocking.find(({ kind }) => kind === 'change');
  const others = problem.blocking.filter(({ kind }) => kind !== 'change');
  const why = problemSentence(
    new ApiProblem(problem.code, problem.message, problem.fields, {
      ...(problem.reason === undefined ? {} : { reason: problem.reason }),
      blocking: others,
    }),
  );
  return later === undefined ? why : `${why} ${m.undo_changed_by({ user: later.name })}`;
}
