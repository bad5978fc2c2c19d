import { type OidcSettings, SignInReturned } from '@rackhaus/config/contract';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningBackend, startBackend } from '../harness/backend.ts';
import { startBrowser } from '../harness/browser.ts';
import { makeCertificates } from '../harness/certificates.ts';
import { comeBack, type FalseProvider, type Forgery, startFalseProvider } from '../harness/false-provider.ts';
import { type RunningProvider, startProvider } from '../harness/oidc-provider.ts';
import { complaints, newPage } from '../harness/page.ts';
import { freePort } from '../harness/process.ts';
import { sourceAdmin, tryPassword } from '../harness/sign-in-source.ts';

let backend: RunningBackend;
let provider: RunningProvider;
let wrong: FalseProvider;
let browser: Browser;
let admin: Awaited<ReturnType<typeof sourceAdmin>>;
let realId: number;
let wrongId: number;

const settings = (change: Partial<OidcSettings> = {}): OidcSettings => ({
  kind: 'oidc',
  issuer: provider.issuer,
  clientId: 'rackhaus',
  scopes: 'profile',
  groupsClaim: 'groups',
  checksSecondFactor: false,
  acrValues: '',
  caCertificate: null,
  ...change,
});

beforeAll(async () => {
  [backend, browser, wrong] = await Promise.all([
    startBackend({ TRUST_PROXY: 'loopback' }),
    startBrowser(),
    startFalseProvider(),
  ]);
  admin = await sourceAdmin(backend);
  provider = await startProvider({
    people: {
      erika: { groups: ['it', 'everybody'] },
      boris: { groups: ['everybody'] },
      nina: { groups: ['other'] },
      admin: { groups: ['it'] },
      keycloak: { realm_access: { roles: ['it'] } },
    },
    redirectUri: (await admin.list()).redirectUri,
    afterSignOut: `${backend.url}/sign-in`,
  });
  const rules = [
    { group: 'everybody', role: 'viewer' as const, siteIds: null },
    { group: 'it', role: 'technician' as const, siteIds: [1] },
  ];
  const { clientSecret: secret } = provider;
  realId = await admin.add({ name: 'Rathaus-Konto', enabled: true, settings: settings(), rules, secret });
  wrongId = await admin.add({
    name: 'Falsch',
    enabled: true,
    settings: settings({ issuer: wrong.issuer }),
    rules,
    secret,
  });
});
afterAll(async () => {
  await browser?.close();
  await backend?.stop();
  await provider?.stop();
  await wrong?.stop();
});

const way = (name = 'Rathaus-Konto') => ({ name: `Mit ${name} anmelden` });

/** From the sign-in page to the provider and back, as somebody there. */
async function signInAs(name: string, path = '/sign-in'): Promise<Page> {
  const page = await newPage(browser);
  await page.goto(`${backend.url}${path}`);
  await page.getByRole('button', way()).click();
  await atProvider(page, name);
  await page.waitForURL(`${backend.url}/**`);
  return page;
}
async function atProvider(page: Page, name: string, at = provider): Promise<void> {
  await page.waitForURL(`${at.issuer}/**`);
  await page.locator('input[name="login"]').fill(name);
  await page.locator('input[name="password"]').fill('any');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Continue' }).click();
}
const who = async (page: Page): Promise<unknown> =>
  page.evaluate(async () => (await fetch('/api/session')).json());

