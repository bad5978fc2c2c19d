/** An answer that has not come by then does not come in one burst with the others. */
const countsForMs = 1000;

/** What one datagram takes of a socket's buffer: Linux counts the memory that holds it, about twice its size and 2,304 bytes. */
export function bufferBytes(datagramBytes: number): number {
  return 2 * datagramBytes + 2304;
}

/** A request's share of the buffer. */
export interface Place {
  /** Resolves when the request may be sent, or has left; null: at once. */
  readonly admitted: Promise<void> | null;
  /** To be called when the answer has come or is not waited for any more; may be called twice. */
  leave(): void;
}

interface Entry {
  readonly bytes: number;
  /** Null: nobody waits for it. */
  admit: (() => void) | null;
  since: number;
}

/**
 * Bounds the bytes of answers that are under way to one socket at a time, because what does not fit its buffer is lost.
 * First come, first served; a silent device holds its share for a second at most, so that it never stops the others, and a
 * request larger than the whole bound goes when it is alone.
 */
export class InFlight {
  private limit: number;
  private bytes = 0;
  /** Oldest first. */
  private readonly held = new Set<Entry>();
  private readonly waiting = new Set<Entry>();
  private timer: NodeJS.Timeout | null = null;

  /** @param limit bytes as the system counts them, see {@link bufferBytes} */
  constructor(limit: number) {
    this.limit = limit;
  }

  setLimit(limit: number): void {
    this.limit = limit;
    this.admit();
  }

  /** Bytes that requests hold, and how many wait. */
  get state(): { readonly bytes: number; readonly waiting: number } {
    return { bytes: this.bytes, waiting: this.waiting.size };
  }

  enter(bytes: number): Place {
    const entry: Entry = { bytes, admit: null, since: 0 };
    this.waiting.add(entry);
    this.admit();
    const isHeld = this.held.has(entry);
    return {
      admitted: isHeld
        ? null
        : new Promise((resolve) => {
            entry.admit = resolve;
          }),
      leave: () => {
        if (this.waiting.delete(entry)) entry.admit?.();
        else this.release(entry);
        this.admit();
      },
    };
  }

  private release(entry: Entry): void {
    if (this.held.delete(entry)) this.bytes -= entry.bytes;
  }

  private admit(): void {
    if (this.waiting.size === 0) return;
    const now = performance.now();
    for (const entry of this.waiting) {
      for (const oldest of this.held) {
        if (this.fits(entry) || oldest.since + countsForMs > now) break;
        this.release(oldest);
      }
      if (!this.fits(entry)) {
        this.arm(now);
        return;
      }
      this.waiting.delete(entry);
      entry.since = now;
      this.held.add(entry);
      this.bytes += entry.bytes;
      entry.admit?.();
    }
  }

  private fits(entry: Entry): boolean {
    return this.held.size === 0 || this.bytes + entry.bytes <= this.limit;
  }

  private arm(now: number): void {
    if (this.timer !== null) return;
    const [oldest] = this.held;
    this.timer = setTimeout(
      () => {
        this.timer = null;
        this.admit();
      },
      Math.max(1, Math.ceil((oldest?.since ?? now) + countsForMs - now)),
    );
  }
}
