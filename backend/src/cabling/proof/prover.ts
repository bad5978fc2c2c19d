import type { RecordValues } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import type { Changes } from '../../history/changes.ts';
import { portCards } from '../cards.ts';
import { verdictOf } from '../drift/compare.ts';
import type { Network, PollNow } from '../drift/network.ts';
import type { Seen } from '../drift/seen.ts';
import type { DriftWatch, Known } from '../drift/watch.ts';
import type { Way } from '../drift/ways.ts';
import { concernedPorts } from './concerned.ts';
import { type Decision, decide, type Witness } from './decide.ts';

/** A step or a capture that has been carried out and is committed. */
export interface DoneStep {
  /** null: a capture without an order. */
  readonly stepId: number | null;
  readonly linkIds: readonly number[];
  readonly portIds: readonly number[];
  /** Who did it; of a step it is known. */
  readonly by?: string;
}

type Proof = RecordValues<'order-step'>['proof'];

/** ms after the step */
export interface Timing {
  readonly askAtMs: readonly number[];
  /** Decided by then, whatever has come. */
  readonly patienceMs: number;
}
/** At once, and twice more, because a link takes a while to come up. */
const usualTiming: Timing = { askAtMs: [0, 2000, 5000], patienceMs: 9000 };
/** Who writes a proof into the history. */
const network = { id: null, name: 'Rackhaus' };

