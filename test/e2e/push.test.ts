import { ChannelList, type PushMessage } from '@rackhaus/config/contract';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, createApi } from '../harness/api.ts';
import { type RunningBackend, startBackend } from '../harness/backend.ts';
import { startBrowser } from '../harness/browser.ts';
import { signedInPage } from '../harness/page.ts';

/**
 * No push service can be reached from a test, so that the one call to it, PushManager.subscribe, answers here as one would. All else is
 * the browser's own: permission, worker, notifications; what is pushed is handed to the worker by the browser's own debugger.
 */
const subscribed = () => {
  let current: PushSubscription | null = null;
  const made = (): PushSubscription => {
    const json = { endpoint: 'https://push.example/abc', keys: { p256dh: 'BPublic', auth: 'secret' } };
    return {
      endpoint: json.endpoint,
      expirationTime: null,
      options: { applicationServerKey: null, userVisibleOnly: true },
      getKey: () => null,
      toJSON: () => json,
      unsubscribe: () => {
        current = null;
        return Promise.resolve(true);
      },
    };
  };
  PushManager.prototype.subscribe = () => {
    current = made();
    return Promise.resolve(current);
  };
  PushManager.prototype.getSubscription = () => Promise.resolve(current);
};

describe('this device', () => {
  let backend: RunningBackend;
  let browser: Browser;
  let api: Api;
  let page: Page;
  let context: BrowserContext;

  beforeAll(async () => {
    backend = await startBackend();
    browser = await startBrowser();
    api = await createApi(backend);
    page = await signedInPage(browser, backend);
    context = page.context();
    await context.addInitScript(subscribed);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await backend?.stop();
  });

  const pushChannels = async () =>
    (await api.get('/api/channels', ChannelList)).channels.filter(({ settings }) => settings.kind === 'push');

  it('is offered once, and switched on after the browser has agreed', async () => {
    await page.goto(`${backend.url}/incidents`);
    const offer = page.getByRole('region', { name: 'Meldungen auf diesem Gerät' });
    await offer.waitFor();
    await context.grantPermissions(['notifications'], { origin: backend.url });
    await offer.getByRole('button', { name: 'Einschalten' }).click();
    await page.getByText('Dieses Gerät meldet Vorfälle.').waitFor();
    expect((await pushChannels()).map(({ settings }) => settings)).toEqual([
      { kind: 'push', device: 'Chrome, Linux' },
    ]);
  });

  it('is renewed whenever the dashboard is opened, and stays one channel', async () => {
    const renewed = page.waitForResponse(
      (response) => response.url().endsWith('/api/push') && response.request().method() === 'PUT',
    );
    await page.goto(`${backend.url}/rooms`);
    expect((await renewed).status()).toBe(200);
    expect(await pushChannels()).toHaveLength(1);
  });

  it('serves no page from its worker', async () => {
    const controlled = await page.evaluate(async () => {
      const registrations = await navigator.serviceWorker.getRegistrations();
      return {
        scopes: registrations.map(({ scope }) => new URL(scope).pathname),
        controller: navigator.serviceWorker.controller !== null,
      };
    });
    expect(controlled).toEqual({ scopes: ['/push/'], controller: false });
  });

  const message: PushMessage = {
    title: 'core-1 antwortet nicht',
    body: 'Serverraum neu, Schrank 1',
    tag: 'incident-5',
    path: '/incidents',
    token: '1-AAAAAAAAAAAAAAAAAAAAAA',
    acknowledge: 'Übernehmen',
    open: 'Öffnen',
    acknowledged: 'Übernommen',
    notAcknowledged: 'Nicht übernommen',
    urgent: true,
    time: Date.now(),
  };
  const push = async (data: string) => {
    const debug = await context.newCDPSession(page);
    const registration = new Promise<string>((resolve) => {
      debug.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const ours = registrations.find(({ scopeURL }) => scopeURL.endsWith('/push/'));
        if (ours) resolve(ours.registrationId);
      });
    });
    await debug.send('ServiceWorker.enable');
    await debug.send('ServiceWorker.deliverPushMessage', {
      origin: backend.url,
      registrationId: await registration,
      data,
    });
    await debug.detach();
  };
  const shown = () =>
    page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration('/push/');
      const all = (await registration?.getNotifications()) ?? [];
      return all.map(({ title, body, tag }) => ({ title, body, tag }));
    });
  /** Presses a notification, or a button on it, as a finger would: there is no debugger for that. */
  const press = async (action: string) => {
    const worker = context.serviceWorkers().find((each) => each.url().endsWith('/push-worker.js'));
    if (!worker) throw new Error('the worker for push is not running');
    await worker.evaluate(`(async () => {
      const [notification] = await self.registration.getNotifications();
      const event = new NotificationEvent('notificationclick', { notification, action: ${JSON.stringify(action)} });
      let work;
      // Only the browser's own events may ask for time.
      Object.defineProperty(event, 'waitUntil', { value: (given) => { work = given; } });
      self.dispatchEvent(event);
      await work;
    })()`);
  };

  it('shows what is pushed, one notification for each incident', async () => {
    await push(JSON.stringify(message));
    await expect.poll(shown).toEqual([{ title: message.title, body: message.body, tag: 'incident-5' }]);
    await push(JSON.stringify({ ...message, title: 'core-1 antwortet wieder' }));
    await expect
      .poll(async () => (await shown()).map(({ title }) => title))
      .toEqual(['core-1 antwortet wieder']);
  });

  it('shows something also of what cannot be read: iOS takes the subscription away otherwise', async () => {
    await push('nonsense');
    await expect.poll(async () => (await shown()).map(({ tag }) => tag)).toContain('rackhaus');
    await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration('/push/');
      for (const one of (await registration?.getNotifications()) ?? []) one.close();
    });
  });

  it('says when acknowledging from it did not work, and opens the incident in the window that is there', async () => {
    await push(JSON.stringify(message));
    await expect.poll(shown).toHaveLength(1);
    // The link is none: the server refuses.
    await press('acknowledge');
    await expect.poll(async () => (await shown()).map(({ title }) => title)).toEqual(['Nicht übernommen']);
  });

  it('is switched off again, and its channel is gone', async () => {
    await page.evaluate(() => localStorage.removeItem('rackhaus-push-offer'));
    await page.goto(`${backend.url}/on-call`);
    await page
      .getByRole('region', { name: 'Dieses Gerät' })
      .getByRole('button', { name: 'Ausschalten' })
      .click();
    await expect.poll(pushChannels).toEqual([]);
  });

  it('says in clear words how to allow what was denied', async () => {
    await page.addInitScript(() => {
      Object.defineProperty(Notification, 'permission', { get: () => 'denied' });
    });
    await page.goto(`${backend.url}/on-call`);
    await page.getByText(/in diesem Browser gesperrt/).waitFor();
  });
});
