import type { CheckAnswer, CheckJob, MetricId } from '@rackhaus/config/contract';
import { isMetricId, metric } from '@rackhaus/config/contract';
import type { CheckContext } from './context.ts';
import type { CheckResult } from './result.ts';
import { runCheck } from './run.ts';

/** Somebody looks at a form and waits. */
const mostSeconds = 20;

/** Does a check for somebody who waits, and says what it has seen. */
export async function runCheckJob(
  job: CheckJob,
  parts: Omit<CheckContext, 'signal' | 'address'>,
  stopped: AbortSignal,
): Promise<CheckAnswer> {
  const signal = AbortSignal.any([stopped, AbortSignal.timeout(mostSeconds * 1000)]);
  const result = await runCheck(job.task, { ...parts, address: job.address }, signal);
  const { outcome, detail, ms, certificate } = result;
  return {
    id: job.id,
    outcome,
    detail,
    ms: ms === null ? null : Math.round(ms),
    certificate,
    seen: seenIn(result),
  };
}

function seenIn({ findings }: CheckResult): CheckAnswer['seen'] {
  const identity = Object.entries(findings.identity).flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [{ name, value: value.slice(0, 500) }],
  );
  const values = findings.readings.readings(1, 0).flatMap(({ kind, entity, values }) =>
    Object.entries(values).flatMap(([name, value]) => {
      const id = `${kind}.${name}`;
      return isMetricId(id)
        ? [{ name: entity === '' ? id : `${entity} (${id})`, value: textOf(id, value) }]
        : [];
    }),
  );
  return [...identity, ...findings.seen, ...values].slice(0, 200);
}

function textOf(id: MetricId, value: number): string {
  const { states, unit } = metric(id);
  return states?.[value] ?? (unit === '' ? String(value) : `${value} ${unit}`);
}