/** Asks the network whether what somebody has plugged in or out is so, and writes the answer to the step and to its cables. */
export class Prover {
  readonly #db: Database;
  readonly #changes: Changes;
  readonly #watch: DriftWatch;
  readonly #network: Network;
  readonly #pollNow: PollNow;
  readonly #now: () => number;
  readonly #onError: (error: unknown) => void;
  readonly #timing: Timing;
  readonly #ending = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(options: {
    db: Database;
    changes: Changes;
    watch: DriftWatch;
    network: Network;
    pollNow: PollNow;
    now: () => number;
    onError: (error: unknown) => void;
    timing?: Timing;
  }) {
    this.#timing = options.timing ?? usualTiming;
    this.#db = options.db;
    this.#changes = options.changes;
    this.#watch = options.watch;
    this.#network = options.network;
    this.#pollNow = options.pollNow;
    this.#now = options.now;
    this.#onError = options.onError;
  }

  /** Begins to look for a proof; to be called after the step is committed. Never throws: what goes wrong is told elsewhere. */
  afterStep(step: DoneStep): void {
    const run = this.prove(step).then(
      () => undefined,
      (error: unknown) => this.#onError(error),
    );
    this.#running.add(run);
    void run.finally(() => this.#running.delete(run));
  }

  /** Steps whose proof was being waited for when the backend stopped: nobody will see any more what was there then. */
  async start(): Promise<void> {
    const waiting = await this.#db
      .selectFrom('order_steps')
      .select('id')
      .where('proof', '=', 'waiting')
      .execute();
    for (const { id } of waiting) await this.#write(id, 'unproven', null);
  }

  /** Gives up what is being waited for; those steps stay unproven. */
  async stop(): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#running);
  }

  /** Looks for a proof. @returns what came of it; `none`: nothing can tell */
  async prove(step: DoneStep): Promise<Proof> {
    const row = await this.#stepRow(step.stepId);
    if (row !== null && !isCableDeed(row.deed)) return 'none';
    const before = await this.#watch.known();
    const ways = await concernedPorts(this.#db, step, (id) => before.documentation.ports.has(id));
    const isComplete = [...ways.values()].some((way) => way.kind === 'device');
    const deed = row !== null && isCableDeed(row.deed) ? row.deed : isComplete ? 'plug' : 'unplug';
    const doneAt = row?.done_at ?? this.#now();
    const canTell = deed === 'unplug' ? ways.size > 0 : isComplete;
    const by = row?.done_by ?? step.by ?? null;
    if (!canTell) {
      await this.#write(step.stepId, 'none', null);
      if (by !== null && deed === 'plug') await this.#watch.confirmByHand(step.linkIds, by, doneAt);
      return 'none';
    }
    await this.#write(step.stepId, 'waiting', null);
    const decision = await this.#ask(deed, doneAt, ways);
    await this.#settle(step, decision, by, doneAt);
    return decision.proof;
  }

  /** Asks devices until it is decided. What they tell of themselves meanwhile shortens it. */
  async #ask(deed: 'plug' | 'unplug', doneAt: number, ways: ReadonlyMap<number, Way>): Promise<Decision> {
    const started = performance.now();
    const left = () => this.#timing.patienceMs - (performance.now() - started);
    const first = await this.#watch.known();
    const devices = [...new Set([...ways.keys()].map((id) => first.documentation.deviceOf(id) ?? 0))];
    const heard = new Heard(this.#network, devices);
    // Once it is decided nobody waits for the asks that are still to come.
    const over = AbortSignal.any([this.#ending.signal, heard.signal]);
    const asks = this.#timing.askAtMs.map((at) =>
      after(at - (performance.now() - started), over).then(() =>
        this.#ending.signal.aborted || heard.isOver
          ? undefined
          : this.#pollNow(devices, { signal: heard.signal, timeoutMs: Math.max(1, left()) }),
      ),
    );
    for (const ask of asks) ask.then(() => heard.something(), this.#onError);
    try {
      for (;;) {
        // Taken before looking: what comes while it is being looked at is looked at once more.
        const more = heard.next();
        const final = left() <= 0 || this.#ending.signal.aborted;
        const decision = this.#decide(await this.#watch.known(), deed, doneAt, ways, final);
        if (decision.proof !== 'waiting') return decision;
        await Promise.race([more, after(left(), this.#ending.signal)]);
      }
    } finally {
      heard.stop();
      await Promise.allSettled(asks);
    }
  }

  #decide(
    known: Known,
    deed: 'plug' | 'unplug',
    doneAt: number,
    ways: ReadonlyMap<number, Way>,
    final: boolean,
  ): Decision {
    const witnesses = [...ways].map(([portId, way]): Witness => {
      const link = known.link(portId);
      const { verdict, seen } = verdictOf(
        {
          way: () => way,
          deviceOf: known.documentation.deviceOf,
          seen: known.seen,
          link: known.link,
          isIdentified: (id) => known.directory.isIdentified(id),
          hasMac: known.documentation.hasMac,
          now: this.#now(),
          darkMs: Infinity,
        },
        portId,
        way,
      );
      const wrong = verdict === 'contradicted' ? seen : null;
      const firstSeen =
        wrong === null
          ? null
          : this.#watch.firstSeen({ port_id: portId, source: wrong.source, text: wrong.text });
      return {
        portId,
        way,
        link,
        seen: known.seen.get(portId) ?? [],
        right: verdict === 'confirmed' ? seen : null,
        wrong,
        leftOver: firstSeen !== null && firstSeen < (link?.since ?? 0),
      };
    });
    return decide({ deed, doneAt, witnesses, final });
  }

  async #settle(step: DoneStep, decision: Decision, by: string | null, doneAt: number): Promise<void> {
    const detail =
      decision.proof === 'contradicted' && decision.by !== null ? await this.#nameOf(decision.by) : null;
    await this.#write(step.stepId, decision.proof, detail);
    if (decision.proof === 'unproven' && by !== null)
      await this.#watch.confirmByHand(step.linkIds, by, doneAt);
    // Proofs of the cables and findings follow from the same facts.
    await this.#watch.look();
  }

  async #nameOf(seen: Seen): Promise<string> {
    const card =
      seen.farPortId === null ? undefined : (await portCards(this.#db, [seen.farPortId])).get(seen.farPortId);
    if (card !== undefined) return `${card.owner.name} ${card.name}`;
    const device =
      seen.deviceId === null
        ? undefined
        : await this.#db
            .selectFrom('devices')
            .select('name')
            .where('id', '=', seen.deviceId)
            .executeTakeFirst();
    return device?.name ?? seen.text;
  }

  /** A change of its own: taking the step back does not meet it, and it is not taken back with the step. */
  async #write(stepId: number | null, proof: Proof, detail: string | null): Promise<void> {
    if (stepId === null) return;
    const row = await this.#stepRow(stepId);
    // Taken back meanwhile, or deleted: nothing is to be proven any more.
    if (row === null || row.state !== 'done') return;
    await this.#changes.run({ user: network, source: 'agent', orderId: row.order_id }, (change) =>
      change.update('order-step', stepId, { proof, proof_detail: detail?.slice(0, 500) ?? null }),
    );
  }

  async #stepRow(stepId: number | null) {
    if (stepId === null) return null;
    const row = await this.#db
      .selectFrom('order_steps')
      .select(['order_id', 'deed', 'state', 'done_by', 'done_at'])
      .where('id', '=', stepId)
      .executeTakeFirst();
    return row ?? null;
  }
}

function isCableDeed(deed: RecordValues<'order-step'>['deed']): deed is 'plug' | 'unplug' {
  return deed === 'plug' || deed === 'unplug';
}

/** Tells when one of some devices says something. */
class Heard {
  readonly #stops: readonly (() => void)[];
  readonly #over = new AbortController();
  #waiting: (() => void)[] = [];

  constructor(network: Network, deviceIds: readonly number[]) {
    const listener = (ids: readonly number[]) => {
      if (ids.some((id) => deviceIds.includes(id))) this.something();
    };
    this.#stops = [network.observations, network.sightings, network.ports].map((each) =>
      each.onChange(listener),
    );
  }
  get signal(): AbortSignal {
    return this.#over.signal;
  }
  get isOver(): boolean {
    return this.#over.signal.aborted;
  }
  next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
  something(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
  stop(): void {
    for (const stop of this.#stops) stop();
    this.#over.abort();
    this.something();
  }
}

/** Resolves after a time, or when it is all over. */
function after(ms: number, ending: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (ms <= 0 || ending.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      ending.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    ending.addEventListener('abort', done);
  });
}
