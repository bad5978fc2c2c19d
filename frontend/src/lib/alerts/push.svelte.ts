import { ChannelView, PushKey } from '@rackhaus/config/contract';
import { type Api, ApiProblem } from '../api/api.ts';
import type { PushBrowser, Subscription } from './push-browser.ts';

/**
 * `asking`: not known yet. `insecure`: no https. `home-screen`: iOS, opened in a tab. `unsupported`: this browser never will.
 * `denied`: notifications are blocked. `off`, `on`: it can be, it is.
 */
export type PushState = 'asking' | 'insecure' | 'home-screen' | 'unsupported' | 'denied' | 'off' | 'on';
/** Why switching on did not work: the question was closed, the browser's push service, or our server. */
export type PushFailure = 'dismissed' | 'service' | ApiProblem;

const storageKey = 'rackhaus-push';

/** Whether this browser tells of incidents, and how that is switched. Start it once; it then knows its state. */
export class PushDevice {
  #api: Api;
  #browser: PushBrowser;
  #storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  #user: string;
  /** What the server calls this browser; null: not told yet. */
  #channelId: number | null = null;
  #state = $state<PushState>('asking');
  #busy = $state(false);
  #failure = $state.raw<PushFailure | null>(null);

  /** `user`: who is signed in; what another person has switched on here stays theirs. */
  constructor(options: {
    api: Api;
    browser: PushBrowser;
    storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
    user: string;
  }) {
    this.#api = options.api;
    this.#browser = options.browser;
    this.#storage = options.storage;
    this.#user = options.user;
  }

  get state(): PushState {
    return this.#state;
  }
  get busy(): boolean {
    return this.#busy;
  }
  get failure(): PushFailure | null {
    return this.#failure;
  }
  get ios(): boolean {
    return this.#browser.ios;
  }

  /** Looks, and renews what was switched on here: subscriptions end silently, and the server must know the newest. */
  async start(): Promise<void> {
    const { secure, supported, ios, installed } = this.#browser;
    if (!secure) this.#state = 'insecure';
    else if (ios && !installed && !supported) this.#state = 'home-screen';
    else if (!supported) this.#state = 'unsupported';
    else if (this.#browser.permission() === 'denied') this.#state = 'denied';
    else if (this.#browser.permission() !== 'granted' || this.#kept()?.user !== this.#user)
      this.#state = 'off';
    else {
      this.#state = 'on';
      await this.#doing(() =>
        this.#browser.alone(async () => {
          // It may have been switched off elsewhere on this page, or in another tab, while this one waited.
          if (this.#kept()?.user === this.#user) await this.#subscribe();
          else this.#state = 'off';
        }),
      );
    }
  }

  /** To be called from a press: browsers ask only then. @returns whether it is on now */
  async switchOn(): Promise<boolean> {
    await this.#doing(async () => {
      const answer = await this.#browser.ask();
      if (answer === 'granted') await this.#browser.alone(() => this.#subscribe());
      else if (answer === 'denied') this.#state = 'denied';
      else this.#failure = 'dismissed';
    });
    return this.#state === 'on' && this.#failure === null;
  }

  async switchOff(): Promise<void> {
    await this.#doing(() =>
      this.#browser.alone(async () => {
        if (this.#channelId === null) await this.#subscribe();
        if (this.#channelId === null) return;
        await this.#removeChannel(this.#channelId);
        await this.#browser.unsubscribe();
        this.#forget();
        this.#state = 'off';
      }),
    );
  }

  async #subscribe(): Promise<void> {
    const { publicKey } = await this.#api.get('/api/push', PushKey);
    const kept = this.#kept();
    let subscription: Subscription;
    try {
      subscription = await this.#browser.subscribe(publicKey);
    } catch (error) {
      console.warn('The browser gave no subscription', error);
      this.#failure = 'service';
      return;
    }
    const { endpoint } = subscription;
    const before = kept && kept.endpoint !== endpoint ? kept.endpoint : null;
    const given = { ...subscription, device: this.#browser.name, before };
    this.#channelId = (await this.#api.send('PUT', '/api/push', given, ChannelView)).id;
    this.#keep(endpoint);
    this.#state = 'on';
  }

  async #removeChannel(id: number): Promise<void> {
    try {
      await this.#api.order('DELETE', `/api/channels/${id}`);
    } catch (error) {
      // Taken away elsewhere before.
      if (!(error instanceof ApiProblem) || error.code !== 'not-found') throw error;
    }
    this.#channelId = null;
  }

  async #doing(work: () => Promise<void>): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    this.#failure = null;
    try {
      await work();
    } catch (error) {
      this.#failure = error instanceof ApiProblem ? error : new ApiProblem('internal', String(error));
    } finally {
      this.#busy = false;
    }
  }

  #kept(): { user: string; endpoint: string } | null {
    try {
      const [endpoint, ...user] = (this.#storage.getItem(storageKey) ?? '').split(' ');
      return endpoint ? { endpoint, user: user.join(' ') } : null;
    } catch {
      // Storage is blocked: it has to be switched on each time.
      return null;
    }
  }
  #keep(endpoint: string): void {
    try {
      this.#storage.setItem(storageKey, `${endpoint} ${this.#user}`);
    } catch {
      // As above.
    }
  }
  #forget(): void {
    try {
      this.#storage.removeItem(storageKey);
    } catch {
      // Nothing was stored.
    }
  }
}
