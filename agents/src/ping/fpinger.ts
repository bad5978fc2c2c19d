import type { ChildProcess } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { createInterface } from 'node:readline';
import { type Echo, type Echoer, echoTimeoutMs, PingUnavailableError } from './echo.ts';
import { isPlainHost } from './host.ts';
import { spawnPing } from './spawn.ts';

/** Those who ask within this time share a process: it is the fork that costs. */
const gatherMs = 50;
const mostHosts = 500;
/** Between two requests: a thousand a second from one process, as many as fping lets an ordinary user send. */
const intervalMs = 1;
/** Beyond what sending and waiting takes; a process that takes longer is stuck. */
const graceMs = 3000;
const maxComplaintBytes = 2000;

interface Waiting {
  readonly answer: (echo: Echo) => void;
  readonly fail: (error: unknown) => void;
}

/** One process. */
interface Batch {
  /** Each address once, whoever asked for it; gone when it is answered or nobody waits for it any more. */
  readonly waiting: Map<string, Set<Waiting>>;
  /** Nobody waits for any of it any more. */
  forsaken: () => void;
}

/**
 * ICMP echoes through fping, many hosts to a process. Each answer is passed on as it comes: who answers does not wait for those
 * that are silent. Names are resolved here: fping would resolve one after the other, and all would wait for the slowest.
 */
export class Fpinger implements Echoer {
  #gathering: Batch = { waiting: new Map(), forsaken: () => {} };
  #timer: NodeJS.Timeout | null = null;

  async echo(host: string, signal: AbortSignal): Promise<Echo> {
    if (!isPlainHost(host)) throw new RangeError(`"${host}" is not an IP address or a host name`);
    signal.throwIfAborted();
    const address = await addressOf(host);
    signal.throwIfAborted();
    if (address === null) return { rttMs: null };
    const { promise, resolve, reject } = Promise.withResolvers<Echo>();
    const waiting = { answer: resolve, fail: reject };
    const batch = this.#gathering;
    batch.waiting.set(address, (batch.waiting.get(address) ?? new Set()).add(waiting));
    const abort = () => {
      leave(batch, address, waiting);
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    if (batch.waiting.size >= mostHosts) this.#send();
    else this.#timer ??= setTimeout(() => this.#send(), gatherMs);
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  #send(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const batch = this.#gathering;
    this.#gathering = { waiting: new Map(), forsaken: () => {} };
    if (batch.waiting.size > 0) run(batch);
  }
}

/** Null for a name without an address: nobody answers there. */
async function addressOf(host: string): Promise<string | null> {
  if (isIP(host) !== 0) return host;
  try {
    return (await lookup(host)).address;
  } catch {
    return null;
  }
}

function leave(batch: Batch, address: string, waiting: Waiting): void {
  const sharing = batch.waiting.get(address);
  sharing?.delete(waiting);
  if (sharing?.size !== 0) return;
  batch.waiting.delete(address);
  if (batch.waiting.size === 0) batch.forsaken();
}

/** Ends by itself within its time, at once when nobody waits for it any more. */
function run(batch: Batch): void {
  const { waiting: asked } = batch;
  const addresses = [...asked.keys()];
  const settle = (address: string, tell: (waiting: Waiting) => void) => {
    for (const waiting of asked.get(address) ?? []) tell(waiting);
    asked.delete(address);
  };
  const settleAll = (tell: (waiting: Waiting) => void) => {
    for (const address of [...asked.keys()]) settle(address, tell);
  };
  let child: ChildProcess;
  try {
    child = spawnPing(
      'fping',
      ['-c', '1', '-t', String(echoTimeoutMs), '-i', String(intervalMs), '--', ...addresses],
      {
        shell: false,
        env: { ...process.env, LC_ALL: 'C', LANG: 'C' },
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: echoTimeoutMs + addresses.length * intervalMs + graceMs,
        killSignal: 'SIGKILL',
      },
    );
  } catch (error) {
    settleAll(({ fail }) => fail(error));
    return;
  }
  batch.forsaken = () => child.kill('SIGKILL');
  if (child.stdout !== null)
    createInterface({ input: child.stdout }).on('line', (line) => {
      const reply = replyOf(line);
      if (reply) settle(reply.address, (waiting) => waiting.answer({ rttMs: reply.rttMs }));
    });
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    if (complaint.length < maxComplaintBytes) complaint += chunk.toString('latin1');
  });
  child.once('error', (error) => {
    settleAll(({ fail }) => fail(new PingUnavailableError(`fping cannot be run: ${error.message}`)));
  });
  child.once('close', (code) => {
    // 4: a system call failed, which is how a missing permission shows. Whoever has not answered until the end is silent.
    if (code === 4)
      settleAll(({ fail }) => fail(new PingUnavailableError(`fping may not send: ${complaint.trim()}`)));
    else settleAll(({ answer }) => answer({ rttMs: null }));
  });
}

/** `10.0.0.1 : [0], 64 bytes, 0.032 ms (0.032 avg, 0% loss)` or `… timed out (NaN avg, 100% loss)`; null for other lines. */
function replyOf(line: string): { address: string; rttMs: number | null } | null {
  const [, address, rtt] =
    /^(\S+)\s+: \[0\], (?:\d+ bytes, ([\d.]+(?:e[-+]?\d+)?) ms|timed out)/.exec(line) ?? [];
  if (address === undefined) return null;
  return { address, rttMs: rtt === undefined ? null : Number(rtt) };
}
