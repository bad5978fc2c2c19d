import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PreviewAnswer, PreviewJob, ProfilesForAgent, ProfilesTaken } from '@rackhaus/config/contract';
import { checkOwnProfile, type ProfileSet, profilesFolder, readOwnProfiles } from '@rackhaus/config/profiles';
import { yamlText } from '@rackhaus/config/yaml';
import type { Audit, AuditBy } from '../audit/audit.ts';
import type { Database } from '../database/tables.ts';
import { Probes } from '../monitoring/probes.ts';
import { AppError } from '../problem.ts';
import { makeRoom, mustNotBeIncluded, mustNotBeSetByHand, rightProfile } from './refusals.ts';
import { refuseOtherSwitch } from './refuse-switch.ts';
import { newestOf, type OwnProfileRow, ownProfilesOf, versionOf } from './store.ts';

/** Two polls of a slow card, twice, and the way there and back. */
const previewPatienceMs = 95_000;

/** Who did it, as the log says it. */
interface Writer {
  readonly by: AuditBy;
  readonly address: string | null;
  readonly administrator: boolean;
}

/**
 * The device profiles that people write: kept in versions, one of which may be in use. What is in use is checked together with
 * those that come with Rackhaus and given to agents; what cannot be used (any more) is left out.
 */
export class OwnProfiles {
  readonly #db: Database;
  readonly #audit: Audit;
  readonly #now: () => number;
  readonly #shipped: ProfileSet;
  readonly #taken = new Map<number, ProfilesTaken>();
  readonly #listeners = new Set<() => void>();
  #inUse: ProfilesForAgent = { hash: '', profiles: [] };
  #set: ProfileSet;
  #problems: ReadonlyMap<string, string> = new Map();
  /** Those that agents are asked to try. */
  readonly previews = new Probes<Omit<PreviewJob, 'id'>, PreviewAnswer>({ patienceMs: previewPatienceMs });

  constructor(options: { db: Database; audit: Audit; shipped: ProfileSet; now: () => number }) {
    this.#db = options.db;
    this.#audit = options.audit;
    this.#shipped = options.shipped;
    this.#set = options.shipped;
    this.#now = options.now;
  }

  /** Reads what is in use. */
  async start(): Promise<void> {
    await this.#load();
  }

  stop(): void {
    this.previews.stop();
  }

  /** Calls `listener` when agents are to use others. Returns how to stop that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Of all that are in use; empty: there are none. */
  get hash(): string {
    return this.#inUse.hash;
  }
  get inUse(): ProfilesForAgent {
    return this.#inUse;
  }
  /** Shipped ones and own ones that are in use. */
  get set(): ProfileSet {
    return this.#set;
  }
  get shipped(): ProfileSet {
    return this.#shipped;
  }
  /** Why an active own profile is not given to agents. */
  problemOf(id: string): string | null {
    return this.#problems.get(id) ?? null;
  }

  /** Notes which ones an agent uses now. */
  takenBy(agentId: number, taken: ProfilesTaken): void {
    this.#taken.set(agentId, taken);
  }
  /** What the agent said last; undefined: nothing since this server was started. */
  taken(agentId: number): ProfilesTaken | undefined {
    return this.#taken.get(agentId);
  }

  /** The text that comes with Rackhaus; null: there is none of this id. */
  async shippedText(id: string): Promise<string | null> {
    const profile = this.#shipped.profiles.get(id);
    if (profile === undefined) return null;
    const file = `${id}.yaml`;
    if ((await readdir(profilesFolder)).includes(file)) return readFile(join(profilesFolder, file), 'utf8');
    // A branch of another file has no text of its own: what it stands for.
    return yamlText(profile);
  }

  /** What is wrong in a text. It may include what is in use, shipped or own. */
  check(text: string): ReturnType<typeof checkOwnProfile> {
    return checkOwnProfile(text, this.#set.profiles);
  }

  /**
   * Keeps a text as the next version of its profile.
   * @throws AppError `invalid` naming lines; `forbidden` when only an administrator may have it used; `conflict` (`stale`) when there is a newer version than `base`, or too many
   */
  async add(
    given: { text: string; note: string; activate: boolean; base: number | null },
    writer: Writer,
  ): Promise<{ id: string; version: number }> {
    const profile = rightProfile(this.check(given.text));
    const { id, title } = profile;
    if (given.activate) refuseOtherSwitch(profile, this.#shipped, writer);
    const made = await this.#db.transaction().execute(async (tx) => {
      const known = await tx
        .selectFrom('own_profiles')
        .selectAll()
        .where('profile_id', '=', id)
        .executeTakeFirst();
      const newest = await newestOf(tx, id);
      const seen = known === undefined || known.deleted_at !== null ? null : newest;
      if (seen !== given.base)
        throw new AppError(
          'conflict',
          seen === null
            ? `The profile "${id}" has been deleted meanwhile.`
            : `There is a version ${seen} of the profile "${id}" already, which this text was not written from.`,
          undefined,
          { reason: 'stale' },
        );
      const version = (newest ?? 0) + 1;
      await makeRoom(tx, id, known === undefined);
      await tx
        .insertInto('profile_versions')
        .values({
          profile_id: id,
          version,
          title,
          text: given.text,
          note: given.note,
          created_at: this.#now(),
          created_by: writer.by.name,
        })
        .execute();
      const active = given.activate ? version : known?.deleted_at === null ? known.active_version : null;
      const row = { profile_id: id, active_version: active, deleted_at: null };
      await tx
        .insertInto('own_profiles')
        .values(row)
        .onConflict((conflict) => conflict.column('profile_id').doUpdateSet(row))
        .execute();
      await this.#note(tx, writer, id, title, given.activate ? 'activated' : 'saved', version);
      return { id, version };
    });
    await this.#changed();
    return made;
  }

