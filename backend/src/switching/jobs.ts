import type { SwitchAnswer, SwitchJob } from '@rackhaus/config/contract';

/** So long an agent that has the job may take: reading, one datagram, reading again, and being told apart from silence. */
const answerWithinMs = 35_000;

interface Waiting {
  readonly agentId: number;
  readonly job: SwitchJob;
  readonly settle: (answer: SwitchAnswer | null) => void;
  handedOut: boolean;
}

/** What came of a job: what the agent says, or that it said nothing. */
export type JobEnd =
  | { readonly answer: SwitchAnswer }
  /** `handedOut` false: no agent has ever had it, so nothing was switched. */
  | { readonly answer: null; readonly handedOut: boolean };

/**
 * Outlets that agents are to switch. Each job is handed out once, to the agent that it was made for, before it expires, and then never
 * again: whether its answer comes or not. Nothing of it outlives this server.
 */
export class SwitchJobs {
  readonly #now: () => number;
  readonly #waiting = new Map<string, Waiting>();
  readonly #listeners = new Set<() => void>();
  readonly #understands = new Map<number, boolean>();

  constructor(options: { now: () => number }) {
    this.#now = options.now;
  }

  /** Calls `listener` when there is something for an agent. Returns how to stop that. */
  onAdded(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Has the agent switch. */
  order(agentId: number, job: SwitchJob): Promise<JobEnd> {
    return new Promise((resolve) => {
      const settle = (answer: SwitchAnswer | null) => {
        clearTimeout(expiry);
        clearTimeout(patience);
        this.#waiting.delete(job.id);
        resolve(answer === null ? { answer, handedOut: waiting.handedOut } : { answer });
      };
      const waiting: Waiting = { agentId, job, settle, handedOut: false };
      const lifeMs = Math.max(0, job.expiresAt - this.#now());
      const expiry = setTimeout(() => {
        if (!waiting.handedOut) settle(null);
      }, lifeMs);
      const patience = setTimeout(() => settle(null), lifeMs + answerWithinMs);
      this.#waiting.set(job.id, waiting);
      for (const listener of this.#listeners) listener();
    });
  }

  /**
   * An agent has asked for work, and understands orders to switch or does not. Once it does it is taken for granted: others that ask in its
   * name (the past of the sample town hall) understand less.
   */
  heard(agentId: number, understands: boolean): void {
    if (understands || !this.#understands.has(agentId)) this.#understands.set(agentId, understands);
  }

  /** Whether the agent was of a version without switching when it asked. */
  isTooOld(agentId: number): boolean {
    return this.#understands.get(agentId) === false;
  }

  /** Whether there is something that the agent has not been given yet. */
  has(agentId: number): boolean {
    return [...this.#waiting.values()].some((each) => this.#isFor(agentId, each));
  }

  /** What the agent shall do now. Each is handed out once. */
  take(agentId: number): SwitchJob[] {
    const jobs: SwitchJob[] = [];
    for (const waiting of this.#waiting.values()) {
      if (!this.#isFor(agentId, waiting)) continue;
      waiting.handedOut = true;
      jobs.push(waiting.job);
    }
    return jobs;
  }

  /** Takes in an answer; one that nobody waits for any more is passed over. @returns false when another agent was asked */
  answer(agentId: number, answer: SwitchAnswer): boolean {
    const waiting = this.#waiting.get(answer.id);
    if (waiting === undefined) return true;
    if (waiting.agentId !== agentId || !waiting.handedOut) return false;
    waiting.settle(answer);
    return true;
  }

  /** Ends what waits for agents that are no more, and forgets these. */
  keepOnly(agentIds: ReadonlySet<number>): void {
    for (const waiting of [...this.#waiting.values()])
      if (!agentIds.has(waiting.agentId)) waiting.settle(null);
    for (const id of this.#understands.keys()) if (!agentIds.has(id)) this.#understands.delete(id);
  }

  /** Ends all waiting without an answer. */
  stop(): void {
    for (const waiting of [...this.#waiting.values()]) waiting.settle(null);
  }

  #isFor(agentId: number, { agentId: own, handedOut, job }: Waiting): boolean {
    return own === agentId && !handedOut && this.#now() < job.expiresAt;
  }
}
