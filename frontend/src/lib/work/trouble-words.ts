import { m } from '../paraglide/messages.js';
import type { Trouble } from './queue.ts';

/** Why the server did not take an entry, in a sentence. */
export function troubleSentence(trouble: Trouble): string {
  if (trouble.code === 'unresolved')
    return trouble.reason === 'several'
      ? m.work_trouble_several({ text: trouble.message })
      : m.work_trouble_none({ text: trouble.message });
  switch (trouble.code) {
    case 'conflict':
      return trouble.reason === 'state' ? m.work_trouble_state() : m.work_trouble_conflict();
    case 'not-found':
      return m.work_trouble_gone();
    case 'forbidden':
      return m.work_trouble_forbidden();
    case 'too-large':
      return m.work_trouble_too_large();
    default:
      return m.problem_other({ message: trouble.message });
  }
}
