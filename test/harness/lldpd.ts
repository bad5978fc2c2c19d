import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Namespace } from './namespace.ts';
import { type StartedProcess, startProcess } from './process.ts';

export interface RunningLldpd extends StartedProcess {
  /** Has it look at its interfaces again, and tell its neighbours. Not every kernel tells it of one that was made anew. */
  lookAgain(): void;
}

/** Debian's lldpd in a namespace, as a sub-agent of the snmpd that listens at `agentxSocket`. */
export async function startLldpd(options: {
  readonly namespace: Namespace;
  readonly agentxSocket: string;
  readonly description: string;
  /** What it calls itself; without, the name of this machine. */
  readonly name?: string;
}): Promise<RunningLldpd> {
  const folder = mkdtempSync(join(tmpdir(), 'rackhaus-lldpd-'));
  // Its unprivileged half has to reach the socket.
  chmodSync(folder, 0o755);
  const control = join(folder, 'control');
  // lldpd jails its unprivileged half there and does not make the folder itself.
  if (!existsSync('/run/lldpd')) mkdirSync('/run/lldpd', { recursive: true });
  const [command, ...args] = [
    ...options.namespace.prefix,
    'lldpd',
    '-d',
    '-x',
    '-X',
    options.agentxSocket,
    '-u',
    control,
    '-S',
    options.description,
  ];
  const tell = (...words: string[]) => {
    const [ip, ...rest] = [...options.namespace.prefix, 'lldpcli', '-u', control, ...words];
    execFileSync(ip ?? 'lldpcli', rest, { stdio: 'ignore' });
  };
  const started = await startProcess({
    name: 'lldpd',
    command: command ?? 'lldpd',
    args,
    ready: async () => {
      if (!existsSync(control)) return false;
      try {
        // One packet a second instead of one in thirty, so that neighbours meet soon.
        tell('configure', 'lldp', 'tx-interval', '1');
        if (options.name !== undefined) tell('configure', 'system', 'hostname', options.name);
        return true;
      } catch {
        // The socket is there before the daemon listens on it.
        return false;
      }
    },
  });
  return { ...started, lookAgain: () => tell('update') };
}
