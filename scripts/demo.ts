import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { ensureFrontendBuilt } from './frontend-build.ts';
import { root, Supervisor, stopOnSignal } from './supervisor.ts';

// The sample town hall: simulated devices, the real agent, the real backend, embedded stores.
const port = Number(process.env.PORT ?? 8080);
const host = process.env.HOST ?? '127.0.0.1';
const dataDir = process.env.DATA_DIR ?? join(root, 'data', 'demo');
const password = process.env.DEMO_PASSWORD ?? randomBytes(9).toString('base64url');
const simulatorToken = randomBytes(24).toString('base64url');
const tokenFile = join(dataDir, 'local-agent.token');
const inventory = join(root, 'config', 'sample-town-hall');

const AgentMessage = z.object({ type: z.literal('agent'), run: z.boolean() });

async function demo(): Promise<void> {
  await refuseBusyPort();
  // While developing, Vite serves the page from its sources; another build that is named is taken as it is.
  if (process.env.RACKHAUS_WATCH !== '1' && process.env.FRONTEND_DIR === undefined) ensureFrontendBuilt();
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });

  const supervisor = new Supervisor(join(dataDir, 'logs'));
  stopOnSignal(() => supervisor.stop());

  // Simulated switches tell the agent at once when a link changes, as real ones do.
  const trapPort = await freeUdpPort();
  const syslogPort = await freeUdpPort();
  try {
    const simulator = await supervisor.start({
      name: 'simulator',
      // The agent sees the town from the server that the demo says it runs on: cut off is what no cable leads to from there.
      args: [
        'agents/simulator/town-hall.ts',
        '--inventory',
        inventory,
        '--control',
        '0',
        '--agent-at',
        'monitor',
      ],
      env: {
        SIMULATOR_TOKEN: simulatorToken,
        SIMULATOR_TRAP_TARGET: `127.0.0.1:${trapPort}`,
        SIMULATOR_SYSLOG_TARGET: `127.0.0.1:${syslogPort}`,
      },
      onMessage: (message) => {
        const request = AgentMessage.safeParse(message);
        if (request.success) supervisor.want('agent', request.data.run);
      },
    });
    const simulatorUrl = /http:\/\/\S+/.exec(simulator)?.[0];
    if (!simulatorUrl) throw new Error(`The simulator did not say where its control listens: "${simulator}"`);

    process.stderr.write('Preparing the sample town hall …\n');
    const setup = spawnSync(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', 'backend/src/demo-setup.ts'],
      {
        cwd: root,
        env: {
          ...process.env,
          DATA_DIR: dataDir,
          DEMO_PASSWORD: password,
          DEMO_WORK: process.env.DEMO_WORK ?? '1',
          SIMULATOR_URL: simulatorUrl,
          SIMULATOR_TOKEN: simulatorToken,
        },
        stdio: ['ignore', 2, 2],
      },
    );
    if (setup.status !== 0)
      throw new Error('The sample town hall could not be prepared; see the messages above.');

    const ready = await supervisor.start({
      name: 'backend',
      args: ['backend/src/main.ts'],
      env: {
        DATA_DIR: dataDir,
        PORT: String(port),
        HOST: host,
        // Whoever tries out webhooks and the like has their receiver on this machine.
        OUTGOING_NETWORKS: process.env.OUTGOING_NETWORKS ?? '127.0.0.0/8, ::1',
        SIMULATOR_URL: simulatorUrl,
        SIMULATOR_TOKEN: simulatorToken,
      },
    });
    const url = /http:\/\/\S+/.exec(ready)?.[0] ?? `http://${host}:${port}`;
    await supervisor.start({
      name: 'agent',
      args: [
        'agents/src/main.ts',
        '--server',
        url,
        '--token-file',
        tokenFile,
        '--data',
        join(dataDir, 'agent'),
      ],
      // Its devices are all on this machine, whatever becomes of the network around it.
      env: { GATEWAY: 'none', TRAP_PORT: String(trapPort), SYSLOG_PORT: String(syslogPort) },
    });
    // A year of past readings keeps the processors busy for minutes: who measures goes without.
    if (process.env.DEMO_HISTORY !== '0') {
      supervisor.startJob({
        name: 'history',
        args: [
          'agents/simulator/history.ts',
          '--server',
          url,
          '--token-file',
          tokenFile,
          '--progress',
          join(dataDir, 'history.json'),
        ],
      });
    }
    process.stdout.write(`ready ${url} user admin password ${password}\n`);
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
}

function freeUdpPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createSocket('udp4');
    probe.once('error', reject);
    probe.bind(0, '127.0.0.1', () => {
      const { port: free } = probe.address();
      probe.close(() => resolve(free));
    });
  });
}

/** Fails early with what to do, instead of after a minute of building. */
function refuseBusyPort(): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new Error(
          error.code === 'EADDRINUSE'
            ? `Port ${port} is in use. Choose another one: PORT=8090 npm run demo`
            : `Port ${port} on ${host} cannot be used: ${error.message}`,
        ),
      ),
    );
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}

demo().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
