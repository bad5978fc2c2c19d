import type { AgentWatch } from '../agent-watch.ts';
import type { Leases } from './leases.ts';
import { type AgentNow, decideStandIns, flappingSince } from './stand-ins.ts';

/** Between two looks more time than this has passed: this server itself was held up, and could hear nobody. */
const heldUpMs = 3000;

interface WithStandby {
  readonly id: number;
  readonly standbyAgentId: number | null;
}

/** Has the standby of an agent that has fallen silent take over its devices, and gives them back. */
export class StandingIn {
  readonly #watch: AgentWatch;
  readonly #leases: Leases;
  readonly #now: () => number;
  readonly #elapsed: () => number;
  readonly #changed: () => void;
  #agents: readonly WithStandby[] = [];
  #lookedAt: number | null = null;
  /** Silence counts from here on. */
  #listeningSince = Number.NEGATIVE_INFINITY;

  /** `elapsed`: ms on a clock that nobody sets. `changed`: told after devices have gone to another agent. */
  constructor(options: {
    watch: AgentWatch;
    leases: Leases;
    now: () => number;
    elapsed: () => number;
    changed: () => void;
  }) {
    this.#watch = options.watch;
    this.#leases = options.leases;
    this.#now = options.now;
    this.#elapsed = options.elapsed;
    this.#changed = options.changed;
  }

  setAgents(agents: readonly WithStandby[]): void {
    this.#agents = agents;
  }

  /** To be called every second or so. */
  async tick(): Promise<void> {
    const elapsed = this.#elapsed();
    if (elapsed - (this.#lookedAt ?? elapsed) > heldUpMs) this.#listeningSince = elapsed;
    this.#lookedAt = elapsed;
    const longestMs = elapsed - this.#listeningSince;
    const since = flappingSince(this.#now());
    const agents = this.#agents.map(({ id, standbyAgentId }): AgentNow => {
      const spoke = this.#watch.spoke(id);
      return {
        id,
        standbyId: standbyAgentId,
        ...spoke,
        silentMs: Math.min(spoke.silentMs, longestMs),
        standInId: this.#leases.standIn(id),
        standIns: this.#leases.standInsSince(id, since),
      };
    });
    const changes = decideStandIns(agents);
    if (changes.size === 0) return;
    await this.#leases.setStandIns(changes);
    this.#changed();
  }
}
