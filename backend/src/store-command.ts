import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadBackendSettings } from '@rackhaus/config/settings';
import { checkFile } from './measurements/embedded/check-file.ts';
import { copyFile } from './measurements/embedded/copy.ts';
import { placeForms } from './measurements/move/index.ts';
import { moveHistory, UsageError } from './move-history.ts';

const usage = `npm run store -- move --from PLACE --to PLACE [--since DATE] [--state FILE]
    Moves history from one store to another. It can be interrupted, and goes on where it was; what is there already stays
    as it is. At the end, a sample is compared.
    PLACE      ${placeForms}, or settings
               "settings" is the store that STORE and what belongs to it name. Names and passwords of servers are taken
               from INFLUX_USER, INFLUX_PASSWORD, VICTORIA_USER and VICTORIA_PASSWORD or settings.yaml.
    --since    the first day, e.g. 2025-01-31; two years ago when left out
    --state    where is noted how far it has come; move-history.json in the data folder when left out
npm run store -- check FILE
    Checks an embedded measurement file from end to end, also while Rackhaus runs.
npm run store -- copy FILE TARGET
    Copies an embedded measurement file as it is at one moment, also while Rackhaus runs.
`;

/**
 * `node backend/src/store-command.ts move|check|copy …`, with DATA_DIR.
 * @returns the exit code: 0 done, 1 failed or something is wrong, 2 what was asked for is not understood, 130 interrupted
 */
async function main(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  switch (command) {
    case 'move':
      return await move(rest);
    case 'check':
      return await check(rest);
    case 'copy':
      return await copy(rest);
    case 'help':
    case '--help':
    case '-h':
      process.stdout.write(usage);
      return 0;
    default:
      throw new UsageError(
        command === undefined ? 'what is to be done is missing' : `"${command}" is not known`,
      );
  }
}

async function move(args: string[]): Promise<number> {
  const { from, to, since, state } = optionsOf(args);
  if (from === undefined) throw new UsageError('--from is missing');
  if (to === undefined) throw new UsageError('--to is missing');
  const settings = await loadBackendSettings(process.env);
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    return await moveHistory({
      settings,
      from,
      to,
      since,
      state,
      now: Date.now,
      signal: stop.signal,
      terminal: process.stderr,
    });
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

async function check(args: readonly string[]): Promise<number> {
  const [file] = filesOf(args, ['FILE']);
  const findings = await checkFile(file ?? '');
  for (const finding of findings) process.stdout.write(`${finding}\n`);
  process.stdout.write(findings.length === 0 ? `${file}: all well\n` : `${file}: ${findings.length} found\n`);
  return findings.length === 0 ? 0 : 1;
}

async function copy(args: readonly string[]): Promise<number> {
  const [file = '', target = ''] = filesOf(args, ['FILE', 'TARGET']);
  if (existsSync(target)) throw new UsageError(`TARGET ${target}: is there already`);
  await copyFile(file, target);
  process.stdout.write(`${file} copied to ${target}\n`);
  return 0;
}

/** @throws UsageError when one is missing, one too many, or the first is not there */
function filesOf(args: readonly string[], names: readonly string[]): readonly string[] {
  const missing = names[args.length];
  if (missing !== undefined) throw new UsageError(`${missing} is missing`);
  if (args.length > names.length) throw new UsageError(`"${args[names.length]}" is too much`);
  const [file] = args;
  if (file !== undefined && !existsSync(file)) throw new UsageError(`FILE ${file}: there is no such file`);
  return args;
}

function optionsOf(args: string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({ args, options: { from: text, to: text, since: text, state: text } }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

if (import.meta.main)
  main(process.argv.slice(2)).then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      const text = error instanceof Error ? error.message : String(error);
      process.stderr.write(error instanceof UsageError ? `${text}\n\n${usage}` : `${text}\n`);
      process.exitCode = error instanceof UsageError ? 2 : 1;
    },
  );
