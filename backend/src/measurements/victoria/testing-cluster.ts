import { createServer, request } from 'node:http';
import { z } from 'zod';

export interface TestCluster {
  readonly url: string;
  /** Paths that it refused. */
  readonly refused: string[];
  /** Answers everything as a cluster does while a storage node is away. */
  away: boolean;
  close(): Promise<void>;
}

/**
 * Stands before a single-node VictoriaMetrics and knows only the paths of a cluster's vminsert and vmselect, for one tenant and
 * whoever brings this Authorization header. For tests: Debian has the single node only.
 */
export async function startCluster(options: {
  upstream: string;
  account: string;
  authorization: string;
}): Promise<TestCluster> {
  const refused: string[] = [];
  const paths = [
    { from: `/insert/${options.account}/influx/write`, to: '/write' },
    { from: `/select/${options.account}/prometheus/api/v1/`, to: '/api/v1/' },
  ];
  let away = false;
  const server = createServer((req, res) => {
    const path = req.url ?? '';
    const known = paths.find(({ from }) => path.startsWith(from));
    const problem =
      req.headers.authorization !== options.authorization ? 401 : !known ? 400 : away ? 503 : undefined;
    if (problem !== undefined || !known) {
      if (problem === 400) refused.push(path);
      const text = {
        400: `unsupported path requested: "${path}"`,
        401: '',
        503: 'cannot read from vmstorage',
      };
      req.resume();
      res.writeHead(problem ?? 400).end(text[problem ?? 400]);
      return;
    }
    const { authorization: _, host: __, ...headers } = req.headers;
    const upstream = request(
      options.upstream + known.to + path.slice(known.from.length),
      { method: req.method ?? 'GET', headers },
      (reply) => {
        res.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(res);
      },
    );
    upstream.on('error', () => res.destroy());
    req.pipe(upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    refused,
    get away() {
      return away;
    },
    set away(value) {
      away = value;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
