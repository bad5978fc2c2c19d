import type { Caller } from './call.ts';

export const fuzzPassword = 'only for this fuzzing';

/** Somebody with a role who signs in again when what was sent in their name has ended their session, or their account. */
export class Somebody {
  readonly role: string;
  readonly #caller: Caller;
  readonly #keeper: string;
  #cookie: Promise<string> | undefined;
  #accounts = 0;

  /** @param keeper the cookie of an administrator whom nothing is sent for */
  constructor(role: string, caller: Caller, keeper: string) {
    this.role = role;
    this.#caller = caller;
    this.#keeper = keeper;
  }

  async headers(): Promise<Record<string, string>> {
    this.#cookie ??= this.#signIn();
    return { cookie: await this.#cookie };
  }

  /** To be called when the server no longer knows the session. */
  forget(): void {
    this.#cookie = undefined;
  }

  async #signIn(): Promise<string> {
    const user = `fuzz ${this.role} ${this.#accounts}`;
    if (this.#accounts > 0) {
      const again = await this.#post('/api/session', { user, password: fuzzPassword }, '');
      if (again !== undefined) return again;
    }
    this.#accounts++;
    const name = `fuzz ${this.role} ${this.#accounts}`;
    await this.#post('/api/users', { name, password: fuzzPassword, role: this.role }, this.#keeper);
    const cookie = await this.#post('/api/session', { user: name, password: fuzzPassword }, '');
    if (cookie === undefined) throw new Error(`"${name}" cannot sign in`);
    return cookie;
  }

  async #post(path: string, body: object, cookie: string): Promise<string | undefined> {
    const reply = await this.#caller.send(
      {
        method: 'POST',
        path,
        headers: { 'content-type': 'application/json', ...(cookie === '' ? {} : { cookie }) },
        body: JSON.stringify(body),
      },
      '127.0.0.1',
      20_000,
    );
    if (reply.status >= 500) throw new Error(`${path}: ${reply.status} ${reply.text}`);
    const set = [reply.headers['set-cookie'] ?? []].flat();
    return set.length === 0 || reply.status >= 400
      ? undefined
      : set.map((each) => each.split(';')[0]).join('; ');
  }
}
