import {
  GroupRule,
  type NewSignInSource,
  SignInRefusal,
  SignInSettings,
  type SignInSource,
  type SignInSourceChange,
} from '@rackhaus/config/contract';
import { z } from 'zod';
import type { Database } from '../../database/tables.ts';
import { AppError } from '../../problem.ts';
import type { SecretBox } from '../secret-box.ts';
import { nameKey } from '../tokens.ts';

/** A source as the ways to sign in use it; `secret` opens what is sealed. */
export interface Source<Settings extends SignInSettings = SignInSettings> {
  readonly id: number;
  readonly name: string;
  readonly enabled: boolean;
  readonly settings: Settings;
  readonly rules: readonly GroupRule[];
  readonly secret: () => string | null;
}

/** Other servers that say who somebody is, as administrators have set them. */
export class Sources {
  readonly #db: Database;
  readonly #box: SecretBox;
  readonly #now: () => number;

  constructor(options: { db: Database; secretBox: SecretBox; now: () => number }) {
    this.#db = options.db;
    this.#box = options.secretBox;
    this.#now = options.now;
  }

  async list(): Promise<SignInSource[]> {
    const rows = await this.#db
      .selectFrom('sign_in_sources')
      .selectAll()
      .select((from) =>
        from
          .selectFrom('user_identities')
          .whereRef('user_identities.source_id', '=', 'sign_in_sources.id')
          .select((count) => count.fn.countAll<number>().as('count'))
          .as('accounts'),
      )
      .orderBy('id')
      .execute();
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      enabled: row.enabled === 1,
      settings: readSettings(row.settings),
      rules: readRules(row.rules),
      hasSecret: row.sealed !== null,
      accounts: Number(row.accounts ?? 0),
      lastRefusal: row.last_refusal === null ? null : SignInRefusal.parse(JSON.parse(row.last_refusal)),
    }));
  }

  /** Those that are in use, in the order in which they were made. */
  async enabled<Kind extends SignInSettings['kind']>(
    kind: Kind,
  ): Promise<Source<Extract<SignInSettings, { kind: Kind }>>[]> {
    const rows = await this.#db
      .selectFrom('sign_in_sources')
      .selectAll()
      .where('enabled', '=', 1)
      .orderBy('id')
      .execute();
    return rows.map((row) => this.#read(row)).filter((source) => isKind(source, kind));
  }

  /** @throws AppError `not-found` */
  async get(id: number): Promise<Source> {
    const row = await this.#db
      .selectFrom('sign_in_sources')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    if (row === undefined) throw new AppError('not-found', `There is no sign-in source ${id}.`);
    return this.#read(row);
  }

  /** @throws AppError `conflict` when there is one of that name; `invalid` when its secret is missing */
  async create(source: NewSignInSource): Promise<number> {
    mustHaveSecret(source.settings, source.secret !== undefined);
    const row = await this.#db
      .insertInto('sign_in_sources')
      .values({
        name: source.name,
        name_key: nameKey(source.name),
        enabled: Number(source.enabled),
        settings: JSON.stringify(source.settings),
        rules: JSON.stringify(source.rules),
        sealed: source.secret === undefined ? null : this.#box.seal(source.secret),
        created_at: this.#now(),
      })
      .onConflict((conflict) => conflict.column('name_key').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (row === undefined) throw nameTaken(source.name);
    return row.id;
  }

  /**
   * @throws AppError `not-found`; `conflict` when there is another of that name; `invalid` when it would become of another kind, or
   * would hand a secret that nobody entered again to another server
   */
  async change(id: number, change: SignInSourceChange): Promise<void> {
    const before = await this.get(id);
    const settings = change.settings ?? before.settings;
    if (settings.kind !== before.settings.kind)
      throw fieldError('settings.kind', 'cannot be changed; make a new source');
    const keepsSecret = change.secret === undefined;
    if (keepsSecret && before.secret() !== null) mustBeSameServers(before.settings, settings);
    mustHaveSecret(settings, keepsSecret ? before.secret() !== null : change.secret !== null);
    if (change.name !== undefined) {
      const other = await this.#db
        .selectFrom('sign_in_sources')
        .select('id')
        .where('name_key', '=', nameKey(change.name))
        .where('id', '!=', id)
        .executeTakeFirst();
      if (other !== undefined) throw nameTaken(change.name);
    }
    await this.#db
      .updateTable('sign_in_sources')
      .set({
        settings: JSON.stringify(settings),
        ...(change.name === undefined ? {} : { name: change.name, name_key: nameKey(change.name) }),
        ...(change.enabled === undefined ? {} : { enabled: Number(change.enabled) }),
        ...(change.rules === undefined ? {} : { rules: JSON.stringify(change.rules) }),
        ...(change.secret === undefined
          ? {}
          : { sealed: change.secret === null ? null : this.#box.seal(change.secret) }),
      })
      .where('id', '=', id)
      .execute();
  }

  /** Keeps who was sent away last, and why. */
  async noteRefusal(id: number, refusal: SignInRefusal): Promise<void> {
    const groups = refusal.groups.slice(0, 50);
    await this.#db
      .updateTable('sign_in_sources')
      .set({ last_refusal: JSON.stringify({ ...refusal, groups }) })
      .where('id', '=', id)
      .execute();
  }

  /** The secret for settings that are tried before they are saved. @throws AppError as `change` */
  async secretFor(
    settings: SignInSettings,
    given: string | undefined,
    id: number | undefined,
  ): Promise<string | null> {
    if (given !== undefined) return given;
    if (id === undefined) return null;
    const saved = await this.get(id);
    const secret = saved.secret();
    if (secret !== null) mustBeSameServers(saved.settings, settings);
    return secret;
  }

  #read(row: {
    id: number;
    name: string;
    enabled: number;
    settings: string;
    rules: string;
    sealed: string | null;
  }): Source {
    const { sealed } = row;
    return {
      id: row.id,
      name: row.name,
      enabled: row.enabled === 1,
      settings: readSettings(row.settings),
      rules: readRules(row.rules),
      secret: () => (sealed === null ? null : this.#box.open(sealed)),
    };
  }
}

function readSettings(text: string): SignInSettings {
  return SignInSettings.parse(JSON.parse(text));
}
function readRules(text: string): GroupRule[] {
  return z.array(GroupRule).parse(JSON.parse(text));
}
export function isKind<Kind extends SignInSettings['kind']>(
  source: Source,
  kind: Kind,
): source is Source<Extract<SignInSettings, { kind: Kind }>> {
  return source.settings.kind === kind;
}

/** Where a secret would be sent to. */
function serversOf(settings: SignInSettings): string {
  return settings.kind === 'oidc'
    ? settings.issuer
    : [settings.servers.join(' '), settings.caCertificate ?? ''].join('\n');
}

/** Nobody can have a secret that they do not know sent to a server of their own. */
function mustBeSameServers(before: SignInSettings, after: SignInSettings): void {
  if (serversOf(before) !== serversOf(after))
    throw fieldError('secret', 'has to be entered again, because it would be sent to another server');
}

function mustHaveSecret(settings: SignInSettings, has: boolean): void {
  if (settings.kind === 'ldap' && settings.bind.how === 'search' && !has)
    throw fieldError('secret', 'is needed: the password of the account that searches');
}

function nameTaken(name: string): AppError {
  return new AppError('conflict', `There is a sign-in source "${name}" already.`, undefined, {
    reason: 'taken',
  });
}
function fieldError(path: string, message: string): AppError {
  return new AppError('invalid', `${path}: ${message}`, [{ path, message }]);
}
