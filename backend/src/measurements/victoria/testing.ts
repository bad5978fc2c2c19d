import { join } from 'node:path';
import { isInstalled, startServer, type TestServer } from '../server-testing.ts';

const command = 'victoria-metrics';

/** Whether a real VictoriaMetrics is on this machine (Debian: victoria-metrics). */
export function haveVictoria(): boolean {
  return isInstalled(command);
}

/**
 * Starts a real single-node VictoriaMetrics with data of its own on a free port, as docs/installation.md advises. What is
 * written shows after a second or two, the first values of a series after ten (queries keep which series there are); for the
 * former `showVictoria` does not wait. `flags` come after its own. For tests and benches.
 */
export function startVictoria(
  flags: readonly string[] = ['-dedup.minScrapeInterval=1ms'],
): Promise<TestServer> {
  return startServer({
    command,
    prepare: ({ folder, port }) => [
      `-storageDataPath=${join(folder, 'data')}`,
      `-httpListenAddr=127.0.0.1:${port}`,
      '-retentionPeriod=3y',
      // Otherwise it takes most of the machine's memory for its caches.
      '-memory.allowedBytes=256MB',
      ...flags,
    ],
    ready: (url) =>
      fetch(`${url}/health`).then(
        (reply) => reply.ok,
        () => false,
      ),
  });
}

/** Makes what was written visible to queries at once. */
export async function showVictoria(url: string): Promise<void> {
  const reply = await fetch(`${url}/internal/force_flush`);
  if (!reply.ok) throw new Error(`VictoriaMetrics did not flush: ${reply.status} ${await reply.text()}`);
}
