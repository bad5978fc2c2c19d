import { createServer, type IncomingMessage } from 'node:http';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { type Assignment, agentHeaders } from '@rackhaus/config/contract';
import { conditionOf, fleetAddress } from '../harness/switch-fleet.ts';

// A backend that takes everything and keeps nothing but when each device was polled. GET /figures tells and begins anew.
const [count = '0', snmpPort = '0', interval = '60'] = process.argv.slice(2);
const intervalMs = Number(interval) * 1000;
const lateMs = 1000;
/** Longer than the backend of an installation makes an agent wait. */
const assignmentWaitMs = 25_000;

const assignment: Assignment = {
  version: '1',
  agent: { id: 1, name: 'scale' },
  devices: Array.from({ length: Number(count) }, (_, i) => ({
    id: i + 1,
    name: `switch-${i + 1}`,
    address: fleetAddress(i + 1),
    snmp: { port: Number(snmpPort), credentials: { version: '2c', community: 'public' } },
    profile: null,
    intervalSeconds: Number(interval),
    ping: false,
    tcp: [],
  })),
};

/** Device to the time of its last poll. */
const polledAt = new Map<number, number>();
let figures = fresh();

function fresh() {
  return { polls: 0, late: 0, worstMs: 0, unreachable: 0, batches: 0, bytes: 0, lines: 0, ownLate: 0 };
}

function take(text: string): void {
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    figures.lines++;
    if (text.startsWith('device,d=', start)) takePoll(text.slice(start, end));
    else if (text.startsWith('agent,', start))
      figures.ownLate = Math.max(
        figures.ownLate,
        Number(/[ ,]late=(\d+)/.exec(text.slice(start, end))?.[1] ?? 0),
      );
    start = end + 1;
  }
}

function takePoll(line: string): void {
  const match = /^device,d=(\d+) \S*\breachable=([01])\S* (\d+)$/.exec(line);
  if (!match) return;
  const device = Number(match[1]);
  if (conditionOf(device) !== 'well') return;
  const time = Number(match[3]);
  const before = polledAt.get(device);
  polledAt.set(device, time);
  figures.polls++;
  if (match[2] === '0') figures.unreachable++;
  if (before === undefined) return;
  const lateBy = time - before - intervalMs;
  figures.worstMs = Math.max(figures.worstMs, lateBy);
  if (lateBy > lateMs) figures.late++;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  figures.bytes += body.length;
  if (request.headers['content-encoding'] === 'gzip') return gunzipSync(body);
  return request.headers['content-encoding'] === 'zstd' ? zstdDecompressSync(body) : body;
}

const server = createServer((request, response) => {
  response.setHeader(agentHeaders.time, Date.now());
  const url = new URL(request.url ?? '/', 'http://sink');
  if (url.pathname === '/figures') {
    const now = Date.now();
    // One that is not polled any more says nothing of it.
    let missing = 0;
    for (let device = 1; device <= Number(count); device++)
      if (conditionOf(device) === 'well' && now - (polledAt.get(device) ?? 0) > intervalMs + 2 * lateMs)
        missing++;
    response.end(JSON.stringify({ ...figures, missing }));
    figures = fresh();
    return;
  }
  if (url.pathname === '/api/agent/assignment') {
    const answer = () =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(assignment));
    if (url.searchParams.get('known') === assignment.version) setTimeout(answer, assignmentWaitMs);
    else answer();
    return;
  }
  bodyOf(request).then(
    (body) => {
      figures.batches++;
      if (url.pathname === '/api/agent/readings') take(body.toString('utf8'));
      response.writeHead(204).end();
    },
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      response.writeHead(500).end();
    },
  );
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`ready ${typeof address === 'object' ? address?.port : ''}\n`);
});
