import { randomUUID } from 'node:crypto';
import type { PolledNow, PollNowJob } from '@rackhaus/config/contract';

/** As long as somebody looks at a screen with a cable in the hand. A device that answers is read within a second. */
const patienceMs = 15_000;

export interface PollNowOptions {
  /** Whoever waits has gone: what has not come by then is null. */
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

interface Waiting {
  agentId: number;
  readonly job: PollNowJob;
  /** One for each who waits for this device. */
  readonly answers: Set<(time: number | null) => void>;
  handedOut: boolean;
}

/** Devices that an agent is to read out of turn for somebody who waits: handed out with the agent's next assignment. */
export class PollsNow {
  readonly #waiting = new Map<string, Waiting>();
  readonly #listeners = new Set<() => void>();

  /** Calls `listener` when there is something for an agent. Returns how to stop that. */
  onAdded(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Has the agent read a device. @returns when it was read; null when it did not answer or not in time */
  ask(agentId: number, deviceId: number, options: PollNowOptions = {}): Promise<number | null> {
    const { signal, timeoutMs = patienceMs } = options;
    if (signal?.aborted) return Promise.resolve(null);
    const waiting = this.#notHandedOut(agentId, deviceId);
    return new Promise((resolve) => {
      const answer = (time: number | null) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
        waiting.answers.delete(answer);
        if (waiting.answers.size === 0) this.#waiting.delete(waiting.job.id);
        resolve(time);
      };
      const giveUp = () => answer(null);
      const timer = setTimeout(giveUp, timeoutMs);
      signal?.addEventListener('abort', giveUp, { once: true });
      waiting.answers.add(answer);
      this.#waiting.set(waiting.job.id, waiting);
      for (const listener of this.#listeners) listener();
    });
  }

  /** Whether there is something that the agent has not been given yet. */
  has(agentId: number): boolean {
    for (const each of this.#waiting.values()) if (each.agentId === agentId && !each.handedOut) return true;
    return false;
  }

  /** What the agent shall do now. Each is handed out once. */
  take(agentId: number): PollNowJob[] {
    const jobs: PollNowJob[] = [];
    for (const waiting of this.#waiting.values()) {
      if (waiting.agentId !== agentId || waiting.handedOut) continue;
      waiting.handedOut = true;
      jobs.push(waiting.job);
    }
    return jobs;
  }

  /** Takes in an answer; one that nobody waits for any more is passed over. @returns false when it is another agent's to give */
  answer(agentId: number, { id, time }: PolledNow): boolean {
    const waiting = this.#waiting.get(id);
    if (waiting !== undefined && waiting.agentId !== agentId) return false;
    for (const answer of [...(waiting?.answers ?? [])]) answer(time);
    return true;
  }

  /** What waits goes to the agent that the device is with now, also when another had it in hand. */
  move(agentOf: (deviceId: number) => number | null): void {
    for (const waiting of this.#waiting.values()) {
      const agentId = agentOf(waiting.job.deviceId);
      if (agentId === null || agentId === waiting.agentId) continue;
      waiting.agentId = agentId;
      waiting.handedOut = false;
    }
  }

  /** Ends all waiting without an answer. */
  stop(): void {
    for (const { answers } of [...this.#waiting.values()]) for (const answer of [...answers]) answer(null);
  }

  /** Who asks for a device that nobody has been told to read yet joins those who do already. */
  #notHandedOut(agentId: number, deviceId: number): Waiting {
    for (const each of this.#waiting.values())
      if (each.agentId === agentId && each.job.deviceId === deviceId && !each.handedOut) return each;
    return { agentId, job: { id: randomUUID(), deviceId }, answers: new Set(), handedOut: false };
  }
}
