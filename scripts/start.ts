import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { dataDir } from './data-dir.ts';
import { ensureFrontendBuilt } from './frontend-build.ts';
import { Supervisor, stopOnSignal } from './supervisor.ts';

// One's own installation on one machine: the backend and an agent beside it.

async function start(): Promise<void> {
  ensureFrontendBuilt();
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const supervisor = new Supervisor(join(dataDir, 'logs'));
  stopOnSignal(() => supervisor.stop());
  let certificate: string | undefined;
  try {
    const ready = await supervisor.start({
      name: 'backend',
      args: ['backend/src/main.ts'],
      env: { DATA_DIR: dataDir },
      onLine: (line) => {
        process.stdout.write(`${line}\n`);
        const shown = /^certificate (sha256:\S+)$/.exec(line)?.[1];
        if (shown === undefined) return;
        certificate = shown;
        // Its certificate is that of a name, and the agent beside it asks this machine: it expects exactly this one.
        supervisor.restart('agent');
      },
    });
    const url = /https?:\/\/\S+/.exec(ready)?.[0];
    if (!url) throw new Error(`The backend did not say where it listens: "${ready}"`);
    await supervisor.start({
      name: 'agent',
      args: () => [
        'agents/src/main.ts',
        '--server',
        url,
        '--token-file',
        join(dataDir, 'local-agent.token'),
        '--data',
        join(dataDir, 'agent'),
        ...(certificate === undefined ? [] : ['--fingerprint', certificate]),
      ],
    });
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
}

start().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
