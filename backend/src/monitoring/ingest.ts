import {
  type MeasurementStore,
  type ReadingBatch,
  readingAt,
  StoreUnavailable,
} from '../measurements/index.ts';
import { AppError } from '../problem.ts';
import type { AcceptedBatches, BatchKey } from './accepted-batches.ts';
import type { AgentWatch } from './agent-watch.ts';
import { BatchReader, type LeftOut, type Responsible } from './batch-reader.ts';
import type { LiveState } from './live-state.ts';
import type { Waiting } from './waiting.ts';

/** A reading from further in the future than this has a wrong clock behind it, whoever sends it. */
export const futureMs = 10 * 60_000;
/** Who sends what does not come from an agent. */
const others = 0;

/** What became of readings since the start, for the log and for whoever wonders. */
export interface IngestCounts extends LeftOut {
  stored: number;
  repeats: number;
}

/** Takes in what agents and others send: recognise, check, store, show, and only then acknowledge. */
export class Ingest {
  readonly #store: MeasurementStore;
  readonly #accepted: AcceptedBatches;
  readonly #live: LiveState;
  readonly #agents: AgentWatch;
  readonly #reader: BatchReader;
  readonly #waiting: Waiting;
  readonly #now: () => number;
  readonly #counts: IngestCounts = {
    stored: 0,
    repeats: 0,
    unreadable: 0,
    foreign: 0,
    intruding: 0,
    implausible: 0,
  };

  constructor(options: {
    store: MeasurementStore;
    accepted: AcceptedBatches;
    live: LiveState;
    agents: AgentWatch;
    responsible: Responsible;
    waiting: Waiting;
    now: () => number;
  }) {
    this.#store = options.store;
    this.#accepted = options.accepted;
    this.#live = options.live;
    this.#agents = options.agents;
    this.#reader = new BatchReader({ entities: options.store.entities, responsible: options.responsible });
    this.#waiting = options.waiting;
    this.#now = options.now;
  }

  get counts(): Readonly<IngestCounts> {
    return this.#counts;
  }

  /** Whether something of this agent may come now. @throws AppError `too-many`: keep it and try again */
  ready(agentId: number): void {
    this.#agents.seen(agentId);
    this.#waiting.check(agentId);
  }

  /**
   * Takes in a batch of line protocol from an agent. Resolves when it is stored, or was before.
   * @throws AppError `invalid`: no line of it can be read; `too-many`, `unavailable`: keep it and try again.
   */
  async take(key: BatchKey, bytes: Uint8Array): Promise<void> {
    if (this.#accepted.has(key)) {
      this.#counts.repeats++;
      return;
    }
    // Others may have come while the body was on its way.
    this.#waiting.check(key.agentId);
    const { batch, leftOut, problem, own } = this.#reader.read(bytes, key.agentId, this.#now() + futureMs);
    if (problem !== null) throw new AppError('invalid', `The batch cannot be read: ${problem.message}`);
    await this.#write(key.agentId, batch);
    this.#counts.unreadable += leftOut.unreadable;
    this.#counts.foreign += leftOut.foreign;
    this.#counts.intruding += leftOut.intruding;
    this.#counts.implausible += leftOut.implausible;
    this.#agents.refused(key.agentId, leftOut.intruding);
    if (own.length > 0)
      this.#agents.own(
        key.agentId,
        own.map((at) => readingAt(batch, at)),
      );
    this.#accepted.add(key);
  }

  /**
   * Takes in readings that were checked where they came in. Resolves when they are stored and shown.
   * @throws AppError `too-many`, `unavailable`: try again later
   */
  async accept(batch: ReadingBatch): Promise<void> {
    this.#waiting.check(others);
    await this.#write(others, batch);
  }

  async #write(sender: number, batch: ReadingBatch): Promise<void> {
    if (batch.count === 0) return;
    try {
      await this.#waiting.during(sender, batch.value.length, () => this.#store.write(batch));
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      throw new AppError('unavailable', 'The measurement store does not answer.', undefined, {
        afterSeconds: 2,
      });
    }
    this.#counts.stored += batch.count;
    this.#live.apply(batch);
  }
}
