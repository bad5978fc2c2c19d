import type { ServiceView } from '@rackhaus/config/contract';
import type { ApiProblem } from '../api/api.ts';
import { stateWord } from '../format/index.ts';
import { inLanguage } from '../live/words.ts';
import { m } from '../paraglide/messages.js';
import { problemSentence } from '../records/problem-sentence.ts';
import type { Because } from './health.ts';

export function importanceWord(importance: ServiceView['importance']): string {
  switch (importance) {
    case 'high':
      return m.service_importance_high();
    case 'normal':
      return m.service_importance_normal();
    case 'low':
      return m.service_importance_low();
  }
}

/** "host-2: Platte fast voll", or "braucht Hausnetz (kritisch)". */
export function becauseWords(because: Because): string {
  if (because.kind === 'service')
    return m.service_because_service({ name: because.name, state: stateWord(because.state) });
  if (because.condition === null)
    return m.service_because_device({ name: because.name, state: stateWord(because.state) });
  const said = inLanguage(because.condition.title);
  return said.includes(because.name) ? said : m.service_because_device({ name: because.name, state: said });
}

/** Why something about a service was refused. */
export function serviceProblem(problem: ApiProblem): string {
  if (problem.reason !== 'circle') return problemSentence(problem, 'service');
  if (problem.blocking.length < 2) return m.service_problem_itself();
  const [first] = problem.blocking;
  const way = [...problem.blocking, first].map((each) => each?.name ?? '').join(' → ');
  return m.service_problem_circle({ way });
}

/** The address as a link, when it is one that a browser can open. */
export function linkOf(address: string): string | null {
  return /^https?:\/\//i.test(address) && URL.canParse(address) ? address : null;
}
