import type { BackendSettings } from '@rackhaus/config/settings';
import pino, { type Logger } from 'pino';

/** Names under which a secret could come into a line by mistake: at its top and one level down. */
const names = [
  'password',
  'secret',
  'token',
  'community',
  'authKey',
  'privKey',
  'clientSecret',
  'bindPassword',
  'authorization',
  'Authorization',
  'cookie',
  'sealed',
];
const redacted = names.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/**
 * An error as a line: kind, message, where, and the same of its causes. What libraries hang on their errors besides (requests with
 * headers, parameters, configurations) is left out: that is where secrets get into logs.
 */
function errorLine(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error;
  return {
    type: error.name,
    message: withoutSecrets(error.message),
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    stack: withoutSecrets(error.stack ?? ''),
    ...(error.cause === undefined || depth >= 3 ? {} : { cause: errorLine(error.cause, depth + 1) }),
  };
}

/** Credentials within an address, and what follows the words that announce one. */
function withoutSecrets(text: string): string {
  return text
    .replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s:@]+:[^/\s@]+@/gi, '$1[secret]@')
    .replace(/\b(Bearer|Basic|Token) [A-Za-z0-9._~+/=-]{8,}/g, '$1 [secret]')
    .replace(/\brh[a-z]_[A-Za-z0-9_-]{16,}/g, '[secret]');
}

/** Logs to stderr as lines of JSON, times in UTC. Written at once, so that the last line before a crash is there. */
export function createLog(level: BackendSettings['logLevel']): Logger {
  return pino(
    {
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      base: { part: 'backend' },
      redact: { paths: [...redacted], censor: '[secret]' },
      serializers: { err: errorLine },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
