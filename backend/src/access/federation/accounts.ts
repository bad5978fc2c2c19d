import type { SignInRefusal } from '@rackhaus/config/contract';
import { type Audit, byNobody, bySystem } from '../../audit/audit.ts';
import type { Database } from '../../database/tables.ts';
import { AppError } from '../../problem.ts';
import type { Sessions } from '../sessions.ts';
import { nameKey } from '../tokens.ts';
import { type Grant, grantFor } from './rules.ts';
import type { Source, Sources } from './sources.ts';

/** Somebody for whom a source has vouched. */
export interface Person {
  readonly issuer: string;
  /** What never changes there. */
  readonly subject: string;
  readonly name: string;
  readonly groups: readonly string[];
}

/** Whose account that is elsewhere. */
export interface Identity {
  readonly sourceId: number;
  readonly subject: string;
  /** Of the account here. */
  readonly name: string;
}

const refusals: Record<SignInRefusal['reason'], string> = {
  'no-group': 'You are known, but in none of the groups that may use Rackhaus. Please ask an administrator.',
  'name-taken': 'There is an account of your name here that is not yours. Please ask an administrator.',
  'not-strong': 'You were signed in without a second factor, which is needed here.',
  'too-many-groups': 'You are in more groups than could be told. Please ask an administrator.',
};

/** The accounts of those who sign in elsewhere. */
export class FederatedAccounts {
  readonly #db: Database;
  readonly #sources: Sources;
  readonly #sessions: Sessions;
  readonly #audit: Audit;
  readonly #now: () => number;

  constructor(options: {
    db: Database;
    sources: Sources;
    sessions: Sessions;
    audit: Audit;
    now: () => number;
  }) {
    this.#db = options.db;
    this.#sources = options.sources;
    this.#sessions = options.sessions;
    this.#audit = options.audit;
    this.#now = options.now;
  }

