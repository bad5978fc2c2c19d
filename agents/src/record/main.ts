import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { ProbeError } from '../probe/index.ts';
import { UsageError } from '../probe/options.ts';
import { SnmpError } from '../snmp/error.ts';
import { record } from './index.ts';
import { parseRecordArguments, usage } from './options.ts';
import type { WalkEnd } from './walk.ts';

const progressMs = 1000;
/** Of those that a person should look at. */
const mostTexts = 60;
const ends: Readonly<Record<WalkEnd, string>> = {
  end: 'to its end',
  values: 'not to its end: as many values as --most allows',
  time: 'not to its end: --minutes are over',
  cancelled: 'not to its end: you ended it',
  backwards: 'not to its end: the device began to repeat itself',
};

try {
  const options = parseRecordArguments(process.argv.slice(2));
  if (options === null) {
    process.stdout.write(`${usage}\n`);
  } else {
    if (existsSync(options.out))
      throw new UsageError(`${options.out} is there already; --out takes another name`);
    const stop = new AbortController();
    const end = () => stop.abort();
    process.once('SIGINT', end);
    process.once('SIGTERM', end);
    let told = performance.now();
    const {
      text,
      values,
      texts,
      end: why,
    } = await record(options, {
      key: randomBytes(32),
      signal: stop.signal,
      progress(count, oid) {
        if (performance.now() < told + progressMs) return;
        told = performance.now();
        process.stderr.write(`${count} values, at ${oid}\n`);
      },
    });
    await writeFile(options.out, text, { flag: 'wx', mode: 0o600 });
    process.stderr.write(
      `${options.out}: ${values} values, read ${ends[why]}. Look through it before you give it to others.\n`,
    );
    if (texts.length > 0) {
      process.stderr.write(`Names may be left among the maker's own texts:\n`);
      for (const each of texts.slice(0, mostTexts)) process.stderr.write(`  ${each.slice(0, 100)}\n`);
      if (texts.length > mostTexts) process.stderr.write(`  and ${texts.length - mostTexts} more\n`);
    }
    if (why !== 'end') process.exitCode = 3;
  }
} catch (error) {
  if (error instanceof UsageError) process.stderr.write(`${error.message}\n\n${usage}\n`);
  else if (error instanceof ProbeError || error instanceof SnmpError)
    process.stderr.write(`${error.message}\n`);
  else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
