import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { PingUnavailableError } from './echo.ts';

/**
 * Runs a program that pings. Where a program brings rights that this process may never have (a unit with an empty
 * CapabilityBoundingSet), the kernel does not run it at all, and node throws that at once instead of telling by an event.
 * @throws PingUnavailableError
 */
export function spawnPing(program: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  try {
    return spawn(program, args, options);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PingUnavailableError(`${program} cannot be run: ${reason}`, { cause: error });
  }
}
