import type { AlertSettings, OnCallNow } from '@rackhaus/config/contract';
import type { Incidents, OwnCondition } from '../../alerting/parts.ts';
import type { Database } from '../../database/tables.ts';
import { oneAtATime } from '../../one-at-a-time.ts';
import { loadPlans, type Plans } from '../load-plans.ts';
import type { PublicHolidays } from '../rota/holidays.ts';
import { checkPlan } from './check.ts';
import type { PlanProblem } from './problem.ts';

/** What nobody writes down changes slowly: channels fail, gaps come near. */
const everyMs = 10 * 60_000;
const dayMs = 86_400_000;

/** Checks the plan of who is told when it changes and every ten minutes, and reports what it lacks as incidents of their own. */
export class PlanWatch {
  readonly #db: Database;
  readonly #settings: () => Promise<AlertSettings>;
  readonly #incidents: Pick<Incidents, 'report'>;
  readonly #holidays: PublicHolidays;
  readonly #now: () => number;
  readonly #onError: (message: string, error: unknown) => void;
  #since = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #running = false;

  constructor(options: {
    db: Database;
    settings: () => Promise<AlertSettings>;
    incidents: Pick<Incidents, 'report'>;
    holidays: PublicHolidays;
    now: () => number;
    onError: (message: string, error: unknown) => void;
  }) {
    this.#db = options.db;
    this.#settings = options.settings;
    this.#incidents = options.incidents;
    this.#holidays = options.holidays;
    this.#now = options.now;
    this.#onError = options.onError;
  }

  start(): void {
    this.#running = true;
    this.wake();
  }

  async stop(): Promise<void> {
    this.#running = false;
    clearTimeout(this.#timer);
    await this.#run().catch(() => undefined); // its error has been told
  }

  /** The plan may have changed. */
  wake(): void {
    if (!this.#running) return;
    this.#run().catch((error: unknown) =>
      this.#onError('the plan of who is told could not be checked', error),
    );
  }

  /** Checks now. */
  async look(plans: Plans): Promise<PlanProblem[]> {
    const { timeZone } = await this.#settings();
    const now = this.#now();
    return checkPlan({
      plans,
      holidays: this.#holidays,
      timeZone,
      sites: await this.#db.selectFrom('sites').select(['id', 'name']).orderBy('id').execute(),
      tests: await this.#tests(plans, now),
      now,
    });
  }

  readonly #run = oneAtATime(async () => {
    clearTimeout(this.#timer);
    if (!this.#running) return;
    try {
      this.#report(await this.look(await loadPlans(this.#db)));
    } finally {
      if (this.#running) this.#timer = setTimeout(() => this.wake(), everyMs);
    }
  });

  #report(problems: readonly PlanProblem[]): void {
    const reported = problems.filter(({ asIncident }) => asIncident);
    const now = this.#now();
    this.#since = new Map(reported.map(({ id }) => [id, this.#since.get(id) ?? now]));
    this.#incidents.report(
      'on-call',
      reported.map(
        ({ id, severity, text, advice, place }): OwnCondition => ({
          id,
          severity,
          title: text,
          advice,
          place,
          since: this.#since.get(id) ?? now,
        }),
      ),
    );
  }

  /** The last test to each person through which they were to be told, and whether anything has arrived since. */
  async #tests(plans: Plans, now: number): Promise<Map<number, { sentAt: number; received: boolean }>> {
    const rows = await this.#db
      .selectFrom('deliveries')
      .select(['user_id', 'notice_id', 'created_at', 'receipt_at'])
      .where('kind', '=', 'test')
      .where('user_id', 'is not', null)
      .where('state', '<>', 'dropped')
      .where('created_at', '>', now - 30 * dayMs)
      .orderBy('id')
      .execute();
    const tests = new Map<number, { sentAt: number; received: boolean }>();
    for (const row of rows) {
      const userId = row.user_id ?? 0;
      const before = tests.get(userId);
      const same = before !== undefined && before.sentAt === row.created_at;
      tests.set(userId, {
        sentAt: row.created_at,
        received: row.receipt_at !== null || (same && before.received),
      });
    }
    for (const { userId, lastReceiptAt } of plans.channels) {
      const test = userId === null ? undefined : tests.get(userId);
      if (test !== undefined && userId !== null && lastReceiptAt !== null && lastReceiptAt >= test.sentAt)
        tests.set(userId, { ...test, received: true });
    }
    return tests;
  }
}

/** As the API tells it. */
export function shown(problems: readonly PlanProblem[]): OnCallNow['problems'] {
  return problems.map(({ id: _, advice: __, place: ___, asIncident: ____, ...rest }) => rest);
}
