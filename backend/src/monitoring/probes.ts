import { randomUUID } from 'node:crypto';
import type { ProbeAnswer, ProbeJob } from '@rackhaus/config/contract';
import { AppError } from '../problem.ts';

/** As long as somebody would look at a form. The agent itself takes 3 s at most. */
const patienceMs = 10_000;
/** More than people press a button, few enough for an agent. */
const mostWaiting = 50;

interface Waiting<Job, Answer> {
  readonly agentId: number;
  readonly job: Job;
  readonly settle: (answer: Answer | null) => void;
  handedOut: boolean;
}

/** Questions to devices that an agent asks for somebody who waits: handed out with the agent's next assignment. */
export class Probes<
  Question extends object = Omit<ProbeJob, 'id'>,
  Answer extends { readonly id: string } = ProbeAnswer,
> {
  readonly #patienceMs: number;
  readonly #waiting = new Map<string, Waiting<Question & { id: string }, Answer>>();
  readonly #listeners = new Set<() => void>();

  constructor(options: { patienceMs?: number } = {}) {
    this.#patienceMs = options.patienceMs ?? patienceMs;
  }

  /** Calls `listener` when there is something for an agent. Returns how to stop that. */
  onAdded(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Has the agent ask. @returns its answer; null when it gave none in time @throws AppError too-many */
  ask(agentId: number, question: Question): Promise<Answer | null> {
    if ([...this.#waiting.values()].filter((each) => each.agentId === agentId).length >= mostWaiting)
      throw new AppError(
        'too-many',
        'This agent has many devices to ask already; please try again.',
        undefined,
        {
          afterSeconds: 5,
        },
      );
    const id = randomUUID();
    return new Promise((resolve) => {
      const settle = (answer: Answer | null) => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        resolve(answer);
      };
      const timer = setTimeout(() => settle(null), this.#patienceMs);
      this.#waiting.set(id, { agentId, job: { ...question, id }, settle, handedOut: false });
      for (const listener of this.#listeners) listener();
    });
  }

  /** Whether there is something that the agent has not been given yet. */
  has(agentId: number): boolean {
    return [...this.#waiting.values()].some((each) => each.agentId === agentId && !each.handedOut);
  }

  /** What the agent shall do now. Each is handed out once. */
  take(agentId: number): (Question & { id: string })[] {
    const jobs: (Question & { id: string })[] = [];
    for (const waiting of this.#waiting.values()) {
      if (waiting.agentId !== agentId || waiting.handedOut) continue;
      waiting.handedOut = true;
      jobs.push(waiting.job);
    }
    return jobs;
  }

  /** Takes in an answer; one that nobody waits for any more is passed over. @returns false when another agent was asked */
  answer(agentId: number, answer: Answer): boolean {
    const waiting = this.#waiting.get(answer.id);
    if (waiting !== undefined && waiting.agentId !== agentId) return false;
    waiting?.settle(answer);
    return true;
  }

  /** Ends what waits for agents that are no more. */
  keepOnly(agentIds: ReadonlySet<number>): void {
    for (const waiting of [...this.#waiting.values()])
      if (!agentIds.has(waiting.agentId)) waiting.settle(null);
  }

  /** Ends all waiting without an answer. */
  stop(): void {
    for (const waiting of [...this.#waiting.values()]) waiting.settle(null);
  }
}
