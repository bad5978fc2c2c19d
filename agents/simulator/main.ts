import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { loadRecording } from './recording/snmprec.ts';
import { namedFaults, type ResponderFaults } from './snmp/faults.ts';
import { SnmpResponder } from './snmp/responder.ts';
import type { V3User } from './snmp/usm.ts';
import { authProtocols, privProtocols } from './snmp/usm-keys.ts';

const usage = `usage: simulate FILE.snmprec --port N [--host 127.0.0.1] [--community public]
  [--latency MS] [--jitter MS] [--loss RATIO] [--max-size BYTES] [--max-varbinds N]
  [--v3-user NAME [--v3-auth ${Object.keys(authProtocols).join('|')} --v3-auth-key KEY
   [--v3-priv ${Object.keys(privProtocols).join('|')} --v3-priv-key KEY]]]
  [--reboot-after SECONDS [--keep-boots]]
  [--fault ${Object.keys(namedFaults).join('|')}]...`;

class UsageError extends Error {}

async function main(): Promise<void> {
  const { file, options, host, port, rebootAfterS, keepBoots } = readArguments();
  const recording = await loadRecording(file);
  for (const { line, reason } of recording.skipped) console.error(`${file}:${line}: left out: ${reason}`);
  if (recording.duplicates > 0)
    console.error(`${file}: ${recording.duplicates} duplicate OIDs, the last of each holds`);
  const responder = new SnmpResponder({ ...options, store: recording.store, contexts: recording.contexts });
  const bound = await responder.listen(host, port);
  if (rebootAfterS !== null)
    setTimeout(() => responder.reboot({ raiseBoots: !keepBoots }), rebootAfterS * 1000).unref();
  const stop = () => {
    responder.close().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  // Last: who reads it may end this process at once.
  console.log(`ready udp://${host.includes(':') ? `[${host}]` : host}:${bound.port}`);
}

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      port: { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      community: { type: 'string', multiple: true, default: ['public'] },
      latency: { type: 'string', default: '0' },
      jitter: { type: 'string', default: '0' },
      loss: { type: 'string', default: '0' },
      'max-size': { type: 'string', default: '65507' },
      'max-varbinds': { type: 'string', default: '1000000' },
      'v3-user': { type: 'string' },
      'v3-auth': { type: 'string' },
      'v3-auth-key': { type: 'string' },
      'v3-priv': { type: 'string' },
      'v3-priv-key': { type: 'string' },
      'reboot-after': { type: 'string' },
      'keep-boots': { type: 'boolean', default: false },
      fault: { type: 'string', multiple: true, default: [] },
    },
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError('exactly one FILE.snmprec is needed');
  if (values.port === undefined) throw new UsageError('--port is needed (0 takes any free one)');
  const faults: ResponderFaults = {
    latencyMs: number('--latency', values.latency, 0, 600_000),
    jitterMs: number('--jitter', values.jitter, 0, 600_000),
    lossRatio: number('--loss', values.loss, 0, 1),
  };
  for (const name of values.fault) {
    if (!isFaultName(name)) throw new UsageError(`--fault ${name}: unknown`);
    Object.assign(faults, namedFaults[name]);
  }
  return {
    file,
    host: values.host,
    rebootAfterS:
      values['reboot-after'] === undefined
        ? null
        : number('--reboot-after', values['reboot-after'], 0, 1_000_000),
    keepBoots: values['keep-boots'],
    port: number('--port', values.port, 0, 65_535),
    options: {
      // snmpsim's habit: the file's name is a community too.
      community: [...values.community, basename(file, '.snmprec')],
      v3Users: v3Users(values),
      faults,
      maxMessageSize: number('--max-size', values['max-size'], 484, 65_507),
      maxVarBinds: number('--max-varbinds', values['max-varbinds'], 1, 1_000_000),
    },
  };
}

function v3Users(values: Partial<Record<`v3-${string}`, unknown>>): V3User[] {
  const text = (name: `v3-${string}`) => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  const user = text('v3-user');
  const auth = keyed(authProtocols, '--v3-auth', text('v3-auth'), text('v3-auth-key'));
  const priv = keyed(privProtocols, '--v3-priv', text('v3-priv'), text('v3-priv-key'));
  if (user === undefined) {
    if (auth || priv) throw new UsageError('--v3-user is needed for --v3-auth and --v3-priv');
    return [];
  }
  if (priv && !auth) throw new UsageError('--v3-priv needs --v3-auth');
  return [{ user, auth, priv }];
}

/** A protocol and its key: both or neither. */
function keyed<T extends string>(
  known: Readonly<Record<T, unknown>>,
  option: string,
  protocol: string | undefined,
  key: string | undefined,
): { protocol: T; key: string } | undefined {
  if (protocol === undefined && key === undefined) return undefined;
  const found = (Object.keys(known) as T[]).find((name) => name === protocol);
  if (found === undefined) throw new UsageError(`${option}: one of ${Object.keys(known).join(', ')}`);
  // RFC 3414 section 11.2: at least 8 characters.
  if (key === undefined || key.length < 8) throw new UsageError(`${option}-key: at least 8 characters`);
  return { protocol: found, key };
}

function isFaultName(name: string): name is keyof typeof namedFaults {
  return Object.hasOwn(namedFaults, name);
}

function number(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= min && value <= max))
    throw new UsageError(`${name} ${text}: must be a number from ${min} to ${max}`);
  return value;
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  const isUsage = error instanceof UsageError || (error instanceof TypeError && 'code' in error);
  console.error(isUsage ? `${message}\n${usage}` : message);
  process.exit(1);
});
