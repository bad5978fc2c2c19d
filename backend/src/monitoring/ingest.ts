import {
  isMetricId,
  LineProtocolError,
  parseLines,
  plausible,
  type Reading,
} from '@rackhaus/config/contract';
import type { MeasurementStore } from '../measurements/index.ts';
import { StoreUnavailable } from '../measurements/index.ts';
import { AppError } from '../problem.ts';
import type { AcceptedBatches, BatchKey } from './accepted-batches.ts';
import type { AgentWatch } from './agent-watch.ts';
import type { LiveState } from './live-state.ts';

/** A reading from further in the future than this has a wrong clock behind it. */
const futureMs = 10 * 60_000;
/** Readings that may wait for the store before agents are asked to hold theirs. */
const maxWaiting = 200_000;

/** What became of readings since the start, for the log and for whoever wonders. */
export interface IngestCounts {
  stored: number;
  repeats: number;
  /** Lines that could not be read: an agent newer than this server may send metrics that it does not know. */
  unreadable: number;
  /** Of devices that are not this agent's. */
  foreign: number;
  /** From the future, or values outside what the metric allows. */
  implausible: number;
}

/** Takes in what agents send: recognise, check, store, show, and only then acknowledge. */
export class Ingest {
  readonly #store: MeasurementStore;
  readonly #accepted: AcceptedBatches;
  readonly #live: LiveState;
  readonly #agents: AgentWatch;
  readonly #covers: (agentId: number, deviceId: number) => boolean;
  readonly #now: () => number;
  readonly #counts: IngestCounts = { stored: 0, repeats: 0, unreadable: 0, foreign: 0, implausible: 0 };
  #waiting = 0;

  constructor(options: {
    store: MeasurementStore;
    accepted: AcceptedBatches;
    live: LiveState;
    agents: AgentWatch;
    covers: (agentId: number, deviceId: number) => boolean;
    now: () => number;
  }) {
    this.#store = options.store;
    this.#accepted = options.accepted;
    this.#live = options.live;
    this.#agents = options.agents;
    this.#covers = options.covers;
    this.#now = options.now;
  }

  get counts(): Readonly<IngestCounts> {
    return this.#counts;
  }

  /**
   * Resolves when the batch is stored, or was before.
   * @throws AppError `invalid`: no line of it can be read; `too-many`, `unavailable`: keep it and try again.
   */
  async take(batch: BatchKey, text: string): Promise<void> {
    this.#agents.seen(batch.agentId);
    if (this.#accepted.has(batch)) {
      this.#counts.repeats++;
      return;
    }
    if (this.#waiting > maxWaiting)
      throw new AppError('too-many', 'The measurement store is busy.', undefined, { afterSeconds: 2 });
    const readings = this.#check(batch.agentId, this.#parse(text));
    this.#waiting += readings.length;
    try {
      await this.#store.write(readings);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      throw new AppError('unavailable', 'The measurement store does not answer.', undefined, {
        afterSeconds: 2,
      });
    } finally {
      this.#waiting -= readings.length;
    }
    this.#counts.stored += readings.length;
    this.#live.apply(readings);
    const own = readings.filter((reading) => reading.kind === 'agent');
    if (own.length > 0) this.#agents.own(batch.agentId, own);
    this.#accepted.add(batch);
  }

  #parse(text: string): Reading[] {
    try {
      return parseLines(text);
    } catch (error) {
      if (!(error instanceof LineProtocolError)) throw error;
      const readings = text.split('\n').flatMap((line) => this.#parseLine(line));
      if (readings.length === 0) throw new AppError('invalid', `The batch cannot be read: ${error.message}`);
      return readings;
    }
  }

  #parseLine(line: string): Reading[] {
    try {
      return parseLines(line);
    } catch (error) {
      if (!(error instanceof LineProtocolError)) throw error;
      this.#counts.unreadable++;
      return [];
    }
  }

  #check(agentId: number, readings: readonly Reading[]): Reading[] {
    const latest = this.#now() + futureMs;
    const checked: Reading[] = [];
    for (const reading of readings) {
      const own = reading.kind === 'agent';
      if (own ? reading.deviceId !== 0 : !this.#covers(agentId, reading.deviceId)) {
        this.#counts.foreign++;
        continue;
      }
      if (reading.time > latest) {
        this.#counts.implausible++;
        continue;
      }
      const values = this.#plausibleValues(reading);
      if (values === null) continue;
      // Agents all speak of "themselves" with an empty name; here it says which.
      checked.push(own ? { ...reading, entity: String(agentId), values } : { ...reading, values });
    }
    return checked;
  }

  #plausibleValues(reading: Reading): Record<string, number> | null {
    const values: Record<string, number> = {};
    let any = false;
    for (const [name, value] of Object.entries(reading.values)) {
      const id = `${reading.kind}.${name}`;
      const good = isMetricId(id) ? plausible(id, value) : undefined;
      if (good === undefined) {
        this.#counts.implausible++;
        continue;
      }
      values[name] = good;
      any = true;
    }
    return any ? values : null;
  }
}
