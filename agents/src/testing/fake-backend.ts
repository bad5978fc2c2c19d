import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Assignment, agentHeaders, type PollNowJob, type ProbeJob } from '@rackhaus/config/contract';
import { decompress, encodingOf } from '../outbox/body.ts';

export interface Received {
  readonly kind: string;
  readonly outbox: string;
  readonly sequence: number;
  readonly text: string;
  readonly at: number;
}

/** How the backend treats a batch: a status with headers, silence, or a connection that ends in the middle. */
export type Mood =
  | { readonly status: number; readonly headers?: Record<string, string> }
  | 'silent'
  | 'hang up'
  | 'hang up after storing';

/** The agent's side of a backend, over real HTTP, with moods. */
export class FakeBackend {
  /** Every batch that was acknowledged or stored, also repeats. */
  readonly received: Received[] = [];
  readonly tokens = new Set<string | undefined>();
  requests = 0;
  mood: (request: { kind: string; sequence: number; text: string }) => Mood = () => ({ status: 204 });
  /** How long each batch takes, one after the other as in a backend with one process. */
  delayMs = 0;
  /** Its clock against the machine's. */
  clockAheadMs = 0;
  #busy: Promise<void> = Promise.resolve();
  #assignment: Assignment | null = null;
  #probes: ProbeJob[] = [];
  #now: PollNowJob[] = [];
  readonly #waiting = new Set<() => void>();
  #server: Server | null = null;
  #port = 0;

  get url(): URL {
    return new URL(`http://127.0.0.1:${this.#port}`);
  }

  /** Starts on any port, later again on the same one. */
  async start(): Promise<void> {
    const server = createServer((request, response) => {
      void this.#answer(request, response);
    });
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    const address = server.address();
    if (typeof address === 'object' && address !== null) this.#port = address.port;
  }

  /** Refuses connections from now on. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  assign(assignment: Assignment): void {
    this.#assignment = assignment;
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /** Has the agent do a probe. */
  probe(job: ProbeJob): void {
    this.#probes.push(job);
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /** Has the agent read a device out of turn. */
  pollNow(...jobs: PollNowJob[]): void {
    this.#now.push(...jobs);
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests++;
    response.setHeader(agentHeaders.time, Date.now() + this.clockAheadMs);
    this.tokens.add(request.headers.authorization);
    const url = new URL(request.url ?? '/', this.url);
    if (url.pathname === '/api/agent/assignment') return this.#answerAssignment(url, response);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const received = {
      kind: url.pathname.replace('/api/agent/', ''),
      outbox: String(request.headers[agentHeaders.outbox]),
      sequence: Number(request.headers[agentHeaders.sequence]),
      text: textOf(body, request.headers['content-encoding']),
      at: performance.now(),
    };
    const mood = this.mood(received);
    if (mood === 'silent') return;
    if (this.delayMs > 0) {
      this.#busy = this.#busy.then(() => new Promise((next) => setTimeout(next, this.delayMs)));
      await this.#busy;
    }
    if (mood === 'hang up after storing') this.received.push(received);
    if (typeof mood === 'string') {
      request.socket.destroy();
      return;
    }
    if (mood.status === 204) this.received.push(received);
    response.writeHead(mood.status, mood.headers).end(mood.status === 204 ? undefined : 'no');
  }

  async #answerAssignment(url: URL, response: ServerResponse): Promise<void> {
    const known = url.searchParams.get('known');
    const nothing = () => this.#probes.length === 0 && this.#now.length === 0;
    while (this.#assignment === null || (this.#assignment.version === known && nothing())) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
    const probes = this.#probes.splice(0);
    const now = this.#now.splice(0);
    const reply = {
      ...this.#assignment,
      ...(probes.length === 0 ? {} : { probes }),
      ...(now.length === 0 ? {} : { now }),
    };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(reply));
  }
}

/** A body that is not in the encoding that its header names is a fault of the agent. */
function textOf(body: Buffer, encoding: string | undefined): string {
  if (encoding === undefined) return body.toString('utf8');
  if (encodingOf(body) !== encoding) throw new Error(`the body is not ${encoding}`);
  return decompress(body);
}
