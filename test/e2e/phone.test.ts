import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { codeOf, LabelOptions } from '@rackhaus/config/contract';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningBackend, startBackend } from '../harness/backend.ts';
import { startBrowser } from '../harness/browser.ts';
import { type Office, openOffice } from '../harness/orders.ts';
import { complaints, signedInPage } from '../harness/page.ts';

describe('an order at the rack, on a phone', () => {
  let backend: RunningBackend;
  let browser: Browser;
  let office: Office;
  let page: Page;
  let context: BrowserContext;
  /** What the phone has sent, in order. */
  const sent: { path: string; body: string }[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'rackhaus-phone-'));

  beforeAll(async () => {
    backend = await startBackend();
    browser = await startBrowser();
    office = await openOffice(backend);
    page = await signedInPage(browser, backend, { width: 390 });
    context = page.context();
    context.setDefaultTimeout(9_000);
    context.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (request.method() === 'POST' && /\/report$|captures$/.test(pathname))
        sent.push({ path: pathname, body: request.postData() ?? '' });
    });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await backend?.stop();
  });

  const removal = async (...labels: string[]) =>
    Promise.all(
      labels.map(async (label) => ({
        action: 'remove-link' as const,
        linkId: (await office.cable(label)).id,
        keep: false,
      })),
    );
  const step = () => page.locator('article[data-step]');
  const stepId = async () => Number(await step().getAttribute('data-step'));
  const isDone = () => page.locator('article[data-state="done"]').waitFor();
  /** What stands at the top: how far everything has got. */
  const says = (words: string) => page.getByRole('link', { name: words }).waitFor();
  const allSent = () => says('Alles übertragen');
  /** Does the step that is shown, and goes on to the next. */
  const doStep = async (): Promise<number> => {
    const id = await stepId();
    await page.getByRole('button', { name: 'Erledigt', exact: true }).click();
    await isDone();
    await page.getByRole('button', { name: 'Weiter' }).click();
    await page.waitForURL((url) => !url.search.endsWith(`step=${id}`));
    return id;
  };
  const openOrder = async (title: string) => {
    await page.goto(`${backend.url}/work`);
    await page.getByRole('link', { name: title }).click();
    await step().waitFor();
  };

  it('shows the orders of today, and is put aside for when there is no network', async () => {
    await office.order('Server umhängen', await removal('K-0003', 'K-0004'));
    await page.goto(`${backend.url}/work`);
    await page.getByText('Server umhängen').waitFor();
    await page.getByText('0 von 4 Schritten erledigt').waitFor();
    await page.getByText('Diese Seiten öffnen sich auch ohne Netz.').waitFor();
  });

  it('takes three steps without a network, and tells the server once and in order when it is back', async () => {
    await openOrder('Server umhängen');
    await context.setOffline(true);
    // As when the phone has thrown the page away in the pocket.
    await page.reload();
    await step().waitFor();
    const done: number[] = [];
    for (let n = 0; n < 3; n++) done.push(await doStep());
    await says('3 Schritte warten auf das Netz');
    await page.reload();
    await says('3 Schritte warten auf das Netz');

    sent.length = 0;
    await context.setOffline(false);
    await allSent();
    expect(sent.map(({ path }) => Number(/steps\/(\d+)/.exec(path)?.[1]))).toEqual(done);
    const orderId = Number(/work\/(\d+)/.exec(page.url())?.[1]);
    const { steps } = await office.view(orderId);
    const changes = done.map((id) => steps.find((each) => each.id === id)?.changeId ?? 0);
    expect(changes.every((id) => id > 0)).toBe(true);
    expect(changes).toEqual([...changes].sort((a, b) => a - b));
    expect(
      steps
        .filter(({ state }) => state === 'done')
        .map(({ id }) => id)
        .sort(),
    ).toEqual([...done].sort());
  });

  it('takes a step back, without a network without a trace and with one by a report', async () => {
    const order = Number(/work\/(\d+)/.exec(page.url())?.[1]);
    await page.locator('article[data-state="open"]').waitFor();
    await context.setOffline(true);
    sent.length = 0;
    const id = await stepId();
    await page.getByRole('button', { name: 'Erledigt', exact: true }).click();
    await isDone();
    await page.getByRole('button', { name: 'Rückgängig' }).click();
    await page.locator('article[data-state="open"]').waitFor();
    await context.setOffline(false);
    await allSent();

    await page.getByRole('button', { name: 'Erledigt', exact: true }).click();
    await isDone();
    await allSent();
    await page.getByRole('button', { name: 'Rückgängig' }).click();
    await page.locator('article[data-state="open"]').waitFor();
    await allSent();
    const outcomes = sent.map(({ body }) => /"outcome":"(\w+)"/.exec(body)?.[1]);
    expect(outcomes.slice(-2)).toEqual(['done', 'reopen']);
    const { steps } = await office.view(order);
    expect(steps.find((each) => each.id === id)?.state).toBe('open');
  });

  it('says that it was not possible, why, and with a photo', async () => {
    const order = Number(/work\/(\d+)/.exec(page.url())?.[1]);
    const id = await stepId();
    await page.getByRole('button', { name: 'Geht nicht' }).click();
    await page.getByLabel('Kein Zugang').check();
    await page.getByLabel('In eigenen Worten (freiwillig)').fill('Schlüssel fehlt');
    await page.locator('input[type="file"]').setInputFiles({
      name: 'foto.png',
      mimeType: 'image/png',
      buffer: await page.screenshot(),
    });
    await page.getByText('Ein Foto').waitFor();
    await page.getByRole('button', { name: 'Als nicht möglich melden' }).click();
    await page.locator('article[data-state="impossible"]').waitFor();
    await allSent();
    const { steps } = await office.view(order);
    expect(steps.find((each) => each.id === id)).toMatchObject({
      state: 'impossible',
      reason: 'Kein Zugang: Schlüssel fehlt',
    });
  });

  it('shows what is in the way, and documents it all the same when somebody says so', async () => {
    const cord = await office.cable('K-0005');
    const target = await office.port('core-1', '1/1/19');
    const id = await office.order('Anderer Port', [
      { action: 'move-link', linkId: cord.id, a: { portId: target, portSide: 'front', connector: 1 } },
    ]);
    await openOrder('Anderer Port');
    await context.setOffline(true);
    await doStep();
    const second = await stepId();
    await page.getByRole('button', { name: 'Erledigt', exact: true }).click();
    await isDone();
    // Meanwhile somebody else puts another cable there.
    await office.send('POST', '/api/captures', {
      key: crypto.randomUUID(),
      at: Date.now(),
      what: 'connected',
      label: 'K-9001',
      a: { portId: target },
      b: null,
    });
    await context.setOffline(false);
    await says('Ein Schritt braucht Sie');
    await page.getByText(/Dort ist jetzt: .*K-9001/).waitFor();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    expect((await office.view(id)).steps.find((each) => each.id === second)?.state).toBe('open');
    // It is still there after the page was closed.
    await page.reload();
    await page.getByRole('button', { name: 'Trotzdem so dokumentieren' }).click();
    await allSent();
    expect((await office.view(id)).steps.map(({ state }) => state)).toEqual(['done', 'done']);
  });

  it('tells the right port from the wrong one by the code of its label', async () => {
    await office.order('Etiketten lesen', await removal('K-0007'));
    await openOrder('Etiketten lesen');
    const { a } = await office.cable('K-0007');
    const right = await labelPicture(backend, office, a);
    const wrong = await labelPicture(backend, office, await office.port('core-1', '1/1/21'));
    await page.getByRole('button', { name: 'Prüfen', exact: true }).click();
    await page.locator('dialog input[type="file"]').setInputFiles(wrong);
    await page.getByText(/Das ist core\u20111:1\/1\/21\. Gesucht ist core\u20111:1\/1\/3/).waitFor();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    await page.getByRole('button', { name: 'Noch einmal' }).click();
    await page.locator('dialog input[type="file"]').setInputFiles(right);
    await page.getByText('Das ist richtig').waitFor();
    await page.getByRole('button', { name: 'Weiter' }).click();
    await page.getByRole('button', { name: 'Geprüft' }).click();
    await page.getByLabel('Oder eintippen').fill('K-0008');
    await page.getByRole('dialog').getByRole('button', { name: 'Prüfen' }).click();
    await page.getByText(/K\u20110008.* Gesucht ist/).waitFor();
    await page.getByRole('button', { name: 'Noch einmal' }).click();
    await page.getByLabel('Oder eintippen').fill('k-0007');
    await page.getByRole('dialog').getByRole('button', { name: 'Prüfen' }).click();
    await page.getByText('Das ist richtig').waitFor();
    await page.getByRole('button', { name: 'Weiter' }).click();
  });

  it('records a cable without an order and without a network', async () => {
    await page.goto(`${backend.url}/work/capture`);
    await page.getByLabel('Erstes Ende').waitFor();
    await context.setOffline(true);
    const port = await office.port('core-1', '1/1/22');
    await page.getByLabel('Erstes Ende').fill(`${backend.url}/q/${codeOf('port', port)}`);
    await page.getByLabel('Zweites Ende').fill('core-2 1/1/22');
    await page.getByLabel('Beschriftung des Kabels').fill('K-9100');
    await page.getByRole('button', { name: 'Als verbunden erfassen' }).click();
    await page.getByText('Erfasst', { exact: true }).waitFor();
    await says('Ein Schritt wartet auf das Netz');
    await context.setOffline(false);
    await allSent();
    expect(await office.cable('K-9100')).toMatchObject({
      a: port,
      b: await office.port('core-2', '1/1/22'),
    });
  });

  it('keeps what waits when the session has ended, and asks to sign in', async () => {
    await office.order('Nach der Pause', await removal('K-0008'));
    await openOrder('Nach der Pause');
    await context.setOffline(true);
    await doStep();
    await context.clearCookies();
    await context.setOffline(false);
    await page.getByText('Sie sind nicht mehr angemeldet.').waitFor();
    await page.getByRole('link', { name: 'Anmelden' }).click();
    await page.locator('input[autocomplete="username"]').fill(backend.user);
    await page.locator('input[type="password"]').fill(backend.password);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/work\//);
    await allSent();
  });

  it.each([
    { theme: 'light', language: 'de' },
    { theme: 'dark', language: 'en' },
  ] as const)('is usable for everyone, $theme, $language', async (options) => {
    const other = await signedInPage(browser, backend, { width: 390, ...options });
    await other.goto(`${backend.url}/work`);
    await other.getByRole('link', { name: 'Etiketten lesen' }).waitFor();
    await look(other);
    await other.getByRole('link', { name: 'Etiketten lesen' }).click();
    await other.locator('article[data-step]').waitFor();
    await look(other);
    for (const button of await other.locator('.thumb button').all())
      expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(56);
    await other.goto(`${backend.url}/work/capture`);
    await other.locator('input').first().waitFor();
    await look(other);
    await other.goto(`${backend.url}/work/queue`);
    await other.getByRole('heading', { level: 1 }).waitFor();
    await look(other);
    expect(complaints.get(other)).toEqual([]);
    await other.context().close();
  });

  async function look(at: Page): Promise<void> {
    const { violations } = await new AxeBuilder({ page: at }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    await expect.poll(() => at.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  }

  /** The label of a port as it is printed, photographed: a PNG. */
  async function labelPicture(of: RunningBackend, by: Office, portId: number): Promise<string> {
    const options = LabelOptions.parse(await by.send('GET', '/api/labels/options', undefined));
    const lines = options.templates.find(({ kind }) => kind === 'port')?.lines ?? ['{name}'];
    const reply = await fetch(`${of.url}/api/labels/pdf`, {
      method: 'POST',
      headers: { cookie: by.cookie, 'content-type': 'application/json' },
      body: JSON.stringify({
        selection: { kind: 'port', ids: [portId] },
        lines,
        withQr: true,
        medium: 'avery-l6011',
      }),
    });
    if (!reply.ok) throw new Error(`labels: ${reply.status} ${await reply.text()}`);
    const file = join(folder, `port-${portId}`);
    writeFileSync(`${file}.pdf`, new Uint8Array(await reply.arrayBuffer()));
    // Left top corner of the sheet, where the label is, as near as one holds a phone.
    execFileSync('pdftoppm', [
      ...['-png', '-singlefile', '-r', '200', '-x', '0', '-y', '0', '-W', '640', '-H', '420'],
      ...[`${file}.pdf`, file],
    ]);
    return `${file}.png`;
  }
});
