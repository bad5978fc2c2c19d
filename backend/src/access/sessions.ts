import type { Database } from '../database/tables.ts';
import type { Caller } from '../http/route.ts';
import { AppError } from '../problem.ts';
import { roomOfPage } from './kiosk-room.ts';
import type { SessionCookie } from './session-cookie.ts';
import { hashToken, newToken } from './tokens.ts';

const hourMs = 3_600_000;
/** A kiosk is looked at, not used: it lives until its link is revoked, or as long as browsers keep a cookie at most. */
const limits = {
  person: { idleMs: 12 * hourMs, absoluteMs: 7 * 24 * hourMs },
  kiosk: { idleMs: 400 * 24 * hourMs, absoluteMs: 400 * 24 * hourMs },
};
/** How exact "last used" is; each update is a write to disk. */
const touchMs = 60_000;
const sweepMs = 60_000;

export interface Session {
  /** Names the session without giving access to it: for {@link Sessions.onEnded}. */
  readonly key: string;
  readonly id: number;
  /** When this person last showed that it is they. */
  readonly confirmedAt: number;
  readonly caller: Extract<Caller, { kind: 'person' }>;
}

/** From where a session was opened, for its owner to recognise it. */
export interface SessionOrigin {
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly method: string | null;
}
const unknownOrigin: SessionOrigin = { address: null, userAgent: null, method: null };
/** Longer ones say nothing more. */
const longestUserAgent = 400;

/** Who is signed in. A session is known by a random token in a cookie, of which only a hash is stored. */
export class Sessions {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #cookie: SessionCookie;
  readonly #listeners = new Set<(sessionKey: string) => void>();
  #sweeper: NodeJS.Timeout | undefined;

  constructor(options: { db: Database; now: () => number; cookie: SessionCookie }) {
    this.#db = options.db;
    this.#now = options.now;
    this.#cookie = options.cookie;
  }

