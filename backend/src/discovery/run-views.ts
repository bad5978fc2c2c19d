import type { DiscoveryRun } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import type { RunRow } from './tables.ts';

/** Runs as screens see them. */
export class RunViews {
  readonly #db: Database;

  constructor({ db }: { db: Database }) {
    this.#db = db;
  }

  /** The newest runs, of one scan or of all, newest first. */
  async list(scanId?: number, limit = 100): Promise<DiscoveryRun[]> {
    let query = this.#runs().orderBy('r.id', 'desc').limit(limit);
    if (scanId !== undefined) query = query.where('r.scan_id', '=', scanId);
    return (await query.execute()).map(runView);
  }

  /** The newest run of each scan. */
  async newest(): Promise<DiscoveryRun[]> {
    const rows = await this.#runs()
      .where('r.id', 'in', (e) =>
        e
          .selectFrom('discovery_runs')
          .select((x) => x.fn.max('id').as('id'))
          .groupBy('scan_id'),
      )
      .orderBy('r.id', 'desc')
      .execute();
    return rows.map(runView);
  }

  #runs() {
    return this.#db
      .selectFrom('discovery_runs as r')
      .innerJoin('discovery_scans as s', 's.id', 'r.scan_id')
      .selectAll('r')
      .select((e) => [
        's.name as scan_name',
        e
          .selectFrom('discovery_found as f')
          .select((x) => x.fn.countAll<number>().as('count'))
          .whereRef('f.run_id', '=', 'r.id')
          .where('f.device_id', 'is', null)
          .where('f.ignored_at', 'is', null)
          .as('fresh'),
      ]);
  }
}

function runView(row: RunRow & { scan_name: string; fresh: number | null }): DiscoveryRun {
  const { phase, done, total, found, recognised } = row;
  return {
    id: row.id,
    scanId: row.scan_id,
    scanName: row.scan_name,
    state: row.state,
    startedBy: row.started_by,
    agent: row.agent_id === null ? null : { id: row.agent_id, name: row.agent_name ?? '' },
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    progress: { phase, done, total, found, recognised },
    problem: row.problem,
    detail: row.detail,
    fresh: Number(row.fresh ?? 0),
  };
}
