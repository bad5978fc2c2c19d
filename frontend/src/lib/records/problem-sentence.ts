import { RecordKind } from '@rackhaus/config/contract';
import type { ApiProblem } from '../api/api.ts';
import { explain } from '../api/explain.ts';
import { m } from '../paraglide/messages.js';
import { fieldName, kindName } from './names.ts';

/** So many names stand in a sentence; the rest is counted. */
const named = 5;

/** What is in the way, by name: "core-1, core-2 und 3 weitere". */
export function blockingNames(blocking: ApiProblem['blocking']): string {
  const names = blocking.map(({ kind, name }) => {
    if (name !== '') return name;
    const parsed = RecordKind.safeParse(kind);
    return parsed.success ? kindName(parsed.data) : kind;
  });
  const shown = names.slice(0, named).join(', ');
  return names.length <= named ? shown : m.record_and_more({ names: shown, count: names.length - named });
}

/**
 * Why a write was refused, in the reader's language, with the names of what is in the way. What has no sentence of its own
 * says the server's. `kind`: of the record that was written, which names its fields.
 */
export function problemSentence(problem: ApiProblem, kind?: RecordKind): string {
  const names = blockingNames(problem.blocking);
  switch (problem.reason) {
    case 'taken': {
      const path = problem.fields[0]?.path;
      const field = kind !== undefined && path !== undefined ? fieldName(kind, path) : m.field_name();
      return names === ''
        ? m.record_problem_taken_plain({ field })
        : m.record_problem_taken({ field, name: names });
    }
    case 'occupied':
      return m.record_problem_occupied({ names });
    case 'beyond-rack':
      return m.record_problem_beyond_rack();
    case 'needs-position':
      return m.record_problem_needs_position();
    case 'takes-no-unit':
      return m.record_problem_takes_no_unit();
    case 'needs-side':
      return m.record_problem_needs_side();
    case 'in-use':
      return names === '' ? m.record_problem_in_use_plain() : m.record_problem_in_use({ names });
    case 'stale':
      return m.record_problem_stale();
    case 'gone':
      return m.record_problem_gone();
    case 'changed-since':
      return m.record_problem_changed_since({ names });
    case 'undone':
      return m.record_problem_undone();
    case 'nothing':
      return m.record_problem_nothing();
    case 'loses-cables':
      return m.record_problem_loses_cables({ names });
    case 'reference':
      return m.record_problem_reference();
    case 'no-such-record':
      return m.record_problem_no_such_ref();
    case 'filter':
      return m.record_problem_filter();
    case 'network-not-allowed':
      return m.machines_networks_refused({ address: problem.network ?? '' });
    case 'unknown-profile':
      return m.prof_unknown();
    case 'too-deep':
      return m.record_problem_too_deep();
    default:
      return explain(problem);
  }
}

/** The sentence for one field of a form, where the refusal is about it; undefined where it is not. */
export function fieldSentence(
  problem: ApiProblem | null,
  kind: RecordKind,
  field: string,
): string | undefined {
  const found = problem?.fields.find(
    ({ path }) => path === field || path === `body.${field}` || path.startsWith(`${field}.`),
  );
  if (!problem || !found) return undefined;
  return problem.reason === undefined ? found.message : problemSentence(problem, kind);
}
