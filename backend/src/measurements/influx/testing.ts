import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isInstalled, startServer, type TestServer } from '../server-testing.ts';

export type TestInflux = TestServer;

/** Whether a real InfluxDB 1.x is on this machine (Debian: influxdb). */
export function haveInfluxd(): boolean {
  return isInstalled('influxd');
}

/**
 * Starts a real influxd with data of its own on free ports. For tests and benches. With `settlesSoon`, it writes out and compacts what has
 * not been written to for seconds instead of hours.
 */
export function startInflux({ settlesSoon = false } = {}): Promise<TestInflux> {
  return startServer({
    command: 'influxd',
    async prepare({ folder, port, otherPort }) {
      const config = join(folder, 'influxdb.conf');
      await writeFile(
        config,
        `reporting-disabled = true
bind-address = "127.0.0.1:${otherPort}"
[meta]
  dir = "${folder}/meta"
[data]
  dir = "${folder}/data"
  wal-dir = "${folder}/wal"
  query-log-enabled = false
${settlesSoon ? '  cache-snapshot-write-cold-duration = "3s"\n  compact-full-write-cold-duration = "3s"' : ''}
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:${port}"
  log-enabled = false
`,
      );
      return ['-config', config];
    },
    ready: (url) =>
      fetch(`${url}/ping`).then(
        (reply) => reply.status === 204,
        () => false,
      ),
  });
}
