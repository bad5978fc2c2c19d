import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { loadRecording } from './recording/snmprec.ts';
import { namedFaults, type ResponderFaults } from './snmp/faults.ts';
import { SnmpResponder } from './snmp/responder.ts';

const usage = `usage: simulate FILE.snmprec --port N [--host 127.0.0.1] [--community public]
  [--latency MS] [--jitter MS] [--loss RATIO] [--max-size BYTES] [--max-varbinds N]
  [--fault ${Object.keys(namedFaults).join('|')}]...`;

class UsageError extends Error {}

async function main(): Promise<void> {
  const { file, options, host, port } = readArguments();
  const recording = await loadRecording(file);
  for (const { line, reason } of recording.skipped) console.error(`${file}:${line}: left out: ${reason}`);
  if (recording.duplicates > 0)
    console.error(`${file}: ${recording.duplicates} duplicate OIDs, the last of each holds`);
  const responder = new SnmpResponder({ ...options, store: recording.store, contexts: recording.contexts });
  const bound = await responder.listen(host, port);
  console.log(`ready udp://${host.includes(':') ? `[${host}]` : host}:${bound.port}`);
  const stop = () => {
    responder.close().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
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
    port: number('--port', values.port, 0, 65_535),
    options: {
      // snmpsim's habit: the file's name is a community too.
      community: [...values.community, basename(file, '.snmprec')],
      faults,
      maxMessageSize: number('--max-size', values['max-size'], 484, 65_507),
      maxVarBinds: number('--max-varbinds', values['max-varbinds'], 1, 1_000_000),
    },
  };
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