describe('in a browser', () => {
  it('signs in with the groups of the provider, at the page that was wanted, and out again there too', async () => {
    const page = await signInAs('erika', '/sign-in?next=%2Fdrift');
    await page.waitForURL(`${backend.url}/drift`);
    expect(await who(page)).toMatchObject({ user: 'erika', role: 'technician', sites: [1] });
    const cookies = await page.context().cookies(backend.url);
    expect(cookies.find(({ name }) => name === 'rackhaus_session')).toMatchObject({
      httpOnly: true,
      sameSite: 'Strict',
    });
    // What bound the attempt to this browser is gone.
    expect(cookies.map(({ name }) => name)).not.toContain('rackhaus_sign-in');
    expect(complaints.get(page)?.filter((text) => text.includes('Content Security'))).toEqual([]);

    // There is no password here to confirm with.
    const confirmed = await page.request.post(`${backend.url}/api/account/confirm`, {
      headers: { origin: backend.url },
      data: { password: 'any' },
    });
    expect([confirmed.status(), await confirmed.json()]).toMatchObject([409, { reason: 'sign-in-again' }]);

    await page.getByRole('button', { name: 'Konto und Darstellung' }).click();
    await page.getByRole('button', { name: 'Abmelden' }).click();
    await page.waitForURL(`${provider.issuer}/session/end**`);
    await page.getByRole('button', { name: /^Yes/ }).click();
    await page.waitForURL(`${backend.url}/sign-in**`);
    expect(await who(page)).toEqual({ state: 'signed-out' });
    expect(await page.context().cookies(backend.url)).toEqual([]);
    // Whoever sits down here now is not signed in there either.
    await page.getByRole('button', way()).click();
    await page.waitForURL(`${provider.issuer}/interaction/**`);
    await page.locator('input[name="password"]').waitFor();
    await page.context().close();
  });

  it('trades a code once: who finds it later has nothing', async () => {
    const page = await newPage(browser);
    await page.goto(`${backend.url}/sign-in`);
    const back = Promise.withResolvers<string>();
    await page.route('**/api/sign-in-ways/return', (route) => {
      back.resolve(route.request().postData() ?? '');
      return route.abort();
    });
    await page.getByRole('button', way()).click();
    await atProvider(page, 'boris');
    const body = await back.promise;
    const cookies = await page.context().cookies(backend.url);
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    const finish = () =>
      fetch(`${backend.url}/api/sign-in-ways/return`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', cookie },
        body,
      });
    expect((await finish()).status).toBe(200);
    const again = await finish();
    expect(again.status).toBe(401);
    expect(await again.json()).toMatchObject({ reason: 'provider-again' });
    expect(again.headers.getSetCookie().join()).not.toContain('rackhaus_session=rhs_');
    await page.context().close();
  });

  it('believes a provider whose certificate the town hall has made itself, and no other', async () => {
    const certificates = makeCertificates(['IP:127.0.0.1']);
    const strangers = makeCertificates(['IP:127.0.0.1']);
    const { redirectUri } = await admin.list();
    const house = await startProvider({
      people: { ingrid: { groups: ['everybody'] } },
      redirectUri,
      afterSignOut: `${backend.url}/sign-in`,
      certificates,
    });
    const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'de' });
    try {
      const trusting = settings({ issuer: house.issuer, caCertificate: certificates.ca });
      for (const caCertificate of [null, strangers.ca])
        expect(
          await admin.check({ settings: { ...trusting, caCertificate }, rules: [], secret: 'x' }),
        ).toMatchObject([{ step: 'discovery', outcome: 'failed', reason: 'certificate' }]);
      const steps = await admin.check({ settings: trusting, rules: [], secret: 'x' });
      expect(steps.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done']);

      await admin.add({
        name: 'Haus',
        enabled: true,
        settings: trusting,
        rules: [{ group: 'everybody', role: 'viewer', siteIds: null }],
        secret: house.clientSecret,
      });
      const page = await context.newPage();
      await page.goto(`${backend.url}/sign-in`);
      await page.getByRole('button', way('Haus')).click();
      await atProvider(page, 'ingrid', house);
      await page.waitForURL(/\/rooms/);
      expect(await who(page)).toMatchObject({ user: 'ingrid', role: 'viewer' });
    } finally {
      await context.close();
      await house.stop();
    }
  });

  it('sends away whoever has no group and whoever would take over an account, and says why', async () => {
    for (const [name, words, reason] of [
      ['nina', 'gehört aber zu keiner Gruppe', 'no-group'],
      ['admin', 'schon ein anderes Konto mit Ihrem Namen', 'name-taken'],
    ] as const) {
      const page = await signInAs(name);
      await page.getByText(words).waitFor();
      expect(await who(page)).toEqual({ state: 'signed-out' });
      // What came with the address is not kept.
      expect(page.url()).toBe(`${backend.url}/sign-in/return`);
      const source = (await admin.list()).sources.find(({ id }) => id === realId);
      expect(source?.lastRefusal).toMatchObject({ name, reason });
      await page.context().close();
    }
  });

  it('finds roles deeper in the claims', async () => {
    await admin.change(realId, { settings: settings({ groupsClaim: 'realm_access.roles' }) });
    const page = await signInAs('keycloak');
    await page.waitForURL(/\/rooms/);
    expect(await who(page)).toMatchObject({ user: 'keycloak', role: 'technician' });
    await admin.change(realId, { settings: settings() });
    await page.context().close();
  });
});

