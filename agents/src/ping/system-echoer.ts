import { once } from 'node:events';
import type { Logger } from 'pino';
import { type Echo, type Echoer, PingUnavailableError } from './echo.ts';
import { Fpinger } from './fpinger.ts';
import { Pinger } from './pinger.ts';
import { spawnPing } from './spawn.ts';

const trialMs = 5000;
/** Rights may be given while the agent runs. */
const againMs = 60_000;

/** Echoes through what this machine has: fping where it is installed and may send, ping otherwise. */
export class SystemEchoer implements Echoer {
  readonly #log: Logger;
  readonly #onChange: () => void;
  #chosen: Promise<Echoer> | null = null;
  #allowed: boolean | null = null;
  #again: NodeJS.Timeout | null = null;
  #stopped = false;

  /** `onChange` is called when it turns out whether pings can be sent, and when that changes. */
  constructor(options: { log: Logger; onChange?: () => void }) {
    this.#log = options.log;
    this.#onChange = options.onChange ?? (() => {});
  }

  /** Whether pings can be sent from here; null: not known yet. */
  get allowed(): boolean | null {
    return this.#allowed;
  }

  /** Looks what there is; an echo that is asked for meanwhile waits for it. */
  start(): void {
    this.#chosen ??= this.#choose();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#again !== null) clearTimeout(this.#again);
    this.#again = null;
  }

  async echo(host: string, signal: AbortSignal): Promise<Echo> {
    this.start();
    const chosen = (await this.#chosen) ?? new Pinger();
    return await chosen.echo(host, signal);
  }

  async #choose(): Promise<Echoer> {
    if (await fpingWorks()) {
      this.#is(true, 'fping');
      return new Fpinger();
    }
    const pinger = new Pinger();
    const problem = await whyNot(pinger);
    this.#is(problem === null, 'ping', problem);
    if (problem !== null && !this.#stopped)
      this.#again = setTimeout(() => {
        this.#chosen = this.#choose();
      }, againMs).unref();
    return pinger;
  }

  /** Said once, and again when it changes. */
  #is(allowed: boolean, program: 'fping' | 'ping', problem: string | null = null): void {
    if (this.#stopped || allowed === this.#allowed) return;
    this.#allowed = allowed;
    if (!allowed)
      this.#log.error(
        { problem },
        'nothing can be pinged: this user may send no ICMP. Give the agent CAP_NET_RAW (systemd: AmbientCapabilities=CAP_NET_RAW), or let its group send: sysctl net.ipv4.ping_group_range="<group id> <group id>"',
      );
    else
      this.#log.info(
        { program },
        program === 'fping'
          ? 'devices are pinged in batches'
          : 'fping is not installed or may not send: each ping is a process of its own',
      );
    this.#onChange();
  }
}

/** Whether it sends: 0 answered, 1 not answered, 4 not allowed to. */
async function fpingWorks(): Promise<boolean> {
  try {
    const child = spawnPing('fping', ['-c', '1', '-q', '-t', '100', '127.0.0.1'], {
      stdio: 'ignore',
      timeout: trialMs,
      killSignal: 'SIGKILL',
    });
    const [code] = await once(child, 'close');
    return code === 0 || code === 1;
  } catch {
    return false;
  }
}

/** Why the program cannot send; null: it can. */
async function whyNot(pinger: Pinger): Promise<string | null> {
  try {
    await pinger.echo('127.0.0.1', AbortSignal.timeout(trialMs));
    return null;
  } catch (error) {
    // Too slow to say so: it has not been refused.
    if (!(error instanceof PingUnavailableError)) return null;
    return error.message;
  }
}
