import { mayEdit } from '../access/roles.ts';
import { getSession, type Session } from '../access/session.svelte.ts';
import { type Api, ApiProblem, getApi } from '../api/api.ts';
import { explain } from '../api/explain.ts';
import { getSaid, type Said } from '../history/undo.svelte.ts';
import type { Connecting } from './connect/connecting.svelte.ts';

type Tools = typeof import('./connect/tools.ts');

/** A page in whose drawing cables can be connected; all that this needs is fetched when somebody begins. */
export class Connectable {
  readonly #session: Session;
  readonly #said: Said;
  readonly #api: Api;
  #tools = $state.raw<Tools | null>(null);
  #connecting = $state.raw<Connecting | null>(null);

  constructor(options: { session: Session; said: Said; api: Api }) {
    this.#session = options.session;
    this.#said = options.said;
    this.#api = options.api;
  }

  get mayConnect(): boolean {
    return mayEdit(this.#session.person?.role ?? 'viewer');
  }
  /** null until somebody has begun here. */
  get tools(): Tools | null {
    return this.#tools;
  }
  /** null while nobody is connecting. */
  get connecting(): Connecting | null {
    return this.#connecting;
  }
  get on(): boolean {
    return this.#connecting !== null;
  }

  /** Begins, at that port where one is given. Says so when what it needs cannot be fetched. */
  async begin(portId: number | null = null): Promise<void> {
    if (!this.mayConnect || this.on) return;
    try {
      this.#tools ??= await import('./connect/tools.ts');
    } catch (error) {
      this.#said.refuse(explain(new ApiProblem('offline', String(error))));
      return;
    }
    this.#connecting = new this.#tools.Connecting({ api: this.#api, said: this.#said });
    if (portId !== null) await this.#connecting.pick(portId);
  }

  end(): void {
    this.#connecting?.close();
    this.#connecting = null;
  }
}

/** To be called while a component is being set up. */
export function useConnectable(): Connectable {
  return new Connectable({ session: getSession(), said: getSaid(), api: getApi() });
}
