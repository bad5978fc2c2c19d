import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Logger } from 'pino';
import { z } from 'zod';

/** The SNMP engine that senders of informs see (RFC 3411 section 5, SnmpEngineID; RFC 3414 section 2.2). */
export interface OwnEngine {
  readonly id: Buffer;
  readonly boots: number;
}

const File = z.strictObject({
  id: z.string().regex(/^([0-9a-f]{2}){5,32}$/),
  boots: z.int().min(0).max(2_147_483_646),
});

/** Takes over the engine of the last start with one boot more. What cannot be read is begun anew: senders discover it again. */
export function openOwnEngine(file: string, log: Logger): OwnEngine {
  const before = read(file, log);
  const engine = { id: before?.id ?? newId(), boots: (before?.boots ?? 0) + 1 };
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.next`, JSON.stringify(engine), { mode: 0o600 });
  renameSync(`${file}.next`, file);
  return { id: Buffer.from(engine.id, 'hex'), boots: engine.boots };
}

/** First bit set, enterprise 0, format 5: octets of one's own choosing. */
function newId(): string {
  return `8000000005${randomBytes(8).toString('hex')}`;
}

function read(file: string, log: Logger): z.infer<typeof File> | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  try {
    return File.parse(JSON.parse(text));
  } catch (error) {
    log.warn({ err: error, file }, 'the SNMP engine of before cannot be read; a new one is made');
    return null;
  }
}
