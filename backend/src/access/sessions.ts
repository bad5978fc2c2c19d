import type { Database } from '../database/tables.ts';
import type { Caller } from '../http/route.ts';
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
  readonly caller: Extract<Caller, { kind: 'person' }>;
}

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
      })
      .execute();
    const { absoluteMs } = 'userId' in whose ? limits.person : limits.kiosk;
    return this.#cookie.set(token, absoluteMs / 1000);
  }

  /** The session that a Cookie header belongs to, if it lasts. Counts as use. */
  async identify(cookieHeader: string | undefined): Promise<Session | null> {
    const token = this.#cookie.read(cookieHeader);
    if (token === undefined || token === '') return null;
    const key = hashToken(token);
    const row = await this.#db
      .selectFrom('sessions')
      .leftJoin('users', 'users.id', 'sessions.user_id')
      .leftJoin('kiosk_links', 'kiosk_links.id', 'sessions.kiosk_link_id')
      .where('sessions.token_hash', '=', key)
      .select([
        'sessions.user_id as userId',
        'sessions.created_at as createdAt',
        'sessions.last_used_at as lastUsedAt',
        'users.name as userName',
        'users.role as role',
        'users.disabled as disabled',
        'kiosk_links.name as linkName',
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
        .where('token_hash', '=', key)
        .execute();

    if (row.userId === null)
      return { key, caller: { kind: 'person', userId: null, name: row.linkName ?? '', role: 'kiosk' } };
    if (row.userName === null || row.role === null || row.disabled !== 0) return null;
    return { key, caller: { kind: 'person', userId: row.userId, name: row.userName, role: row.role } };
  }

  /** Like {@link identify}, for those who only ask who it is. */
  async fromCookie(cookieHeader: string | undefined): Promise<Caller> {
    return (await this.identify(cookieHeader))?.caller ?? { kind: 'nobody' };
  }

  /** Ends the session of a Cookie header; returns the Set-Cookie header that makes the browser forget it. */
  async end(cookieHeader: string | undefined): Promise<string> {
    const token = this.#cookie.read(cookieHeader);
    if (token !== undefined && token !== '') {
      const key = hashToken(token);
      const result = await this.#db.deleteFrom('sessions').where('token_hash', '=', key).executeTakeFirst();
      if (result.numDeletedRows > 0n) this.announceEnded([key]);
    }
    return this.#cookie.clear();
  }

  /** Deletes the sessions of a person or a kiosk link within a transaction. When it is committed: {@link announceEnded}. */
  async deleteOf(tx: Database, whose: { userId: number } | { kioskLinkId: number }): Promise<string[]> {
    const query = tx.deleteFrom('sessions').returning('token_hash');
    const rows = await ('userId' in whose
      ? query.where('user_id', '=', whose.userId)
      : query.where('kiosk_link_id', '=', whose.kioskLinkId)
    ).execute();
    return rows.map((row) => row.token_hash);
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
      .returning('token_hash')
      .execute();
    this.announceEnded(rows.map((row) => row.token_hash));
  }
}
