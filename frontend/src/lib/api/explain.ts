import { m } from '../paraglide/messages.js';
import type { ApiProblem } from './api.ts';

/** A failed call in a sentence for people, in their language. */
export function explain(problem: ApiProblem): string {
  if (problem.reason === 'outgoing-refused') return m.outgoing_refused({ network: problem.network ?? '' });
  if (problem.reason === 'outgoing-address') return m.outgoing_address();
  switch (problem.code) {
    case 'offline':
    case 'unavailable':
      return m.problem_offline();
    case 'unreadable':
      return m.problem_unreadable();
    case 'not-found':
      return m.problem_not_found();
    case 'forbidden':
      if (problem.reason === 'every-site') return m.problem_every_site();
      if (problem.reason === 'other-site') return m.problem_other_site();
      return m.problem_forbidden();
    case 'internal':
      return m.problem_internal();
    case 'too-many':
      return m.sign_in_too_many();
    default:
      return m.problem_other({ message: problem.message });
  }
}
