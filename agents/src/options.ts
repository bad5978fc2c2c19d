import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { TrapPort } from './traps/listener.ts';

export interface AgentArguments {
  readonly server: URL;
  readonly token: { readonly value: string } | { readonly file: string };
  readonly dataDir: string;
}

export const usage = `Usage: npm run agent -- --server URL (--token T | --token-file F) [--data DIR]

  --server URL      address of the Rackhaus backend, e.g. https://rackhaus.example.org
  --token T         the agent's token, as shown once when the agent was added
  --token-file F    file that holds the token; waited for while it does not exist
  --data DIR        folder for the outbox and the last assignment (default: data/agent)

Environment:
  RACKHAUS_LOG_LEVEL  fatal, error, warn, info, debug, trace, silent; default info
  TRAP_PORT           UDP port on which SNMP traps are received, 0: none; default 162 where it may be had
`;

/** What is wrong with the command line, for people. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** Reads the command line. @throws UsageError that names the argument. */
export function parseArguments(args: readonly string[]): AgentArguments | 'help' {
  const { server, token, 'token-file': tokenFile, data, help } = readOptions(args);
  if (help) return 'help';
  if (server === undefined) throw new UsageError('--server is missing');
  if (!URL.canParse(server))
    throw new UsageError(`--server: "${server}" is not an address like https://host:port`);
  const url = new URL(server);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new UsageError('--server must begin with http:// or https://');
  if (url.username !== '' || url.password !== '')
    throw new UsageError('--server must not hold a user or a password; use --token-file');
  if (token !== undefined && tokenFile !== undefined)
    throw new UsageError('--token and --token-file exclude each other');
  const dataDir = resolve(data ?? 'data/agent');
  if (tokenFile !== undefined) return { server: url, token: { file: resolve(tokenFile) }, dataDir };
  if (token === undefined) throw new UsageError('--token or --token-file is missing');
  // It becomes an HTTP header.
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new UsageError('--token must be printable characters without spaces');
  return { server: url, token: { value: token }, dataDir };
}

/** Reads the setting TRAP_PORT; null: no traps. @throws UsageError */
export function parseTrapPort(text: string | undefined): TrapPort | null {
  if (text === undefined || text === '') return { port: 162, insisted: false };
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new UsageError('TRAP_PORT must be a port, 0 to 65535');
  return port === 0 ? null : { port, insisted: true };
}

function readOptions(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        server: { type: 'string' },
        token: { type: 'string' },
        'token-file': { type: 'string' },
        data: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
