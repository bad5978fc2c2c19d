import type {
  BackupOutcome,
  BackupState,
  ConfigurationAnswer,
  ConfigurationJob,
} from '@rackhaus/config/contract';
import type { ProfileSet } from '@rackhaus/config/profiles';
import type { Database } from '../database/tables.ts';
import type { Probes } from '../monitoring/probes.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { AppError } from '../problem.ts';
import { type Candidate, candidates, dialogueOf, stateOf } from './candidates.ts';
import { coveringOf } from './covering.ts';
import type { DeviceSettings } from './device-settings.ts';
import type { ShellLogins } from './logins.ts';
import { openStretch, readingOf } from './masking.ts';
import { nextAt } from './schedule.ts';
import type { Versions } from './versions.ts';

/** An agent does two at a time; a third waits so that there is always one to go on with. */
const mostPerAgent = 3;
const lookEveryMs = 20_000;
/** Long words of agents are of no use to people. */
const mostDetail = 500;

/** What may be otherwise at the next try without anybody doing something. */
const passing: ReadonlySet<BackupOutcome> = new Set([
  'unreachable',
  'timeout',
  'agent-away',
  'not-understood',
  'incomplete',
]);

/** Why a device is not read at all. */
const reasons: ReadonlyMap<BackupState, string> = new Map([
  ['off', 'The backup of this device is switched off.'],
  ['no-dialogue', 'The profile of this device does not say how its configuration is read.'],
  ['no-login', 'There is no login for this device.'],
]);

/** Configurations that agents are asked for. */
export type ConfigurationJobs = Probes<Omit<ConfigurationJob, 'id'>, ConfigurationAnswer>;

interface Agents {
  /** Which agent polls a device; null: none. */
  readonly of: (deviceId: number) => number | null;
  readonly list: () => Promise<readonly { readonly id: number; readonly name: string }[]>;
  /** Whether something may be asked at an address. */
  readonly mayAsk: (address: string) => boolean;
}

/** Has configurations read, each night and when somebody wants it, and keeps what came of it. */
export class Backups {
  readonly #db: Database;
  readonly #jobs: ConfigurationJobs;
  readonly #agents: Agents;
  readonly #logins: ShellLogins;
  readonly #versions: Versions;
  readonly #devices: DeviceSettings;
  readonly #profiles: () => ProfileSet;
  readonly #now: () => number;
  readonly #changed: () => Promise<void>;
  readonly #onError: (message: string, error: unknown) => void;
  readonly #reading = new Map<number, Promise<void>>();
  readonly #look = oneAtATime(() => this.#startDue());
  #timer: NodeJS.Timeout | undefined;
  #stopped = true;

  /** @param options.changed called when something came of a try */
  constructor(options: {
    db: Database;
    jobs: ConfigurationJobs;
    agents: Agents;
    logins: ShellLogins;
    versions: Versions;
    devices: DeviceSettings;
    profiles: () => ProfileSet;
    now: () => number;
    changed: () => Promise<void>;
    onError: (message: string, error: unknown) => void;
  }) {
    this.#db = options.db;
    this.#jobs = options.jobs;
    this.#agents = options.agents;
    this.#logins = options.logins;
    this.#versions = options.versions;
    this.#devices = options.devices;
    this.#profiles = options.profiles;
    this.#now = options.now;
    this.#changed = options.changed;
    this.#onError = options.onError;
  }

