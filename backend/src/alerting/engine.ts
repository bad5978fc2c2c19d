import type { SiteGraph } from '../cabling/graph/site-graph.ts';
import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';
import type { Act } from './acts.ts';
import { Checks, type PollNow } from './checks.ts';
import { decide } from './decide.ts';
import { isWritten } from './draft.ts';
import type { Families } from './family.ts';
import type { Change, Incident, Moment } from './incident.ts';
import type { CausesOf, FoundCause, HeldBy, OwnCondition } from './parts.ts';
import { type Monitored, Seen } from './seen.ts';
import { loadKnown, loadOne, reopenMs, writeChanges } from './store.ts';
import type { DevicePlace, World } from './world.ts';

/** Under load, so much is gathered; what comes alone is looked at at once. */
const gatherMs = 200;
/** Looks take at most a third of the time. */
const restFactor = 2;
/** Time alone changes things: a calm, a snooze, a maintenance window. */
const tickMs = 1000;
/** Looks because of the time alone take at most a tenth of it. */
const idleFactor = 10;
/** The inventory changes conditions too, without that a device is read. */
const allEveryMs = 10_000;
const longestBackOffMs = 30_000;

/** What the engine knows of the documentation; replaced when it changes. */
export interface Documented {
  readonly site: SiteGraph;
  readonly places: ReadonlyMap<number, DevicePlace>;
}

export interface EngineOptions {
  readonly db: Database;
  readonly monitored: Monitored;
  readonly families: Families;
  readonly causesOf: CausesOf;
  /** Devices on which agents run. */
  readonly agentPlaces: () => readonly number[];
  readonly heldBy: HeldBy;
  readonly pollNow: PollNow;
  readonly documented: () => Documented;
  readonly now: () => number;
  /** A clock in milliseconds that nobody sets. */
  readonly steady: () => number;
  readonly onError: (message: string, error: unknown) => void;
}

/**
 * Looks at what is seen whenever it changes, decides, and writes what came of it. What it knows changes only after that is committed:
 * when it cannot be written, or the process ends, the same is decided again.
 */
