/**
 * `none`: this browser or this connection (plain http) has no service worker. `fetching`: the pages are being put aside.
 * `ready`: they open without a network.
 */
export type OfflineState = 'none' | 'fetching' | 'ready' | 'failed';

/** Puts the pages under /work aside for when there is no network, and knows of new versions of them. */
export class Offline {
  #state = $state<OfflineState>('none');
  #waiting = $state.raw<ServiceWorker | null>(null);
  #reload: () => void;
  #asked = false;
  #container: ServiceWorkerContainer | null;

  constructor(options: { container: ServiceWorkerContainer | undefined; reload: () => void }) {
    this.#container = options.container ?? null;
    this.#reload = options.reload;
  }

  get state(): OfflineState {
    return this.#state;
  }
  /** A new version lies ready and waits until it may take over. */
  get newVersion(): boolean {
    return this.#waiting !== null;
  }

  async start(): Promise<void> {
    const container = this.#container;
    if (container === null) return;
    this.#state = 'fetching';
    container.addEventListener('controllerchange', this.#changed);
    try {
      const registration = await container.register('/service-worker.js', {
        scope: '/work',
        type: 'module',
        updateViaCache: 'none',
      });
      this.#look(registration);
      registration.addEventListener('updatefound', () => this.#look(registration));
    } catch (error) {
      // Blocked by the browser's settings: everything works as long as there is a network.
      console.info('Without a network these pages will not open', error);
      this.#state = 'failed';
    }
  }

  stop(): void {
    this.#container?.removeEventListener('controllerchange', this.#changed);
  }

  /** Lets the new version take over and loads the page anew. */
  takeOver(): void {
    this.#asked = true;
    this.#waiting?.postMessage('take-over');
  }

  #look(registration: ServiceWorkerRegistration): void {
    if (registration.active !== null) this.#state = 'ready';
    if (registration.waiting !== null && registration.active !== null) this.#waiting = registration.waiting;
    const { installing } = registration;
    installing?.addEventListener('statechange', () => {
      if (installing.state === 'redundant' && registration.active === null) this.#state = 'failed';
      this.#look(registration);
    });
  }

  readonly #changed = (): void => {
    this.#waiting = null;
    this.#state = 'ready';
    if (this.#asked) this.#reload();
  };
}
