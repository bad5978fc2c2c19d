import { parseCookie, stringifySetCookie } from 'cookie';

/**
 * The cookie that carries a session's token. Over https it has the prefix `__Host-`: the browser then takes it only from
 * this very host, for all paths, and over https.
 */
export class SessionCookie {
  readonly #https: boolean;
  readonly #name: string;

  constructor(options: { https: boolean }) {
    this.#https = options.https;
    this.#name = options.https ? '__Host-rackhaus' : 'rackhaus_session';
  }

  /** The token in a Cookie header. */
  read(header: string | undefined): string | undefined {
    return header === undefined ? undefined : parseCookie(header)[this.#name];
  }

  /** A Set-Cookie header for a token. */
  set(token: string, maxAgeSeconds: number): string {
    return this.#header(token, maxAgeSeconds);
  }

  /** A Set-Cookie header that makes the browser forget. */
  clear(): string {
    return this.#header('', 0);
  }

  #header(value: string, maxAge: number): string {
    return stringifySetCookie({
      name: this.#name,
      value,
      maxAge,
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
      secure: this.#https,
    });
  }
}
