import { parseArgs } from 'node:util';
import { SnmpCredentials, snmpAuthProtocols, snmpPrivProtocols } from '@rackhaus/config/contract';
import { z } from 'zod';

export const usage = `What Rackhaus sees on a device.

  npm run probe -- --host HOST [--port 161] [--community public] [--version 1|2c] [--profile ID] [--once] [--json]
  npm run probe -- --host HOST --v3 user=NAME,auth=sha256:KEY,priv=aes:KEY[,context=NAME] [--json]

  --v3            SNMPv3 in one word; commas within a key are written as \\,
  --v3-user NAME  --v3-auth PROTOCOL  --v3-auth-key KEY  --v3-priv PROTOCOL  --v3-priv-key KEY  --v3-context NAME
                  the same in single options
  --profile ID    use this profile instead of the one that fits
  --once          one poll only: no rates, no waiting
  --json          the result as JSON on stdout

  Authentication: ${snmpAuthProtocols.join(', ')}. Privacy: ${snmpPrivProtocols.join(', ')}.`;

/** Wrong arguments; the message is for the person who typed them. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

export interface ProbeOptions {
  readonly host: string;
  readonly port: number;
  readonly credentials: SnmpCredentials;
  readonly profile: string | null;
  /** One poll instead of two: no rates. */
  readonly once: boolean;
}

/**
 * Command line to options.
 * @throws UsageError
 */
export function parseProbeArguments(
  args: readonly string[],
): ProbeOptions & { json: boolean; help: boolean } {
  const { values } = parse([...args]);
  const help = values.help ?? false;
  if (!help && values.host === undefined) throw new UsageError('--host is missing');
  return {
    ...targetOf(values),
    profile: values.profile ?? null,
    once: values.once ?? false,
    json: values.json ?? false,
    help,
  };
}

/** Options that say which device is meant and how it is asked; for `parseArgs`. */
export const targetOptions = {
  host: { type: 'string' },
  port: { type: 'string' },
  community: { type: 'string' },
  version: { type: 'string' },
  v3: { type: 'string' },
  'v3-user': { type: 'string' },
  'v3-auth': { type: 'string' },
  'v3-auth-key': { type: 'string' },
  'v3-priv': { type: 'string' },
  'v3-priv-key': { type: 'string' },
  'v3-context': { type: 'string' },
} as const;

type TargetValues = Readonly<Partial<Record<keyof typeof targetOptions, string | undefined>>>;

/**
 * What {@link targetOptions} say.
 * @throws UsageError
 */
export function targetOf(values: TargetValues): Pick<ProbeOptions, 'host' | 'port' | 'credentials'> {
  const port = Number(values.port ?? '161');
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw new UsageError(`--port ${values.port} is not a port`);
  const credentials = SnmpCredentials.safeParse(credentialsOf(values));
  if (!credentials.success) throw new UsageError(z.prettifyError(credentials.error));
  return { host: values.host ?? '', port, credentials: credentials.data };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        ...targetOptions,
        profile: { type: 'string' },
        once: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function credentialsOf(values: TargetValues): unknown {
  const v3 = values.v3 === undefined ? {} : parseV3(values.v3);
  const user = values['v3-user'] ?? v3.user;
  if (user === undefined && values.version !== '3') {
    if (values.v3 !== undefined) throw new UsageError('--v3 needs user=NAME');
    return { version: values.version ?? '2c', community: values.community ?? 'public' };
  }
  if (user === undefined) throw new UsageError('SNMPv3 needs --v3 user=… or --v3-user');
  const auth = pair(values['v3-auth'], values['v3-auth-key'], 'v3-auth') ?? v3.auth;
  const priv = pair(values['v3-priv'], values['v3-priv-key'], 'v3-priv') ?? v3.priv;
  const context = values['v3-context'] ?? v3.context;
  return {
    version: '3',
    user,
    ...(auth && { auth }),
    ...(priv && { priv }),
    ...(context !== undefined && { context }),
  };
}

interface Secret {
  protocol: string;
  key: string;
}

function pair(protocol: string | undefined, key: string | undefined, name: string): Secret | undefined {
  if (protocol === undefined && key === undefined) return undefined;
  if (protocol === undefined) throw new UsageError(`--${name} is missing`);
  if (key === undefined) throw new UsageError(`--${name}-key is missing`);
  return { protocol: protocolName(protocol), key };
}

/** `user=anna,auth=sha256:secret,priv=aes:secret`; a comma or backslash within a value has a backslash before it. */
function parseV3(text: string): { user?: string; auth?: Secret; priv?: Secret; context?: string } {
  const result: { user?: string; auth?: Secret; priv?: Secret; context?: string } = {};
  for (const part of text.split(/(?<!\\),/)) {
    const equals = part.indexOf('=');
    const name = part.slice(0, equals).trim();
    const value = part.slice(equals + 1).replace(/\\([,\\])/g, '$1');
    if (equals < 1) throw new UsageError(`--v3: "${name}" must be name=value`);
    if (name === 'user' || name === 'context') result[name] = value;
    else if (name === 'auth' || name === 'priv') {
      const colon = value.indexOf(':');
      if (colon < 1) throw new UsageError(`--v3: ${name} must be PROTOCOL:KEY`);
      result[name] = { protocol: protocolName(value.slice(0, colon)), key: value.slice(colon + 1) };
    } else throw new UsageError(`--v3: "${name}" is not user, auth, priv or context`);
  }
  return result;
}

/** `SHA-256`, `sha1` and `AES128` as people write them. */
function protocolName(text: string): string {
  const name = text.toLowerCase().replace(/[^a-z0-9]/g, '');
  return { sha1: 'sha', aes128: 'aes', aes256: 'aes256b', aes256c: 'aes256r' }[name] ?? name;
}