  /**
   * The account of somebody who has just signed in at a source, made when there is none yet; role, sites and name become what they
   * are there. Found by what never changes there, never by name: an account of the same name is left alone.
   * @throws AppError `forbidden` with the reason `no-group` or `name-taken`
   */
  async admit(source: Source, person: Person, address: string | null): Promise<number> {
    const grant = grantFor(person.groups, source.rules, source.settings.kind);
    if (grant === null) {
      await this.#endOf(source, person);
      return this.refuse(source, person, 'no-group', address);
    }
    const done = await this.#db.transaction().execute((tx) => this.#save(tx, source, person, grant));
    if (done === 'name-taken') return this.refuse(source, person, 'name-taken', address);
    this.#sessions.announceEnded(done.ended);
    if (done.made)
      await this.#audit.note({
        action: 'account.made',
        outcome: 'done',
        by: bySystem,
        address,
        subject: { kind: 'user', id: done.userId, name: person.name },
        detail: { source: source.name, role: grant.role },
      });
    else if (done.changed) await this.#noteGrant(source, done.userId, person.name, grant);
    return done.userId;
  }

  /** Sends somebody away whom the source knows, and keeps why for the administrators. @throws AppError always */
  async refuse(
    source: Source,
    person: Pick<Person, 'name' | 'groups'>,
    reason: SignInRefusal['reason'],
    address: string | null,
  ): Promise<never> {
    const groups = [...person.groups];
    await this.#sources.noteRefusal(source.id, { at: this.#now(), name: person.name, reason, groups });
    await this.#audit.note({
      action: 'sign-in',
      outcome: 'refused',
      by: byNobody,
      address,
      subject: { kind: 'user', id: null, name: person.name },
      detail: { source: source.name, reason },
    });
    throw new AppError('forbidden', refusals[reason], undefined, { reason });
  }

  /**
   * Sets what somebody's groups come to while they are signed in. With less than before, or none, what is open ends.
   * @returns whether they may go on
   */
  async recheck(source: Source, userId: number, person: Person | null): Promise<boolean> {
    const grant = person === null ? null : grantFor(person.groups, source.rules, source.settings.kind);
    if (grant === null || person === null) {
      await this.#end(userId, source, person === null ? 'gone' : 'no-group');
      return false;
    }
    const { changed, ended } = await this.#db.transaction().execute((tx) => this.#grant(tx, userId, grant));
    this.#sessions.announceEnded(ended);
    if (changed) await this.#noteGrant(source, userId, person.name, grant);
    return !changed;
  }

  /** Where an account comes from; null: it is of here. */
  async identityOf(userId: number): Promise<Identity | null> {
    const found = await this.#db
      .selectFrom('user_identities')
      .innerJoin('users', 'users.id', 'user_identities.user_id')
      .where('user_identities.user_id', '=', userId)
      .select(['source_id as sourceId', 'subject', 'users.name as name'])
      .executeTakeFirst();
    return found ?? null;
  }

  /** Whether an account of this name has its password here. */
  async isFromHere(name: string): Promise<boolean> {
    const user = await this.#db
      .selectFrom('users')
      .select('source')
      .where('name_key', '=', nameKey(name))
      .executeTakeFirst();
    return user?.source === 'local';
  }

  /** Ends what the accounts of a source have open. */
  async endAll(source: Source): Promise<void> {
    const rows = await this.#db
      .selectFrom('user_identities')
      .innerJoin('sessions', 'sessions.user_id', 'user_identities.user_id')
      .where('source_id', '=', source.id)
      .select('user_identities.user_id as userId')
      .distinct()
      .execute();
    for (const { userId } of rows) await this.#end(userId, source, 'source-off');
  }

  /** Deletes a source; its accounts stay, disabled, so that what they did keeps their name. */
  async remove(source: Source): Promise<void> {
    const ended = await this.#db.transaction().execute(async (tx) => {
      const rows = await tx
        .selectFrom('user_identities')
        .select('user_id')
        .where('source_id', '=', source.id)
        .execute();
      const keys: string[] = [];
      for (const { user_id } of rows) {
        await tx.updateTable('users').set({ disabled: 1 }).where('id', '=', user_id).execute();
        keys.push(...(await this.#sessions.deleteOf(tx, { userId: user_id })));
      }
      await tx.deleteFrom('sign_in_sources').where('id', '=', source.id).execute();
      return keys;
    });
    this.#sessions.announceEnded(ended);
  }

  async #save(
    tx: Database,
    source: Source,
    person: Person,
    grant: Grant,
  ): Promise<'name-taken' | { userId: number; made: boolean; changed: boolean; ended: string[] }> {
    const now = this.#now();
    const identity = { source_id: source.id, issuer: person.issuer, subject: person.subject };
    const known = await tx
      .selectFrom('user_identities')
      .select('user_id')
      .where('source_id', '=', identity.source_id)
      .where('issuer', '=', identity.issuer)
      .where('subject', '=', identity.subject)
      .executeTakeFirst();
    const namesake = await tx
      .selectFrom('users')
      .select('id')
      .where('name_key', '=', nameKey(person.name))
      .executeTakeFirst();

    if (known !== undefined) {
      const userId = known.user_id;
      await tx
        .updateTable('user_identities')
        .set({ last_seen_at: now })
        .where('user_id', '=', userId)
        .execute();
      // People marry; a name that is taken here stays as it was.
      if (namesake === undefined || namesake.id === userId)
        await tx
          .updateTable('users')
          .set({ name: person.name, name_key: nameKey(person.name) })
          .where('id', '=', userId)
          .execute();
      return { userId, made: false, ...(await this.#grant(tx, userId, grant)) };
    }
    if (namesake !== undefined) return 'name-taken';
    const { id: userId } = await tx
      .insertInto('users')
      .values({
        name: person.name,
        name_key: nameKey(person.name),
        password_hash: '',
        role: grant.role,
        disabled: 0,
        created_at: now,
        source: source.settings.kind,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await tx
      .insertInto('user_identities')
      .values({ ...identity, user_id: userId, last_seen_at: now })
      .execute();
    await this.#grant(tx, userId, grant);
    return { userId, made: true, changed: false, ended: [] };
  }

  /** Gives an account this role and these sites; where that is another than before, what it has open ends. */
  async #grant(tx: Database, userId: number, grant: Grant): Promise<{ changed: boolean; ended: string[] }> {
    const before = await tx
      .selectFrom('users')
      .select(['role', 'every_site as everySite'])
      .where('id', '=', userId)
      .executeTakeFirstOrThrow();
    const had = await tx.selectFrom('user_sites').select('site_id').where('user_id', '=', userId).execute();
    const sites = grant.siteIds ?? [];
    const everySite = Number(grant.siteIds === null);
    const same =
      before.role === grant.role &&
      before.everySite === everySite &&
      had.length === sites.length &&
      had.every(({ site_id }) => sites.includes(site_id));
    if (same) return { changed: false, ended: [] };
    await tx
      .updateTable('users')
      .set({ role: grant.role, every_site: everySite })
      .where('id', '=', userId)
      .execute();
    await tx.deleteFrom('user_sites').where('user_id', '=', userId).execute();
    if (sites.length > 0)
      await tx
        .insertInto('user_sites')
        .values(sites.map((site_id) => ({ user_id: userId, site_id })))
        .execute();
    return { changed: true, ended: await this.#sessions.deleteOf(tx, { userId }) };
  }

  /** Somebody who was let in before and now has no group: what is still open ends at once. */
  async #endOf(source: Source, person: Person): Promise<void> {
    const known = await this.#db
      .selectFrom('user_identities')
      .select('user_id')
      .where('source_id', '=', source.id)
      .where('issuer', '=', person.issuer)
      .where('subject', '=', person.subject)
      .executeTakeFirst();
    if (known !== undefined) await this.#end(known.user_id, source, 'no-group');
  }

  async #end(userId: number, source: Source, reason: string): Promise<void> {
    const ended = await this.#db.transaction().execute((tx) => this.#sessions.deleteOf(tx, { userId }));
    this.#sessions.announceEnded(ended);
    if (ended.length === 0) return;
    const user = await this.#db
      .selectFrom('users')
      .select('name')
      .where('id', '=', userId)
      .executeTakeFirst();
    await this.#audit.note({
      action: 'session.ended',
      outcome: 'done',
      by: bySystem,
      address: null,
      subject: { kind: 'user', id: userId, name: user?.name ?? '' },
      detail: { source: source.name, reason },
    });
  }

  async #noteGrant(source: Source, userId: number, name: string, grant: Grant): Promise<void> {
    await this.#audit.note({
      action: 'account.changed',
      outcome: 'done',
      by: bySystem,
      address: null,
      subject: { kind: 'user', id: userId, name },
      detail: { source: source.name, role: grant.role, sites: grant.siteIds?.join(' ') ?? 'all' },
    });
  }
}