  /**
   * Has agents use a version; null: none, so that what comes with Rackhaus counts again.
   * @throws AppError `not-found`; `invalid` when the version is not right any more; `forbidden` when only an administrator may; `conflict` (`in-use`) when others include it, (`set-by-hand`) when devices are set to it
   */
  async activate(id: string, version: number | null, writer: Writer): Promise<void> {
    const own = await this.#own(id);
    if (version === null) mustNotBeIncluded(id, this.#standing());
    else {
      const wanted = await versionOf(this.#db, id, version);
      if (!wanted) throw new AppError('not-found', `There is no version ${version} of the profile "${id}".`);
      refuseOtherSwitch(rightProfile(this.check(wanted.text)), this.#shipped, writer);
    }
    await this.#db.transaction().execute(async (tx) => {
      if (version === null && !this.#shipped.profiles.has(id)) await mustNotBeSetByHand(tx, id);
      await tx
        .updateTable('own_profiles')
        .set({ active_version: version })
        .where('profile_id', '=', id)
        .execute();
      await this.#note(tx, writer, id, own.title, version === null ? 'deactivated' : 'activated', version);
    });
    await this.#changed();
  }

  /**
   * Takes a profile away, with all versions, until it is restored.
   * @throws AppError `not-found`; `conflict` (`in-use`) when others include it, (`set-by-hand`) when devices are set to it
   */
  async remove(id: string, writer: Writer): Promise<void> {
    const own = await this.#own(id);
    if (own.activeVersion !== null) mustNotBeIncluded(id, this.#standing());
    await this.#db.transaction().execute(async (tx) => {
      if (!this.#shipped.profiles.has(id)) await mustNotBeSetByHand(tx, id);
      await tx
        .updateTable('own_profiles')
        .set({ deleted_at: this.#now() })
        .where('profile_id', '=', id)
        .execute();
      await this.#note(tx, writer, id, own.title, 'deleted', null);
    });
    await this.#changed();
  }

  /** Brings a deleted profile back as it was. @throws AppError `not-found` */
  async restore(id: string, writer: Writer): Promise<void> {
    await this.#db.transaction().execute(async (tx) => {
      const done = await tx
        .updateTable('own_profiles')
        .set({ deleted_at: null })
        .where('profile_id', '=', id)
        .where('deleted_at', 'is not', null)
        .executeTakeFirst();
      if (done.numUpdatedRows === 0n) throw new AppError('not-found', `No profile "${id}" has been deleted.`);
      await this.#note(tx, writer, id, id, 'restored', null);
    });
    await this.#changed();
  }

  /** All that are not deleted. */
  list(): Promise<Map<string, OwnProfileRow>> {
    return ownProfilesOf(this.#db);
  }

  async #own(id: string): Promise<OwnProfileRow> {
    const own = (await this.list()).get(id);
    if (!own) throw new AppError('not-found', `There is no profile "${id}" of your own.`);
    return own;
  }

  #standing() {
    return { shipped: this.#shipped, set: this.#set, inUse: this.#inUse.profiles.map(({ id }) => id) };
  }

  async #note(
    tx: Database,
    writer: Writer,
    id: string,
    title: string,
    what: string,
    version: number | null,
  ): Promise<void> {
    await this.#audit.noteIn(tx, {
      action: 'profile.changed',
      outcome: 'done',
      by: writer.by,
      address: writer.address,
      subject: { kind: 'profile', id, name: title },
      detail: { what, ...(version === null ? {} : { version }) },
    });
  }

  async #changed(): Promise<void> {
    await this.#load();
    for (const listener of this.#listeners) listener();
  }

  async #load(): Promise<void> {
    const active = [...(await this.list()).values()].flatMap(({ id, activeVersion, text }) =>
      activeVersion === null ? [] : [{ id, version: activeVersion, text }],
    );
    const { set, refused } = readOwnProfiles(active, this.#shipped);
    this.#problems = new Map(refused.map(({ id, message }) => [id, message]));
    this.#set = set;
    const profiles = active.filter(({ id }) => !this.#problems.has(id));
    const hash =
      profiles.length === 0
        ? ''
        : createHash('sha256').update(JSON.stringify(profiles)).digest('hex').slice(0, 32);
    this.#inUse = { hash, profiles };
  }
}
