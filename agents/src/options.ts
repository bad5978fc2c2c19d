import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { IpNetwork } from '@rackhaus/config/contract';
import { readFingerprint } from './delivery/pinned-agent.ts';
import type { Given } from './key/own-key.ts';
import { readNetworks } from './networks/reach.ts';
import type { SyslogPlace } from './syslog/listener.ts';
import type { TrapPort } from './traps/listener.ts';
import { defaultGateway } from './witness/default-gateway.ts';

export interface AgentArguments {
  readonly server: URL;
  /** null: the agent has joined before and has a key of its own. */
  readonly token: Given;
  readonly dataDir: string;
  /** Of the server's certificate; null: it is verified as usual. */
  readonly fingerprint: string | null;
  /** The only networks that this agent polls; null: where the server says. */
  readonly networks: readonly IpNetwork[] | null;
}

export const usage = `Usage: npm run agent -- --server URL [--token T | --token-file F] [--fingerprint sha256:…] [--networks N] [--data DIR]

  --server URL        address of the Rackhaus backend, e.g. https://rackhaus.example.org
  --token T           the token to join with, as shown once; afterwards the agent has a key of its own and needs none
  --token-file F      file that holds the token, or a key; waited for while it does not exist
  --fingerprint F     of the server's certificate, where it has signed it itself: sha256:… as shown with the token
  --networks N        the only networks that this agent polls, e.g. 10.1.0.0/16,fd00::/8 (default: those that the server allows)
  --data DIR          folder for the agent's key, the outbox and the last assignment (default: data/agent)

Environment:
  AGENT_NETWORKS      as --networks
  RACKHAUS_LOG_LEVEL  fatal, error, warn, info, debug, trace, silent; default info
  GATEWAY             IP address of the host that tells by its answers whether this agent has a network, none: nobody does; default the default gateway
  TRAP_PORT           UDP port on which SNMP traps are received, 0: none; default 162 where it may be had
  SYSLOG_PORT         UDP and TCP port on which messages of devices (syslog) are received, 0: none; default 514 where it may be had
`;

/** What is wrong with the command line, for people. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** Reads the command line. @throws UsageError that names the argument. */
export function parseArguments(
  args: readonly string[],
  env: { readonly AGENT_NETWORKS?: string | undefined } = {},
): AgentArguments | 'help' {
  const { server, token, 'token-file': tokenFile, data, help, fingerprint, networks } = readOptions(args);
  if (help) return 'help';
  const url = readServer(server);
  if (token !== undefined && tokenFile !== undefined)
    throw new UsageError('--token and --token-file exclude each other');
  // It becomes an HTTP header.
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token))
    throw new UsageError('--token must be printable characters without spaces');
  const given = token === undefined ? null : { value: token };
  return {
    server: url,
    token: tokenFile === undefined ? given : { file: resolve(tokenFile) },
    dataDir: resolve(data ?? 'data/agent'),
    fingerprint: fingerprint === undefined ? null : pinOf(fingerprint, url),
    networks: networksOf(
      networks === undefined ? ['AGENT_NETWORKS', env.AGENT_NETWORKS || undefined] : ['--networks', networks],
    ),
  };
}

function readServer(server: string | undefined): URL {
  if (server === undefined) throw new UsageError('--server is missing');
  if (!URL.canParse(server))
    throw new UsageError(`--server: "${server}" is not an address like https://host:port`);
  const url = new URL(server);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new UsageError('--server must begin with http:// or https://');
  if (url.username !== '' || url.password !== '')
    throw new UsageError('--server must not hold a user or a password; use --token-file');
  return url;
}

function pinOf(text: string, server: URL): string {
  const fingerprint = readFingerprint(text);
  if (fingerprint === null)
    throw new UsageError('--fingerprint must be sha256: and 64 hexadecimal digits, as shown with the token');
  if (server.protocol !== 'https:') throw new UsageError('--fingerprint needs a --server with https://');
  return fingerprint;
}

function networksOf([name, text]: [string, string | undefined]): readonly IpNetwork[] | null {
  if (text === undefined) return null;
  const networks = readNetworks(text);
  if (typeof networks === 'string') throw new UsageError(`${name}: ${networks}`);
  return networks;
}

/** Reads the setting GATEWAY: who tells now whether there is a network; null: nobody. @throws UsageError */
export function parseGateway(text: string | undefined): () => Promise<string | null> {
  if (text === undefined || text === '') return defaultGateway;
  if (text !== 'none' && isIP(text) === 0)
    throw new UsageError(`GATEWAY must be an IP address or "none", not "${text}"`);
  const gateway = text === 'none' ? null : text;
  return async () => gateway;
}

/** Reads the setting TRAP_PORT; null: no traps. @throws UsageError */
export function parseTrapPort(text: string | undefined): TrapPort | null {
  if (text === undefined || text === '') return { port: 162, insisted: false };
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new UsageError('TRAP_PORT must be a port, 0 to 65535');
  return port === 0 ? null : { port, insisted: true };
}

/** Reads the setting SYSLOG_PORT; null: no messages. @throws UsageError */
export function parseSyslogPort(text: string | undefined): SyslogPlace | null {
  if (text === undefined || text === '') return { port: 514, insisted: false };
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    throw new UsageError('SYSLOG_PORT must be a port, 0 to 65535');
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
        fingerprint: { type: 'string' },
        networks: { type: 'string' },
        data: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
