import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type StartedProcess, startProcess } from './process.ts';

export interface Influxdb extends StartedProcess {
  readonly url: string;
}

/** Debian's InfluxDB 1.x with a configuration and data of its own, on free ports. */
export async function startInfluxdb(): Promise<Influxdb> {
  const folder = mkdtempSync(join(tmpdir(), 'rackhaus-influxdb-'));
  const [http, rpc] = [await freePort(), await freePort()];
  const config = join(folder, 'influxdb.conf');
  writeFileSync(
    config,
    `reporting-disabled = true
bind-address = "127.0.0.1:${rpc}"
[meta]
  dir = "${folder}/meta"
[data]
  dir = "${folder}/data"
  wal-dir = "${folder}/wal"
  query-log-enabled = false
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:${http}"
  log-enabled = false
`,
  );
  const url = `http://127.0.0.1:${http}`;
  const started = await startProcess({
    name: 'influxd',
    command: 'influxd',
    args: ['-config', config],
    ready: () =>
      fetch(`${url}/ping`).then(
        (reply) => reply.status === 204,
        () => false,
      ),
  });
  return { ...started, url };
}
