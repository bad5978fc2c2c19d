import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Namespace } from './namespace.ts';
import { type StartedProcess, startProcess } from './process.ts';

/** Debian's lldpd in a namespace, as a sub-agent of the snmpd that listens at `agentxSocket`. */
export function startLldpd(options: {
  readonly namespace: Namespace;
  readonly agentxSocket: string;
  readonly description: string;
  /** What it calls itself; without, the name of this machine. */
  readonly name?: string;
}): Promise<StartedProcess> {
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
  return startProcess({
    name: 'lldpd',
    command: command ?? 'lldpd',
    args,
    ready: async () => {
      if (!existsSync(control)) return false;
      const configure = (...words: string[]) => {
        const [ip, ...rest] = [...options.namespace.prefix, 'lldpcli', '-u', control, 'configure', ...words];
        execFileSync(ip ?? 'lldpcli', rest, { stdio: 'ignore' });
      };
      try {
        // One packet a second instead of one in thirty, so that neighbours meet soon.
        configure('lldp', 'tx-interval', '1');
        if (options.name !== undefined) configure('system', 'hostname', options.name);
        return true;
      } catch {
        // The socket is there before the daemon listens on it.
        return false;
      }
    },
  });
}
