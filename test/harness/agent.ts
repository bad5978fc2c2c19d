import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, type StartedProcess, startNode } from './process.ts';

/** What Node is given where an agent is installed, as its unit for systemd says: what is measured here has to be what runs there. */
export function agentFlags(): readonly string[] {
  const unit = readFileSync(join(root, 'deploy/systemd/rackhaus-agent.service'), 'utf8');
  const flags = /^ExecStart=\S+((?: --\S+)*) agents\/src\/main\.ts /m.exec(unit)?.[1];
  if (flags === undefined) throw new Error('the unit of the agent starts it in another way than expected');
  return flags.trim().split(' ');
}

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
    { ready: /^ready agent/, flags: agentFlags(), env: { GATEWAY: 'none', ...env }, prefix },
  );
}
