import { type StartedProcess, startNode } from './process.ts';

/** The polling agent as an installation runs it; ready when it knows what to poll. `prefix`: words before the command, see Namespace. */
export function startAgent(
  to: { readonly url: string; readonly agentTokenFile: string },
  dataDir: string,
  env: NodeJS.ProcessEnv = {},
  prefix: readonly string[] = [],
): Promise<StartedProcess> {
  return startNode(
    'agent',
    'agents/src/main.ts',
    ['--server', to.url, '--token-file', to.agentTokenFile, '--data', dataDir],
    // What the network around the machine is like has no part in a test.
    { ready: /^ready agent/, env: { GATEWAY: 'none', ...env }, prefix },
  );
}
