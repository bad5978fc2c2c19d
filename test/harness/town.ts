import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAgent } from './agent.ts';
import { type RunningBackend, restartBackend, runScript } from './backend.ts';
import { type StartedProcess, startNode } from './process.ts';

/** The device that the agent runs on, as the demo's data has it. */
const agentAt = 'monitor';

export interface RunningTown {
  readonly backend: RunningBackend;
  readonly agent: StartedProcess;
  readonly simulator: StartedProcess;
  stop(): Promise<void>;
}

/**
 * The sample town hall: simulator, backend and agent, each a process of its own, without the interface.
 * @param prepare is given the data folder before the backend starts on it
 */
export async function startTown(
  env: NodeJS.ProcessEnv = {},
  prepare: (dataDir: string) => void = () => undefined,
): Promise<RunningTown> {
  const started: StartedProcess[] = [];
  const stop = async () => {
    for (const each of started.toReversed()) await each.stop();
  };
  try {
    const token = randomBytes(24).toString('base64url');
    const simulator = await startNode(
      'simulator',
      'agents/simulator/town-hall.ts',
      ['--control', '0', '--agent-at', agentAt],
      { env: { SIMULATOR_TOKEN: token }, timeoutMs: 60_000 },
    );
    started.push(simulator);
    const simulatorUrl = /http:\/\/\S+/.exec(simulator.readyLine)?.[0];
    if (simulatorUrl === undefined) throw new Error(`cannot read "${simulator.readyLine}"`);
    const dataDir = mkdtempSync(join(tmpdir(), 'rackhaus-town-'));
    const password = 'only-for-this-test';
    runScript('backend/src/demo-setup.ts', [], { DATA_DIR: dataDir, DEMO_PASSWORD: password });
    prepare(dataDir);
    const backend = await restartBackend(
      { dataDir, password },
      { SIMULATOR_URL: simulatorUrl, SIMULATOR_TOKEN: token, ...env },
    );
    started.push(backend);
    const agent = await startAgent(backend, join(dataDir, 'agent'));
    started.push(agent);
    return { backend, agent, simulator, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
