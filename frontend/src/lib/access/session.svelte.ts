import { SessionReply } from '@rackhaus/config/contract';
import { createContext } from 'svelte';
import type { Api, ApiProblem } from '../api/api.ts';
import { forgetLink } from '../kiosk/stored-link.ts';

export type SignedIn = Extract<SessionReply, { state: 'signed-in' }>;

/** Who is using this browser, as the backend knows it. `null` until it has been asked. */
export class Session {
  #api: () => Api;
  #reply = $state.raw<SessionReply | null>(null);
  #problem = $state.raw<ApiProblem | null>(null);

  constructor(options: { api: () => Api }) {
    this.#api = options.api;
  }

  get state(): SessionReply['state'] | null {
    return this.#reply?.state ?? null;
  }
  get person(): SignedIn | null {
    return this.#reply?.state === 'signed-in' ? this.#reply : null;
  }
  get problem(): ApiProblem | null {
    return this.#problem;
  }

  /** Asks the backend; a failure is kept in `problem` and the state stays as it was. */
  async refresh(): Promise<void> {
    try {
      this.#reply = await this.#api().get('/api/session', SessionReply);
      this.#problem = null;
    } catch (error) {
      this.#problem = error as ApiProblem;
    }
  }

  /** @throws ApiProblem */
  async signIn(user: string, password: string): Promise<void> {
    await this.#api().order('POST', '/api/session', { user, password });
    // A person has taken over a screen that was a kiosk.
    forgetLink(localStorage);
    await this.refresh();
  }

  /** Makes the first administrator with the code from the server's console, and signs in. @throws ApiProblem */
  async setUp(code: string, user: string, password: string): Promise<void> {
    await this.#api().order('POST', '/api/setup', { code, user, password });
    await this.refresh();
  }

  /** @throws ApiProblem */
  async signOut(): Promise<void> {
    await this.#api().order('DELETE', '/api/session');
    this.ended();
  }

  /** The backend no longer knows us. */
  ended(): void {
    if (this.#reply?.state === 'signed-in') this.#reply = { state: 'signed-out' };
  }
}

export const [getSession, setSession] = createContext<Session>();
