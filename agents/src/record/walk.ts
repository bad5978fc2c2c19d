import { BerError } from '../snmp/ber.ts';
import { SnmpError } from '../snmp/error.ts';
import { errorStatus, VarBinds } from '../snmp/message.ts';
import { compareOids, decodeOid, encodeOid, isBelow, type OidBytes } from '../snmp/oid.ts';
import { ReplySize } from '../snmp/reply-size.ts';
import type { SnmpSession } from '../snmp/session.ts';

/** One value as the device sent it. */
export interface RawValue {
  readonly oid: string;
  /** BER tag of its type. */
  readonly tag: number;
  readonly bytes: Uint8Array;
}

export interface WalkBounds {
  /** Subtrees that are passed over: what is secret there, and what no profile reads. */
  readonly without: readonly string[];
  readonly mostValues: number;
  /** Moment of `performance.now()`. */
  readonly deadline: number;
  readonly signal: AbortSignal;
}

/** Why a walk ended; `end`: all was read. */
export type WalkEnd = 'end' | 'values' | 'time' | 'cancelled' | 'backwards';

const bytesPerValue = 40;
const missesAtMost = 4;

/**
 * Everything that a device tells, in its order; returns why it ended. A device that goes backwards is left at that point.
 * @throws SnmpError when it does not answer (any more).
 */
export async function* walkAll(session: SnmpSession, bounds: WalkBounds): AsyncGenerator<RawValue, WalkEnd> {
  const size = new ReplySize();
  const skipped = bounds.without.map((oid) => ({ below: encodeOid(oid), next: encodeOid(nextSibling(oid)) }));
  let at: OidBytes = encodeOid('0.0');
  let count = 0;
  let misses = 0;
  for (;;) {
    if (bounds.signal.aborted) return 'cancelled';
    if (performance.now() > bounds.deadline) return 'time';
    const repetitions = session.version === '1' ? 1 : size.repetitions(1, bytesPerValue);
    let reply: Awaited<ReturnType<SnmpSession['request']>>;
    try {
      reply = await session.request(session.version === '1' ? 'next' : 'bulk', [at], { repetitions });
    } catch (error) {
      if (bounds.signal.aborted) return 'cancelled';
      if (!(error instanceof SnmpError) || error.code !== 'timeout' || ++misses >= missesAtMost) throw error;
      size.shrink(1, repetitions, bytesPerValue);
      continue;
    }
    misses = 0;
    if (reply.errorStatus === errorStatus.noSuchName) return 'end';
    if (reply.errorStatus === errorStatus.tooBig && size.shrink(1, repetitions, bytesPerValue)) continue;
    if (reply.errorStatus !== 0)
      throw new SnmpError('refused', `the device answers error ${reply.errorStatus} to a walk`);
    const varbinds = new VarBinds(reply);
    let here = 0;
    let jumped = false;
    try {
      while (varbinds.next()) {
        const { oidStart, oidEnd, tag, start, end } = varbinds;
        // endOfMibView
        if (tag === 0x82) return 'end';
        if (compareOids(at, 0, at.length, reply.bytes, oidStart, oidEnd) >= 0) return 'backwards';
        at = reply.bytes.slice(oidStart, oidEnd);
        here++;
        const skip = skipped.find(({ below }) => isBelow(below, reply.bytes, oidStart, oidEnd));
        if (skip) {
          at = skip.next;
          jumped = true;
          break;
        }
        yield { oid: decodeOid(at), tag, bytes: reply.bytes.slice(start, end) };
        if (++count >= bounds.mostValues) return 'values';
      }
    } catch (error) {
      // What came before is good, and the walk goes on behind it.
      if (!(error instanceof BerError)) throw error;
    }
    if (here === 0) return 'end';
    size.came(!jumped && here >= repetitions);
  }
}

/** The OID behind a whole subtree. */
function nextSibling(oid: string): string {
  const parts = oid.split('.');
  return [...parts.slice(0, -1), String(Number(parts.at(-1)) + 1)].join('.');
}
