import { parseArgs } from 'node:util';
import { type ProbeOptions, targetOf, targetOptions, UsageError } from '../probe/options.ts';

export const usage = `A recording of a device, for a profile and its test: everything that it tells by SNMP, without names, addresses and secrets.

  npm run record -- --host HOST [--port 161] [--community public] [--version 1|2c] [--out FILE] [--keep-names]
  npm run record -- --host HOST --v3 user=NAME,auth=sha256:KEY,priv=aes:KEY [--out FILE]

  --out FILE       default: HOST.snmprec; a file that is there already is left alone
  --keep-names     names of devices, ports and VLANs stay; secrets, addresses and serial numbers are replaced all the same
  --most NUMBER    values at most; default 200000
  --minutes NUMBER time at most; default 30

  Ctrl-C ends it and keeps what was read until then. Look through the file before you give it to others.`;

export interface RecordOptions extends Pick<ProbeOptions, 'host' | 'port' | 'credentials'> {
  readonly out: string;
  readonly keepNames: boolean;
  readonly mostValues: number;
  readonly minutes: number;
}

/**
 * Command line to options; null: help is asked for.
 * @throws UsageError
 */
export function parseRecordArguments(args: readonly string[]): RecordOptions | null {
  const values = parse([...args]);
  if (values.help) return null;
  if (values.host === undefined) throw new UsageError('--host is missing');
  return {
    ...targetOf(values),
    out: values.out ?? `${values.host.replace(/[^A-Za-z0-9._-]/g, '_')}.snmprec`,
    keepNames: values['keep-names'] ?? false,
    mostValues: positive('most', values.most ?? '200000', 10_000_000),
    minutes: positive('minutes', values.minutes ?? '30', 24 * 60),
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        ...targetOptions,
        out: { type: 'string' },
        'keep-names': { type: 'boolean' },
        most: { type: 'string' },
        minutes: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function positive(name: string, text: string, most: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0 && number <= most) return number;
  throw new UsageError(`--${name} ${text} is not a whole number from 1 to ${most}`);
}
