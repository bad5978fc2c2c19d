import type { ChildProcess } from 'node:child_process';
import { isIPv6 } from 'node:net';
import builders from 'ping/lib/builder/factory.js';
import parsers from 'ping/lib/parser/factory.js';
import { type Echo, type Echoer, echoTimeoutMs, PingUnavailableError } from './echo.ts';
import { isPlainHost } from './host.ts';
import { spawnPing } from './spawn.ts';

export { type Echo, PingUnavailableError } from './echo.ts';

const timeoutSeconds = echoTimeoutMs / 1000;
/** ping's own timeout does not cover its name lookup. */
const deadlineMs = 5000;
const maxOutputBytes = 10_000;

/**
 * ICMP echoes through the system's ping command, a few at a time: each is a process. Where fping is missing.
 * npm `ping` writes the command line and reads the output; the process is ours, because `ping.promise.probe` has no
 * deadline, cannot be aborted, and throws inside an event callback (which ends the agent) on output that it does not know.
 */
export class Pinger implements Echoer {
  readonly #limit: number;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(options: { limit?: number } = {}) {
    this.#limit = options.limit ?? 16;
  }

  async echo(host: string, signal: AbortSignal): Promise<Echo> {
    if (!isPlainHost(host)) throw new RangeError(`"${host}" is not an IP address or a host name`);
    if (this.#running >= this.#limit) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running++;
    try {
      signal.throwIfAborted();
      return await runPing(host, signal);
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}

async function runPing(host: string, signal: AbortSignal): Promise<Echo> {
  const v6 = isIPv6(host);
  const config = { numeric: true, timeout: timeoutSeconds, min_reply: 1, v6 };
  const command = builders.getExecutablePath(process.platform, v6);
  const args = builders.createBuilder(process.platform).getCommandArguments(host, config);
  const child = spawnPing(command, args, {
    shell: false,
    // The parser reads the untranslated output.
    env: { ...process.env, LC_ALL: 'C', LANG: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: deadlineMs,
    killSignal: 'SIGKILL',
    signal,
  });
  const { code, output } = await outputOf(child, signal);
  // iputils: 0 = answered, 1 = no answer, 2 = another error. Only some of the others say that we may not ping.
  if (code !== 0) {
    if (/not permitted|permission denied|cap_net_raw|must be root/i.test(output))
      throw new PingUnavailableError(`ping may not send: ${output.trim()}`);
    return { rttMs: null };
  }
  const parser = parsers.createParser(host, process.platform, config);
  for (const line of output.split('\n')) parser.eat(line);
  const { alive, time } = parser.getResult();
  return { rttMs: alive && typeof time === 'number' && Number.isFinite(time) ? time : null };
}

function outputOf(
  child: ChildProcess,
  signal: AbortSignal,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    let output = '';
    const collect = (chunk: Buffer) => {
      if (output.length < maxOutputBytes) output += chunk.toString('latin1');
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.once('error', (error) => {
      if (signal.aborted) reject(error);
      else reject(new PingUnavailableError(`ping cannot be run: ${error.message}`));
    });
    child.once('close', (code) => resolve({ code, output }));
  });
}
