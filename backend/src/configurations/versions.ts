import { createHmac, randomBytes } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { longestConfiguration, type VersionRow } from '@rackhaus/config/contract';
import type { SecretBox } from '../access/secret-box.ts';
import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';
import { lineDifference } from './line-difference.ts';
import { comparedText, keptText, type Mask, maskedLines, type Reading } from './masking.ts';
import type { KeptVersion } from './tables.ts';

/** So many are kept of each device, and more while they are younger than a year. */
const mostVersions = 100;
const leastKeptMs = 366 * 86_400_000;
const keyName = 'mask';

/** Why a change was to be expected, or that it was not. */
export interface Covered {
  readonly why: Exclude<VersionRow['why'], 'first'>;
  readonly covering: string | null;
}

/** What becomes of a configuration that was read. */
export type Kept =
  | { readonly kind: 'same' }
  | { readonly kind: 'new'; readonly version: KeptVersion; readonly sample: readonly string[] };

/** Configurations as they were, sealed: whoever has the database has none of their secrets. */
export class Versions {
  readonly #db: Database;
  readonly #secretBox: SecretBox;
  #key = '';

  constructor(options: { db: Database; secretBox: SecretBox }) {
    this.#db = options.db;
    this.#secretBox = options.secretBox;
  }

  /** Reads the key by which secrets are told apart, or makes it. */
  async start(): Promise<void> {
    const row = await this.#db
      .selectFrom('configuration_settings')
      .select('sealed')
      .where('key', '=', keyName)
      .executeTakeFirst();
    if (row !== undefined) {
      this.#key = this.#secretBox.open(row.sealed);
      return;
    }
    this.#key = randomBytes(32).toString('base64url');
    await this.#db
      .insertInto('configuration_settings')
      .values({ key: keyName, sealed: this.#secretBox.seal(this.#key) })
      .execute();
  }

  /** Says of a secret of a device which it is, by four digits: ‹••• 3fa1›. */
  maskOf(deviceId: number): Mask {
    return (secret) => `‹••• ${this.#hmac(`secret ${deviceId}`, secret).slice(0, 4)}›`;
  }

  /** The newest version of a device. */
  newest(deviceId: number): Promise<KeptVersion | undefined> {
    return this.#db
      .selectFrom('configuration_versions')
      .selectAll()
      .where('device_id', '=', deviceId)
      .orderBy('id', 'desc')
      .executeTakeFirst();
  }

  /** Of a device, newest first. */
  list(deviceId: number): Promise<KeptVersion[]> {
    return this.#db
      .selectFrom('configuration_versions')
      .selectAll()
      .where('device_id', '=', deviceId)
      .orderBy('id', 'desc')
      .execute();
  }

  /** @throws AppError not-found */
  async one(deviceId: number, id: number): Promise<KeptVersion> {
    const row = await this.#db
      .selectFrom('configuration_versions')
      .selectAll()
      .where('id', '=', id)
      .where('device_id', '=', deviceId)
      .executeTakeFirst();
    if (row === undefined)
      throw new AppError('not-found', `There is no version ${id} of this configuration.`, undefined, {
        reason: 'gone',
      });
    return row;
  }

  /** With all of its secrets. */
  textOf({ sealed }: Pick<KeptVersion, 'sealed'>): string {
    const packed = Buffer.from(this.#secretBox.open(sealed), 'base64');
    return inflateRawSync(packed, { maxOutputLength: 8 * longestConfiguration }).toString('utf8');
  }

  /** Without any. */
  masked(version: KeptVersion, reading: Reading): { lines: string[]; secrets: number } {
    return maskedLines(this.textOf(version), reading, this.maskOf(version.device_id));
  }

  /** Keeps what was read as a new version when something else than what changes by itself is different. */
  async keep(
    read: { deviceId: number; profile: string; text: string; reading: Reading; now: number },
    covered: (since: number) => Promise<Covered>,
  ): Promise<Kept> {
    const { deviceId, profile, reading, now } = read;
    const text = keptText(read.text, reading);
    const print = this.#hmac(`print ${deviceId}`, comparedText(text, reading));
    const before = await this.newest(deviceId);
    if (before !== undefined) {
      // What is compared may have been said anew in the profile since: the old text is looked at as the new one is.
      const old = comparedText(keptText(this.textOf(before), reading), reading);
      if (before.print === print || this.#hmac(`print ${deviceId}`, old) === print) {
        await this.#db
          .updateTable('configuration_versions')
          .set({ seen_at: now, print })
          .where('id', '=', before.id)
          .execute();
        return { kind: 'same' };
      }
    }
    const mask = this.maskOf(deviceId);
    const lines = maskedLines(text, reading, mask).lines;
    const changed =
      before === undefined
        ? []
        : lineDifference(maskedLines(this.textOf(before), reading, mask).lines, lines).filter(
            ({ kind }) => kind !== 'same',
          );
    const row = {
      device_id: deviceId,
      profile,
      taken_at: now,
      seen_at: now,
      sealed: this.#secretBox.seal(deflateRawSync(text, { level: 9 }).toString('base64')),
      print,
      lines: lines.length,
      added: changed.filter(({ kind }) => kind === 'added').length,
      removed: changed.filter(({ kind }) => kind === 'removed').length,
      ...(before === undefined ? { why: 'first' as const, covering: null } : await covered(before.seen_at)),
      reviewed_at: null,
      reviewed_by: null,
    };
    const version = await this.#db
      .insertInto('configuration_versions')
      .values(row)
      .returningAll()
      .executeTakeFirstOrThrow();
    await this.#tidy(deviceId, now);
    return {
      kind: 'new',
      version,
      sample: changed
        .slice(0, 3)
        .map(({ kind, text: line }) => `${kind === 'added' ? '+' : '−'} ${line.trim()}`),
    };
  }

  /** Takes away versions that are old and more than so many; the newest never. */
  async #tidy(deviceId: number, now: number): Promise<void> {
    const old = await this.#db
      .selectFrom('configuration_versions')
      .select('id')
      .where('device_id', '=', deviceId)
      .where('seen_at', '<', now - leastKeptMs)
      .where(({ selectFrom, eb }) =>
        eb(
          'id',
          'not in',
          selectFrom('configuration_versions')
            .select('id')
            .where('device_id', '=', deviceId)
            .orderBy('id', 'desc')
            .limit(mostVersions),
        ),
      )
      .execute();
    if (old.length === 0) return;
    await this.#db
      .deleteFrom('configuration_versions')
      .where(
        'id',
        'in',
        old.map(({ id }) => id),
      )
      .execute();
  }

  #hmac(purpose: string, text: string): string {
    return createHmac('sha256', this.#key).update(`${purpose}\0${text}`).digest('hex');
  }
}

export function versionRow(row: KeptVersion): VersionRow {
  return {
    id: row.id,
    takenAt: row.taken_at,
    seenAt: row.seen_at,
    lines: row.lines,
    added: row.added,
    removed: row.removed,
    why: row.why,
    covering: row.covering,
    reviewedAt: row.reviewed_at,
    reviewedBy: row.reviewed_by,
  };
}
