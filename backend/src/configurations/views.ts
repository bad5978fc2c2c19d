import type {
  BackupList,
  BackupRow,
  ConfigurationDifference,
  ConfigurationHits,
  ConfigurationText,
  DeviceConfiguration,
} from '@rackhaus/config/contract';
import type { ProfileSet } from '@rackhaus/config/profiles';
import { onlyWithin } from '../access/scope.ts';
import type { Database } from '../database/tables.ts';
import type { Caller } from '../http/route.ts';
import type { Backups } from './backups.ts';
import { type Candidate, candidates, dialogueOf, stateOf } from './candidates.ts';
import type { DeviceSettings } from './device-settings.ts';
import { fingerprintOf } from './host-keys.ts';
import { hunksOf, lineDifference } from './line-difference.ts';
import type { ShellLogins } from './logins.ts';
import { readingOf } from './masking.ts';
import type { KeptVersion } from './tables.ts';
import { type Versions, versionRow } from './versions.ts';

/** Of a difference, and of what is found in one configuration. */
const mostLines = 4000;
const mostHits = 5;
const mostHitLetters = 200;
/** People wait for a search. */
const searchMs = 8000;

interface Counted {
  readonly versions: number;
  readonly lines: number | null;
  readonly changedAt: number | null;
  readonly unreviewed: boolean;
}
const nothing: Counted = { versions: 0, lines: null, changedAt: null, unreviewed: false };

/** What people see of configurations: never a secret. */
export class ConfigurationViews {
  readonly #db: Database;
  readonly #logins: ShellLogins;
  readonly #versions: Versions;
  readonly #backups: Backups;
  readonly #devices: DeviceSettings;
  readonly #profiles: () => ProfileSet;
  readonly #now: () => number;
  readonly #elapsed: () => number;

  constructor(options: {
    db: Database;
    logins: ShellLogins;
    versions: Versions;
    backups: Backups;
    devices: DeviceSettings;
    profiles: () => ProfileSet;
    now: () => number;
    elapsed: () => number;
  }) {
    this.#db = options.db;
    this.#logins = options.logins;
    this.#versions = options.versions;
    this.#backups = options.backups;
    this.#devices = options.devices;
    this.#profiles = options.profiles;
    this.#now = options.now;
    this.#elapsed = options.elapsed;
  }

