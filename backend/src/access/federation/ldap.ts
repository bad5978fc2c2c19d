import type { LdapSettings } from '@rackhaus/config/contract';
import type { Outgoing } from '../../outgoing/outgoing.ts';
import { AppError } from '../../problem.ts';
import type { FederatedAccounts, Identity, Person } from './accounts.ts';
import { LdapError } from './ldap-connection.ts';
import { isDisabled, LdapDirectory } from './ldap-directory.ts';
import { isKind, type Source, type Sources } from './sources.ts';

type LdapSource = Source<LdapSettings>;

/** Signing in with the name and password of a directory. */
export class LdapSignIn {
  readonly #sources: Sources;
  readonly #accounts: FederatedAccounts;
  readonly #outgoing: Outgoing;
  readonly #now: () => number;
  readonly #onTrouble: (source: string, error: LdapError) => void;

  constructor(options: {
    sources: Sources;
    accounts: FederatedAccounts;
    outgoing: Outgoing;
    now: () => number;
    /** What went wrong, for the administrator's log. */
    onTrouble: (source: string, error: LdapError) => void;
  }) {
    this.#sources = options.sources;
    this.#accounts = options.accounts;
    this.#outgoing = options.outgoing;
    this.#now = options.now;
    this.#onTrouble = options.onTrouble;
  }

  /** Whether any directory is asked at all. */
  async isUsed(): Promise<boolean> {
    return (await this.#sources.enabled('ldap')).length > 0;
  }

  /**
   * The account of whoever has this name and password in one of the directories, which are asked in order; null: nobody, or the
   * password is wrong.
   * @throws AppError `forbidden` for who is known but may not in; `unavailable` when a directory could not be asked and no other knows
   */
  async authenticate(name: string, password: string, address: string | null): Promise<number | null> {
    // A directory takes an empty password for "anonymous" and says yes.
    if (password === '' || name.trim() === '') return null;
    let silent = false;
    for (const source of await this.#sources.enabled('ldap')) {
      let person: Person | null;
      try {
        person = await this.#prove(source, name.trim(), password);
      } catch (error) {
        if (!(error instanceof LdapError)) throw error;
        this.#onTrouble(source.name, error);
        silent = true;
        continue;
      }
      if (person !== null) return this.#accounts.admit(source, person, address);
    }
    if (silent) throw unreachable();
    return null;
  }

  /** Whether somebody who is signed in has this password there. @throws AppError `unavailable` when the directory could not be asked */
  async isPasswordOf(who: Identity, password: string): Promise<boolean> {
    const source = await this.#sources.get(who.sourceId);
    if (password === '' || !source.enabled || !isKind(source, 'ldap')) return false;
    try {
      if (source.settings.bind.how === 'search') return await this.#isRight(source, who.subject, password);
      const person = await this.#prove(source, who.name, password);
      return person?.subject === who.subject;
    } catch (error) {
      if (!(error instanceof LdapError)) throw error;
      this.#onTrouble(source.name, error);
      throw unreachable();
    }
  }

  /** Looks up people again, by what never changes. @throws LdapError when the directory could not be asked */
  async *lookUp(
    source: LdapSource,
    subjects: readonly string[],
  ): AsyncGenerator<{ subject: string; person: Person | null }> {
    const directory = await this.#open(source);
    try {
      await directory.bindOwn();
      for (const subject of subjects) {
        const entry = await directory.findById(subject);
        const gone = entry === null || isDisabled(entry, this.#now());
        yield { subject, person: gone ? null : await directory.person(entry) };
      }
    } finally {
      await directory.close();
    }
  }

  /** Finds the entry by what never changes: people are renamed while they are signed in. */
  async #isRight(source: LdapSource, subject: string, password: string): Promise<boolean> {
    const directory = await this.#open(source);
    try {
      await directory.bindOwn();
      const entry = await directory.findById(subject);
      if (entry === null || isDisabled(entry, this.#now())) return false;
      return await isAccepted(directory.bindAs('', password, entry));
    } finally {
      await directory.close();
    }
  }

  /** Who this is in a directory; null: not this name and password. */
  async #prove(source: LdapSource, name: string, password: string): Promise<Person | null> {
    const directory = await this.#open(source);
    try {
      const searching = source.settings.bind.how === 'search';
      let entry = null;
      if (searching) {
        await directory.bindOwn();
        entry = await directory.find(name);
        if (entry === null) return null;
      }
      if (!(await isAccepted(directory.bindAs(name, password, entry)))) return null;
      // The person need not be allowed to see their own groups.
      if (searching) await directory.bindOwn();
      entry ??= await directory.find(name);
      if (entry === null || isDisabled(entry, this.#now())) return null;
      if (!(await directory.isOwn(entry, name)))
        throw new LdapError('other', `who signed in as "${name}" is not ${entry.dn}, which the filter finds`);
      const person = await directory.person(entry);
      if (person === null)
        throw new LdapError('other', `${entry.dn} has no name or nothing that never changes`);
      return person;
    } finally {
      await directory.close();
    }
  }

  #open(source: LdapSource): Promise<LdapDirectory> {
    return LdapDirectory.open({
      settings: source.settings,
      secret: source.secret(),
      outgoing: this.#outgoing,
    });
  }
}

/** Whether a directory takes name and password. */
async function isAccepted(bind: Promise<void>): Promise<boolean> {
  try {
    await bind;
    return true;
  } catch (error) {
    if (error instanceof LdapError && error.trouble === 'credentials') return false;
    throw error;
  }
}

function unreachable(): AppError {
  return new AppError(
    'unavailable',
    'A directory that knows passwords cannot be asked at the moment. Local accounts can still sign in.',
    undefined,
    { reason: 'directory-unreachable' },
  );
}
