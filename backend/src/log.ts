import type { BackendSettings } from '@rackhaus/config/settings';
import pino, { type Logger } from 'pino';

/** Logs to stderr as lines of JSON, times in UTC. Written at once, so that the last line before a crash is there. */
export function createLog(level: BackendSettings['logLevel']): Logger {
  return pino(
    { level, timestamp: pino.stdTimeFunctions.isoTime, base: { part: 'backend' } },
    pino.destination({ dest: 2, sync: true }),
  );
}
