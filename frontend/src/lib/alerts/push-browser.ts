import { z } from 'zod';

/** What a push message is sent with. */
export interface Subscription {
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
}

/** What this browser can do about push, as functions, so that each case can be tried. */
export interface PushBrowser {
  /** https, or this machine itself. */
  readonly secure: boolean;
  readonly supported: boolean;
  /** iPhone or iPad: push only for what lies on the home screen. */
  readonly ios: boolean;
  readonly installed: boolean;
  /** "Chrome, Android". */
  readonly name: string;
  permission(): NotificationPermission;
  ask(): Promise<NotificationPermission>;
  /** Subscribes, or keeps the subscription that was made with this key. @throws DOMException */
  subscribe(publicKey: string): Promise<Subscription>;
  /** Ends it. */
  unsubscribe(): Promise<void>;
  /** Does something that nothing else on this page or in another tab does at the same time; not for what needs a press. */
  alone(work: () => Promise<void>): Promise<void>;
}

/** Its scope holds no page: it can never serve one. */
const scope = '/push/';

export function pushBrowser(window: Window & typeof globalThis): PushBrowser {
  const { navigator } = window;
  // An iPad calls itself a Mac, but has fingers on it.
  const ios =
    /iPhone|iPad|iPod/.test(navigator.userAgent) ||
    (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
  const registered = () => navigator.serviceWorker.getRegistration(scope);
  return {
    secure: window.isSecureContext,
    supported: 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window,
    ios,
    installed: window.matchMedia('(display-mode: standalone)').matches,
    name: browserName(navigator.userAgent, ios),
    permission: () => window.Notification.permission,
    ask: () => window.Notification.requestPermission(),
    subscribe: async (publicKey) => {
      const registration = await navigator.serviceWorker.register('/push-worker.js', {
        scope,
        updateViaCache: 'none',
      });
      await activated(registration);
      const { pushManager } = registration;
      const before = await pushManager.getSubscription();
      if (before && keyOf(before) !== publicKey) await before.unsubscribe();
      return read(await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey }));
    },
    unsubscribe: async () => {
      const subscription = await (await registered())?.pushManager.getSubscription();
      await subscription?.unsubscribe();
    },
    alone: async (work) => {
      await navigator.locks.request('rackhaus-push', work);
    },
  };
}

/** `ready` waits for the worker of this page; this one has no pages. */
function activated(registration: ServiceWorkerRegistration): Promise<void> {
  const worker = registration.installing ?? registration.waiting;
  if (registration.active || !worker) return Promise.resolve();
  return new Promise((resolve, reject) => {
    worker.addEventListener('statechange', () => {
      if (worker.state === 'activated') resolve();
      else if (worker.state === 'redundant') reject(new Error('the worker for push was not accepted'));
    });
  });
}

const Json = z.object({ endpoint: z.string(), keys: z.object({ p256dh: z.string(), auth: z.string() }) });

function read(subscription: PushSubscription): Subscription {
  const { endpoint, keys } = Json.parse(subscription.toJSON());
  return { endpoint, ...keys };
}

/** The server's key that it was made with, as the server writes it (base64url). */
function keyOf(subscription: PushSubscription): string {
  const bytes = new Uint8Array(subscription.options.applicationServerKey ?? new ArrayBuffer(0));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** Which browser on which system, as a person would call it. */
export function browserName(userAgent: string, ios: boolean): string {
  const browser =
    [
      ['Edg', 'Edge'],
      ['OPR/', 'Opera'],
      ['SamsungBrowser', 'Samsung Internet'],
      ['Firefox', 'Firefox'],
      ['FxiOS', 'Firefox'],
      ['CriOS', 'Chrome'],
      ['Chrome', 'Chrome'],
      ['Safari', 'Safari'],
    ].find(([mark = '']) => userAgent.includes(mark))?.[1] ?? 'Browser';
  const system = ios
    ? /iPhone/.test(userAgent)
      ? 'iPhone'
      : 'iPad'
    : ([
        ['Android', 'Android'],
        ['Windows', 'Windows'],
        ['Macintosh', 'Mac'],
        ['CrOS', 'ChromeOS'],
        ['Linux', 'Linux'],
      ].find(([mark = '']) => userAgent.includes(mark))?.[1] ?? '');
  return system === '' ? browser : `${browser}, ${system}`;
}
