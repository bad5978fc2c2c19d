import { openSerial, type SerialPort } from './serial.ts';

/** What a modem refuses, with its number (3GPP TS 27.005, 3.2.5); null: it gave none. */
export class ModemError extends Error {
  readonly number: number | null;
  constructor(message: string, number: number | null) {
    super(message);
    this.name = 'ModemError';
    this.number = number;
  }
}

interface Pending {
  readonly lines: string[];
  /** What is still to be written when the modem asks for it. */
  body: string | null;
  readonly resolve: (lines: string[]) => void;
  readonly reject: (error: Error) => void;
}

const unsolicited = /^(\+CMTI:|\+CMT:|\+CDS|RING|\+CREG: \d$|\^|\+CUSD:)/;

/** A modem's commands, one at a time; lines that come by themselves are told to `onNews`. */
export class AtPort {
  readonly #onNews: (line: string) => void;
  #port: SerialPort | null = null;
  #buffer = '';
  #pending: Pending | null = null;
  #ended: Error | null = null;

  constructor(options: { onNews: (line: string) => void }) {
    this.#onNews = options.onNews;
  }

  /** @throws Error when the device cannot be opened */
  async open(device: string): Promise<void> {
    this.#port = await openSerial(device, {
      data: (text) => this.#read(text),
      end: (error) => this.#end(error),
    });
  }

  close(): void {
    this.#port?.close();
    this.#end(new Error('The modem has been closed.'));
  }

  /** Whether it can still be spoken to. */
  get isOpen(): boolean {
    return this.#port !== null && this.#ended === null;
  }

  /** Ends what an earlier conversation may have left open: a message that was being entered. */
  interrupt(): void {
    this.#port?.write('\u001b\r');
  }

  /**
   * Gives a command, and its body when the modem asks for one. Resolves with the lines before OK.
   * @throws ModemError when it says that it went wrong; Error when it does not answer in time
   */
  command(text: string, options: { timeoutMs?: number; body?: string } = {}): Promise<string[]> {
    const { timeoutMs = 5_000, body = null } = options;
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const port = this.#port;
    if (port === null || this.#pending !== null)
      return Promise.reject(new Error('The modem is not open, or busy.'));
    return new Promise<string[]>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending = null;
        reject(new Error(`The modem has not answered within ${timeoutMs / 1000} s.`));
      }, timeoutMs);
      const settle = (then: () => void): void => {
        clearTimeout(timer);
        this.#pending = null;
        then();
      };
      this.#pending = {
        lines: [],
        body: body === null ? null : `${body}\u001a`,
        resolve: (lines) => settle(() => resolve(lines)),
        reject: (error) => settle(() => reject(error)),
      };
      port.write(`${text}\r`);
    });
  }

  #read(text: string): void {
    this.#buffer = (this.#buffer + text).slice(-100_000);
    for (;;) {
      const end = this.#buffer.search(/[\r\n]/);
      if (end < 0) break;
      const line = this.#buffer.slice(0, end).trim();
      this.#buffer = this.#buffer.slice(end + 1);
      if (line !== '') this.#line(line);
    }
    // It asks for the text of a message: this line never ends.
    const pending = this.#pending;
    if (pending !== null && pending.body !== null && /^\s*>/.test(this.#buffer)) {
      this.#buffer = '';
      this.#port?.write(pending.body);
      pending.body = null;
    }
  }

  #line(line: string): void {
    const pending = this.#pending;
    const failed = /^\+CM[SE] ERROR:\s*(.*)$/.exec(line);
    if (pending === null || unsolicited.test(line)) this.#onNews(line);
    else if (line === 'OK') pending.resolve(pending.lines);
    else if (line === 'ERROR') pending.reject(new ModemError('The modem refused the command.', null));
    else if (failed !== null) {
      const number = /^\d+$/.test(failed[1] ?? '') ? Number(failed[1]) : null;
      pending.reject(new ModemError(`The modem says ${line}.`, number));
    } else pending.lines.push(line);
  }

  #end(error: Error): void {
    if (this.#ended !== null) return;
    this.#ended = error;
    this.#pending?.reject(error);
  }
}
