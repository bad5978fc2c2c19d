import { SessionReply, SignInLeave } from '@rackhaus/config/contract';
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
  /** What is missing between the password and the session. */
  get step(): Exclude<SessionReply, SignedIn | { state: 'setup' | 'signed-out' }> | null {
    const reply = this.#reply;
    return reply?.state === 'second-factor' || reply?.state === 'set-up-second-factor' ? reply : null;
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
    this.is(await this.#api().send('POST', '/api/session', { user, password }, SessionReply));
  }

  /** What a step of signing in has answered. */
  is(reply: SessionReply): void {
    // A person has taken over a screen that was a kiosk.
    if (reply.state === 'signed-in' && reply.role !== 'kiosk') forgetLink(localStorage);
    this.#reply = reply;
    this.#problem = null;
  }

  /** Makes the first administrator with the code from the server's console, and signs in. @throws ApiProblem */
  async setUp(code: string, user: string, password: string): Promise<void> {
    this.is(await this.#api().send('POST', '/api/setup', { code, user, password }, SessionReply));
  }

  /** Also at the other server where this person has signed in, if there is one. @throws ApiProblem */
  async signOut(): Promise<void> {
    await this.#api().order('DELETE', '/api/session');
    try {
      const { url } = await this.#api().send('POST', '/api/sign-in-ways/leave', undefined, SignInLeave);
      if (url !== null) location.assign(url);
    } finally {
      this.ended();
    }
  }

  /** The backend no longer knows us. */
  ended(): void {
    if (this.person !== null || this.step !== null) this.#reply = { state: 'signed-out' };
  }
}

export const [getSession, setSession] = createContext<Session>();
