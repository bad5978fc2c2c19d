import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ProbeResult } from '@rackhaus/config/contract';
import { root } from './process.ts';

/** Runs the probe command as a user does, inside a namespace when given, and reads what it prints. */
export async function probe(args: readonly string[], prefix: readonly string[] = []): Promise<ProbeResult> {
  const { stdout } = await runProbe([...args, '--json'], prefix);
  return ProbeResult.parse(JSON.parse(stdout));
}

/** The same, with whatever it prints. Rejects when the command ends with another code than 0. */
export function runProbe(
  args: readonly string[],
  prefix: readonly string[] = [],
): Promise<{ stdout: string; stderr: string }> {
  const [command, ...rest] = [
    ...prefix,
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    join(root, 'agents/src/probe/main.ts'),
    ...args,
  ];
  return promisify(execFile)(command ?? process.execPath, rest, { encoding: 'utf8', maxBuffer: 1e8 });
}
