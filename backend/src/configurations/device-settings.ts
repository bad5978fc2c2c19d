import type { BackupOutcome, ConfigurationSettings } from '@rackhaus/config/contract';
import type { Insertable } from 'kysely';
import type { Database, Tables } from '../database/tables.ts';
import { AppError } from '../problem.ts';
import { type Candidate, candidates } from './candidates.ts';
import { fingerprintOf } from './host-keys.ts';
import type { ShellLogins } from './logins.ts';

/** What people say of the backup of a device, and what is noted of it. */
export class DeviceSettings {
  readonly #db: Database;
  readonly #logins: ShellLogins;
  readonly #now: () => number;
  readonly #changed: () => Promise<void>;

  /** @param options.changed called when something may be due or may ask for attention */
  constructor(options: {
    db: Database;
    logins: ShellLogins;
    now: () => number;
    changed: () => Promise<void>;
  }) {
    this.#db = options.db;
    this.#logins = options.logins;
    this.#now = options.now;
    this.#changed = options.changed;
  }

  /** @throws AppError not-found when the device is not monitored */
  async mustFind(deviceId: number): Promise<Candidate> {
    const [device] = await candidates(this.#db, this.#logins, deviceId);
    if (device === undefined)
      throw new AppError('not-found', `There is no monitored device ${deviceId}.`, undefined, {
        reason: 'gone',
      });
    return device;
  }

  /** @throws AppError invalid when there is no such login */
  async set(deviceId: number, { active, loginId, port }: ConfigurationSettings): Promise<void> {
    const device = await this.mustFind(deviceId);
    if (loginId !== null) {
      const login = await this.#db
        .selectFrom('shell_logins')
        .select('id')
        .where('id', '=', loginId)
        .executeTakeFirst();
      const message = `There is no login ${loginId}.`;
      if (login === undefined) throw new AppError('invalid', message, [{ path: 'loginId', message }]);
    }
    // Behind another port is somebody else.
    const forget = port === device.port ? {} : { host_keys: '[]', host_keys_at: null, offered_keys: '[]' };
    await this.write(deviceId, {
      active: active ? 1 : 0,
      login_id: loginId,
      port,
      tried_at: null,
      ...forget,
    });
    await this.#changed();
  }

  /** Takes the keys that answer now for those of the device. @throws AppError conflict when others answer by now */
  async confirmKeys(deviceId: number, fingerprints: readonly string[]): Promise<readonly string[]> {
    const device = await this.mustFind(deviceId);
    const shown = new Set(fingerprints);
    const offered = device.offeredKeys.map((key) => fingerprintOf(key).fingerprint);
    if (offered.length === 0 || offered.length !== shown.size || !offered.every((each) => shown.has(each)))
      throw new AppError('conflict', 'Other keys answer now than those that were shown.', undefined, {
        reason: 'other-keys',
      });
    await this.write(deviceId, {
      host_keys: JSON.stringify(device.offeredKeys),
      host_keys_at: this.#now(),
      offered_keys: '[]',
      tried_at: null,
    });
    await this.#changed();
    return offered;
  }

  /** What was refused with the login as it was may work now. */
  async loginChanged(loginId: number): Promise<void> {
    const refused: readonly (BackupOutcome | null)[] = ['wrong-login', 'wrong-enable', 'no-common-algorithm'];
    for (const device of await candidates(this.#db, this.#logins))
      if (device.loginId === loginId && refused.includes(device.outcome))
        await this.write(device.id, { tried_at: null });
  }

  /** Notes of a device what is named; the rest stays as it is. */
  async write(
    device_id: number,
    values: Partial<Insertable<Tables['configuration_devices']>>,
  ): Promise<void> {
    await this.#db
      .insertInto('configuration_devices')
      .values({
        active: 1,
        login_id: null,
        port: 22,
        host_keys: '[]',
        host_keys_at: null,
        offered_keys: '[]',
        tried_at: null,
        outcome: null,
        detail: null,
        read_at: null,
        failing_since: null,
        ...values,
        device_id,
      })
      .onConflict((conflict) => conflict.column('device_id').doUpdateSet(values))
      .execute();
  }
}
