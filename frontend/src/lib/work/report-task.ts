import type { StepReport } from '@rackhaus/config/contract';
import type { Task } from './queue.ts';
import { uuid } from './uuid.ts';

type Report = Extract<Task, { kind: 'report' }>;

/** What is told of a step, with a key of its own. `at`: when it was done, by this phone's clock. */
export function reportTask(
  orderId: number,
  stepId: number,
  outcome: StepReport['outcome'],
  at: number,
  more: Partial<Pick<StepReport, 'reason' | 'label' | 'lengthM' | 'color'>> = {},
): Report {
  const report: StepReport = {
    key: uuid(),
    outcome,
    at,
    reason: more.reason ?? null,
    label: more.label ?? null,
    lengthM: more.lengthM ?? null,
    color: more.color ?? null,
    documentIds: [],
    force: false,
  };
  return { kind: 'report', orderId, stepId, report };
}
