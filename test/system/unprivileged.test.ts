import { execFileSync, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Api, createApi, deviceOf } from '../harness/api.ts';
import { runScript } from '../harness/backend.ts';
import { inventoryOfSwitch, roomName, switchName } from '../harness/inventory.ts';
import { createNamespace, joinToHere, type Namespace } from '../harness/namespace.ts';
import { root, type StartedProcess, startProcess, until } from '../harness/process.ts';
import { startSnmpd } from '../harness/snmpd.ts';

// As the units of deploy/systemd start them: a user of their own without rights, the installation read-only, and a folder each.

/** Nobody's on this machine: what this user writes anywhere can be told. */
const uid = randomInt(65_600, 90_000);
/** Where the harness gives addresses to what it starts. */
const polled = '198.18.0.0/15';
const password = 'only-for-this-test';

let namespace: Namespace;
let snmpd: StartedProcess;
let backend: StartedProcess;
let agent: StartedProcess;
let folder: string;
let api: Api;
let deviceId: number;

/**
 * Node on a read-only copy of this repository, as that user; `capabilities` as AmbientCapabilities in the unit. `alone`: on a network
 * of its own, where the kernel lets no group ping, as it comes; `ready`: when it says this.
 */
function startUnprivileged(
  name: string,
  script: string,
  args: readonly string[],
  capabilities: readonly string[],
  env: NodeJS.ProcessEnv,
  { alone = false, ready = /^ready/ }: { readonly alone?: boolean; readonly ready?: RegExp } = {},
): Promise<StartedProcess> {
  const installation = join(folder, 'opt');
  const caps = ['-all', ...capabilities.map((capability) => `+${capability}`)].join(',');
  const command = [
    'mount --make-rprivate /',
    `mount --bind ${root} ${installation}`,
    `mount -o remount,bind,ro ${installation}`,
    `cd ${installation}`,
    `exec setpriv --reuid=${uid} --regid=${uid} --clear-groups --bounding-set=${caps} --inh-caps=${caps} --ambient-caps=${caps} --no-new-privs ` +
      `node_modules/node/bin/node --disable-warning=ExperimentalWarning ${script} ${args.join(' ')}`,
  ].join(' && ');
  return startProcess({
    name,
    command: 'unshare',
    args: ['--mount', ...(alone ? ['--net'] : []), 'sh', '-c', command],
    cwd: '/',
    env: { NODE_ENV: 'production', HOME: '/nonexistent', ...env },
    ready,
    timeoutMs: 90_000,
  });
}

