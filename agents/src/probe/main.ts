import { ProbeError, probe } from './index.ts';
import { parseProbeArguments, UsageError, usage } from './options.ts';
import { formatProbe } from './table.ts';

try {
  const options = parseProbeArguments(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(`${usage}\n`);
  } else {
    const { problem, ...result } = await probe(options);
    if (problem !== null) process.stderr.write(`Not everything could be read: ${problem}\n`);
    process.stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : formatProbe(result));
  }
} catch (error) {
  if (error instanceof UsageError) process.stderr.write(`${error.message}\n\n${usage}\n`);
  else if (error instanceof ProbeError) process.stderr.write(`${error.message}\n`);
  else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
