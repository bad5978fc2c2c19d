import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type Fault,
  NewFault,
  type Problem,
  type ProblemCode,
  type SimulatorPorts,
  type SimulatorState,
} from '@rackhaus/config/contract';
import type { Refusal } from './patching.ts';
import { type PhoneMessage, Phones } from './phones.ts';

/** What the control server acts on. */
export interface Controlled {
  state(): SimulatorState;
  ports(): SimulatorPorts;
  /** Plays a fault and returns it; null when there is nothing of that kind with that name. */
  add(fault: NewFault): Fault | Refusal | null;
  /** Undoes one fault; false when there is none with that id. */
  remove(id: number): boolean | Refusal;
  removeAll(): void;
}

const maxBodyBytes = 10_000;
const statuses: Partial<Record<ProblemCode, number>> = {
  invalid: 400,
  unauthenticated: 401,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
};

class ControlError extends Error {
  readonly code: ProblemCode;
  constructor(code: ProblemCode, message: string) {
    super(message);
    this.name = 'ControlError';
    this.code = code;
  }
}

/** HTTP on loopback by which the demo injects faults, and at which its phones ring. Every request needs the bearer token. */
export class ControlServer {
  readonly #server: Server;
  readonly #controlled: Controlled;
  readonly #token: Uint8Array;
  readonly #phones = new Phones();

  constructor(options: { controlled: Controlled; token: string }) {
    this.#controlled = options.controlled;
    this.#token = sha256(`Bearer ${options.token}`);
    this.#server = createServer((request, response) => {
      this.#handle(request).then(
        ({ status, body }) => reply(response, status, body),
        (error: unknown) => refuse(response, error),
      );
    });
    this.#server.requestTimeout = 10_000;
  }

  async listen(port: number): Promise<{ port: number }> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => resolve());
    });
    const address = this.#server.address();
    return { port: isTcpAddress(address) ? address.port : port };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #handle(request: IncomingMessage): Promise<{ status: number; body?: unknown }> {
    if (!timingSafeEqual(sha256(request.headers.authorization ?? ''), this.#token))
      throw new ControlError('unauthenticated', 'The token is missing or wrong.');
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const route = `${request.method} ${pathname}`;
    if (route === 'GET /state') return { status: 200, body: this.#controlled.state() };
    if (route === 'GET /ports') return { status: 200, body: this.#controlled.ports() };
    // As an ntfy server takes it: what the phones of those on call would ring with.
    if (route === 'POST /') return { status: 200, body: this.#ring(await readBody(request)) };
    if (route === 'GET /messages') return { status: 200, body: { messages: this.#phones.messages } };
    if (route === 'POST /faults') return { status: 201, body: this.#add(await readBody(request)) };
    if (route === 'DELETE /faults') {
      this.#controlled.removeAll();
      return { status: 204 };
    }
    const one = /^DELETE \/faults\/(\d{1,9})$/.exec(route);
    if (one?.[1] === undefined) throw new ControlError('not-found', `There is no ${route}.`);
    const removed = this.#controlled.remove(Number(one[1]));
    if (removed === false) throw new ControlError('not-found', `There is no fault ${one[1]}.`);
    if (removed !== true) throw new ControlError('conflict', removed.refused);
    return { status: 204 };
  }

  #ring(body: string): PhoneMessage {
    const message = this.#phones.take(body);
    if (message === null) throw new ControlError('invalid', 'The body is no message with a topic.');
    return message;
  }

  #add(body: string): Fault {
    let json: unknown;
    try {
      json = JSON.parse(body);
    } catch {
      throw new ControlError('invalid', 'The body is not JSON.');
    }
    const parsed = NewFault.safeParse(json);
    if (!parsed.success) throw new ControlError('invalid', parsed.error.issues[0]?.message ?? 'Not a fault.');
    const fault = this.#controlled.add(parsed.data);
    if (fault === null)
      throw new ControlError(
        'not-found',
        `"${parsed.data.target}" is nothing that ${parsed.data.kind} can act on.`,
      );
    if ('refused' in fault) throw new ControlError('conflict', fault.refused);
    return fault;
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    if (!Buffer.isBuffer(part)) continue;
    size += part.length;
    if (size > maxBodyBytes) throw new ControlError('too-large', `The body is above ${maxBodyBytes} bytes.`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function reply(response: ServerResponse, status: number, body?: unknown): void {
  if (body === undefined) response.writeHead(status).end();
  else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function refuse(response: ServerResponse, error: unknown): void {
  const known = error instanceof ControlError;
  if (!known) console.error('control:', error);
  const problem: Problem = known
    ? { code: error.code, message: error.message }
    : { code: 'internal', message: 'The simulator failed; its log says how.' };
  // The rest of a body that is too large is not read.
  if (problem.code === 'too-large') response.setHeader('connection', 'close');
  reply(response, statuses[problem.code] ?? 500, problem);
}

function sha256(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}

function isTcpAddress(address: AddressInfo | string | null): address is AddressInfo {
  return address !== null && typeof address !== 'string';
}
