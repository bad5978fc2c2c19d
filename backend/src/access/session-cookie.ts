import { parseCookie, stringifySetCookie } from 'cookie';

/**
 * A cookie of this server that scripts do not see and other sites cannot make the browser send: a session's token, and what goes before it. Over https it has the prefix `__Host-`: the browser then takes it only from
 * this very host, for all paths, and over https.
 */
export class SessionCookie {
  readonly #https: boolean;
  readonly #name: string;

  /** `purpose`: what it is for besides the session itself, e.g. `step`. */
  constructor(options: { https: boolean; purpose?: string }) {
    const { https, purpose } = options;
    this.#https = https;
    if (https) this.#name = purpose === undefined ? '__Host-rackhaus' : `__Host-rackhaus-${purpose}`;
    else this.#name = `rackhaus_${purpose ?? 'session'}`;
  }

  /** What it holds in a Cookie header. */
  read(header: string | undefined): string | undefined {
    return header === undefined ? undefined : parseCookie(header)[this.#name];
  }

  /** A Set-Cookie header. */
  set(value: string, maxAgeSeconds: number): string {
    return this.#header(value, maxAgeSeconds);
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
