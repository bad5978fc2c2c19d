import type { DeviceRole, MarkKind } from '@rackhaus/config/contract';
import type { ApiProblem } from '../api/api.ts';
import { m } from '../paraglide/messages.js';
import { problemSentence } from '../records/problem-sentence.ts';

/** Why something about a plan was refused. */
export function planProblem(problem: ApiProblem): string {
  switch (problem.reason) {
    case 'no-picture':
      return m.plan_problem_no_picture();
    case 'mark-points':
      return m.plan_problem_corners();
    case 'mark-outside':
      return m.plan_problem_outside();
    case 'active-content':
      return m.plan_problem_active();
    default:
      return problemSentence(problem, 'floor-plan');
  }
}

/** Heading of a group of things. */
export function kindsWord(kind: MarkKind): string {
  switch (kind) {
    case 'room':
      return m.plan_rooms();
    case 'rack':
      return m.plan_racks();
    case 'outlet':
      return m.plan_outlets();
    case 'device':
      return m.plan_devices();
  }
}

/** What one of them is called before its name, for who cannot see the symbol. */
export function kindWord(kind: MarkKind, role: DeviceRole | null): string {
  switch (kind) {
    case 'room':
      return m.plan_room();
    case 'rack':
      return m.plan_rack();
    case 'outlet':
      return m.plan_outlet();
    case 'device':
      return role === 'access-point'
        ? m.plan_access_point()
        : role === 'sensor'
          ? m.plan_sensor()
          : m.plan_device();
  }
}
