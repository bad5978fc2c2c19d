import { statfs } from 'node:fs/promises';
import type { Incidents, OwnCondition } from '../../alerting/parts.ts';
import type { Database } from '../../database/tables.ts';
import { oneAtATime } from '../../one-at-a-time.ts';
import { judge, type SelfFacts } from './judge.ts';

const everyMs = 60_000;
/** Longer than this nothing may take that is asked of oneself. */
const patienceMs = 10_000;
/** A message whose turn it was so long ago should have been tried. */
const stuckMs = 5 * 60_000;
const key = 'self-check';

/** Looks after Rackhaus itself once a minute: its disk, its database, its store, its messages. */
export class SelfWatch {
  readonly #db: Database;
  readonly #dataDir: string;
  readonly #checkStore: () => Promise<unknown>;
  readonly #incidents: Pick<Incidents, 'report'>;
  readonly #now: () => number;
  readonly #onError: (message: string, error: unknown) => void;
  readonly #look = oneAtATime(() => this.#lookNow());
  #timer: NodeJS.Timeout | undefined;
  #conditions: OwnCondition[] = [];
  #storeFailures = 0;
  #databaseFailures = 0;

  constructor(options: {
    db: Database;
    dataDir: string;
    /** Rejects when the measurement store does not answer. */
    checkStore: () => Promise<unknown>;
    incidents: Pick<Incidents, 'report'>;
    now: () => number;
    onError: (message: string, error: unknown) => void;
  }) {
    this.#db = options.db;
    this.#dataDir = options.dataDir;
    this.#checkStore = options.checkStore;
    this.#incidents = options.incidents;
    this.#now = options.now;
    this.#onError = options.onError;
  }

  /** What was wrong at the last look. */
  get conditions(): readonly OwnCondition[] {
    return this.#conditions;
  }

  /** The first look is taken at once, in the background. */
  start(): void {
    this.#inBackground();
    this.#timer = setInterval(() => this.#inBackground(), everyMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#look().catch((error: unknown) =>
      this.#onError('Rackhaus could not look after itself', error),
    );
  }

  #inBackground(): void {
    this.#look().catch((error: unknown) => this.#onError('Rackhaus could not look after itself', error));
  }

  async #lookNow(): Promise<void> {
    const [store, database, disk] = await Promise.all([
      this.#works('the measurement store', this.#checkStore),
      this.#works('the database', () => this.#write()),
      this.#disk(),
    ]);
    this.#storeFailures = store ? 0 : this.#storeFailures + 1;
    this.#databaseFailures = database ? 0 : this.#databaseFailures + 1;
    const facts: SelfFacts = {
      disk,
      storeFailures: this.#storeFailures,
      databaseFailures: this.#databaseFailures,
      stuckMessages: database ? await this.#stuck() : 0,
    };
    this.#conditions = judge(facts, this.#conditions, this.#now());
    this.#incidents.report('self', this.#conditions);
  }

  async #works(what: string, check: () => Promise<unknown>): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${patienceMs} ms`)), patienceMs);
    });
    try {
      await Promise.race([check(), late]);
      return true;
    } catch (error) {
      this.#onError(`${what} does not work`, error);
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Reading may work where writing does not. */
  async #write(): Promise<void> {
    const row = { value: '{}', updated_at: this.#now() };
    await this.#db
      .insertInto('alert_settings')
      .values({ key, sealed: null, updated_by: null, ...row })
      .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
      .execute();
  }

  async #disk(): Promise<SelfFacts['disk']> {
    try {
      const { bavail, blocks, bsize } = await statfs(this.#dataDir);
      return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
    } catch (error) {
      this.#onError('the disk could not be asked how full it is', error);
      return null;
    }
  }

  async #stuck(): Promise<number> {
    const { count } = await this.#db
      .selectFrom('deliveries')
      .select((e) => e.fn.countAll<number>().as('count'))
      .where('state', '=', 'waiting')
      .where('attempts', '=', 0)
      .where('next_at', '<', this.#now() - stuckMs)
      .executeTakeFirstOrThrow();
    return Number(count);
  }
}
