import AxeBuilder from '@axe-core/playwright';
import { MaintenanceList, OnCallNow, RuleList, recordListReply, StatusPage } from '@rackhaus/config/contract';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, createApi } from '../harness/api.ts';
import { type RunningBackend, startBackend } from '../harness/backend.ts';
import { startBrowser } from '../harness/browser.ts';
import { complaints, newPage, signedInPage } from '../harness/page.ts';

describe('who is on call, and what calls them', () => {
  let backend: RunningBackend;
  let browser: Browser;
  let api: Api;
  let admin: Page;

  beforeAll(async () => {
    backend = await startBackend();
    browser = await startBrowser();
    api = await createApi(backend);
    const made = await fetch(`${backend.url}/api/users`, {
      method: 'POST',
      headers: { cookie: api.cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'tina', password: 'tina-only-for-this-test', role: 'technician' }),
    });
    if (!made.ok) throw new Error(`users: ${made.status} ${await made.text()}`);
    admin = await signedInPage(browser, backend);
    admin.setDefaultTimeout(15_000);
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await backend?.stop();
  });

  const dialog = () => admin.getByRole('dialog');
  const go = (path: string) => admin.goto(`${backend.url}${path}`);

  it('plans who is on call, and sees the gaps before the plan is kept', async () => {
    await go('/on-call');
    await admin.getByText('Noch ist kein Bereitschaftsplan angelegt').waitFor();
    await admin.getByRole('link', { name: 'Bereitschaftsplan anlegen' }).click();
    await admin.getByLabel('Name des Plans').fill('Rathaus-IT');
    await admin.getByLabel('Person hinzufügen').selectOption({ label: 'tina' });
    await admin
      .getByText('Ohne Lücken')
      .or(admin.getByText(/niemand in Bereitschaft/))
      .first()
      .waitFor();
    await admin.getByRole('button', { name: 'Auf Uhrzeiten begrenzen' }).click();
    await admin.getByText(/In \d+ Zeiten ist niemand in Bereitschaft/).waitFor();
    await admin.getByRole('button', { name: 'Speichern' }).click();
    await admin.getByText('Der Plan Rathaus-IT ist gespeichert.').waitFor();
    await admin.getByText(/Montag bis Freitag 16:00–07:00/).waitFor();
  });

  it('shows a gap in the calendar, says it, and closes it with a cover', async () => {
    await go('/on-call/calendar');
    await admin.getByText(/ist niemand in Bereitschaft/).waitFor();
    const fill = admin.getByRole('alert').getByRole('button', { name: /besetzen/ });
    const first = (await fill.first().getAttribute('aria-label')) ?? '';
    await fill.first().click();
    await dialog().getByLabel('Wer übernimmt').selectOption({ label: 'tina' });
    await dialog().getByRole('button', { name: 'Vertretung eintragen' }).click();
    await admin.getByText('tina ist als Vertretung eingetragen.').waitFor();
    await admin.getByRole('button', { name: /Vertretung durch tina entfernen/ }).waitFor();
    await admin.getByRole('button', { name: first, exact: true }).first().waitFor({ state: 'detached' });
    const { records } = await api.get('/api/inventory/rota-change', recordListReply('rota-change'));
    expect(records).toHaveLength(1);
    await admin.getByRole('button', { name: 'Rückgängig' }).click();
    await admin.getByRole('button', { name: first, exact: true }).first().waitFor();
  });

  it('marks days with the keyboard for a cover', async () => {
    const today = admin.locator('[data-day][tabindex="0"]');
    await today.focus();
    await admin.keyboard.press('Shift+ArrowRight');
    await admin.keyboard.press('Enter');
    await dialog().getByLabel('Wer übernimmt').waitFor();
    await admin.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
  });

  it('writes an escalation that says in sentences what it does', async () => {
    await go('/on-call/escalations/new');
    await admin.getByText('Sofort: Bereitschaft „Rathaus-IT“.').waitFor();
    await admin.getByRole('button', { name: 'Schritt hinzufügen' }).click();
    await admin.getByText('Nach 10 Minuten ohne Übernahme: ').waitFor();
    await admin.getByLabel('Dann warten').first().fill('7');
    await admin.getByText('Nach 7 Minuten ohne Übernahme: ').waitFor();
    await admin.getByLabel('Name der Meldekette').fill('Rund um die Uhr');
    await admin.getByRole('button', { name: 'Speichern' }).click();
    await admin.getByText('Die Meldekette Rund um die Uhr ist gespeichert.').waitFor();
    await admin.getByText('Nach 7 Minuten ohne Übernahme: ').waitFor();
    const { problems } = await api.get('/api/on-call', OnCallNow);
    expect(problems.map(({ code }) => code)).toContain('gap');
  });

  it('keeps a channel of one’s own and says that nobody has confirmed it', async () => {
    await go('/on-call');
    await admin.getByRole('button', { name: 'Kanal hinzufügen' }).click();
    await dialog().getByLabel('Bezeichnung').fill('Dienstpost');
    await dialog().getByLabel('Adresse').fill('nicht ganz');
    await dialog().getByRole('button', { name: 'Kanal hinzufügen' }).click();
    await dialog().getByText('Bitte eine vollständige E-Mail-Adresse angeben.').waitFor();
    await dialog().getByLabel('Adresse').fill('admin@rathaus.example');
    await dialog().getByRole('button', { name: 'Kanal hinzufügen' }).click();
    await admin.getByText('noch nie bestätigt – bitte testen').waitFor();
  });

  it('tunes a rule with what it would have done, and takes that back', async () => {
    const { rules } = await api.get('/api/alert-rules', RuleList);
    const rule = rules.find(({ limit, metric }) => limit !== null && metric === 'sensor.temperature');
    if (!rule?.limit) throw new Error('there is no rule for the temperature');
    await go('/rules');
    const row = admin.locator(`[id="rule-${rule.id}"]`);
    await row.getByRole('button', { name: /anpassen$/ }).click();
    await dialog()
      .getByText(/Hätte \d+-mal gemeldet/)
      .waitFor();
    await dialog()
      .getByLabel(/^Melden/)
      .fill(String(rule.limit.value + 2.5).replace('.', ','));
    await dialog()
      .getByText(/Hätte \d+-mal gemeldet/)
      .waitFor();
    await dialog()
      .getByLabel(/Begründung/)
      .fill('Sommer');
    await dialog().getByRole('button', { name: 'Übernehmen' }).click();
    await row.getByText('Sommer').waitFor();
    const tuned = (await api.get('/api/alert-rules', RuleList)).rules.find(({ id }) => id === rule.id);
    expect(tuned?.limits.map(({ limit }) => limit)).toEqual([rule.limit.value + 2.5]);
    await row.getByRole('button', { name: /zurücksetzen/ }).click();
    await row.getByText('Sommer').waitFor({ state: 'detached' });
    await admin.getByRole('button', { name: 'Rückgängig' }).click();
    await row.getByText('Sommer').waitFor();
  });

  it('enters maintenance for a device from its link, and takes it back', async () => {
    await go('/maintenance?new=device&id=1');
    await dialog().getByLabel('Bezeichnung').fill('Firmware');
    await dialog().getByRole('button', { name: '1 Stunde' }).click();
    await dialog().getByRole('button', { name: 'Wartung eintragen' }).click();
    await admin.getByText('läuft', { exact: true }).waitFor();
    expect((await api.get('/api/maintenance', MaintenanceList)).windows.map(({ name }) => name)).toEqual([
      'Firmware',
    ]);
    await admin.getByRole('button', { name: 'Rückgängig' }).click();
    await admin.getByText('Gerade wird nichts gewartet.').waitFor();
  });

  it('tells colleagues, also those who are not signed in', async () => {
    await go('/status-page');
    await admin.getByRole('button', { name: 'Hinweis schreiben' }).click();
    await dialog().getByLabel('Überschrift').fill('Telefone nur eingeschränkt erreichbar');
    await dialog().getByRole('button', { name: 'Veröffentlichen' }).click();
    await admin.getByText('Telefone nur eingeschränkt erreichbar').waitFor();
    expect((await api.get('/api/status', StatusPage)).messages).toHaveLength(1);
    await go('/on-call/settings');
    const open = admin.getByLabel('Die Statusseite ist ohne Anmeldung sichtbar');
    if (!(await open.isChecked())) await open.check();
    await admin.getByRole('button', { name: 'Speichern' }).click();
    await admin.getByText('Die Einstellungen sind gespeichert.').waitFor();
    const stranger = await newPage(browser);
    await stranger.goto(`${backend.url}/status`);
    await stranger.getByText('Telefone nur eingeschränkt erreichbar').waitFor();
    await stranger.context().close();
  });

  it('is usable by everybody at any width', async () => {
    const paths = ['/on-call', '/on-call/calendar', '/on-call/plan', '/on-call/rotas/1'];
    paths.push('/on-call/escalations/1', '/on-call/people', '/on-call/path', '/on-call/settings');
    paths.push('/drills', '/maintenance', '/rules', '/review', '/status-page');
    const found: string[] = [];
    for (const width of [1440, 390]) {
      const page = await signedInPage(browser, backend, { width });
      for (const path of paths) {
        await page.goto(`${backend.url}${path}`);
        await page.getByRole('heading', { level: 1 }).first().waitFor();
        await expect.poll(() => page.getByText('Wird geladen').count(), { timeout: 15_000 }).toBe(0);
        const { violations } = await new AxeBuilder({ page }).analyze();
        for (const { id, nodes } of violations)
          found.push(`${path} ${width}: ${id}: ${nodes.map(({ target }) => target).join(', ')}`);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        if (wide !== width) found.push(`${path} ${width}: is ${wide} wide`);
      }
      expect(complaints.get(page)).toEqual([]);
      await page.context().close();
    }
    expect(found).toEqual([]);
    // Two dozen pages, each searched from top to bottom.
  }, 240_000);
});
