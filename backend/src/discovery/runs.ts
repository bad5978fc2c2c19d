import type { DiscoveryReport, runProblems } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';
import { keepFound } from './found-store.ts';
import { markGone } from './gone.ts';
import type { HandOut } from './hand-out.ts';
import type { DiscoveryOrders } from './orders.ts';
import { addressCount, allowedNetworks, isAllowed, type Scan, type Scans } from './scans.ts';
import type { RunRow } from './tables.ts';

/** Reports come each second: an agent that has not been heard for so long may have been started anew. */
const orderAgainMs = 15_000;
/** An agent that is there takes an order at once. */
const patience = { waiting: 60_000, running: 10 * 60_000 } as const;
/** Older ones of a scan are forgotten. */
const keptRuns = 50;

interface Active {
  readonly runId: number;
  readonly scanId: number;
  readonly agentId: number;
  /** On a clock that nobody sets. */
  heardAt: number;
  orderedAt: number;
}

/** Has agents look through networks, and takes in what they find. What was begun survives a restart of this server. */
export class Runs {
  readonly #db: Database;
  readonly #scans: Scans;
  readonly #orders: DiscoveryOrders;
  readonly #agents: () => Promise<readonly { readonly id: number; readonly name: string }[]>;
  readonly #hand: HandOut;
  readonly #now: () => number;
  readonly #elapsed: () => number;
  readonly #changed: (runId: number, found: boolean) => void;
  readonly #active = new Map<number, Active>();

  constructor(options: {
    db: Database;
    scans: Scans;
    orders: DiscoveryOrders;
    agents: () => Promise<readonly { readonly id: number; readonly name: string }[]>;
    hand: HandOut;
    now: () => number;
    elapsed: () => number;
    /** A run has got further; `found`: what was found has changed. */
    changed: (runId: number, found: boolean) => void;
  }) {
    this.#db = options.db;
    this.#scans = options.scans;
    this.#orders = options.orders;
    this.#agents = options.agents;
    this.#hand = options.hand;
    this.#now = options.now;
    this.#elapsed = options.elapsed;
    this.#changed = options.changed;
  }

