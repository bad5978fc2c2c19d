import { execFile } from 'node:child_process';
import { type ConfigurationJob, HostKey } from '@rackhaus/config/contract';

/** Longer than ssh-keyscan waits for all kinds of keys. */
const timeoutMs = 20_000;

/**
 * The keys by which a host introduces itself to anybody, without signing in. Nothing is proved by them: they are for a person who
 * compares fingerprints. Empty: it does not answer.
 */
export function offeredKeys(
  { address, port }: Pick<ConfigurationJob, 'address' | 'port'>,
  signal: AbortSignal,
): Promise<string[]> {
  return new Promise((resolve) => {
    execFile(
      'ssh-keyscan',
      ['-T', '5', '-p', String(port), '--', address],
      { timeout: timeoutMs, signal, maxBuffer: 200_000 },
      // It also ends with an error where one of several kinds is missing; what it has said counts.
      (_error, stdout) => {
        const keys = stdout.split('\n').flatMap((line) => {
          const key = HostKey.safeParse(line.split(' ').slice(1, 3).join(' '));
          return key.success && !line.startsWith('#') ? [key.data] : [];
        });
        resolve([...new Set(keys)].slice(0, 20));
      },
    );
  });
}