export class Engine {
  readonly #options: EngineOptions;
  readonly #seen: Seen;
  readonly #checks: Checks;
  readonly #listeners = new Set<() => void>();
  readonly #stops: (() => void)[] = [];
  readonly #open = new Map<string, Incident>();
  readonly #recent = new Map<string, { incident: Incident; until: number }>();
  #running: Promise<void> = Promise.resolve();
  #timer: { readonly at: number; readonly cancel: () => void } | null = null;
  #restUntil = 0;
  #idleUntil = 0;
  #allAt = 0;
  #failures = 0;
  #stopped = true;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#seen = new Seen({ monitored: options.monitored });
    this.#checks = new Checks({
      pollNow: options.pollNow,
      steady: options.steady,
      isMonitored: (id) => this.#seen.standings.has(id),
      onDone: () => this.soon(),
      onError: (error) => options.onError('devices could not be read again', error),
    });
  }

  /** Not resolved; in no order. */
  get open(): Iterable<Incident> {
    return this.#open.values();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes up what was known, and looks from then on. */
  async start(): Promise<void> {
    const known = await loadKnown(this.#options.db, this.#time());
    for (const [key, incident] of known.open) this.#open.set(key, incident);
    for (const incident of known.recent.values()) this.#remember(incident);
    this.#stopped = false;
    this.#seen.lookAtAll();
    this.#stops.push(
      this.#options.monitored.onChange((ids) => {
        if (this.#seen.lookAt(ids)) this.soon();
      }),
    );
    const timer = setInterval(() => this.#tick(), tickMs);
    this.#stops.push(() => clearInterval(timer));
    this.soon();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const stop of this.#stops.splice(0)) stop();
    this.#clearTimer();
    this.#checks.stop();
    await this.#running;
  }

  report(source: string, conditions: readonly OwnCondition[]): void {
    this.#seen.report(source, conditions);
    this.soon();
  }

  /** Has it look as soon as it may. */
  soon(): void {
    const now = performance.now();
    this.#schedule(Math.max(now, this.#restUntil));
  }

  /** Looks now. Resolves when what came of it is written. For tests and for who must know. */
  async look(): Promise<void> {
    this.#clearTimer();
    await this.#alone(() => this.#look());
  }

  /** Does something with an incident that is there, also with one that is over. @throws AppError not-found */
  async act(incidentId: number, act: Act): Promise<void> {
    await this.#alone(async () => {
      const incident = this.#byId(incidentId) ?? (await this.#load(incidentId));
      const change = act(incident, this.#time());
      if (change === null) return;
      await this.#write([change]);
      if (change.after.state !== 'resolved' || incident.state === 'resolved') return;
      for (const id of incident.members.keys()) this.#seen.dismiss(id);
    });
  }

  /** Writes with nothing else going on between, and tells. */
  async write(work: (db: Database) => Promise<void>): Promise<void> {
    await this.#alone(() => work(this.#options.db));
    this.#tell();
  }

  #tick(): void {
    const steady = this.#options.steady();
    if (steady >= this.#allAt) {
      this.#allAt = steady + allEveryMs;
      if (this.#seen.lookAtAll()) this.soon();
    }
    if (this.#open.size > 0 && performance.now() >= this.#idleUntil) this.soon();
  }

  #schedule(at: number): void {
    if (this.#stopped || (this.#timer !== null && this.#timer.at <= at)) return;
    this.#clearTimer();
    const wait = at - performance.now();
    const run = () => {
      this.#timer = null;
      this.look().then(
        () => {
          this.#failures = 0;
        },
        (error: unknown) => {
          this.#options.onError('incidents could not be written', error);
          this.#failures++;
          this.#restUntil =
            performance.now() + Math.min(longestBackOffMs, gatherMs * 2 ** Math.min(this.#failures, 10));
          this.soon();
        },
      );
    };
    if (wait <= 0) {
      const handle = setImmediate(run);
      this.#timer = { at, cancel: () => clearImmediate(handle) };
    } else {
      const handle = setTimeout(run, wait);
      this.#timer = { at, cancel: () => clearTimeout(handle) };
    }
  }

  #clearTimer(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  #time(): Moment {
    return { now: this.#options.now(), steady: this.#options.steady() };
  }

  async #look(): Promise<void> {
    const started = performance.now();
    const time = this.#time();
    this.#forget(time);
    const recent = new Map(Array.from(this.#recent, ([key, { incident }]) => [key, incident]));
    const changes = decide({ open: this.#open, recent }, this.#world(), time);
    await this.#write(changes);
    this.#checks.of(this.#open.values());
    const took = performance.now() - started;
    this.#restUntil = performance.now() + Math.max(gatherMs, took * restFactor);
    this.#idleUntil = performance.now() + took * idleFactor;
  }

  #world(): World {
    const { monitored, families, heldBy } = this.#options;
    const seen = this.#seen;
    const documented = this.#options.documented();
    return {
      conditions: seen.conditions,
      causes: this.#causes(documented),
      familyOf: (condition) => families.of(condition),
      standing: (id) => seen.standings.get(id) ?? 'unmonitored',
      agent: (name) => monitored.agent(name),
      placeOf: (id) => documented.places.get(id),
      heldBy,
      reported: (source) => seen.hasReported(source),
      verified: this.#checks.verified,
    };
  }

  #causes({ site }: Documented): readonly FoundCause[] {
    const conditions = this.#seen.read();
    if (conditions.length === 0) return [];
    const { unreachable, silent, answering, portsDown } = this.#seen;
    return this.#options.causesOf({
      site,
      unreachable,
      silent,
      answering,
      portsDown,
      conditions,
      from: this.#options.agentPlaces(),
    }).causes;
  }

  /** In one transaction; what is only remembered needs none. */
  async #write(changes: readonly Change[]): Promise<void> {
    const kept = changes.filter(isWritten);
    const written =
      kept.length === 0 ? [] : await this.#options.db.transaction().execute((tx) => writeChanges(tx, kept));
    for (const { before } of changes) if (before !== null) this.#open.delete(before.key);
    const after = new Map(kept.map((change, index) => [change, written[index]]));
    for (const change of changes) this.#take(change, after.get(change) ?? change.after);
    if (kept.length > 0) this.#tell();
  }

  #take({ dropped, before }: Change, incident: Incident): void {
    if (dropped) return;
    if (incident.state === 'resolved') {
      if (before?.state !== 'resolved') this.#remember(incident);
      return;
    }
    this.#recent.delete(incident.key);
    this.#open.set(incident.key, incident);
  }

  #remember(incident: Incident): void {
    this.#recent.set(incident.key, { incident, until: this.#options.steady() + reopenMs });
  }

  #forget({ steady }: Moment): void {
    for (const [key, { until }] of this.#recent) if (steady >= until) this.#recent.delete(key);
  }

  #byId(id: number): Incident | undefined {
    for (const incident of this.#open.values()) if (incident.id === id) return incident;
    for (const { incident } of this.#recent.values()) if (incident.id === id) return incident;
    return undefined;
  }

  async #load(id: number): Promise<Incident> {
    const incident = await loadOne(this.#options.db, id, this.#time());
    if (incident === null) throw new AppError('not-found', `There is no incident ${id}.`);
    return incident;
  }

  /** One at a time, in the order of asking. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#running.then(work);
    this.#running = run.then(
      () => undefined,
      () => undefined, // who asked is told
    );
    return run;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
