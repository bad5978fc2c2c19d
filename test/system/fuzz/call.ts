import { Agent, request } from 'node:http';

export interface Call {
  readonly method: string;
  /** As it stands in the request line. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Sends requests as they are: no address is straightened, no header is set that was not given. */
export class Caller {
  readonly #url: URL;
  readonly #agents = new Map<string, Agent>();

  constructor(url: string) {
    this.#url = new URL(url);
  }

  /** From one of this machine's own addresses. @throws when there is no reply within the time */
  send(call: Call, from: string, timeoutMs: number): Promise<Reply> {
    let agent = this.#agents.get(from);
    if (agent === undefined) {
      agent = new Agent({ keepAlive: true, maxSockets: 8 });
      this.#agents.set(from, agent);
    }
    const options = {
      host: this.#url.hostname,
      port: this.#url.port,
      localAddress: from,
      agent,
      method: call.method,
      path: call.path,
      headers: {
        ...call.headers,
        ...(call.body === undefined ? {} : { 'content-length': Buffer.byteLength(call.body) }),
      },
    };
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => sent.destroy(new Error(`no reply within ${timeoutMs} ms`)), timeoutMs);
      const fail = (error: Error) => {
        clearTimeout(timer);
        reject(error);
      };
      const sent = request(options, (reply) => {
        const chunks: Buffer[] = [];
        reply.on('data', (chunk: Buffer) => chunks.push(chunk));
        reply.on('error', fail);
        reply.on('end', () => {
          clearTimeout(timer);
          resolve({
            status: reply.statusCode ?? 0,
            headers: reply.headers,
            text: Buffer.concat(chunks).toString('utf8'),
          });
        });
      });
      sent.on('error', fail);
      sent.end(call.body);
    });
  }

  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
  }
}

/** What the text of a reply tells that it must not: how the server is built, or what it asks its database. */
export function leakIn(text: string): string | null {
  const leaks = [
    /\n\s+at .{1,200}:\d+:\d+/,
    /node:internal|node_modules/,
    /file:\/\/\/|\.ts:\d+/,
    /SQLITE_|no such (table|column)|constraint failed|syntax error near|near ".{0,40}": syntax/i,
    /\b(insert into|delete from|select .{1,80} from|update) "\w+"/i,
    /\[object Object\]/,
    /\bCannot read propert|is not a function|is not iterable|Maximum call stack/,
  ];
  for (const leak of leaks) {
    const found = leak.exec(text);
    if (found !== null) return found[0].slice(0, 200);
  }
  return null;
}
