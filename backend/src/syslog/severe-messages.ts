import type { AttachedLine } from './messages.ts';

/** Emergency, alert, critical: devices write these when something is to be done at once. */
const worst = 2;
/** So long after the last one it is over. */
const quietMs = 1_800_000;
/** How long it is waited whether polling finds the same fault: a poll that was asked for at once, the next one, and what rules wait for. */
const holdMs = 75_000;
/** What polling found so long before may be what the message is about; a slighter fault that is older is another one. */
const beforeMs = 300_000;
/** Whoever was called for something critical this lately is at it. */
const beforeCriticalMs = 12 * 3_600_000;
/** A device that is well again may still say so. */
const afterMs = 60_000;
const mostShown = 200;
/** Different texts that are waited with per device; all of them are among the messages. */
const mostHeld = 10;
/** A device that goes on saying it is read out of turn so seldom: nothing else would be read. */
const readEveryMs = 60_000;
/** That the same was said again is written down so seldom. */
const writtenEveryMs = 60_000;

/** A severe message of a device. Times in ms since 1970. */
export interface Severe {
  readonly deviceId: number;
  /** As it is shown: cut where it is long. */
  readonly text: string;
  readonly since: number;
  /** When it was said last, or reported. */
  readonly last: number;
  /** Until then it is waited whether polling finds the fault. */
  readonly due: number;
  /** null: it is waited. */
  readonly reportedAt: number | null;
}

/** A device's part in an incident that comes from readings. */
export interface SeenFault {
  readonly deviceId: number;
  readonly incidentId: number;
  /** It is still looked into whether it is so. */
  readonly pending: boolean;
  readonly critical: boolean;
  readonly since: number;
  /** null: it goes on. */
  readonly until: number | null;
}

/** A message to be written into the story of an incident that is there already. */
export interface Explained {
  readonly severe: Severe;
  readonly incidentId: number;
}

/**
 * Which severe messages somebody has to be told of. What devices say and what polling finds is one fault: a message is kept back for a while,
 * and reported by itself only when polling finds nothing. Knows no clock, reads and writes nothing.
 */
export class SevereMessages {
  readonly #of = new Map<number, Map<string, Severe>>();
  /** What is to be written: null where it is gone. */
  readonly #unwritten = new Map<
    string,
    { readonly key: Pick<Severe, 'deviceId' | 'text'>; row: Severe | null }
  >();
  readonly #writtenLast = new Map<string, number>();
  /** By device: when it was waited for what polling finds of it. */
  readonly #waitedAt = new Map<number, number>();

  /** Goes on with what was known when the process before ended: polling has its time anew. */
  restore(rows: readonly Severe[], now: number): void {
    for (const row of rows) {
      const due = row.reportedAt === null ? Math.max(row.due, now + holdMs) : row.due;
      this.#held(row.deviceId).set(row.text, { ...row, due });
      this.#writtenLast.set(keyOf(row), row.last);
    }
  }

