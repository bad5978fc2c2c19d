import { loadProfiles } from '@rackhaus/config/profiles';
import { createAgent } from './agent.ts';
import { createLog } from './log.ts';
import { type AgentArguments, parseArguments, parseTrapPort, UsageError, usage } from './options.ts';
import { OutboxUnusableError } from './outbox/file.ts';
import { DevicePoller } from './poll/device-poller.ts';
import { runProbeJob } from './probe/job.ts';
import { UdpHub } from './snmp/udp.ts';
import { Token } from './token.ts';
import type { TrapPort } from './traps/listener.ts';

const exitCodes = { failure: 1, usage: 2 };
const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];
const tokenLookMs = 250;

async function run(settings: AgentArguments, level: string, traps: TrapPort | null): Promise<void> {
  const log = createLog(level);
  const token = new Token(settings.token);
  const stopped = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopped.abort());

  const profiles = await loadProfiles();
  const hub = new UdpHub();
  if (!token.refresh()) {
    log.info('the token file does not exist yet; waiting for it');
    while (!token.refresh() && !stopped.signal.aborted)
      await new Promise((next) => setTimeout(next, tokenLookMs));
  }
  if (stopped.signal.aborted) return;

  let ready = false;
  const agent = createAgent({
    server: settings.server,
    token,
    dataDir: settings.dataDir,
    createPoller: (device) => new DevicePoller({ device, profiles, now: () => Date.now(), hub }),
    probe: (job, echo, signal) => runProbeJob(job, { profiles, echo }, signal),
    traps,
    assigned: (assignment) => {
      if (!ready) process.stdout.write(`ready agent ${assignment.agent.name}\n`);
      ready = true;
    },
    log,
  });
  agent.start();
  await new Promise<void>((resolve) => {
    if (stopped.signal.aborted) resolve();
    stopped.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  log.info('stopping');
  await agent.stop();
  hub.close();
}

function fail(message: string, code: number): never {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}

try {
  const settings = parseArguments(process.argv.slice(2));
  const level = process.env.RACKHAUS_LOG_LEVEL ?? 'info';
  if (!logLevels.includes(level))
    throw new UsageError(`RACKHAUS_LOG_LEVEL must be one of ${logLevels.join(', ')}`);
  if (settings === 'help') process.stdout.write(usage);
  else await run(settings, level, parseTrapPort(process.env.TRAP_PORT));
} catch (error) {
  if (error instanceof UsageError) fail(`${error.message}\n\n${usage}`, exitCodes.usage);
  if (error instanceof OutboxUnusableError) fail(error.message, exitCodes.failure);
  throw error;
}
