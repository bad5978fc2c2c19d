import type { ApiProblem } from '../api/api.ts';
import { explain } from '../api/explain.ts';
import { m } from '../paraglide/messages.js';

/** What is wrong with one field of a form, in the reader's language where there are words for it; undefined when nothing is. */
export function fieldProblem(problem: ApiProblem | null, field: string): string | undefined {
  const found = problem?.fields.find(({ path }) => path === field || path === `body.${field}`);
  if (found) {
    if (field === 'password') return m.password_too_short();
    if (field === 'name') return m.admin_name_invalid();
    return found.message;
  }
  // A name is the only thing of these forms that can be taken.
  return problem?.code === 'conflict' && field === 'name' ? m.admin_name_taken() : undefined;
}

/** What is wrong with a form as a whole; null when its fields say it all. */
export function formProblem(problem: ApiProblem | null, fields: readonly string[]): string | null {
  if (!problem || fields.some((field) => fieldProblem(problem, field) !== undefined)) return null;
  return problem.code === 'conflict' ? m.admin_conflict({ message: problem.message }) : explain(problem);
}
