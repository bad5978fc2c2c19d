import type { CheckTask, SeenCertificate } from '@rackhaus/config/contract';
import { OutOfReachError, UnknownNameError } from '../networks/reach.ts';
import type { CheckContext } from './context.ts';
import { checkDns } from './dns.ts';
import { checkHttp } from './http.ts';
import { checkModbus } from './modbus/check.ts';
import { checkNut } from './nut/check.ts';
import { checkRedfish } from './redfish/check.ts';
import { CheckFailure, type CheckResult, Findings } from './result.ts';
import { checkTcp } from './tcp.ts';

/** Does a check once, within its timeout. What goes wrong is a result too; rejects only for mistakes of the program. */
export async function runCheck(
  task: CheckTask,
  parts: Omit<CheckContext, 'signal'>,
  stopped: AbortSignal,
): Promise<CheckResult> {
  const signal = AbortSignal.any([stopped, AbortSignal.timeout(task.settings.timeoutSeconds * 1000)]);
  const findings = new Findings();
  const began = parts.monotonicMs();
  try {
    const certificate = await perform(task, { ...parts, signal }, findings);
    const ms = parts.monotonicMs() - began;
    return { outcome: 'ok', detail: null, ms, answered: true, certificate, findings };
  } catch (error) {
    const failure = failureOf(error);
    const { outcome, detail, answered, certificate } = failure;
    const ms = answered ? parts.monotonicMs() - began : null;
    return { outcome, detail, ms, answered, certificate, findings };
  }
}

async function perform(
  task: CheckTask,
  context: CheckContext,
  findings: Findings,
): Promise<SeenCertificate | null> {
  switch (task.kind) {
    case 'http':
      return checkHttp(task.settings, task.secret, context, findings);
    case 'tcp':
      return checkTcp(task.settings, context, findings);
    case 'dns':
      await checkDns(task.settings, context, findings);
      return null;
    case 'nut':
      return checkNut(task.settings, task.secret, context, findings);
    case 'redfish':
      return checkRedfish(task.settings, task.secret, context, findings);
    case 'modbus':
      await checkModbus(task.settings, context, findings);
      return null;
  }
}

function failureOf(error: unknown): CheckFailure {
  if (error instanceof CheckFailure) return error;
  const silent = { answered: false };
  if (error instanceof UnknownNameError) return new CheckFailure('unknown-host', error.message, silent);
  if (error instanceof OutOfReachError) return new CheckFailure('not-allowed', error.message, silent);
  throw error;
}
