import { type StartedProcess, startNode } from './process.ts';

/** What a slow device lets one wait. */
export const slowMs = 2000;

/** What becomes of a switch when the faults begin: one of a hundred falls silent, one becomes slow. */
export function conditionOf(device: number): 'well' | 'silent' | 'slow' {
  if (device % 100 === 37) return 'silent';
  return device % 100 === 73 ? 'slow' : 'well';
}

/** The address of the nth switch, from 1. */
export function fleetAddress(device: number): string {
  return `127.90.${device >> 8}.${device & 0xff}`;
}

/** Simulated 48-port switches on {@link fleetAddress}, all on one port; `child.kill('SIGUSR2')` lets their faults begin. */
export function startSwitchFleet(options: {
  readonly count: number;
  readonly port: number;
}): Promise<StartedProcess> {
  return startNode('switch-fleet', 'test/harness/switch-fleet-process.ts', [
    String(options.count),
    String(options.port),
  ]);
}