beforeAll(async () => {
  namespace = createNamespace('unpriv');
  namespace.ip('link', 'add', 'gi1', 'type', 'veth', 'peer', 'name', 'gi2');
  for (const port of ['gi1', 'gi2']) namespace.ip('link', 'set', port, 'up');
  const address = joinToHere(namespace, 'gi8');
  snmpd = await startSnmpd({ port: 1161, address, namespace, asSwitch: true });

  folder = mkdtempSync(join(tmpdir(), 'rackhaus-unprivileged-'));
  execFileSync('chmod', ['0711', folder]);
  for (const name of ['opt', 'data', 'agent']) mkdirSync(join(folder, name), { mode: 0o700 });
  execFileSync('chmod', ['0755', join(folder, 'opt')]);
  const dataDir = join(folder, 'data');
  const inventory = inventoryOfSwitch({ address, port: 1161, intervalSeconds: 1 });
  runScript('backend/src/import-inventory.ts', [inventory], { DATA_DIR: dataDir, POLLED_NETWORKS: polled });
  execFileSync('chown', ['-R', `${uid}:${uid}`, dataDir]);
  chownSync(join(folder, 'agent'), uid, uid);

  backend = await startUnprivileged('backend', 'backend/src/main.ts', [], ['net_bind_service'], {
    DATA_DIR: dataDir,
    PORT: '0',
    POLLED_NETWORKS: polled,
  });
  const url = /http:\/\/\S+/.exec(backend.readyLine)?.[0] ?? '';
  const code = /enter this code: (\S+)/.exec(backend.printed())?.[1];
  const made = await fetch(`${url}/api/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code, user: 'admin', password }),
  });
  expect(made.ok, await made.text()).toBe(true);
  api = await createApi({ url, user: 'admin', password });
  agent = await startUnprivileged(
    'agent',
    'agents/src/main.ts',
    ['--server', url, '--token-file', join(dataDir, 'local-agent.token'), '--data', join(folder, 'agent')],
    ['net_raw', 'net_bind_service'],
    { TRAP_PORT: '0' },
  );
  deviceId = deviceOf(await api.room(roomName), switchName).id;
});

afterAll(async () => {
  await agent?.stop();
  await backend?.stop();
  await snmpd?.stop();
  namespace?.remove();
});

it('runs without rights', () => {
  const status = (of: StartedProcess) => readFileSync(`/proc/${of.child.pid}/status`, 'utf8');
  for (const each of [backend, agent]) {
    expect(status(each)).toMatch(new RegExp(`^Uid:\\t${uid}\\t${uid}\\t${uid}\\t${uid}$`, 'm'));
    expect(status(each)).toMatch(/^NoNewPrivs:\t1$/m);
  }
  // Bits 10 and 13: ports below 1024, raw sockets.
  expect(/^CapEff:\t(\w+)$/m.exec(status(backend))?.[1]).toBe('0000000000000400');
  expect(/^CapEff:\t(\w+)$/m.exec(status(agent))?.[1]).toBe('0000000000002400');
});

it('serves, and shows what its agent reads', async () => {
  const values = await until('a reading', async () => {
    const now = Date.now();
    const reply = await api.series({
      device: deviceId,
      kind: 'device',
      metrics: 'reachable',
      from: now - 600_000,
      to: now,
    });
    return reply.series[0]?.mean.includes(1) ? reply : undefined;
  });
  expect(values.series[0]?.metric).toBe('reachable');
});

it('pings, though programs get no rights of their own', () => {
  const asAgent = ['--reuid', `${uid}`, '--regid', `${uid}`, '--clear-groups', '--no-new-privs'];
  const raw = ['--inh-caps=-all,+net_raw', '--ambient-caps=-all,+net_raw'];
  for (const ping of [
    ['ping', '-c', '1', '-W', '2', '127.0.0.1'],
    ['fping', '-c', '1', '127.0.0.1'],
  ])
    expect(() => execFileSync('setpriv', [...asAgent, ...raw, ...ping], { stdio: 'pipe' })).not.toThrow();
});

it('says what it lacks where it may not ping', async () => {
  const own = join(folder, 'agent', 'without-ping');
  mkdirSync(own, { mode: 0o700 });
  chownSync(own, uid, uid);
  const without = await startUnprivileged(
    'agent-without-ping',
    'agents/src/main.ts',
    [
      ...['--server', 'http://127.0.0.1:9', '--token-file', join(folder, 'data', 'local-agent.token')],
      ...['--data', own],
    ],
    [],
    { TRAP_PORT: '0' },
    { alone: true, ready: /nothing can be pinged/ },
  );
  await without.stop();
  expect(without.readyLine).toMatch(/CAP_NET_RAW.*net\.ipv4\.ping_group_range/);
});

it('writes into its own folders and nowhere else', () => {
  // Others come and go in these folders meanwhile, of which find complains.
  const { stdout: found } = spawnSync(
    'find',
    ['/tmp', '/var/tmp', '/dev/shm', '/run', '/var/lib', '-xdev', '-user', `${uid}`, '-print'],
    { encoding: 'utf8', maxBuffer: 1e8 },
  );
  expect(found).toContain(join(folder, 'data', 'rackhaus.sqlite'));
  const own = [join(folder, 'data'), join(folder, 'agent')];
  const elsewhere = found
    .split('\n')
    .filter((file) => file !== '' && !own.some((mine) => !relative(mine, file).startsWith('..')));
  expect(elsewhere).toEqual([]);
  const readable = readdirSync(join(folder, 'data'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(key|token|sqlite)$/.test(file))
    .filter((file) => (statSync(join(folder, 'data', file)).mode & 0o077) !== 0);
  expect(readable, 'secrets that others on the machine can read').toEqual([]);
});
