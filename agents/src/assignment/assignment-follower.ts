import { Assignment, type PollNowJob, type ProbeJob } from '@rackhaus/config/contract';
import type { Logger } from 'pino';
import { pause, retryAfterMs, retryDelayMs } from '../delivery/back-off.ts';
import { BackendAwayError, type BackendClient } from '../delivery/backend-client.ts';
import { OncePerMinute } from '../log.ts';
import type { AssignmentFile } from './assignment-file.ts';

/** The backend answers after 25 s at the latest. */
const timeoutMs = 40_000;

/**
 * Follows the agent's assignment: starts with the one on disk, then asks the backend for the next one over a request
 * that it answers when something changed.
 */
export class AssignmentFollower {
  readonly #client: BackendClient;
  readonly #file: AssignmentFile;
  readonly #apply: (assignment: Assignment) => void;
  readonly #probe: (jobs: readonly ProbeJob[]) => void;
  readonly #pollNow: (jobs: readonly PollNowJob[]) => void;
  readonly #refused: () => void;
  readonly #now: () => number;
  readonly #log: Logger;
  readonly #complaint = new OncePerMinute();
  #version = '';
  #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();

  /**
   * @param options.apply called with every new assignment, first with the one on disk
   * @param options.probe called with the probes that shall be done now
   * @param options.pollNow called with the devices that shall be read now, after their assignment was taken up
   * @param options.refused called when the backend does not know the token
   */
  constructor(options: {
    client: BackendClient;
    file: AssignmentFile;
    apply: (assignment: Assignment) => void;
    probe: (jobs: readonly ProbeJob[]) => void;
    pollNow: (jobs: readonly PollNowJob[]) => void;
    refused: () => void;
    now: () => number;
    log: Logger;
  }) {
    this.#client = options.client;
    this.#file = options.file;
    this.#apply = options.apply;
    this.#probe = options.probe;
    this.#pollNow = options.pollNow;
    this.#refused = options.refused;
    this.#now = options.now;
    this.#log = options.log;
  }

  start(): void {
    this.#stopping = new AbortController();
    this.#loadSaved();
    this.#running = this.#follow();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  #loadSaved(): void {
    try {
      const saved = this.#file.load();
      if (saved === null) return;
      this.#version = saved.version;
      this.#apply(saved);
    } catch (error) {
      // A message of the parser could quote what it read: credentials. Its name says enough.
      const problem = error instanceof Error ? error.name : 'unknown';
      this.#log.warn({ problem }, 'the saved assignment cannot be read; waiting for the backend');
    }
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stopping;
    let failures = 0;
    while (!signal.aborted) {
      const { problem, waitMs } = await this.#ask(signal);
      if (signal.aborted) return;
      if (problem === null) {
        failures = 0;
        continue;
      }
      failures++;
      if (this.#complaint.due()) this.#log.warn({ problem }, 'no assignment from the backend');
      await pause(Math.max(waitMs ?? 0, retryDelayMs(failures, Math.random())), signal);
    }
  }

  async #ask(signal: AbortSignal): Promise<{ problem: string | null; waitMs: number | null }> {
    try {
      const reply = await this.#client.request({
        method: 'GET',
        path: `api/agent/assignment?known=${encodeURIComponent(this.#version)}`,
        timeoutMs,
        signal,
      });
      if (reply.status !== 200) {
        if (reply.status === 401) this.#refused();
        const waitMs = retryAfterMs(reply.headers['retry-after'], this.#now());
        return { problem: `the backend answered ${reply.status}`, waitMs };
      }
      return { problem: this.#take(reply.body), waitMs: null };
    } catch (error) {
      if (!(error instanceof BackendAwayError)) throw error;
      return { problem: error.message, waitMs: null };
    }
  }

  /** Returns what is wrong with it, or null. Quotes no value: there are credentials among them. */
  #take(body: Buffer): string | null {
    let json: unknown;
    try {
      json = JSON.parse(body.toString('utf8'));
    } catch {
      return 'the assignment is not JSON: is this the address of a Rackhaus backend?';
    }
    const parsed = Assignment.safeParse(json);
    if (!parsed.success) {
      const where = parsed.error.issues.slice(0, 3).map((issue) => `${issue.path.join('.')}: ${issue.code}`);
      return `the assignment cannot be understood (${where.join('; ')})`;
    }
    // What is for now and once is not kept in the file.
    const { probes = [], now = [], ...assignment } = parsed.data;
    if (probes.length > 0) this.#probe(probes);
    if (assignment.version !== this.#version) this.#takeUp(assignment);
    if (now.length > 0) this.#pollNow(now);
    return null;
  }

  #takeUp(assignment: Assignment): void {
    this.#version = assignment.version;
    try {
      this.#file.save(assignment);
    } catch (error) {
      this.#log.error({ err: error }, 'the assignment cannot be saved; it is used all the same');
    }
    this.#apply(assignment);
  }
}