  /**
   * Takes messages in; the same once more changes nothing.
   * @param isPolled whether polling may find the fault; of others is told at once
   * @returns devices of which it is waited now and was not a moment ago
   */
  take(lines: readonly AttachedLine[], isPolled: (deviceId: number) => boolean, now: number): number[] {
    const waiting = new Set<number>();
    for (const { deviceId, severity, time, text, dropped } of lines) {
      if (deviceId === null || severity === null || severity > worst || dropped !== undefined) continue;
      // What comes late out of an outbox is over.
      if (time < now - quietMs) continue;
      const held = this.#held(deviceId);
      const shown = text.length > mostShown ? `${text.slice(0, mostShown)} …` : text;
      const known = reportedOf(held) ?? held.get(shown) ?? (held.size < mostHeld ? undefined : newest(held));
      if (known !== undefined) {
        if (time > known.last) this.#put({ ...known, last: time });
        else if (time < known.since && known.reportedAt === null) this.#put({ ...known, since: time });
        continue;
      }
      const polled = isPolled(deviceId);
      if (polled && held.size === 0 && now - (this.#waitedAt.get(deviceId) ?? 0) >= readEveryMs) {
        this.#waitedAt.set(deviceId, now);
        waiting.add(deviceId);
      }
      const due = polled ? now + holdMs : now;
      this.#put({ deviceId, text: shown, since: time, last: time, due, reportedAt: null });
    }
    return [...waiting];
  }

  /** Devices of which something was said that is not done with. */
  get deviceIds(): number[] {
    return [...this.#of.keys()];
  }

  /**
   * What becomes of the messages by what polling found.
   * @param endedAt by device, when somebody said that what was reported is over
   * @returns what belongs to incidents that are there, until it is {@link settle}d; and whether it has to be reported anew
   */
  look(
    faults: readonly SeenFault[],
    endedAt: ReadonlyMap<number, number>,
    now: number,
  ): { explained: Explained[]; changed: boolean } {
    const explained: Explained[] = [];
    let changed = false;
    for (const [deviceId, at] of this.#waitedAt) if (now - at >= readEveryMs) this.#waitedAt.delete(deviceId);
    const of = Map.groupBy(faults, ({ deviceId }) => deviceId);
    for (const [deviceId, held] of this.#of) {
      const end = endedAt.get(deviceId);
      for (const severe of [...held.values()]) {
        // Went along with another one.
        if (held.get(severe.text) !== severe) continue;
        const { reportedAt, last, due } = severe;
        const fitting = (of.get(deviceId) ?? []).filter((fault) => explains(fault, severe));
        const fault = fitting.find(({ pending }) => !pending);
        if (fault !== undefined) {
          explained.push({ severe, incidentId: fault.incidentId });
          continue;
        }
        const isEnded = reportedAt !== null && end !== undefined && end >= reportedAt;
        const isOver = reportedAt !== null && (last < now - quietMs || (isEnded && end >= last));
        // It was said once more after somebody had ended it.
        changed ||= isEnded && !isOver;
        if (isOver) {
          changed = true;
          this.#drop(severe);
        } else if (reportedAt === null && due <= now && fitting.length === 0) {
          changed = true;
          this.#report(held, severe, now);
        }
      }
    }
    return { explained, changed };
  }

  /** Has become part of an incident. @returns whether it had been reported by itself */
  settle(severe: Severe): boolean {
    this.#drop(severe);
    return severe.reportedAt !== null;
  }

  /** Forgets what devices said that are gone. @returns whether any of it was reported */
  forget(deviceIds: readonly number[]): boolean {
    const gone = deviceIds.flatMap((id) => [...(this.#of.get(id)?.values() ?? [])]);
    for (const severe of gone) this.#drop(severe);
    return gone.some(({ reportedAt }) => reportedAt !== null);
  }

  /** What is reported: at most one per device. */
  get reported(): Severe[] {
    return [...this.#of.values()].flatMap((held) => reportedOf(held) ?? []);
  }

  /** What has to be written, each by its key; null: it is gone. Given back by {@link failed} when that was not possible. */
  unwritten(): { readonly key: Pick<Severe, 'deviceId' | 'text'>; readonly row: Severe | null }[] {
    const rows = [...this.#unwritten.values()];
    this.#unwritten.clear();
    for (const { key, row } of rows) {
      if (row === null) this.#writtenLast.delete(keyOf(key));
      else this.#writtenLast.set(keyOf(row), row.last);
    }
    return rows;
  }

  failed(rows: ReturnType<SevereMessages['unwritten']>): void {
    for (const each of rows)
      if (!this.#unwritten.has(keyOf(each.key))) this.#unwritten.set(keyOf(each.key), { ...each });
  }

  /** The first stands for all that the device has said. */
  #report(held: Map<string, Severe>, severe: Severe, now: number): void {
    const others = [...held.values()].filter((other) => other.text !== severe.text);
    const last = Math.max(severe.last, now, ...others.map((other) => other.last));
    for (const other of others) this.#drop(other);
    this.#put({ ...severe, last, reportedAt: now });
  }

  #held(deviceId: number): Map<string, Severe> {
    const known = this.#of.get(deviceId);
    if (known !== undefined) return known;
    const held = new Map<string, Severe>();
    this.#of.set(deviceId, held);
    return held;
  }

  #put(severe: Severe): void {
    const key = keyOf(severe);
    const held = this.#held(severe.deviceId);
    const before = held.get(severe.text);
    held.set(severe.text, severe);
    const onlyLast =
      before !== undefined && before.reportedAt === severe.reportedAt && before.since === severe.since;
    const writtenLast = this.#writtenLast.get(key) ?? Number.NEGATIVE_INFINITY;
    if (onlyLast && severe.last - writtenLast < writtenEveryMs && !this.#unwritten.has(key)) return;
    this.#unwritten.set(key, { key: severe, row: severe });
  }

  #drop(severe: Severe): void {
    const held = this.#of.get(severe.deviceId);
    held?.delete(severe.text);
    if (held?.size === 0) this.#of.delete(severe.deviceId);
    this.#unwritten.set(keyOf(severe), { key: severe, row: null });
  }
}

/** Whether what polling found is what the message is about. */
function explains({ since, until, critical }: SeenFault, severe: Severe): boolean {
  if (until !== null && until + afterMs < severe.since) return false;
  return since >= severe.since - (critical ? beforeCriticalMs : beforeMs);
}

function keyOf({ deviceId, text }: Pick<Severe, 'deviceId' | 'text'>): string {
  return `${deviceId} ${text}`;
}

function reportedOf(held: ReadonlyMap<string, Severe>): Severe | undefined {
  for (const severe of held.values()) if (severe.reportedAt !== null) return severe;
  return undefined;
}

function newest(held: ReadonlyMap<string, Severe>): Severe | undefined {
  return [...held.values()].at(-1);
}
