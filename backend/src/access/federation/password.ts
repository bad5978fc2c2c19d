import type { SignInMethod } from '../sign-ins.ts';
import type { Users } from '../users.ts';
import type { FederatedAccounts } from './accounts.ts';
import { atEvenPace } from './even-pace.ts';
import type { LdapSignIn } from './ldap.ts';

/** Finds whose name and password these are; null when they are nobody's. */
export interface SignInByPassword {
  authenticate(
    name: string,
    password: string,
    address: string | null,
  ): Promise<{ userId: number; method: SignInMethod } | null>;
  /** Whether that is the password of an account, for who is signed in already. @throws AppError when its directory cannot be asked */
  isPasswordOf(userId: number, password: string): Promise<boolean>;
}

/** Accounts here alone. */
export function passwordsHere(users: Users): SignInByPassword {
  return {
    async authenticate(name, password) {
      const userId = await users.authenticate(name, password);
      return userId === null ? null : { userId, method: 'password' };
    },
    isPasswordOf: (userId, password) => users.isPasswordOf(userId, password),
  };
}

/** Whose name and password these are: of an account here, else in a directory. */
export class PasswordSignIn implements SignInByPassword {
  readonly #users: Users;
  readonly #accounts: FederatedAccounts;
  readonly #ldap: LdapSignIn;

  constructor(options: { users: Users; accounts: FederatedAccounts; ldap: LdapSignIn }) {
    this.#users = options.users;
    this.#accounts = options.accounts;
    this.#ldap = options.ldap;
  }

  /**
   * null when they are nobody's. The password of an account here is never shown to a directory.
   * @throws AppError as {@link LdapSignIn.authenticate}
   */
  async authenticate(
    name: string,
    password: string,
    address: string | null,
  ): Promise<{ userId: number; method: SignInMethod } | null> {
    const here = () => passwordsHere(this.#users).authenticate(name, password, address);
    if (!(await this.#ldap.isUsed())) return here();
    return atEvenPace(async () => {
      const found = await here();
      if (found !== null || (await this.#accounts.isFromHere(name))) return found;
      const userId = await this.#ldap.authenticate(name, password, address);
      return userId === null ? null : { userId, method: 'ldap' as const };
    });
  }

  async isPasswordOf(userId: number, password: string): Promise<boolean> {
    const elsewhere = await this.#accounts.identityOf(userId);
    return elsewhere === null
      ? this.#users.isPasswordOf(userId, password)
      : this.#ldap.isPasswordOf(elsewhere, password);
  }
}
