import type { AlertSettings } from '@rackhaus/config/contract';
import type { Incidents } from '../../alerting/parts.ts';
import type { Database } from '../../database/tables.ts';
import { oneAtATime } from '../../one-at-a-time.ts';
import { isQuiet, quietEnd } from '../escalation/quiet.ts';
import { loadPlans } from '../load-plans.ts';
import { PublicHolidays } from '../rota/holidays.ts';
import { ClockJumps } from './clock-jumps.ts';
import { dueIncidents, takeStep } from './due-steps.ts';
import type { Planning, StoryLine } from './escalate.ts';
import { planNotice, type Waiting, waitingNotices } from './notice.ts';
import { tellSummary } from './summary.ts';
import { testWhenDue } from './test-schedule.ts';

/** No timer is longer: a clock that was set is noticed by then. */
const longestMs = 3_600_000;
/** What went wrong is tried again after this. */
const againMs = 10_000;

/**
 * Makes deliveries of notices, and takes the next step where nobody has acknowledged in time. Works when it is woken and when
 * the next thing is due; what is written down is all that it goes by, so a restart loses and repeats nothing.
 */
export class Planner {
  readonly #db: Database;
  readonly #settings: () => Promise<AlertSettings>;
  readonly #incidents: Pick<Incidents, 'addEvent'>;
  readonly #interrupted: (channelId: number) => boolean;
  readonly #looked: () => Promise<void>;
  readonly #sent: () => void;
  readonly #now: () => number;
  readonly #onError: (message: string, error: unknown) => void;
  readonly #holidays = new PublicHolidays();
  readonly #jumps: ClockJumps;
  #timer: NodeJS.Timeout | undefined;
  #running = false;
  #failed = false;

  /** `steady`: a clock in ms that is never set. `sent`: told when there are deliveries to send. */
  constructor(options: {
    db: Database;
    settings: () => Promise<AlertSettings>;
    incidents: Pick<Incidents, 'addEvent'>;
    interrupted: (channelId: number) => boolean;
    /** Resolves when `interrupted` answers by what is open now. */
    looked?: () => Promise<void>;
    sent: () => void;
    now: () => number;
    steady: () => number;
    onError: (message: string, error: unknown) => void;
  }) {
    this.#db = options.db;
    this.#settings = options.settings;
    this.#incidents = options.incidents;
    this.#interrupted = options.interrupted;
    this.#looked = options.looked ?? (async () => {});
    this.#sent = options.sent;
    this.#now = options.now;
    this.#onError = options.onError;
    this.#jumps = new ClockJumps(options);
  }

  start(): void {
    this.#running = true;
    this.wake();
  }

  /** After it what was begun is finished, and nothing more is. */
  async stop(): Promise<void> {
    this.#running = false;
    clearTimeout(this.#timer);
    await this.#run().catch(() => undefined); // its error has been told
  }

  /** There may be something to do. */
  wake(): void {
    if (!this.#running) return;
    this.#run().catch((error: unknown) => {
      this.#onError('planning who is told failed', error);
      this.#arm(this.#now() + againMs);
    });
  }

  /** Does all that is due now. For tests; `wake` does the same and does not wait. */
  settle(): Promise<void> {
    return this.#run();
  }

  readonly #run = oneAtATime(async () => {
    await this.#afterClockWasSet();
    this.#failed = false;
    const settings = await this.#settings();
    const nextTest = await testWhenDue(this.#db, settings, this.#now());
    await this.#looked();
    const held = await this.#tellNotices(settings);
    const due = await dueIncidents(this.#db, this.#now());
    for (const id of due) await this.#plan(settings, (planning) => takeStep(planning, id));
    const step = await this.#nextStep();
    const nights = held ? quietEnd(settings, this.#now()) : null;
    const times = [nextTest, step, nights, this.#failed ? this.#now() + againMs : null];
    this.#arm(Math.min(...times.filter((time) => time !== null)));
  });

  /** Waits go on for as long as they were to: only times of day follow the new clock. */
  async #afterClockWasSet(): Promise<void> {
    const jump = this.#jumps.since();
    if (jump === 0) return;
    await this.#db
      .updateTable('incident_escalations')
      .set((set) => ({ next_at: set('next_at', '+', jump) }))
      .where('next_at', 'is not', null)
      .execute();
  }

  /** @returns whether quiet hours hold some. */
  async #tellNotices(settings: AlertSettings): Promise<boolean> {
    const waiting = await waitingNotices(this.#db);
    const now = this.#now();
    const below = (notice: Waiting): boolean => notice.severity === 'warning' && !notice.drill;
    const quiet = isQuiet(settings, now);
    const ofTheNight = (notice: Waiting): boolean => below(notice) && isQuiet(settings, notice.time);
    if (!quiet) {
      const night = waiting.filter(ofTheNight);
      if (night.length > 0) await this.#plan(settings, (planning) => tellSummary(planning, night));
    }
    const blocked = new Set<number | null>();
    for (const notice of waiting) {
      if (below(notice) && (quiet || ofTheNight(notice))) continue;
      if (notice.incidentId !== null && blocked.has(notice.incidentId)) continue;
      // What follows of the same incident waits for it: nobody is told of an end before the beginning.
      if (!(await this.#plan(settings, (planning) => planNotice(planning, notice))))
        blocked.add(notice.incidentId);
    }
    return quiet && waiting.some(below);
  }

  /** One transaction, and afterwards its lines in the story. @returns whether it worked; it is tried again where not. */
  async #plan(settings: AlertSettings, work: (planning: Planning) => Promise<void>): Promise<boolean> {
    const story: StoryLine[] = [];
    try {
      await this.#db.transaction().execute(async (tx) => {
        const about = {
          plans: await loadPlans(tx),
          holidays: this.#holidays,
          now: this.#now(),
          interrupted: this.#interrupted,
        };
        await work({ tx, about, settings, story });
      });
    } catch (error) {
      this.#failed = true;
      this.#onError('a notice could not be planned', error);
      return false;
    }
    this.#sent();
    for (const { incidentId, kind, text } of story)
      await this.#incidents
        .addEvent(incidentId, kind, text)
        .catch((error: unknown) => this.#onError('the story of an incident lacks a line', error));
    return true;
  }

  async #nextStep(): Promise<number | null> {
    const { next } = await this.#db
      .selectFrom('incident_escalations')
      .select(({ fn }) => fn.min('next_at').as('next'))
      .where('next_at', 'is not', null)
      .executeTakeFirstOrThrow();
    return next;
  }

  #arm(at: number): void {
    clearTimeout(this.#timer);
    if (!this.#running) return;
    const delay = Math.min(Math.max(at - this.#now(), 0), longestMs);
    this.#timer = setTimeout(() => this.wake(), delay);
  }
}
