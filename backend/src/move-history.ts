import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BackendSettings } from '@rackhaus/config/settings';
import { openStore, type StoreSettings, StoreUnavailable } from './measurements/index.ts';
import {
  assertThere,
  type Logins,
  MoveState,
  move,
  nameOf,
  type Progress,
  placeOf,
  usersOf,
  verify,
} from './measurements/move/index.ts';
import { storeSettings } from './store-settings.ts';

/** What was asked for is not understood. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** Where is written how it goes. */
export interface Terminal {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

export interface MoveHistory {
  readonly settings: BackendSettings;
  /** Places as on the command line. */
  readonly from: string;
  readonly to: string;
  readonly since?: string | undefined;
  /** File that notes how far it has come. */
  readonly state?: string | undefined;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly terminal: Terminal;
}

const hour = 3_600_000;
const day = 24 * hour;
/** What the embedded store and InfluxDB keep, but for the day that they may be deleting. */
const usualDays = 730;

/**
 * Moves history between the stores that two texts name, tells how it goes, and compares a sample at the end.
 * @returns the exit code: 0 done, 1 when something differs, 130 when it was interrupted
 * @throws UsageError | StoreUnavailable
 */
export async function moveHistory(options: MoveHistory): Promise<number> {
  const { settings, terminal, signal, now } = options;
  const from = storeOf('--from', options.from, settings);
  const to = storeOf('--to', options.to, settings);
  if (nameOf(from) === nameOf(to)) throw new UsageError(`--from and --to are the same: ${nameOf(from)}`);
  await assertFree(from, to);
  const stateFile = options.state ?? join(settings.dataDir, 'move-history.json');
  await mkdir(dirname(stateFile), { recursive: true });
  const state = await stateOf(stateFile, {
    from: nameOf(from),
    to: nameOf(to),
    since: sinceOf(options.since, now()),
    until: Math.ceil(now() / hour) * hour,
  });
  const log = (message: string) => terminal.write(`${message}\n`);
  const source = await openStore(from, { log });
  try {
    const target = await openStore(to, { log });
    try {
      await Promise.all([source.check(), target.check()]);
      const { since, until, reached } = state;
      const stores = { from: source, to: target, since, until, signal };
      log(
        `${state.from} -> ${state.to}, from ${new Date(since).toISOString()} to ${new Date(until).toISOString()}` +
          `${reached ? ', going on where an earlier run got to' : ''}`,
      );
      const progress = new ProgressLine(terminal, now);
      let waited = '';
      const onWait = (error: Error, ms: number) => {
        const text = `${error.message}; trying again in ${Math.ceil(ms / 1000)} s`;
        // Reading and writing go on beside each other: both may find the same.
        if (text !== waited) progress.say(text);
        waited = text;
      };
      try {
        const values = await move({
          ...stores,
          onWait,
          ...(reached ? { reached } : {}),
          onStored: async (position, moved) => {
            await writeState(stateFile, { ...state, reached: position });
            progress.show(moved);
          },
        });
        if (signal.aborted) return interrupted(progress);
        progress.say(`${count(values)} values moved; comparing a sample …`);
        await target.settle?.(now());
        const verified = await verify({
          ...stores,
          onWait,
          onCompared: (done, of) =>
            progress.line(`${count(done)} of ${count(of)} entities compared`, done === of),
        });
        if (signal.aborted) return interrupted(progress);
        await rm(stateFile, { force: true });
        for (const line of verified.wrong) progress.say(line);
        if (verified.wrong.length > 0) {
          progress.say(
            `${verified.wrong.length} of ${verified.entities} entities differ; the log of the target may say why`,
          );
          return 1;
        }
        progress.say(
          `${verified.entities} entities with ${count(verified.values)} values compared: all there`,
        );
        return 0;
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        // Who interrupts while a store is away need not read that it was.
        if (signal.aborted) return interrupted(progress);
        throw new StoreUnavailable(`${error.message}\n${goesOn}`, { cause: error });
      }
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

function storeOf(option: string, text: string, settings: BackendSettings): StoreSettings {
  const { influxUser, influxPassword, victoriaUser, victoriaPassword } = settings;
  const login = (user: string, password: typeof influxPassword) => ({
    ...(user === '' ? {} : { user }),
    ...(password === null ? {} : { password: password.reveal() }),
  });
  const logins: Logins = {
    influx: login(influxUser, influxPassword),
    victoria: login(victoriaUser, victoriaPassword),
  };
  try {
    const store = text === 'settings' ? storeSettings(settings) : placeOf(option, text, logins);
    if (option === '--from') assertThere(option, store);
    return store;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Two that write one file would each think that they know what is in it. */
async function assertFree(...stores: readonly StoreSettings[]): Promise<void> {
  for (const store of stores) {
    if (store.store !== 'embedded') continue;
    const users = await usersOf(store.file);
    if (users.length > 0)
      throw new Error(
        `${store.file} is in use by process ${users.join(', ')}: please stop Rackhaus first, or move from a copy ` +
          `(npm run store -- copy ${store.file} COPY)`,
      );
  }
}

function sinceOf(text: string | undefined, now: number): number {
  if (text === undefined) return Math.floor((now - usualDays * day) / hour) * hour;
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time) || time >= now)
    throw new UsageError(`--since ${text}: must be a past day like 2025-01-31`);
  return time;
}

type Begun = Omit<MoveState, 'reached'> & { readonly reached?: MoveState['reached'] };

/** What an earlier run of the same move has noted, or the beginning. @throws UsageError when the file is of another move */
async function stateOf(file: string, wanted: Begun): Promise<Begun> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return wanted;
    throw error;
  }
  const state = stateIn(file, text);
  if (state.from !== wanted.from || state.to !== wanted.to)
    throw new UsageError(
      `${file} is of a move from ${state.from} to ${state.to} that is not finished: please finish it, delete the file, or name ` +
        'another with --state',
    );
  return { ...state, until: wanted.until };
}

/** @throws UsageError when the file is not what a move writes */
function stateIn(file: string, text: string): MoveState {
  try {
    return MoveState.parse(JSON.parse(text));
  } catch (error) {
    throw new UsageError(
      `${file} cannot be read (${error instanceof Error ? error.message.replace(/\s+/g, ' ') : String(error)}): please delete ` +
        'it; the move then begins anew and does no harm to what is there',
    );
  }
}

async function writeState(file: string, state: Begun): Promise<void> {
  await writeFile(`${file}.part`, JSON.stringify(state));
  await rename(`${file}.part`, file);
}

const goesOn = 'What is moved so far stays; the same command goes on from here.';

function interrupted(progress: ProgressLine): number {
  progress.say(`interrupted. ${goesOn}`);
  return 130;
}

/** On a terminal one line that changes; elsewhere a line every ten seconds. */
class ProgressLine {
  readonly #terminal: Terminal;
  readonly #now: () => number;
  readonly #startedAt: number;
  #first: number | undefined;
  #shownAt = Number.NEGATIVE_INFINITY;
  #open = false;

  constructor(terminal: Terminal, now: () => number) {
    this.#terminal = terminal;
    this.#now = now;
    this.#startedAt = now();
  }

  show({ share, entities, entitiesDone, values }: Progress): void {
    this.#first ??= share;
    const seconds = Math.max(0.001, (this.#now() - this.#startedAt) / 1000);
    const left = share > this.#first ? (seconds / (share - this.#first)) * (1 - share) : undefined;
    this.line(
      `${(share * 100).toFixed(1)} %  ${count(values)} values, ${count(Math.round(values / seconds))} a second, ` +
        `${count(entitiesDone)} of ${count(entities)} entities` +
        `${left === undefined || share === 1 ? '' : `, ${durationOf(left)} left`}`,
      share === 1,
    );
  }

  /** Not each time, unless `always`: nobody can read so fast. */
  line(text: string, always = false): void {
    const time = this.#now();
    if (time - this.#shownAt < (this.#terminal.isTTY ? 200 : 10_000) && !always) return;
    this.#shownAt = time;
    this.#terminal.write(this.#terminal.isTTY ? `\r\u001b[K${text}` : `${text}\n`);
    this.#open = this.#terminal.isTTY === true;
  }

  /** A line that stays. */
  say(text: string): void {
    this.#terminal.write(`${this.#open ? '\n' : ''}${text}\n`);
    this.#open = false;
  }
}

const count = (number: number) => number.toLocaleString('en');

function durationOf(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
