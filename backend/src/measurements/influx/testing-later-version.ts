import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { z } from 'zod';

export interface LaterInflux {
  readonly url: string;
  /** InfluxQL statements and `/write` that it let through. */
  readonly passed: string[];
  /** What it refused. */
  readonly refused: string[];
  close(): Promise<void>;
}

/**
 * Stands before an InfluxDB 1.x and refuses what 2.x refuses of the 1.x interface: whoever comes without user and token
 * as Basic authentication, statements that make databases or retention policies, and `SELECT … INTO`. `refusal` is how:
 * `in-reply` is what 2.x OSS answers (200 and `not implemented` as the statement's error; and an empty list of policies
 * where there is no such database: its statement_executor.go), `status` an HTTP 405. For tests.
 */
export async function startLaterInflux(options: {
  upstream: string;
  user: string;
  token: string;
  refusal: 'in-reply' | 'status';
}): Promise<LaterInflux> {
  const passed: string[] = [];
  const refused: string[] = [];
  const basic = `Basic ${Buffer.from(`${options.user}:${options.token}`).toString('base64')}`;

  const answer = async (req: IncomingMessage, res: ServerResponse) => {
    const body = await read(req);
    const url = new URL(req.url ?? '/', options.upstream);
    const statement = url.searchParams.get('q') ?? new URLSearchParams(body.toString()).get('q') ?? '';
    if (req.headers.authorization !== basic) {
      res.writeHead(401).end('{"code":"unauthorized","message":"Unauthorized"}');
      return;
    }
    const made = /^\s*(CREATE DATABASE|CREATE RETENTION POLICY)/i.exec(statement)?.[1];
    const what = made ?? (/\bINTO\b/i.test(statement) ? 'SELECT INTO' : undefined);
    if (url.pathname === '/query' && what !== undefined) {
      refused.push(statement);
      const error = `not implemented: ${what}`;
      res.writeHead(options.refusal === 'status' ? 405 : 200, { 'content-type': 'application/json' });
      res.end(JSON.stringify({ results: [{ statement_id: 0, error }] }));
      return;
    }
    passed.push(url.pathname === '/query' ? statement : url.pathname);
    const { host: _, authorization: __, ...headers } = req.headers;
    const upstream = request(url, { method: req.method ?? 'GET', headers }, (reply) => {
      if (options.refusal === 'in-reply' && /^SHOW RETENTION POLICIES/i.test(statement)) {
        read(reply).then(
          (body) => res.end(body.includes('database not found') ? noPolicies : body),
          () => res.destroy(),
        );
        return;
      }
      res.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(res);
    });
    upstream.on('error', () => res.destroy());
    upstream.end(body);
  };

  const server = createServer((req, res) => {
    answer(req, res).catch((error: unknown) => res.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    passed,
    refused,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const noPolicies = JSON.stringify({
  results: [
    {
      statement_id: 0,
      series: [{ columns: ['name', 'duration', 'shardGroupDuration', 'replicaN', 'default'] }],
    },
  ],
});

async function read(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(z.instanceof(Buffer).parse(chunk));
  return Buffer.concat(chunks);
}
