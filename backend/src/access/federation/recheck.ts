import type { Database } from '../../database/tables.ts';
import type { FederatedAccounts } from './accounts.ts';
import type { LdapSignIn } from './ldap.ts';
import { LdapError } from './ldap-connection.ts';
import type { Sources } from './sources.ts';

const everyMs = 15 * 60_000;

/**
 * Asks directories every quarter of an hour about who is signed in: what is disabled or gone there ends here, and roles follow the
 * groups. While a directory cannot be asked, sessions go on until their own end.
 */
export class Recheck {
  readonly #db: Database;
  readonly #sources: Sources;
  readonly #accounts: FederatedAccounts;
  readonly #ldap: LdapSignIn;
  readonly #onTrouble: (source: string, error: LdapError) => void;
  readonly #everyMs: number;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | null = null;

  constructor(options: {
    db: Database;
    sources: Sources;
    accounts: FederatedAccounts;
    ldap: LdapSignIn;
    onTrouble: (source: string, error: LdapError) => void;
    /** Left out: a quarter of an hour. */
    everyMs?: number;
  }) {
    this.#db = options.db;
    this.#sources = options.sources;
    this.#accounts = options.accounts;
    this.#ldap = options.ldap;
    this.#onTrouble = options.onTrouble;
    this.#everyMs = options.everyMs ?? everyMs;
  }

  start(onError: (error: unknown) => void): void {
    this.#timer = setInterval(() => {
      this.run().catch(onError);
    }, this.#everyMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running?.catch(() => undefined);
  }

  /** One round; whoever asks while one is running gets that one. */
  run(): Promise<void> {
    this.#running ??= this.#round().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #round(): Promise<void> {
    for (const source of await this.#sources.enabled('ldap')) {
      // Without an account of its own there is nobody to ask as.
      if (source.settings.bind.how === 'direct') continue;
      const open = await this.#db
        .selectFrom('user_identities')
        .innerJoin('sessions', 'sessions.user_id', 'user_identities.user_id')
        .where('source_id', '=', source.id)
        .select(['user_identities.subject', 'user_identities.user_id as userId'])
        .distinct()
        .execute();
      if (open.length === 0) continue;
      const users = new Map(open.map(({ subject, userId }) => [subject, userId]));
      try {
        for await (const { subject, person } of this.#ldap.lookUp(source, [...users.keys()])) {
          const userId = users.get(subject);
          if (userId !== undefined) await this.#accounts.recheck(source, userId, person);
        }
      } catch (error) {
        if (!(error instanceof LdapError)) throw error;
        this.#onTrouble(source.name, error);
      }
    }
  }
}
