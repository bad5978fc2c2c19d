import { ChangeList, RoomView, Structure } from '@rackhaus/config/contract';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApi } from '../harness/api.ts';
import { type RunningBackend, startBackend } from '../harness/backend.ts';
import { startBrowser } from '../harness/browser.ts';
import { signedInPage } from '../harness/page.ts';

describe('what has been done can be seen and taken back', () => {
  let backend: RunningBackend;
  let browser: Browser;
  let page: Page;
  let rackId: number;
  let device: { readonly id: number; readonly name: string };

  beforeAll(async () => {
    backend = await startBackend({ RACKHAUS_LOG_LEVEL: 'error' });
    browser = await startBrowser();
    page = await signedInPage(browser, backend);
    const api = await createApi(backend);
    const structure = await api.get('/api/structure', Structure);
    const racks = structure.sites.flatMap(({ buildings }) =>
      buildings.flatMap(({ floors }) => floors.flatMap(({ rooms }) => rooms.flatMap((room) => room.racks))),
    );
    rackId = racks[0]?.id ?? 0;
    const view = await api.get(`/api/racks/${rackId}`, RoomView);
    const found = view.racks[0]?.devices.find((each) => each.role === 'panel') ?? view.racks[0]?.devices[0];
    if (found === undefined) throw new Error('the rack is empty');
    device = found;
  });
  afterAll(async () => {
    await browser?.close();
    await backend?.stop();
  });

  const call = async (method: string, path: string, body?: object) => {
    const { cookie } = await createApi(backend);
    const reply = await fetch(`${backend.url}${path}`, {
      method,
      headers: { cookie, origin: backend.url, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
  };

  it('a note, by the keyboard and back again', async () => {
    await page.goto(`${backend.url}/devices/${device.id}`);
    await page.getByLabel('Neue Notiz').fill('Etikett erneuern');
    await page.getByRole('button', { name: 'Notieren' }).click();
    const note = page.getByRole('listitem').filter({ hasText: 'Etikett erneuern' });
    await note.waitFor();
    await page.getByRole('heading', { name: 'Notizen' }).click();
    await page.keyboard.press('Control+z');
    await page.getByText('Rückgängig gemacht: Notiz geschrieben').waitFor();
    await note.waitFor({ state: 'detached' });
    await page.keyboard.press('Control+Shift+z');
    await note.waitFor();
  });

  it('a file of the wrong kind is refused, one of the right kind is kept', async () => {
    const chooser = page.locator('input[type=file]').first();
    const program = { name: 'program.exe', mimeType: 'application/octet-stream' };
    await chooser.setInputFiles({ ...program, buffer: Buffer.from([0x4d, 0x5a, 0, 1, 2, 0xff, 0xfe, 0]) });
    await page.getByText('Diese Art von Datei wird nicht angenommen').waitFor();
    await chooser.setInputFiles({ name: 'plan.txt', mimeType: 'text/plain', buffer: Buffer.from('Plan') });
    await page.getByRole('link', { name: 'plan.txt' }).waitFor();
  });

  it('an undo that would overwrite somebody else says so', async () => {
    await call('PATCH', `/api/inventory/device/${device.id}?reason=Erstens`, { serial: 'A1' });
    await call('PATCH', `/api/inventory/device/${device.id}?reason=Zweitens`, { serial: 'A2' });
    await page.goto(`${backend.url}/history`);
    const first = page.locator('article').filter({ hasText: 'Erstens' });
    await first.getByRole('button', { name: /^Rückgängig/ }).click();
    await page.getByText(`${device.name} wurde inzwischen geändert`).waitFor();
    // Opened, it says what was and what is.
    await first.getByRole('button', { expanded: false }).click();
    await first.getByText('Seriennummer').waitFor();
  });

  it('a rack is drawn as it was, with what has gone since', async () => {
    const api = await createApi(backend);
    await call('DELETE', `/api/inventory/device/${device.id}`);
    await page.goto(`${backend.url}/racks/${rackId}/past`);
    await page.locator('[data-mark=went]').first().waitFor();
    await page.getByText('So war es am').waitFor();
    await expect
      .poll(() => page.getByRole('group', { name: new RegExp(`^${device.name}`) }).count())
      .toBeGreaterThan(0);
    const { changes } = await api.get('/api/changes?size=1', ChangeList);
    await call('POST', `/api/changes/${changes[0]?.id}/undo`, {});
    await page.getByText('Seitdem hat sich hier nichts geändert').waitFor();
  });
});
