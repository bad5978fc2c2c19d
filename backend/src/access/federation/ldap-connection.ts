import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import {
  Client,
  EqualityFilter,
  ExtensibleFilter,
  type Filter,
  InsufficientAccessError,
  InvalidCredentialsError,
  InvalidDNSyntaxError,
  NoSuchObjectError,
  OrFilter,
  ResultCodeError,
  SizeLimitExceededError,
} from 'ldapts';
import { type Outgoing, OutgoingRefused } from '../../outgoing/outgoing.ts';
import { isCertificateTrouble } from './tls-trouble.ts';

export type LdapTrouble =
  | 'unreachable'
  | 'not-allowed'
  | 'certificate'
  | 'no-tls'
  | 'credentials'
  | 'base'
  | 'several'
  | 'other';

export class LdapError extends Error {
  readonly trouble: LdapTrouble;
  constructor(trouble: LdapTrouble, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'LdapError';
    this.trouble = trouble;
  }
}

/** An entry of a directory; names of attributes in lower case, because servers write them as they like. */
export interface Entry {
  readonly dn: string;
  texts(attribute: string): readonly string[];
  bytes(attribute: string): Buffer | null;
}

/** What is searched for. `chain`: the value as a member, directly or in groups of groups (Active Directory finds that itself). */
export type Condition =
  | { readonly filter: string }
  | { readonly attribute: string; readonly value: string | Buffer }
  | { readonly anyOf: readonly { readonly attribute: string; readonly value: string }[] }
  | { readonly chain: string; readonly value: string };

const connectMs = 3000;
const operationMs = 5000;
const inChain = '1.2.840.113556.1.4.1941';
const whoAmI = '1.3.6.1.4.1.4203.1.11.3';
const startTls = 'StartTLS';

/** A connection to a directory, encrypted and with the server's certificate checked before anything is sent. */
export class LdapConnection {
  readonly #client: Client;
  /** The server that answered. */
  readonly server: string;

  constructor(options: { client: Client; server: string }) {
    this.#client = options.client;
    this.server = options.server;
  }

  /** Connects to the first server that can be reached. @throws LdapError of the last one that could not */
  static async open(options: {
    servers: readonly string[];
    caCertificate: string | null;
    outgoing: Outgoing;
  }): Promise<LdapConnection> {
    let last: unknown = new LdapError('unreachable', 'no server is named');
    for (const server of options.servers) {
      try {
        return await openOne(server, options.caCertificate, options.outgoing);
      } catch (error) {
        last = error;
      }
    }
    throw last;
  }

  /** @throws LdapError `credentials` when that is not the password; never asks with an empty one, which would be anonymous */
  async bind(user: string, password: string): Promise<void> {
    if (password === '') throw new LdapError('credentials', 'the password is empty');
    await told(() => this.#client.bind(user, password));
  }

  /** Who the server takes us for, e.g. `dn:uid=…` or `u:EXAMPLE\\name`; null where it does not say. @throws LdapError */
  async identity(): Promise<string | null> {
    try {
      const { value } = await this.#client.exop(whoAmI);
      return value ?? null;
    } catch (error) {
      if (error instanceof ResultCodeError) return null;
      throw troubleOf(error);
    }
  }

  /** @throws LdapError `base` when there is no such place; `several` when there are more than `most` */
  async search(options: {
    base: string;
    scope?: 'sub' | 'base';
    condition: Condition;
    attributes: readonly string[];
    most?: number;
  }): Promise<Entry[]> {
    const { most } = options;
    const { searchEntries } = await told(() =>
      this.#client.search(options.base, {
        scope: options.scope ?? 'sub',
        filter: filterOf(options.condition),
        attributes: [...options.attributes],
        explicitBufferAttributes: ['objectGUID', 'GUID'],
        timeLimit: operationMs / 1000,
        ...(most === undefined ? { paged: { pageSize: 500 } } : { sizeLimit: most }),
      }),
    );
    return searchEntries.map((entry) => {
      const { dn, ...attributes } = entry;
      return entryOf(dn, attributes);
    });
  }

  /** @throws Error when the filter cannot be read */
  static checkFilter(filter: string): void {
    filterOf({ filter });
  }

  async close(): Promise<void> {
    try {
      await this.#client.unbind();
    } catch {
      // It is gone already, which is what was wanted.
    }
  }
}

