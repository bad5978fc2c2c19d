import { mostSyslogLines, type SyslogLine } from '@rackhaus/config/contract';
import type { Logger } from 'pino';
import { OncePerMinute } from '../log.ts';
import { compress } from '../outbox/body.ts';
import type { Outbox } from '../outbox/outbox.ts';

const waitMs = 250;
const mostCharacters = 400_000;
/** Held in memory while the disk takes nothing. */
const mostUnsaved = 20_000;

/** Gathers messages for a moment and appends them as one batch to an outbox of their own. */
export class SyslogQueue {
  readonly #outbox: Outbox;
  readonly #appended: (sequence: number) => void;
  readonly #log: Logger;
  readonly #complaint = new OncePerMinute();
  #lines: SyslogLine[] = [];
  #characters = 0;
  #lost = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: { outbox: Outbox; appended: (sequence: number) => void; log: Logger }) {
    this.#outbox = options.outbox;
    this.#appended = options.appended;
    this.#log = options.log;
  }

  /** Messages that were given up because the disk took nothing. */
  get lost(): number {
    return this.#lost;
  }

  add(line: SyslogLine): void {
    if (this.#lines.length >= mostUnsaved) {
      this.#lost++;
      return;
    }
    this.#lines.push(line);
    this.#characters += line.text.length + (line.data?.length ?? 0);
    const isFull = this.#lines.length === mostSyslogLines || this.#characters > mostCharacters;
    if (isFull && this.#lines.length <= mostSyslogLines) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), waitMs);
  }

  /** Writes what was gathered; what the disk does not take stays for the next time. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    while (this.#lines.length > 0) {
      const count = this.#fitting();
      try {
        const sequence = this.#outbox.append('syslog', compress(JSON.stringify(this.#lines.slice(0, count))));
        this.#lines.splice(0, count);
        this.#appended(sequence);
      } catch (error) {
        if (this.#complaint.due())
          this.#log.error(
            { err: error, waiting: this.#lines.length },
            'messages of devices cannot be written down',
          );
        this.#timer = setTimeout(() => this.flush(), 4 * waitMs);
        return;
      }
    }
    this.#characters = 0;
  }

  stop(): void {
    this.flush();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** How many of the first lines make a batch that the backend takes. */
  #fitting(): number {
    let characters = 0;
    let count = 0;
    for (const line of this.#lines) {
      characters += line.text.length + (line.data?.length ?? 0);
      if (count > 0 && (characters > mostCharacters || count === mostSyslogLines)) break;
      count++;
    }
    return count;
  }
}