  /** Begins to end what has timed out, so that open sockets learn of it too. `onError` gets what goes wrong there. */
  start(onError: (error: unknown) => void): void {
    this.#sweeper = setInterval(() => {
      this.sweep().catch(onError);
    }, sweepMs);
  }

  stop(): void {
    clearInterval(this.#sweeper);
  }

  /** Calls `listener` with the key of each session that ends: signed out, timed out, revoked. Returns how to stop that. */
  onEnded(listener: (sessionKey: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Begins a session with a new id and returns its Set-Cookie header. A session that the browser had before ends. */
  async open(
    whose: { userId: number } | { kioskLinkId: number },
    cookieHeader: string | undefined,
    origin: SessionOrigin = unknownOrigin,
  ): Promise<string> {
    await this.end(cookieHeader);
    const token = newToken('rhs');
    const now = this.#now();
    await this.#db
      .insertInto('sessions')
      .values({
        token_hash: hashToken(token),
        user_id: 'userId' in whose ? whose.userId : null,
        kiosk_link_id: 'kioskLinkId' in whose ? whose.kioskLinkId : null,
        created_at: now,
        last_used_at: now,
        confirmed_at: now,
        address: origin.address,
        user_agent: origin.userAgent?.slice(0, longestUserAgent) ?? null,
        method: origin.method,
      })
      .execute();
    const { absoluteMs } = 'userId' in whose ? limits.person : limits.kiosk;
    return this.#cookie.set(token, absoluteMs / 1000);
  }

  /** The session that a Cookie header belongs to, if it lasts. Counts as use. */
  async identify(cookieHeader: string | undefined): Promise<Session | null> {
    const token = this.#cookie.read(cookieHeader);
    if (token === undefined || token === '') return null;
    const hash = hashToken(token);
    const row = await this.#db
      .selectFrom('sessions')
      .leftJoin('users', 'users.id', 'sessions.user_id')
      .leftJoin('kiosk_links', 'kiosk_links.id', 'sessions.kiosk_link_id')
      .where('sessions.token_hash', '=', hash)
      .select([
        'sessions.id as id',
        'sessions.confirmed_at as confirmedAt',
        'sessions.user_id as userId',
        'sessions.created_at as createdAt',
        'sessions.last_used_at as lastUsedAt',
        'users.name as userName',
        'users.role as role',
        'users.disabled as disabled',
        'users.every_site as everySite',
        'users.may_switch as maySwitch',
        'kiosk_links.name as linkName',
        'kiosk_links.path as linkPath',
      ])
      .executeTakeFirst();
    if (row === undefined) return null;

    const now = this.#now();
    const limit = row.userId === null ? limits.kiosk : limits.person;
    if (now - row.createdAt >= limit.absoluteMs || now - row.lastUsedAt >= limit.idleMs) {
      await this.end(cookieHeader);
      return null;
    }
    if (now - row.lastUsedAt >= touchMs)
      await this.#db
        .updateTable('sessions')
        .set({ last_used_at: now })
        .where('token_hash', '=', hash)
        .execute();

    const session = { key: keyOf(row.id), id: row.id, confirmedAt: row.confirmedAt };
    if (row.userId === null) {
      const room = roomOfPage(row.linkPath ?? '');
      return {
        ...session,
        caller: {
          kind: 'person',
          userId: null,
          name: row.linkName ?? '',
          role: 'kiosk',
          sites: null,
          ...(room === undefined ? {} : { room }),
        },
      };
    }
    if (row.userName === null || row.role === null || row.disabled !== 0) return null;
    const sites = row.everySite === 1 ? null : await this.#sitesOf(row.userId);
    return {
      ...session,
      caller: {
        kind: 'person',
        userId: row.userId,
        name: row.userName,
        role: row.role,
        sites,
        ...(row.maySwitch === 1 ? { maySwitch: true } : {}),
      },
    };
  }

  async #sitesOf(userId: number): Promise<ReadonlySet<number>> {
    const rows = await this.#db
      .selectFrom('user_sites')
      .select('site_id')
      .where('user_id', '=', userId)
      .execute();
    return new Set(rows.map(({ site_id }) => site_id));
  }

  /** Like {@link identify}, for those who only ask who it is. */
  async fromCookie(cookieHeader: string | undefined): Promise<Caller> {
    return (await this.identify(cookieHeader))?.caller ?? { kind: 'nobody' };
  }

  /**
   * Gives a session that lasts a new token, after its person has shown again that it is they: who had the old one has nothing.
   * Returns its Set-Cookie header; null when there is no such session.
   */
  async confirm(session: Session): Promise<string | null> {
    const token = newToken('rhs');
    const now = this.#now();
    const row = await this.#db
      .updateTable('sessions')
      .set({ token_hash: hashToken(token), confirmed_at: now, last_used_at: now })
      .where('id', '=', session.id)
      .returning('created_at')
      .executeTakeFirst();
    if (row === undefined) return null;
    const { absoluteMs } = session.caller.userId === null ? limits.kiosk : limits.person;
    return this.#cookie.set(token, Math.max(1, Math.ceil((row.created_at + absoluteMs - now) / 1000)));
  }

  /** The sessions of a person that last, the one used last first. */
  async list(userId: number) {
    const now = this.#now();
    return this.#db
      .selectFrom('sessions')
      .select([
        'id',
        'created_at as createdAt',
        'last_used_at as lastUsedAt',
        'address',
        'user_agent as userAgent',
      ])
      .where('user_id', '=', userId)
      .where('created_at', '>', now - limits.person.absoluteMs)
      .where('last_used_at', '>', now - limits.person.idleMs)
      .orderBy('last_used_at', 'desc')
      .orderBy('id', 'desc')
      .execute();
  }

  /** Ends one session of a person. @throws AppError `not-found` */
  async endOne(userId: number, id: number): Promise<void> {
    const row = await this.#db
      .deleteFrom('sessions')
      .where('id', '=', id)
      .where('user_id', '=', userId)
      .returning('id')
      .executeTakeFirst();
    if (row === undefined) throw new AppError('not-found', `There is no session ${id}.`);
    this.announceEnded([keyOf(row.id)]);
  }

  /** Ends all sessions of a person, or all but one. Returns how many. */
  async endAll(userId: number, but: number | null): Promise<number> {
    const query = this.#db.deleteFrom('sessions').where('user_id', '=', userId).returning('id');
    const rows = await (but === null ? query : query.where('id', '!=', but)).execute();
    this.announceEnded(rows.map((row) => keyOf(row.id)));
    return rows.length;
  }

  /** Ends the session of a Cookie header; returns the Set-Cookie header that makes the browser forget it. */
  async end(cookieHeader: string | undefined): Promise<string> {
    const token = this.#cookie.read(cookieHeader);
    if (token !== undefined && token !== '') {
      const row = await this.#db
        .deleteFrom('sessions')
        .where('token_hash', '=', hashToken(token))
        .returning('id')
        .executeTakeFirst();
      if (row !== undefined) this.announceEnded([keyOf(row.id)]);
    }
    return this.#cookie.clear();
  }

  /** Deletes the sessions of a person or a kiosk link within a transaction. When it is committed: {@link announceEnded}. */
  async deleteOf(tx: Database, whose: { userId: number } | { kioskLinkId: number }): Promise<string[]> {
    const query = tx.deleteFrom('sessions').returning('id');
    const rows = await ('userId' in whose
      ? query.where('user_id', '=', whose.userId)
      : query.where('kiosk_link_id', '=', whose.kioskLinkId)
    ).execute();
    return rows.map((row) => keyOf(row.id));
  }

  announceEnded(keys: readonly string[]): void {
    for (const key of keys) for (const listener of this.#listeners) listener(key);
  }

  /** Ends every session that has timed out. */
  async sweep(): Promise<void> {
    const now = this.#now();
    const rows = await this.#db
      .deleteFrom('sessions')
      .where((where) =>
        where.or(
          Object.entries(limits).map(([kind, { idleMs, absoluteMs }]) =>
            where.and([
              where('user_id', kind === 'person' ? 'is not' : 'is', null),
              where.or([
                where('created_at', '<=', now - absoluteMs),
                where('last_used_at', '<=', now - idleMs),
              ]),
            ]),
          ),
        ),
      )
      .returning('id')
      .execute();
    this.announceEnded(rows.map((row) => keyOf(row.id)));
  }
}

function keyOf(id: number): string {
  return String(id);
}