describe('what comes back', () => {
  const outcome = async (reply: Response) => {
    const body: unknown = await reply.json();
    const cookies = reply.headers.getSetCookie().join('\n');
    expect(cookies.includes('rackhaus_session=rhs_')).toBe(reply.ok);
    return { status: reply.status, body };
  };

  it('is taken once, and leads only to pages of this server', async () => {
    wrong.forge = 'none';
    for (const next of [
      'https://elsewhere.example/',
      '//elsewhere.example',
      '/\\elsewhere.example',
      '/..//elsewhere.example',
    ]) {
      const back = await comeBack(backend.url, wrongId, next);
      const reply = await outcome(await back.finish());
      expect(reply.status).toBe(200);
      expect(SignInReturned.parse(reply.body).next).toBe('/');
    }
    const back = await comeBack(backend.url, wrongId, '/drift?open=1#2');
    expect((await outcome(await back.finish())).body).toMatchObject({ next: '/drift?open=1#2' });
  });

  it('is refused with the state of another attempt, without the cookie, or with a changed one', async () => {
    const mine = await comeBack(backend.url, wrongId);
    const theirs = await comeBack(backend.url, wrongId);
    const tries = [
      await mine.finish(theirs.query),
      await mine.finish(mine.query, ''),
      await mine.finish(mine.query, mine.cookie.slice(0, -3)),
      await mine.finish('?error=access_denied&state=nonsense'),
    ];
    for (const reply of tries) expect((await outcome(reply)).status).toBeGreaterThanOrEqual(400);
  });

  it('is refused when it is forged, meant for somebody else, or too old', async () => {
    const forgeries: Forgery[] = [
      'other-key',
      'alg-none',
      'hmac-with-public-key',
      'wrong-audience',
      'wrong-issuer',
      'wrong-nonce',
      'expired',
      'changed',
    ];
    for (const forge of forgeries) {
      wrong.forge = forge;
      const back = await comeBack(backend.url, wrongId);
      const reply = await outcome(await back.finish());
      expect([forge, reply]).toMatchObject([forge, { status: 401, body: { reason: 'provider-untrusted' } }]);
      wrong.forge = 'none';
      expect((await outcome(await (await comeBack(backend.url, wrongId)).finish())).status).toBe(200);
    }
  });

  it('has to confirm the level that is asked for', async () => {
    const strong = settings({ issuer: wrong.issuer, checksSecondFactor: true, acrValues: 'silver gold' });
    await admin.change(wrongId, { settings: strong });
    try {
      for (const acr of [null, 'bronze', 'Gold', 'silver gold']) {
        wrong.acr = acr;
        const back = await comeBack(backend.url, wrongId);
        expect(back.asked.searchParams.get('acr_values')).toBe('silver gold');
        const reply = await outcome(await back.finish());
        expect([acr, reply]).toMatchObject([acr, { status: 403, body: { reason: 'not-strong' } }]);
      }
      wrong.acr = 'gold';
      expect((await outcome(await (await comeBack(backend.url, wrongId)).finish())).body).toMatchObject({
        session: { state: 'signed-in' },
      });
    } finally {
      wrong.acr = null;
      await admin.change(wrongId, { settings: settings({ issuer: wrong.issuer }) });
    }
  });

  it('is believed with a new key as soon as the provider has one', async () => {
    wrong.rotate();
    expect((await outcome(await (await comeBack(backend.url, wrongId)).finish())).status).toBe(200);
  });
});

it('says when the provider is away; local accounts still sign in', async () => {
  const issuer = `http://127.0.0.1:${await freePort()}`;
  const id = await admin.add({ name: 'Weg', enabled: true, settings: settings({ issuer }), rules: [] });
  const reply = await fetch(`${backend.url}/api/sign-in-ways/${id}/start`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ next: '/' }),
  });
  expect(reply.status).toBe(503);
  expect(await reply.json()).toMatchObject({ reason: 'provider-unreachable' });
  expect((await tryPassword(backend.url, backend.user, backend.password)).status).toBe(200);
});

it('takes only https, but for this machine itself; tries settings before they are saved', async () => {
  const plain = {
    name: 'Klartext',
    enabled: true,
    rules: [],
    settings: settings({ issuer: 'http://login.example' }),
  };
  expect(await admin.send('POST', '/api/sign-in-sources', plain)).toMatchObject({
    status: 400,
    json: { fields: [{ path: 'settings.issuer' }] },
  });
  // In the house, but neither this server's own network card nor what a machine's owner reads there.
  for (const [issuer, status] of [
    ['https://10.20.30.40/realms/rathaus', 200],
    ['https://192.168.7.8', 200],
    ['https://169.254.169.254', 400],
    ['https://[::ffff:169.254.169.254]', 400],
  ] as const)
    expect(
      await admin.send('POST', '/api/sign-in-sources', {
        ...plain,
        name: issuer,
        enabled: false,
        settings: settings({ issuer }),
      }),
      issuer,
    ).toMatchObject({ status });
  const good = await admin.check({ settings: settings(), rules: [] });
  expect(good.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual([
    'discovery done',
    'keys done',
    'logout done',
  ]);
  const bad = await admin.check({ settings: settings({ issuer: backend.url }), rules: [] });
  expect(bad).toMatchObject([{ step: 'discovery', outcome: 'failed', reason: 'not-a-provider' }]);
});