  /** All devices that could be backed up, with a login or without, and those that have been. */
  async list(caller: Caller): Promise<BackupList> {
    const [devices, counts, names] = await Promise.all([
      this.#within(caller),
      this.#counts(),
      this.#loginNames(),
    ]);
    return {
      devices: devices
        .map((device) => this.#row(device, counts.get(device.id) ?? nothing, names))
        .filter(({ state, versions }) => state !== 'no-dialogue' || versions > 0),
      serverTime: this.#now(),
    };
  }

  /** @throws AppError not-found */
  async device(deviceId: number): Promise<DeviceConfiguration> {
    const device = await this.#devices.mustFind(deviceId);
    const [counts, names, versions] = await Promise.all([
      this.#counts(deviceId),
      this.#loginNames(),
      this.#versions.list(deviceId),
    ]);
    return {
      row: this.#row(device, counts.get(deviceId) ?? nothing, names),
      settings: { active: device.active, loginId: device.ownLoginId, port: device.port },
      detail: device.detail,
      hostKeys: device.hostKeys.map(fingerprintOf),
      hostKeysAt: device.hostKeysAt,
      offeredKeys: device.offeredKeys.map(fingerprintOf),
      versions: versions.map(versionRow),
      nextAt: this.#backups.nextOf(device),
      serverTime: this.#now(),
    };
  }

  /** @throws AppError not-found */
  async text(deviceId: number, versionId: number): Promise<ConfigurationText> {
    const version = await this.#versions.one(deviceId, versionId);
    return { version: versionRow(version), ...this.#masked(version) };
  }

  /** @throws AppError not-found */
  async difference(deviceId: number, fromId: number, toId: number): Promise<ConfigurationDifference> {
    const from = await this.#versions.one(deviceId, fromId);
    const to = await this.#versions.one(deviceId, toId);
    const lines = lineDifference(this.#masked(from).lines, this.#masked(to).lines);
    let left = mostLines;
    const all = hunksOf(lines);
    const hunks = [];
    for (const hunk of all) {
      if (left <= 0) break;
      hunks.push({ lines: hunk.slice(0, left) });
      left -= hunk.length;
    }
    return {
      from: versionRow(from),
      to: versionRow(to),
      added: lines.filter(({ kind }) => kind === 'added').length,
      removed: lines.filter(({ kind }) => kind === 'removed').length,
      hunks,
      shortened: left < 0 || hunks.length < all.length,
    };
  }

  /** Lines of the present configurations in which a text stands, whatever its case; masked, so that nobody can guess secrets. */
  async search(text: string, caller: Caller): Promise<ConfigurationHits> {
    const wanted = text.toLowerCase();
    const end = this.#elapsed() + searchMs;
    const hits: ConfigurationHits['hits'] = [];
    let searched = 0;
    for (const device of await this.#within(caller)) {
      if (this.#elapsed() > end) return { hits, searched, complete: false };
      const version = await this.#versions.newest(device.id);
      if (version === undefined) continue;
      searched++;
      const found = this.#masked(version).lines.flatMap((line, index) =>
        line.toLowerCase().includes(wanted)
          ? [{ number: index + 1, text: line.slice(0, mostHitLetters) }]
          : [],
      );
      if (found.length > 0)
        hits.push({
          deviceId: device.id,
          deviceName: device.name,
          place: device.place,
          versionId: version.id,
          count: found.length,
          lines: found.slice(0, mostHits),
        });
    }
    return { hits, searched, complete: true };
  }

  async #within(caller: Caller): Promise<Candidate[]> {
    return onlyWithin(this.#db, caller, 'device', await candidates(this.#db, this.#logins), ({ id }) => id);
  }

  #masked(version: KeptVersion) {
    return this.#versions.masked(version, readingOf(dialogueOf(this.#profiles(), version.profile)));
  }

  #row(device: Candidate, counted: Counted, names: ReadonlyMap<number, string>): BackupRow {
    return {
      deviceId: device.id,
      deviceName: device.name,
      siteName: device.siteName,
      place: device.place,
      state: stateOf(device, this.#profiles()),
      reading: this.#backups.isReading(device.id),
      outcome: device.outcome,
      lastTriedAt: device.triedAt,
      lastReadAt: device.readAt,
      failingSince: device.failingSince,
      loginName: device.loginId === null ? null : (names.get(device.loginId) ?? null),
      ...counted,
    };
  }

  async #loginNames(): Promise<Map<number, string>> {
    const rows = await this.#db.selectFrom('shell_logins').select(['id', 'name']).execute();
    return new Map(rows.map(({ id, name }) => [id, name]));
  }

  async #counts(deviceId?: number): Promise<Map<number, Counted>> {
    const rows = await this.#db
      .selectFrom('configuration_versions')
      .select((e) => [
        'device_id',
        e.fn.countAll<number>().as('versions'),
        e.fn.max('id').as('newest'),
        e.fn.max('taken_at').as('changed_at'),
        e.fn
          .sum<number>(
            e
              .case()
              .when('why', '=', 'unexpected')
              .then(e.case().when('reviewed_at', 'is', null).then(1).else(0).end())
              .else(0)
              .end(),
          )
          .as('unreviewed'),
      ])
      .$if(deviceId !== undefined, (query) => query.where('device_id', '=', deviceId ?? 0))
      .groupBy('device_id')
      .execute();
    const lines = new Map(
      (
        await this.#db
          .selectFrom('configuration_versions')
          .select(['id', 'lines'])
          .where('id', 'in', (e) =>
            e
              .selectFrom('configuration_versions')
              .select((f) => f.fn.max('id').as('id'))
              .groupBy('device_id'),
          )
          .$if(deviceId !== undefined, (query) => query.where('device_id', '=', deviceId ?? 0))
          .execute()
      ).map((row) => [row.id, row.lines]),
    );
    return new Map(
      rows.map((row) => [
        row.device_id,
        {
          versions: Number(row.versions),
          lines: lines.get(Number(row.newest)) ?? null,
          changedAt: row.changed_at,
          unreviewed: Number(row.unreviewed) > 0,
        },
      ]),
    );
  }
}