  start(): void {
    this.#stopped = false;
    this.#timer = setInterval(() => this.soon(), lookEveryMs);
    this.soon();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#look().catch(() => undefined);
    this.#jobs.stop();
    await Promise.all(this.#reading.values());
  }

  /** Looks which devices are due: something has changed that may make one so. */
  soon(): void {
    if (this.#stopped) return;
    this.#look().catch((error: unknown) =>
      this.#onError('which configurations are to be read could not be looked at', error),
    );
  }

  isReading(deviceId: number): boolean {
    return this.#reading.has(deviceId);
  }

  /** When a device is read by itself next; null: not at all. */
  nextOf(device: Candidate): number | null {
    const state = stateOf(device, this.#profiles());
    // Where another key answers it is asked again all the same: nothing is told to whoever it is, and the right one may be back.
    if (state === 'off' || state === 'no-dialogue' || state === 'no-login') return null;
    return nextAt(
      {
        deviceId: device.id,
        triedAt: device.triedAt,
        again: device.outcome !== null && passing.has(device.outcome),
      },
      this.#now(),
    );
  }

  /** Begins to read a device now, unless that is being done. @throws AppError not-found, conflict when it cannot be done */
  async readNow(deviceId: number): Promise<void> {
    const device = await this.#devices.mustFind(deviceId);
    const state = stateOf(device, this.#profiles());
    const problem = reasons.get(state);
    if (problem !== undefined) throw new AppError('conflict', problem, undefined, { reason: state });
    this.#begin(device);
  }

  async #startDue(): Promise<void> {
    if (this.#stopped) return;
    const due = (await candidates(this.#db, this.#logins)).flatMap((device) => {
      const at = this.nextOf(device);
      return at === null || at > this.#now() || this.isReading(device.id) ? [] : [{ device, at }];
    });
    const busy = new Map<number | null, number>();
    for (const deviceId of this.#reading.keys()) {
      const agentId = this.#agents.of(deviceId);
      busy.set(agentId, (busy.get(agentId) ?? 0) + 1);
    }
    for (const { device } of due.sort((a, b) => a.at - b.at)) {
      const agentId = this.#agents.of(device.id);
      const count = busy.get(agentId) ?? 0;
      if (count >= mostPerAgent) continue;
      busy.set(agentId, count + 1);
      this.#begin(device);
    }
  }

  #begin(device: Candidate): void {
    if (this.#stopped || this.isReading(device.id)) return;
    const reading = this.#read(device)
      .catch((error: unknown) =>
        this.#onError(`the configuration of "${device.name}" could not be kept`, error),
      )
      .finally(() => {
        this.#reading.delete(device.id);
        this.soon();
      });
    this.#reading.set(device.id, reading);
  }

  async #read(device: Candidate): Promise<void> {
    const agentId = this.#agents.of(device.id);
    const agent = (await this.#agents.list()).find(({ id }) => id === agentId);
    if (agent === undefined || device.loginId === null || device.profile === null) {
      const refused = agent === undefined && !this.#agents.mayAsk(device.address);
      await this.#failed(device, refused ? 'not-allowed' : 'agent-away', null);
      return;
    }
    const { login, oldAlgorithms } = await this.#logins.handOut(device.loginId, agent);
    const answer = await this.#jobs.ask(agent.id, {
      deviceId: device.id,
      address: device.address,
      port: device.port,
      profile: device.profile,
      login,
      hostKeys: [...device.hostKeys],
      oldAlgorithms,
    });
    if (this.#stopped) return;
    if (answer === null) await this.#failed(device, 'agent-away', null);
    else if (answer.outcome === 'read' && answer.text !== null)
      await this.#take(device, device.profile, answer.text, answer.hostKeys);
    else await this.#failed(device, answer.outcome, answer);
  }

  async #take(device: Candidate, profile: string, text: string, hostKeys: readonly string[]): Promise<void> {
    const now = this.#now();
    const reading = readingOf(dialogueOf(this.#profiles(), profile));
    // Either it did not come whole, or the profile does not fit: with it as the newest version all that follows would seem to be gone.
    const open = openStretch(text, reading);
    if (open !== null) {
      await this.#failed(device, 'incomplete', { detail: open, hostKeys: [] });
      return;
    }
    await this.#versions.keep({ deviceId: device.id, profile, text, reading, now }, (since) =>
      coveringOf(this.#db, device, since, now),
    );
    await this.#devices.write(device.id, {
      outcome: 'read',
      detail: null,
      tried_at: now,
      read_at: now,
      failing_since: null,
      offered_keys: '[]',
      // Whom we have met for the first time.
      ...(device.hostKeys.length === 0 ? { host_keys: JSON.stringify(hostKeys), host_keys_at: now } : {}),
    });
    await this.#changed();
  }

  async #failed(
    device: Candidate,
    outcome: BackupOutcome,
    answer: Pick<ConfigurationAnswer, 'detail' | 'hostKeys'> | null,
  ): Promise<void> {
    const now = this.#now();
    await this.#devices.write(device.id, {
      outcome,
      detail: answer?.detail?.slice(0, mostDetail) ?? null,
      tried_at: now,
      failing_since: device.failingSince ?? now,
      ...(outcome === 'other-host-key' ? { offered_keys: JSON.stringify(answer?.hostKeys ?? []) } : {}),
    });
    await this.#changed();
  }
}
