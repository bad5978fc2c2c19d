import pino, { type Logger } from 'pino';

/** The agent's log: JSON lines on stderr. What could hold a secret is never printed. */
export function createLog(level: string): Logger {
  return pino(
    {
      level,
      base: { process: 'agent' },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: [
          'token',
          '*.token',
          'credentials',
          '*.credentials',
          '*.*.credentials',
          'headers.authorization',
        ],
        censor: '[secret]',
      },
    },
    pino.destination(2),
  );
}

/** Lets a repeated complaint through once a minute, so that a lasting fault does not fill the log. */
export class OncePerMinute {
  #last = Number.NEGATIVE_INFINITY;

  due(): boolean {
    const now = performance.now();
    if (now - this.#last < 60_000) return false;
    this.#last = now;
    return true;
  }
}
