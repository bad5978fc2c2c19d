import type { AuditNote } from './note.ts';

const minuteMs = 60_000;
/** How long repeats of the same are only counted: longer the longer they go on. */
const windowsMs = [minuteMs, 10 * minuteMs, 60 * minuteMs] as const;
/** Rows of refusals that may be written at once, and how fast they come back: 5 a minute are 7,200 a day, some 4 MB. */
const burst = 500;
const perMinute = 5;

interface Repeated {
  readonly note: AuditNote;
  window: number;
  until: number;
  count: number;
}

/**
 * Keeps who is refused over and over from filling the disk: the first of a kind is written at once, repeats of the same are
 * counted and written as one row, and above a rate all further ones as one row that says how many. Nothing is left out of the
 * count. Times are those of a clock that does not jump.
 */
export class Refusals {
  readonly #repeated = new Map<string, Repeated>();
  readonly #rates = new Map<string, { tokens: number; at: number }>();
  readonly #further = new Map<string, Repeated>();

  /** What is to be written now: the note itself, or nothing yet. */
  take(note: AuditNote, now: number): AuditNote | null {
    const key = keyOf(note);
    const known = this.#repeated.get(key);
    if (known !== undefined) {
      known.count += 1;
      return null;
    }
    if (!this.#allowed(note.action, now)) {
      const further = this.#further.get(note.action);
      if (further === undefined)
        this.#further.set(note.action, {
          note: {
            action: note.action,
            outcome: 'refused',
            by: { kind: 'nobody', id: null, name: '' },
            address: null,
          },
          window: 1,
          until: now + windowsMs[1],
          count: 1,
        });
      else further.count += 1;
      return null;
    }
    this.#repeated.set(key, { note, window: 0, until: now + windowsMs[0], count: 0 });
    return note;
  }

  /** Rows about repeats whose time is over; all of them when `all` is set. */
  due(now: number, all = false): AuditNote[] {
    const notes: AuditNote[] = [];
    for (const [key, repeated] of this.#repeated) {
      if (!all && repeated.until > now) continue;
      if (repeated.count === 0) {
        this.#repeated.delete(key);
        continue;
      }
      notes.push(withDetail(repeated.note, { repeats: repeated.count }));
      repeated.count = 0;
      repeated.window = Math.min(repeated.window + 1, windowsMs.length - 1);
      repeated.until = now + (windowsMs[repeated.window] ?? minuteMs);
    }
    for (const [key, further] of this.#further) {
      if (!all && further.until > now) continue;
      notes.push(withDetail(further.note, { further: further.count }));
      this.#further.delete(key);
    }
    return notes;
  }

  /** Each action has a rate of its own: a flood of refused calls hides no guessing of passwords. */
  #allowed(action: string, now: number): boolean {
    const rate = this.#rates.get(action) ?? { tokens: burst, at: now };
    rate.tokens = Math.min(burst, rate.tokens + ((now - rate.at) / minuteMs) * perMinute);
    rate.at = now;
    this.#rates.set(action, rate);
    if (rate.tokens < 1) return false;
    rate.tokens -= 1;
    return true;
  }
}

function withDetail(note: AuditNote, detail: NonNullable<AuditNote['detail']>): AuditNote {
  return { ...note, detail: { ...note.detail, ...detail } };
}

/** Who owns one IPv6 network has 2^64 addresses: they count as one. */
function keyOf({ action, by, address, subject, detail }: AuditNote): string {
  const network = address?.includes(':') === true ? address.split(':').slice(0, 4).join(':') : address;
  return JSON.stringify([action, by.kind, by.id, by.name, network, subject, detail]);
}
