import type { CheckSecret } from '@rackhaus/config/contract';
import { z } from 'zod';
import type { HttpClient, HttpReply } from '../http-client.ts';
import { CheckFailure } from '../result.ts';

const mostBytes = 2_000_000;
/** A server with many drives and memory modules has some hundred resources. */
const mostRequests = 400;

/** A resource of Redfish: an object of which nothing is certain (DSP0266). */
export type Resource = Readonly<Record<string, unknown>>;
const Resource = z.record(z.string(), z.unknown());

/** Reads resources of one Redfish service within a bounded number of requests; signs in by a session that `close` ends. */
export class RedfishSession {
  readonly #client: HttpClient;
  readonly #secret: Extract<CheckSecret, { kind: 'password' }> | null;
  #token: string | null = null;
  #session: string | null = null;
  #basic = false;
  #requests = 0;

  constructor(client: HttpClient, secret: CheckSecret | null) {
    this.#client = client;
    this.#secret = secret?.kind === 'password' ? secret : null;
  }

  /** @throws CheckFailure wrong-password, protocol */
  async open(): Promise<Resource> {
    const root = await this.#get('/redfish/v1/');
    if (root === null || typeof root.RedfishVersion !== 'string')
      throw new CheckFailure('protocol', 'this is no Redfish service');
    if (this.#secret !== null) await this.#signIn(root);
    return root;
  }

  /** A resource by its path; null where it is not there or may not be read. @throws CheckFailure */
  async get(path: string): Promise<Resource | null> {
    if (!path.startsWith('/redfish/') || path.includes('\r') || path.includes('\n')) return null;
    return this.#get(path);
  }

  /** Logs out. Whatever goes wrong there, what was read stays. */
  async close(): Promise<void> {
    if (this.#session === null) return;
    const path = this.#session;
    this.#session = null;
    // A service that does not let go ends the session by itself after its timeout.
    await this.#send('DELETE', path).catch(() => undefined);
  }

  async #signIn(root: Resource): Promise<void> {
    const secret = this.#secret;
    if (secret === null) return;
    const links = Resource.safeParse(root.Links);
    const sessions =
      pathIn(links.success ? links.data.Sessions : null) ?? '/redfish/v1/SessionService/Sessions';
    const body = JSON.stringify({ UserName: secret.user, Password: secret.password });
    const reply = await this.#send('POST', sessions, body);
    const token = reply.headers['x-auth-token'];
    if ((reply.status === 201 || reply.status === 200) && typeof token === 'string') {
      this.#token = token;
      const { location } = reply.headers;
      const path = location === undefined ? pathIn(parsed(reply)) : pathOfLocation(location);
      this.#session = path ?? null;
    } else if ([400, 401, 403].includes(reply.status)) throw new CheckFailure('wrong-password');
    // Some services have no sessions: then every request signs in by itself.
    else if ([404, 405, 501].includes(reply.status)) this.#basic = true;
    else throw new CheckFailure('device-error', `session: ${reply.status}`);
  }

  async #get(path: string): Promise<Resource | null> {
    const reply = await this.#send('GET', path);
    if (reply.status === 401)
      throw new CheckFailure(this.#secret === null ? 'status' : 'wrong-password', '401');
    if (reply.status === 503) throw new CheckFailure('device-error', '503');
    if (reply.status !== 200) return null;
    const resource = parsed(reply);
    if (resource === null) throw new CheckFailure('protocol', `${path} is not a JSON object`);
    return resource;
  }

  #send(method: string, path: string, body?: string): Promise<HttpReply> {
    this.#requests++;
    if (this.#requests > mostRequests && method !== 'DELETE')
      throw new CheckFailure('protocol', `more than ${mostRequests} resources`);
    const secret = this.#secret;
    const basic = secret !== null && this.#basic ? `${secret.user}:${secret.password}` : null;
    return this.#client.request({
      method,
      path,
      headers: {
        accept: 'application/json',
        'odata-version': '4.0',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.#token === null ? {} : { 'x-auth-token': this.#token }),
        ...(basic === null ? {} : { authorization: `Basic ${Buffer.from(basic).toString('base64')}` }),
      },
      ...(body === undefined ? {} : { body }),
      mostBytes,
    });
  }
}

/** The path that a link names: `{"@odata.id": "/redfish/v1/…"}`. */
export function pathIn(link: unknown): string | null {
  const read = z.looseObject({ '@odata.id': z.string().max(500) }).safeParse(link);
  return read.success ? read.data['@odata.id'] : null;
}

function parsed({ body }: HttpReply): Resource | null {
  try {
    const read = Resource.safeParse(JSON.parse(body.toString('utf8')));
    return read.success ? read.data : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function pathOfLocation(location: string): string | null {
  const base = 'https://service.invalid';
  return URL.canParse(location, base) ? new URL(location, base).pathname : null;
}