  /** Takes up what was under way when this server ended. An agent that goes on with it is heard within a second or so. */
  async load(): Promise<void> {
    const rows = await this.#db
      .selectFrom('discovery_runs')
      .select(['id', 'scan_id', 'agent_id'])
      .where('state', 'in', ['waiting', 'running'])
      .execute();
    const at = this.#elapsed();
    for (const { id, scan_id, agent_id } of rows)
      if (agent_id !== null)
        this.#active.set(id, {
          runId: id,
          scanId: scan_id,
          agentId: agent_id,
          heardAt: at,
          orderedAt: at - orderAgainMs + 5000,
        });
  }

  /**
   * Begins a scan. `by`: who wants it; null: its repetition.
   * @throws AppError not-found, conflict (it goes on already; no agent; none of its networks may be polled)
   */
  async begin(scanId: number, by: string | null): Promise<number> {
    const scan = await this.#scans.get(scanId);
    if ([...this.#active.values()].some((active) => active.scanId === scanId))
      throw new AppError('conflict', `The scan "${scan.name}" goes on already.`, undefined, {
        reason: 'running',
      });
    const agents = await this.#agents();
    const oldest = agents.reduce<(typeof agents)[number] | undefined>(
      (a, b) => (a === undefined || b.id < a.id ? b : a),
      undefined,
    );
    const agent = scan.agentId === null ? oldest : agents.find(({ id }) => id === scan.agentId);
    if (agent === undefined)
      throw new AppError('conflict', 'There is no agent that could look through networks.', undefined, {
        reason: 'no-agent',
      });
    const allowed = await allowedNetworks(this.#db);
    const networks = scan.networks.filter((text) => isAllowed(text, allowed));
    if (networks.length === 0)
      throw new AppError('conflict', 'None of the networks of this scan may be polled any more.', undefined, {
        reason: 'network-not-allowed',
        ...(scan.networks[0] === undefined ? {} : { network: scan.networks[0] }),
      });
    const { id } = await this.#db
      .insertInto('discovery_runs')
      .values({
        scan_id: scanId,
        state: 'waiting',
        started_by: by,
        agent_id: agent.id,
        agent_name: agent.name,
        networks: JSON.stringify(networks),
        exclude: JSON.stringify(scan.exclude),
        snmp_port: scan.snmpPort,
        created_at: this.#now(),
        started_at: null,
        finished_at: null,
        phase: 'sweep',
        done: 0,
        total: addressCount(networks, scan.exclude),
        found: 0,
        recognised: 0,
        problem: null,
        detail: null,
        attempt: null,
        last_number: 0,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const at = this.#elapsed();
    const active: Active = { runId: id, scanId, agentId: agent.id, heardAt: at, orderedAt: at };
    this.#active.set(id, active);
    await this.#order(active, scan, networks);
    await this.#forgetOld(scanId);
    this.#changed(id, false);
    return id;
  }

  /** @throws AppError not-found, conflict (it is over) */
  async cancel(runId: number): Promise<void> {
    const row = await this.#row(runId);
    if (row === undefined)
      throw new AppError('not-found', `There is no run ${runId}.`, undefined, { reason: 'gone' });
    if (row.state !== 'waiting' && row.state !== 'running')
      throw new AppError('conflict', 'This run is over already.', undefined, { reason: 'over' });
    await this.#end(runId, 'cancelled', null, null);
    if (row.agent_id !== null) this.#orders.give(row.agent_id, { cancel: runId });
  }

  /** Ends what goes on of a scan that is deleted. */
  async cancelOf(scanId: number): Promise<void> {
    for (const { runId, scanId: of } of [...this.#active.values()])
      if (of === scanId) await this.cancel(runId);
  }

  /** Takes in what an agent tells. @returns whether it shall go on */
  async take(agentId: number, report: DiscoveryReport): Promise<boolean> {
    const active = this.#active.get(report.run);
    if (active === undefined || active.agentId !== agentId) return false;
    active.heardAt = this.#elapsed();
    const now = this.#now();
    const ended = await this.#db.transaction().execute(async (tx) => {
      const row = await tx
        .selectFrom('discovery_runs')
        .selectAll()
        .where('id', '=', report.run)
        .executeTakeFirst();
      if (row === undefined || (row.state !== 'waiting' && row.state !== 'running')) return 'over';
      // Told again, because the answer did not arrive.
      if (row.attempt === report.attempt && report.number <= row.last_number) return 'known';
      await keepFound(tx, report.found, { scanId: row.scan_id, runId: row.id, snmpPort: row.snmp_port, now });
      await tx
        .updateTable('discovery_runs')
        .set({
          ...report.progress,
          state: report.state,
          problem: report.problem,
          detail: report.detail,
          started_at: row.started_at ?? now,
          finished_at: report.state === 'running' ? null : now,
          attempt: report.attempt,
          last_number: report.number,
        })
        .where('id', '=', report.run)
        .execute();
      if (report.state === 'done') await markGone(tx, { ...row, started_at: row.started_at ?? now }, now);
      return 'taken';
    });
    if (ended === 'over') return false;
    if (ended === 'taken') {
      if (report.state !== 'running') this.#active.delete(report.run);
      this.#changed(report.run, report.found.length > 0 || report.state !== 'running');
    }
    return true;
  }

  /** Looks after agents that are not heard. To be called each second or so. */
  async tick(): Promise<void> {
    const at = this.#elapsed();
    for (const active of [...this.#active.values()]) {
      const { runId, agentId } = active;
      const silent = at - active.heardAt;
      if (this.#orders.isTooOld(agentId)) {
        await this.#end(runId, 'failed', 'agent-too-old', null);
        continue;
      }
      if (silent < orderAgainMs && at - active.orderedAt < orderAgainMs) continue;
      const row = await this.#row(runId);
      if (row === undefined || (row.state !== 'waiting' && row.state !== 'running')) {
        this.#active.delete(runId);
        continue;
      }
      if (silent > patience[row.state]) {
        await this.#end(runId, 'failed', 'agent-silent', null);
        this.#orders.give(agentId, { cancel: runId });
        continue;
      }
      if (silent >= 5000 && at - active.orderedAt >= orderAgainMs) await this.#orderAgain(active, row);
    }
  }

  #row(runId: number): Promise<RunRow | undefined> {
    return this.#db.selectFrom('discovery_runs').selectAll().where('id', '=', runId).executeTakeFirst();
  }

  async #end(
    runId: number,
    state: 'cancelled' | 'failed',
    problem: (typeof runProblems)[number] | null,
    detail: string | null,
  ): Promise<void> {
    this.#active.delete(runId);
    await this.#db
      .updateTable('discovery_runs')
      .set({ state, problem, detail, finished_at: this.#now() })
      .where('id', '=', runId)
      .execute();
    this.#changed(runId, false);
  }

  async #orderAgain(active: Active, row: RunRow): Promise<void> {
    active.orderedAt = this.#elapsed();
    const scan = await this.#scans.get(active.scanId);
    const allowed = await allowedNetworks(this.#db);
    const networks = scan.networks.filter((text) => isAllowed(text, allowed));
    if (networks.length === 0) await this.#end(row.id, 'failed', 'not-allowed', null);
    else await this.#order(active, scan, networks);
  }

  async #order({ runId, agentId }: Active, scan: Scan, networks: readonly string[]): Promise<void> {
    if (!(await this.#hand.out({ runId, agentId, scan, networks })))
      await this.#end(runId, 'failed', 'no-agent', null);
  }

  async #forgetOld(scanId: number): Promise<void> {
    const rows = await this.#db
      .selectFrom('discovery_runs')
      .select('id')
      .where('scan_id', '=', scanId)
      .orderBy('id', 'desc')
      .offset(keptRuns)
      .limit(100)
      .execute();
    if (rows.length > 0)
      await this.#db
        .deleteFrom('discovery_runs')
        .where(
          'id',
          'in',
          rows.map(({ id }) => id),
        )
        .execute();
  }
}
