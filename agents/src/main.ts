import { join } from 'node:path';
import { loadNutTemplate } from '@rackhaus/config/checks';
import { loadProfiles } from '@rackhaus/config/profiles';
import { type AgentOptions, createAgent } from './agent.ts';
import { readConfiguration } from './configurations/read-configuration.ts';
import { pause } from './delivery/back-off.ts';
import { BackendClient } from './delivery/backend-client.ts';
import { JoinRefusedError, join as joinServer } from './key/join.ts';
import { KeyFile } from './key/key-file.ts';
import { OwnKey } from './key/own-key.ts';
import { createLog } from './log.ts';
import { Reach } from './networks/reach.ts';
import {
  type AgentArguments,
  parseArguments,
  parseGateway,
  parseSyslogPort,
  parseTrapPort,
  UsageError,
  usage,
} from './options.ts';
import { OutboxUnusableError } from './outbox/file.ts';
import { DevicePoller } from './poll/device-poller.ts';
import { runProbeJob } from './probe/job.ts';
import { LiveProfiles } from './profiles/live-profiles.ts';
import { runPreviewJob } from './profiles/preview.ts';
import { UdpHub } from './snmp/udp.ts';

const exitCodes = { failure: 1, usage: 2 };
const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];
const tokenLookMs = 250;

async function run(
  settings: AgentArguments,
  level: string,
  network: Pick<AgentOptions, 'traps' | 'syslog' | 'gateway'>,
): Promise<void> {
  const log = createLog(level);
  const now = () => Date.now();
  const key = new OwnKey({
    given: settings.token,
    file: new KeyFile(join(settings.dataDir, 'agent-key.json')),
  });
  const stopped = new AbortController();
  const { signal } = stopped;
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stopped.abort());

  const shipped = await loadProfiles();
  const profiles = new LiveProfiles(shipped);
  const reach = new Reach({ own: settings.networks });
  const hub = new UdpHub({ resolve: (host) => reach.resolve(host) });
  key.load();
  if (!key.refresh()) {
    if (settings.token === null)
      throw new UsageError('--token or --token-file is missing: this agent has not joined yet');
    log.info('the token file does not exist yet; waiting for it');
    while (!key.refresh() && !signal.aborted) await pause(tokenLookMs, signal);
  }
  const fingerprint = settings.fingerprint ?? undefined;
  const joining = new BackendClient({ server: settings.server, token: () => key.reveal(), fingerprint });
  await joinServer({ client: joining, key, signal, now, log });
  joining.close();
  if (signal.aborted) return;

  let ready = false;
  const agent = createAgent({
    server: settings.server,
    fingerprint,
    key,
    reach,
    dataDir: settings.dataDir,
    createPoller: (device) => new DevicePoller({ device, profiles, now, hub }),
    profiles: () => profiles,
    probe: (job, echo, end) => runProbeJob(job, { profiles, echo }, end),
    readConfiguration: (job, end) => readConfiguration(job, profiles, end),
    preview: (job, end) => runPreviewJob(job, profiles, end),
    ownProfiles: { shipped, live: profiles },
    nut: await loadNutTemplate(),
    ...network,
    assigned: (assignment) => {
      if (!ready) process.stdout.write(`ready agent ${assignment.agent.name}\n`);
      ready = true;
    },
    log,
  });
  agent.start();
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
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
  const settings = parseArguments(process.argv.slice(2), process.env);
  const level = process.env.RACKHAUS_LOG_LEVEL ?? 'info';
  if (!logLevels.includes(level))
    throw new UsageError(`RACKHAUS_LOG_LEVEL must be one of ${logLevels.join(', ')}`);
  if (settings === 'help') process.stdout.write(usage);
  else
    await run(settings, level, {
      traps: parseTrapPort(process.env.TRAP_PORT),
      syslog: parseSyslogPort(process.env.SYSLOG_PORT),
      gateway: parseGateway(process.env.GATEWAY),
    });
} catch (error) {
  if (error instanceof UsageError) fail(`${error.message}\n\n${usage}`, exitCodes.usage);
  if (error instanceof JoinRefusedError) fail(error.message, exitCodes.failure);
  if (error instanceof OutboxUnusableError) fail(error.message, exitCodes.failure);
  throw error;
}
