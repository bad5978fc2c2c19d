import { EventEmitter } from 'node:events';
import type { SnmpCredentials } from '@rackhaus/config/contract';
import netSnmp from 'net-snmp';
import { SnmpError, type SnmpRefusal } from './error.ts';
import type { UdpEndpoint } from './udp.ts';
import { type UsmEngine, UsmFormat, type UsmPriv } from './usm.ts';

type V3Credentials = Extract<SnmpCredentials, { version: '3' }>;

const authProtocols = {
  md5: 'md5',
  sha: 'sha',
  sha224: 'sha224',
  sha256: 'sha256',
  sha384: 'sha384',
  sha512: 'sha512',
};
const privProtocols = { des: 'des', aes: 'aes', aes256b: 'aes256b', aes256r: 'aes256r' };

/**
 * Lets net-snmp discover the engine and its clock (RFC 3414 section 4) and prove user and keys with one GET, then takes
 * over engine and localized keys.
 */
export async function openUsm(
  endpoint: UdpEndpoint,
  credentials: V3Credentials,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<UsmFormat> {
  const { user, auth, priv, context = '' } = credentials;
  if (priv && !auth) throw new SnmpError('refused', 'SNMPv3 privacy needs authentication as well');
  // net-snmp's DES needs OpenSSL's legacy provider: for DES it only discovers and authenticates.
  const shownPriv = priv?.protocol === 'des' ? undefined : priv;
  const level = shownPriv ? 'authPriv' : auth ? 'authNoPriv' : 'noAuthNoPriv';
  const session = netSnmp.createV3Session(
    endpoint.address,
    {
      name: user,
      level: constant(netSnmp.SecurityLevel, level),
      ...(auth && {
        authProtocol: constant(netSnmp.AuthProtocols, authProtocols[auth.protocol]),
        authKey: auth.key,
      }),
      ...(shownPriv && {
        privProtocol: constant(netSnmp.PrivProtocols, privProtocols[shownPriv.protocol]),
        privKey: shownPriv.key,
      }),
    },
    {
      version: netSnmp.Version3,
      port: endpoint.port,
      timeout: timeoutMs,
      retries: 1,
      backoff: 2,
      context,
      dgramModule: { createSocket: () => new EndpointSocket(endpoint) },
    },
  );
  // Without a listener one datagram that is not SNMP would end the process.
  session.on('error', () => {});
  const cancel = (): void => session.close();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    await new Promise<void>((resolve, reject) =>
      session.get([sysUpTime], (error) => {
        // An error status (no access at this level, no such name) is an authentic answer all the same.
        if (signal.aborted) reject(new SnmpError('closed', 'the poll was cancelled'));
        else if (error && error.name !== 'RequestFailedError') reject(asSnmpError(error, endpoint));
        else resolve();
      }),
    );
    const engineId = session.msgSecurityParameters?.msgAuthoritativeEngineID;
    if (!engineId) throw new SnmpError('refused', 'the device did not tell its SNMPv3 engine');
    const time = session.getEngineTime();
    const engine: UsmEngine = {
      id: Buffer.from(engineId),
      boots: time?.engineBoots ?? 0,
      time: time?.engineTime ?? 0,
      learntAt: performance.now(),
    };
    return usmFor(credentials, engine);
  } finally {
    signal.removeEventListener('abort', cancel);
    if (!signal.aborted) session.close();
  }
}

/** The user's format with keys localized to an engine (RFC 3414 section 2.6). Costs some milliseconds: to be kept. */
export function usmFor(credentials: V3Credentials, engine: UsmEngine): UsmFormat {
  const { user, auth, priv, context = '' } = credentials;
  return new UsmFormat({
    engine,
    user,
    context,
    auth: auth ? { protocol: auth.protocol, key: localize(auth.protocol, auth.key, engine.id) } : null,
    priv: priv && auth ? localizedPrivacy(auth.protocol, priv, engine.id) : null,
  });
}

const sysUpTime = '1.3.6.1.2.1.1.3.0';

function localize(protocol: keyof typeof authProtocols, key: string, engineId: Buffer): Buffer {
  return netSnmp.Authentication.passwordToKey(
    constant(netSnmp.AuthProtocols, authProtocols[protocol]),
    key,
    engineId,
  );
}

function localizedPrivacy(
  authProtocol: keyof typeof authProtocols,
  priv: NonNullable<V3Credentials['priv']>,
  engineId: Buffer,
): UsmPriv {
  const auth = constant(netSnmp.AuthProtocols, authProtocols[authProtocol]);
  const { Encryption } = netSnmp;
  switch (priv.protocol) {
    case 'des':
    case 'aes':
      return {
        protocol: priv.protocol,
        key: Encryption.generateLocalizedKey({ KEY_LENGTH: 16 }, auth, priv.key, engineId),
      };
    case 'aes256b':
      return {
        protocol: 'aes256',
        key: Encryption.generateLocalizedKeyBlumenthal({ KEY_LENGTH: 32 }, auth, priv.key, engineId),
      };
    case 'aes256r':
      return {
        protocol: 'aes256',
        key: Encryption.generateLocalizedKeyReeder({ KEY_LENGTH: 32 }, auth, priv.key, engineId),
      };
  }
}

function asSnmpError(error: Error, endpoint: UdpEndpoint): Error {
  if (error instanceof SnmpError) return error;
  if (error.name === 'RequestTimedOutError')
    return new SnmpError('timeout', `no answer from ${endpoint.address} port ${endpoint.port}`);
  if (error.name === 'ResponseInvalidError')
    return new SnmpError('refused', `SNMPv3 was refused: ${error.message}`, refusalOf(error.message));
  return new SnmpError('refused', `SNMPv3 failed: ${error.message}`);
}

/** By net-snmp's words for the reports of RFC 3414. */
function refusalOf(message: string): SnmpRefusal | null {
  if (message.startsWith('Unknown User')) return 'user';
  if (message.startsWith('Wrong Digest')) return 'key';
  if (message.startsWith('Decryption')) return 'privacy';
  return message.startsWith('Unsupported Security') ? 'level' : null;
}

function constant(table: Readonly<Record<string, number>>, name: string): number {
  const value = table[name];
  if (value === undefined) throw new SnmpError('refused', `net-snmp does not know ${name}`);
  return value;
}

/** What net-snmp takes for a socket: an endpoint of the hub, so that only datagrams of the device reach it. */
class EndpointSocket extends EventEmitter {
  private readonly endpoint: UdpEndpoint;
  private readonly silence: () => void;

  constructor(endpoint: UdpEndpoint) {
    super();
    this.endpoint = endpoint;
    this.silence = endpoint.listen((datagram) => this.emit('message', datagram));
  }

  send(
    content: Buffer,
    offset: number,
    length: number,
    _port: number,
    _address: string,
    done: (error: Error | null) => void,
  ): void {
    const { endpoint } = this;
    done(null);
    endpoint.send(Buffer.from(content.subarray(offset, offset + length)), (error) =>
      this.emit('error', new SnmpError('network', `the request could not be sent: ${error.message}`)),
    );
  }

  close(): void {
    this.silence();
    this.emit('close');
  }

  ref(): void {}
  unref(): void {}
}
