import { loadProfiles } from '@rackhaus/config/profiles';
import { probe } from '../probe/index.ts';
import { SnmpSession } from '../snmp/session.ts';
import { lineOf } from './line.ts';
import type { RecordOptions } from './options.ts';
import { neverRecorded, scrub } from './scrub.ts';
import { type RawValue, type WalkEnd, walkAll } from './walk.ts';

export interface Recorded {
  /** The recording: one `OID|TAG|VALUE` a line. */
  readonly text: string;
  readonly values: number;
  readonly end: WalkEnd;
  /** Texts in the maker's own objects, where nobody but a person can tell names from words. */
  readonly texts: readonly string[];
}

/**
 * Reads all of a device and scrubs it. `progress` hears of each value.
 * @throws ProbeError, SnmpError when the device does not answer.
 */
export async function record(
  options: Omit<RecordOptions, 'out'>,
  parts: {
    /** Random, of this recording alone. */
    readonly key: Uint8Array;
    readonly signal: AbortSignal;
    readonly progress: (count: number, oid: string) => void;
  },
): Promise<Recorded> {
  const { credentials, host, port } = options;
  const { serial, os, vendor, model, firmware } = await probe(
    { host, port, credentials, profile: null, once: true },
    parts.signal,
    await loadProfiles(),
  );
  const session = new SnmpSession({ host, port, credentials });
  const cancel = () => session.cancel();
  parts.signal.addEventListener('abort', cancel, { once: true });
  const values: RawValue[] = [];
  let end: WalkEnd;
  try {
    const walk = walkAll(session, {
      without: neverRecorded,
      mostValues: options.mostValues,
      deadline: performance.now() + options.minutes * 60_000,
      signal: parts.signal,
    });
    for (;;) {
      const next = await walk.next();
      if (next.done) {
        end = next.value;
        break;
      }
      values.push(next.value);
      parts.progress(values.length, next.value.oid);
    }
  } finally {
    parts.signal.removeEventListener('abort', cancel);
    session.close();
  }
  const secrets = credentials.version === '3' ? [credentials.user] : [credentials.community];
  const lines = scrub(values, {
    key: parts.key,
    secrets,
    serials: serial === null ? [] : [serial],
    facts: [os, vendor, model, firmware].filter((fact) => fact !== null),
    keepNames: options.keepNames,
  }).flatMap((value) => lineOf(value) ?? []);
  return {
    texts: ownTexts(lines),
    text: lines.map((line) => `${line}\n`).join(''),
    values: lines.length,
    end,
  };
}

/** Each once, in their order; numbers, versions and the like left out. */
function ownTexts(lines: readonly string[]): string[] {
  const texts = new Set<string>();
  for (const line of lines) {
    const [, text = ''] = /^1\.3\.6\.1\.4\.1\.[^|]*\|4\|(.*)$/.exec(line) ?? [];
    if (/\p{L}{3}/u.test(text)) texts.add(text);
  }
  return [...texts];
}
