import {
  Assignment,
  agentHeaders,
  agentSpeaks,
  type CheckJob,
  type ConfigurationJob,
  type DiscoveryOrder,
  type PollNowJob,
  type PreviewJob,
  type ProbeJob,
  type SwitchJob,
} from '@rackhaus/config/contract';
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
  readonly #preview: (jobs: readonly PreviewJob[]) => void;
  readonly #check: (jobs: readonly CheckJob[]) => void;
  readonly #configurations: (jobs: readonly ConfigurationJob[]) => void;
  readonly #switches: (jobs: readonly SwitchJob[]) => void;
  readonly #discover: (orders: readonly DiscoveryOrder[]) => void;
  readonly #profiles: () => string | null;
  readonly #pollNow: (jobs: readonly PollNowJob[]) => void;
  readonly #refused: (signal: AbortSignal) => Promise<void>;
  readonly #renewKey: (signal: AbortSignal) => Promise<string | null>;
  readonly #asking: () => void;
  readonly #now: () => number;
  readonly #log: Logger;
  readonly #complaint = new OncePerMinute();
  #version = '';
  #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();

  /**
   * @param options.apply called with every new assignment, first with the one on disk
   * @param options.probe called with the probes that shall be done now
   * @param options.preview called with the profiles that shall be tried now
   * @param options.check called with the checks that somebody waits for
   * @param options.configurations called with the configurations that shall be read
   * @param options.switches called with the outlets that shall be switched now, once
   * @param options.pollNow called with the devices that shall be read now, after their assignment was taken up
   * @param options.discover called with the runs through networks that shall begin or end now
   * @param options.asking called before each question
   * @param options.refused called when the backend does not know the key
   * @param options.renewKey called when the backend wishes another key; what is wrong, or null
   */
  constructor(options: {
    client: BackendClient;
    file: AssignmentFile;
    apply: (assignment: Assignment) => void;
    probe: (jobs: readonly ProbeJob[]) => void;
    preview: (jobs: readonly PreviewJob[]) => void;
    check: (jobs: readonly CheckJob[]) => void;
    pollNow: (jobs: readonly PollNowJob[]) => void;
    configurations: (jobs: readonly ConfigurationJob[]) => void;
    switches: (jobs: readonly SwitchJob[]) => void;
    discover: (orders: readonly DiscoveryOrder[]) => void;
    /** What {@link agentHeaders.profiles} says; null: nothing. */
    profiles: () => string | null;
    asking: () => void;
    refused: (signal: AbortSignal) => Promise<void>;
    renewKey: (signal: AbortSignal) => Promise<string | null>;
    now: () => number;
    log: Logger;
  }) {
    this.#client = options.client;
    this.#file = options.file;
    this.#apply = options.apply;
    this.#probe = options.probe;
    this.#preview = options.preview;
    this.#check = options.check;
    this.#pollNow = options.pollNow;
    this.#configurations = options.configurations;
    this.#switches = options.switches;
    this.#discover = options.discover;
    this.#profiles = options.profiles;
    this.#asking = options.asking;
    this.#refused = options.refused;
    this.#renewKey = options.renewKey;
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
      this.#asking();
      const profiles = this.#profiles();
      const reply = await this.#client.request({
        method: 'GET',
        path: `api/agent/assignment?known=${encodeURIComponent(this.#version)}`,
        headers: {
          [agentHeaders.speaks]: agentSpeaks,
          ...(profiles === null ? {} : { [agentHeaders.profiles]: profiles }),
        },
        timeoutMs,
        signal,
      });
      if (reply.status !== 200) {
        if (reply.status === 401) {
          await this.#refused(signal);
          return {
            problem: 'the backend refuses the key of this agent: it was revoked or replaced',
            waitMs: null,
          };
        }
        const waitMs = retryAfterMs(reply.headers['retry-after'], this.#now());
        return { problem: `the backend answered ${reply.status}`, waitMs };
      }
      return { problem: await this.#take(reply.body, signal), waitMs: null };
    } catch (error) {
      if (!(error instanceof BackendAwayError)) throw error;
      return { problem: error.message, waitMs: null };
    }
  }

  /** Returns what is wrong with it, or null. Quotes no value: there are credentials among them. */
  async #take(body: Buffer, signal: AbortSignal): Promise<string | null> {
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
    const {
      probes = [],
      previews = [],
      checks = [],
      configurations = [],
      switches = [],
      now = [],
      discovery = [],
      renewKey,
      ...assignment
    } = parsed.data;
    if (probes.length > 0) this.#probe(probes);
    if (previews.length > 0) this.#preview(previews);
    if (checks.length > 0) this.#check(checks);
    if (assignment.version !== this.#version) this.#takeUp(assignment);
    if (switches.length > 0) this.#switches(switches);
    if (now.length > 0) this.#pollNow(now);
    if (configurations.length > 0) this.#configurations(configurations);
    if (discovery.length > 0) this.#discover(discovery);
    return renewKey === undefined ? null : await this.#renewKey(signal);
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
