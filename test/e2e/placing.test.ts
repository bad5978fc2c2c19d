import { AxeBuilder } from '@axe-core/playwright';
import { DeviceView, type RoomView } from '@rackhaus/config/contract';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, createApi, deviceOf } from '../harness/api.ts';
import { type RunningBackend, startBackend } from '../harness/backend.ts';
import { boxOf } from '../harness/box.ts';
import { startBrowser } from '../harness/browser.ts';
import { complaints, signedInPage } from '../harness/page.ts';

/** Pixels of one rack unit, and where a unit is, from a drawing on the page. */
interface Drawn {
  at(unit: number): { x: number; y: number };
}

describe('placing devices in the drawing', () => {
  let backend: RunningBackend;
  let browser: Browser;
  let api: Api;
  let room: RoomView;

  beforeAll(async () => {
    backend = await startBackend();
    browser = await startBrowser();
    api = await createApi(backend);
    room = await api.room('Serverraum neu');
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await backend?.stop();
  });

  async function editingPage(path = `/rooms/${room.id}`): Promise<Page> {
    const page = await signedInPage(browser, backend);
    await page.goto(`${backend.url}${path}`);
    await page.locator('[data-device]').first().waitFor();
    await page.keyboard.press('e');
    await page.getByRole('heading', { name: 'Ablage' }).waitFor();
    await page.getByText('Die Ablage wird geladen').first().waitFor({ state: 'detached' });
    return page;
  }

  const rackId = (name: string) => {
    const rack = room.racks.find((each) => each.name === name);
    if (!rack) throw new Error(`there is no ${name}`);
    return rack.id;
  };
  const placeOf = async (name: string) => {
    const { device } = await api.get(`/api/devices/${deviceOf(room, name).id}`, DeviceView);
    return { rack: device.rackId, position: device.position, face: device.face };
  };
  const drawn = (page: Page, name: string) => page.locator(`[data-device="${deviceOf(room, name).id}"]`);
  const tag = (page: Page) => page.getByRole('application');
  const undo = async (page: Page) => {
    await page.getByRole('button', { name: 'Rückgängig' }).click();
    await page
      .getByText(/zurückgenommen|rückgängig gemacht/i)
      .first()
      .waitFor();
  };

  /** Where units are on screen: 24 mm above the highest one, 44.45 mm each. Source: EIA-310. */
  async function rackOn(page: Page, name: string, heightU = 42): Promise<Drawn> {
    const box = await boxOf(page.locator(`[data-drawing="${rackId(name)}"]`));
    const scale = box.height / (heightU * 44.45 + 48);
    return {
      at: (unit) => ({ x: box.x + box.width / 2, y: box.y + (24 + (heightU - unit + 0.5) * 44.45) * scale }),
    };
  }

  async function grab(page: Page, name: string): Promise<void> {
    const box = await boxOf(drawn(page, name).locator('.plate'));
    await page.mouse.move(box.x + box.width / 4, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 4 + 12, box.y + box.height / 2 + 6, { steps: 3 });
  }

  it('moves a device with the mouse, says where it would land, and takes it back', async () => {
    const page = await editingPage();
    const before = await placeOf('acc-ug-3');
    const target = await rackOn(page, 'Schrank 3');
    await grab(page, 'acc-ug-3');
    await page.mouse.move(target.at(8).x, target.at(8).y, { steps: 4 });
    await tag(page).getByText('belegt durch USV A').waitFor();
    await page.mouse.move(target.at(20).x, target.at(20).y, { steps: 4 });
    await tag(page).getByText('HE 20, Schrank 3').waitFor();
    await tag(page).getByText('frei').waitFor();
    await page.mouse.up();
    await page.getByText('acc-ug-3 steht jetzt in Schrank 3, HE 20.').waitFor();
    expect(await placeOf('acc-ug-3')).toEqual({ ...before, position: 20 });
    await undo(page);
    await expect.poll(() => placeOf('acc-ug-3')).toEqual(before);
    expect(complaints.get(page)).toEqual([]);
    await page.context().close();
  });

  it('does not drop a device where another one is, and says by whom the place is taken', async () => {
    const page = await editingPage();
    const before = await placeOf('acc-ug-3');
    const target = await rackOn(page, 'Schrank 3');
    await grab(page, 'acc-ug-3');
    await page.mouse.move(target.at(7).x, target.at(7).y, { steps: 4 });
    await tag(page).getByText('belegt durch USV A').waitFor();
    await page.mouse.up();
    await page.getByText('HE 7, Schrank 3, belegt durch USV A').waitFor();
    expect(await placeOf('acc-ug-3')).toEqual(before);
    await page.context().close();
  });

  it('moves a device by keyboard from rack to rack and to the rear, in words, and back', async () => {
    const page = await editingPage();
    const before = await placeOf('san-1');
    await drawn(page, 'san-1').locator('[data-stop="device"]').focus();
    await page.keyboard.press(' ');
    const said = page.locator('[aria-live="assertive"]');
    await said.getByText('HE 40, Schrank 2, frei').waitFor({ state: 'attached' });
    await page.keyboard.press('ArrowRight');
    await said.getByText('HE 40, Schrank 3, frei').waitFor({ state: 'attached' });
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await said.getByText('HE 38, Schrank 3, belegt durch acc-ug-3').waitFor({ state: 'attached' });
    await page.keyboard.press('ArrowDown');
    await said.getByText('HE 37, Schrank 3, frei').waitFor({ state: 'attached' });
    await page.keyboard.press('f');
    await said.getByText('HE 37, Rückseite, Schrank 3').waitFor({ state: 'attached' });
    await page.keyboard.press('Enter');
    await page.getByText('san-1 steht jetzt in Schrank 3, HE 37, Rückseite.').waitFor();
    expect(await placeOf('san-1')).toEqual({ rack: rackId('Schrank 3'), position: 37, face: 'rear' });
    await page.keyboard.press('Control+z');
    await expect.poll(() => placeOf('san-1')).toEqual(before);
    // Escape puts back what was picked up.
    await page.getByRole('radio', { name: 'Vorderseite' }).check({ force: true });
    await drawn(page, 'core-1').locator('[data-stop="device"]').focus();
    await page.keyboard.press(' ');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Escape');
    await said.getByText('core-1 bleibt, wo es war').waitFor({ state: 'attached' });
    await tag(page).waitFor({ state: 'detached' });
    expect(complaints.get(page)).toEqual([]);
    await page.context().close();
  });

  it('lays a device on the shelf and drops it from there', async () => {
    const page = await editingPage();
    await grab(page, 'core-2');
    const shelf = page.locator('[data-drop="nowhere"]');
    const box = await boxOf(shelf);
    await page.mouse.move(box.x + 60, box.y + 12, { steps: 6 });
    await page.mouse.up();
    await page.getByText('core-2 liegt jetzt auf der Ablage.').waitFor();
    await shelf.getByRole('button', { name: /core-2/ }).waitFor();
    expect(await placeOf('core-2')).toMatchObject({ rack: null, position: null });

    const item = await boxOf(shelf.getByRole('button', { name: /core-2/ }));
    const target = await rackOn(page, 'Schrank 2');
    await page.mouse.move(item.x + 40, item.y + 12);
    await page.mouse.down();
    await page.mouse.move(target.at(18).x, target.at(18).y, { steps: 8 });
    await tag(page).getByText('frei').waitFor();
    await page.mouse.up();
    await page.getByText('core-2 steht jetzt in Schrank 2, HE 18.').waitFor();
    expect(await placeOf('core-2')).toMatchObject({ rack: rackId('Schrank 2'), position: 18 });
    expect(complaints.get(page)).toEqual([]);
    await page.context().close();
  });

  it('shows two people in one rack each other’s moves', async () => {
    const one = await editingPage();
    const other = await editingPage();
    const top = async () => (await boxOf(drawn(other, 'Blindplatte 3').locator('.plate'))).y;
    const before = await top();
    const target = await rackOn(one, 'Schrank 3');
    await grab(one, 'Blindplatte 3');
    await one.mouse.move(target.at(30).x, target.at(30).y, { steps: 5 });
    await one.mouse.up();
    await one.getByText('Blindplatte 3 steht jetzt in Schrank 3, HE 30.').waitFor();
    await expect.poll(top).toBeLessThan(before - 50);
    await one.context().close();
    await other.context().close();
  });

  it('says so when somebody else moves what one holds, and keeps the hold', async () => {
    const one = await editingPage();
    const other = await editingPage();
    await drawn(one, 'acc-ug-3').locator('[data-stop="device"]').focus();
    await one.keyboard.press(' ');
    const target = await rackOn(other, 'Schrank 3');
    await grab(other, 'acc-ug-3');
    await other.mouse.move(target.at(25).x, target.at(25).y, { steps: 5 });
    await other.mouse.up();
    await other.getByText('acc-ug-3 steht jetzt in Schrank 3, HE 25.').waitFor();
    await one
      .locator('[aria-live="assertive"]')
      .getByText('acc-ug-3 hat inzwischen jemand anderes bewegt: jetzt Schrank 3, HE 25.')
      .waitFor({ state: 'attached' });
    await tag(one).getByText('acc-ug-3').waitFor();
    await one.keyboard.press('Enter');
    await one.getByText('acc-ug-3 steht jetzt in Schrank 3, HE 38.').waitFor();
    await one.context().close();
    await other.context().close();
  });

  it('lets one of two who drop on one place at the same moment succeed, and names it to the other', async () => {
    const one = await editingPage();
    const other = await editingPage();
    const hold = async (page: Page, name: string) => {
      const target = await rackOn(page, 'Schrank 3');
      await grab(page, name);
      await page.mouse.move(target.at(15).x, target.at(15).y, { steps: 5 });
      await tag(page).getByText('HE 15, Schrank 3').waitFor();
      await tag(page).getByText('frei').waitFor();
    };
    await hold(one, 'C');
    await hold(other, 'D');
    await Promise.all([one.mouse.up(), other.mouse.up()]);
    const won = (page: Page, name: string) => page.getByText(`${name} steht jetzt in Schrank 3, HE 15.`);
    const lost = (page: Page, name: string, by: string) =>
      page.getByText(`${name} passt dort nicht mehr: Eben hat jemand ${by} dorthin gestellt.`);
    const first = await Promise.any([
      won(one, 'C')
        .waitFor()
        .then(() => 'C'),
      won(other, 'D')
        .waitFor()
        .then(() => 'D'),
    ]);
    await (first === 'C' ? lost(other, 'D', 'C') : lost(one, 'C', 'D')).waitFor();
    const places = [await placeOf('C'), await placeOf('D')];
    expect(
      places.filter(({ rack, position }) => rack === rackId('Schrank 3') && position === 15),
    ).toHaveLength(1);
    await one.context().close();
    await other.context().close();
  });

  it('moves several at once, which keep their distance, and takes them back as one', async () => {
    const page = await editingPage();
    const before = [await placeOf('firewall-a'), await placeOf('firewall-b')];
    await drawn(page, 'firewall-a').click();
    await drawn(page, 'firewall-b').click({ modifiers: ['Control'] });
    await page.getByRole('heading', { name: '2 Geräte ausgewählt' }).waitFor();
    const target = await rackOn(page, 'Schrank 2');
    await grab(page, 'firewall-b');
    await page.mouse.move(target.at(3).x, target.at(3).y, { steps: 5 });
    await tag(page).getByText('frei').waitFor();
    await page.mouse.up();
    await page.getByText('2 Geräte sind umgezogen.').waitFor();
    const rack = rackId('Schrank 2');
    const [a, b] = [await placeOf('firewall-a'), await placeOf('firewall-b')];
    expect(b).toMatchObject({ rack, position: 3 });
    expect(a).toMatchObject({ rack, position: 3 + (before[0]?.position ?? 0) - (before[1]?.position ?? 0) });
    await undo(page);
    await expect.poll(async () => [await placeOf('firewall-a'), await placeOf('firewall-b')]).toEqual(before);
    await page.context().close();
  });

  it('makes a device from the library where it is dropped', async () => {
    const page = await editingPage();
    await page.getByLabel('Gerätetyp suchen').fill('6100 24G');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByLabel('Name', { exact: true }).inputValue()).not.toBe('');
    await page.getByLabel('Name', { exact: true }).fill('neu-1');
    const target = await rackOn(page, 'Schrank 3');
    const chip = await boxOf(page.locator('[data-pick="new"]'));
    await page.mouse.move(chip.x + 30, chip.y + 12);
    await page.mouse.down();
    await page.mouse.move(target.at(35).x, target.at(35).y, { steps: 6 });
    await tag(page).getByText('HE 35, Schrank 3').waitFor();
    await page.mouse.up();
    await page.getByText('neu-1 ist angelegt und steht in Schrank 3, HE 35.').waitFor();
    const made = (await api.room('Serverraum neu')).racks
      .flatMap((rack) => rack.devices)
      .find(({ name }) => name === 'neu-1');
    expect(made).toMatchObject({ rackId: rackId('Schrank 3'), position: 35, role: 'switch' });
    expect(made?.ports.length).toBeGreaterThan(24);
    await undo(page);
    await page.locator(`[data-device="${made?.id}"]`).waitFor({ state: 'detached' });
    expect(complaints.get(page)).toEqual([]);
    await page.context().close();
  });

  it('sends a device to a rack of another site', async () => {
    const page = await editingPage();
    await drawn(page, 'monitor').click();
    await page.getByRole('button', { name: 'Anderer Raum' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Raum').selectOption({ label: 'Gesamtschule: Technik Gesamtschule' });
    await dialog.getByLabel('Platz').waitFor();
    await dialog.getByRole('button', { name: 'Umziehen' }).click();
    await page.getByText(/monitor steht jetzt in/).waitFor();
    await drawn(page, 'monitor').waitFor({ state: 'detached' });
    const { place } = await api.get(`/api/devices/${deviceOf(room, 'monitor').id}`, DeviceView);
    expect(place.room?.name).toBe('Technik Gesamtschule');
    expect(place.rack).not.toBeNull();
    await undo(page);
    await drawn(page, 'monitor').waitFor();
    expect(complaints.get(page)).toEqual([]);
    await page.context().close();
  });

  it('picks up with a finger that rests, and does not scroll then', async () => {
    const page = await signedInPage(browser, backend, { width: 390 });
    await page.goto(`${backend.url}/rooms/${room.id}`);
    await page.getByRole('button', { name: 'Bearbeiten' }).click();
    await page.getByText('Die Ablage wird geladen').first().waitFor({ state: 'detached' });
    const before = await placeOf('router-vdsl');
    const plate = drawn(page, 'router-vdsl').locator('.plate');
    await plate.scrollIntoViewIfNeeded();
    const box = await boxOf(plate);
    const devtools = await page.context().newCDPSession(page);
    const x = box.x + box.width / 2;
    const y = box.y + box.height / 2;
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', dy = 0) =>
      devtools.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: type === 'touchEnd' ? [] : [{ x, y: y + dy }],
      });
    await touch('touchStart');
    await tag(page).waitFor();
    const unit = box.height;
    for (let step = 1; step <= 10; step++) await touch('touchMove', (-unit * step) / 10);
    await tag(page).getByText('HE 25, rechte Hälfte').waitFor();
    await touch('touchEnd');
    await page.getByText('router-vdsl steht jetzt in Schrank 1, HE 25').waitFor();
    expect(await placeOf('router-vdsl')).toEqual({ ...before, position: 25 });
    await page.context().close();
  });

  it('swaps the type of a device and keeps its cables, and takes that back', async () => {
    const page = await editingPage();
    const { id } = deviceOf(room, 'acc-ug-3');
    const cables = async () => {
      const { ports, type } = await api.get(`/api/devices/${id}`, DeviceView);
      const ends = ports.flatMap(({ farEnd }) =>
        farEnd === null ? [] : [`${farEnd.name}:${farEnd.portName}`],
      );
      return { model: type.model, ends: ends.sort() };
    };
    const before = await cables();
    expect(before.ends.length).toBeGreaterThan(2);
    await drawn(page, 'acc-ug-3').click();
    await page.getByRole('button', { name: 'Typ tauschen' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Neuer Gerätetyp').fill('1930 24');
    await dialog.getByRole('option').first().waitFor();
    await page.keyboard.press('Enter');
    // It has two power supplies, the new type one: what hangs on the other is only taken out when one says so.
    await dialog.getByLabel('PSU B wird zu').waitFor();
    await expect.poll(() => dialog.getByLabel('Gi1/0/23 wird zu').inputValue()).toBe('23');
    const swap = dialog.getByRole('button', { name: 'Tauschen' });
    await expect.poll(() => swap.isDisabled()).toBe(true);
    await dialog.getByRole('checkbox').check();
    await swap.click();
    await page.getByText(/acc-ug-3 ist jetzt .*1930/).waitFor();
    const after = await cables();
    expect(after.model).toContain('1930');
    expect(after.ends).toEqual(before.ends.filter((end) => !end.startsWith('PDU 3B:1')));
    expect(after.ends.length).toBe(before.ends.length - 1);
    await undo(page);
    await expect.poll(cables).toEqual(before);
    expect(complaints.get(page)).toEqual([]);
    await page.context().close();
  });

  it('adds a rack, sets it elsewhere in the row, and deletes it', async () => {
    const page = await editingPage();
    const names = () => page.locator('section > header h2').allInnerTexts();
    await page.getByRole('button', { name: 'Neuer Schrank' }).click();
    const dialog = page.getByRole('dialog');
    await expect.poll(() => dialog.getByLabel('Name').first().inputValue()).toBe('Schrank 4');
    await page.keyboard.press('Control+s');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(names).toEqual(['Schrank 1', 'Schrank 2', 'Schrank 3', 'Schrank 4']);
    await page.getByRole('button', { name: 'Schrank 4 nach links' }).click();
    await expect.poll(names).toEqual(['Schrank 1', 'Schrank 2', 'Schrank 4', 'Schrank 3']);
    await page.getByRole('button', { name: 'Schrank 4 löschen' }).click();
    await expect.poll(names).toEqual(['Schrank 1', 'Schrank 2', 'Schrank 3']);
    expect(complaints.get(page)).toEqual([]);
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)('can be used by everybody, %s', async (theme) => {
    const page = await signedInPage(browser, backend, { theme });
    await page.goto(`${backend.url}/rooms/${room.id}`);
    await page.getByRole('button', { name: 'Bearbeiten' }).click();
    await page.getByLabel('Gerätetyp suchen').fill('6100 24G');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('Enter');
    await page.getByLabel('Name', { exact: true }).waitFor();
    await drawn(page, 'core-1').click();
    const violations = async () => {
      // The drawing itself is looked at with the screens.
      const { violations } = await new AxeBuilder({ page }).exclude('[data-device]').analyze();
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    };
    expect(await violations()).toEqual([]);
    await page.getByRole('button', { name: 'Anderer Raum' }).click();
    await page.getByRole('dialog').getByLabel('Raum').waitFor();
    expect(await violations()).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Typ tauschen' }).click();
    await page.getByRole('dialog').getByLabel('Neuer Gerätetyp').fill('1930 24');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Anschlüsse mit Kabel').waitFor();
    expect(await violations()).toEqual([]);
    await page.keyboard.press('Escape');
    await drawn(page, 'core-1').locator('[data-stop="device"]').focus();
    await page.keyboard.press(' ');
    await tag(page).waitFor();
    expect(await violations()).toEqual([]);
    await page.context().close();
  });
});