async function openOne(server: string, ca: string | null, outgoing: Outgoing): Promise<LdapConnection> {
  const url = new URL(server);
  const secure = url.protocol.toLowerCase() === 'ldaps:';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? (secure ? 636 : 389) : Number(url.port);
  const tlsOptions: ConnectionOptions = {
    host,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(ca === null ? {} : { ca }),
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
  };
  const tcp = await connected(host, port, outgoing);
  try {
    if (secure) {
      const tls = await handshake(connectTls({ ...tlsOptions, socket: tcp }));
      const client = newClient(server, { createSecureConnection: () => tls });
      return new LdapConnection({ client, server });
    }
    let handedOut = false;
    const client = newClient(server, {
      // Should the connection break, no second one is made behind our back that would not be encrypted.
      createConnection: () => {
        if (handedOut) throw new LdapError('unreachable', 'the connection broke');
        handedOut = true;
        return tcp;
      },
    });
    await withinTime(
      client.startTLS(tlsOptions).catch((error: unknown) => {
        throw error instanceof ResultCodeError
          ? new LdapError('no-tls', `the server refuses ${startTls}: ${error.message}`, error)
          : tlsTrouble(error);
      }),
      () => tcp.destroy(),
    );
    return new LdapConnection({ client, server });
  } catch (error) {
    tcp.destroy();
    throw troubleOf(error);
  }
}

function newClient(
  server: string,
  sockets: { createConnection?: () => Socket; createSecureConnection?: () => TLSSocket },
): Client {
  return new Client({
    url: server,
    timeout: operationMs,
    connectTimeout: connectMs,
    strictDN: false,
    ...sockets,
  });
}

async function connected(host: string, port: number, outgoing: Outgoing): Promise<Socket> {
  try {
    const address = await outgoing.resolve(host, 'settings.servers');
    return await new Promise<Socket>((resolve, reject) => {
      const socket = connectTcp({ host: address, port, timeout: connectMs });
      const fail = (error: Error) => {
        socket.destroy();
        reject(error);
      };
      socket.once('error', fail);
      socket.once('timeout', () => fail(new Error(`no answer within ${connectMs / 1000} s`)));
      socket.once('connect', () => {
        socket.setTimeout(0);
        socket.removeAllListeners('timeout');
        socket.removeListener('error', fail);
        resolve(socket);
      });
    });
  } catch (error) {
    if (error instanceof OutgoingRefused) throw new LdapError('not-allowed', error.message, error);
    throw new LdapError('unreachable', messageOf(error), error);
  }
}

function handshake(socket: TLSSocket): Promise<TLSSocket> {
  const done = new Promise<TLSSocket>((resolve, reject) => {
    socket.once('error', (error) => reject(tlsTrouble(error)));
    socket.once('close', () => reject(new LdapError('no-tls', 'the server ended the connection')));
    socket.once('secureConnect', () => {
      socket.removeAllListeners('error');
      socket.removeAllListeners('close');
      resolve(socket);
    });
  });
  return withinTime(done, () => socket.destroy());
}

async function withinTime<T>(work: Promise<T>, stop: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      stop();
      reject(new LdapError('no-tls', `no encryption within ${operationMs / 1000} s`));
    }, operationMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function tlsTrouble(error: unknown): LdapError {
  return new LdapError(isCertificateTrouble(error) ? 'certificate' : 'no-tls', messageOf(error), error);
}

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw troubleOf(error);
  }
}

function troubleOf(error: unknown): LdapError {
  if (error instanceof LdapError) return error;
  const is = (trouble: LdapTrouble) => new LdapError(trouble, messageOf(error), error);
  if (error instanceof InvalidCredentialsError) return is('credentials');
  if (error instanceof NoSuchObjectError || error instanceof InvalidDNSyntaxError) return is('base');
  if (error instanceof SizeLimitExceededError) return is('several');
  if (error instanceof InsufficientAccessError || error instanceof ResultCodeError) return is('other');
  return is('unreachable');
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0]);
  const message = error instanceof Error ? error.message : String(error);
  // Servers end their texts with a NUL and line breaks.
  return message.replace(/[\0\s]+/g, ' ').trim();
}

function filterOf(condition: Condition): Filter | string {
  if ('filter' in condition) return condition.filter;
  if ('anyOf' in condition)
    return new OrFilter({ filters: condition.anyOf.map((one) => new EqualityFilter({ ...one })) });
  if ('chain' in condition)
    return new ExtensibleFilter({ matchType: condition.chain, rule: inChain, value: condition.value });
  return new EqualityFilter({ attribute: condition.attribute, value: condition.value });
}

function entryOf(dn: string, attributes: Readonly<Record<string, unknown>>): Entry {
  const values = new Map(
    Object.entries(attributes).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value : [value],
    ]),
  );
  const of = (attribute: string): readonly unknown[] => values.get(attribute.toLowerCase()) ?? [];
  return {
    dn,
    texts: (attribute) => of(attribute).filter((value) => typeof value === 'string'),
    bytes: (attribute) => {
      const [first] = of(attribute);
      return Buffer.isBuffer(first) && first.length > 0 ? first : null;
    },
  };
}
