import type { Page } from 'playwright-core';
import { type SignedIn, signedInPage } from '../harness/page.ts';
import type { Pictures } from './pictures.ts';

/** How an inventory is kept. What is changed for a picture stays changed in the demo, except where it is taken back. */
export async function inventoryPictures(pictures: Pictures, to: SignedIn): Promise<void> {
  await editing(pictures);
  await swapping(pictures);
  await lists(pictures);
  await merging(pictures, to);
  await history(pictures);
  await types(pictures);
  await importing(pictures);
  await devices(pictures);
  await others(pictures);
}

/** A device on its way to another place in its rack, and where it lands. */
async function editing(pictures: Pictures): Promise<void> {
  const { page } = pictures;
  const room = await pictures.room('Serverraum neu');
  const rack = room.racks.find(({ name }) => name === 'Schrank 3');
  const device = rack?.devices.find(({ name }) => name === 'acc-ug-3');
  if (!rack || !device) throw new Error('acc-ug-3 is not in Schrank 3');
  await spareOnShelf(pictures);
  await pictures.open(`/rooms/${room.id}`);
  await pictures.litPorts(device.id);
  await page.keyboard.press('e');
  await page.getByRole('heading', { name: 'Ablage' }).waitFor();
  await page
    .getByRole('button', { name: /sw-reserve/ })
    .first()
    .waitFor();

  const from = await page.locator(`[data-device="${device.id}"] .plate`).boundingBox();
  const drawn = await page.locator(`[data-drawing="${rack.id}"]`).boundingBox();
  if (!from || !drawn) throw new Error('Schrank 3 is not drawn');
  // 24 mm above the highest unit, 44.45 mm each. Source: EIA-310.
  const scale = drawn.height / (rack.heightU * 44.45 + 48);
  const unit = (number: number) => drawn.y + (24 + (rack.heightU - number + 0.5) * 44.45) * scale;
  await page.mouse.move(from.x + from.width / 4, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(from.x + from.width / 4 + 12, from.y + from.height / 2 + 6, { steps: 3 });
  await page.mouse.move(drawn.x + drawn.width / 2, unit(20), { steps: 5 });
  await page.getByRole('application').getByText('frei').waitFor();
  await pictures.take('einbauen');
  await page.mouse.up();
  await page.getByText('acc-ug-3 steht jetzt in Schrank 3, HE 20.').waitFor();
}

async function spareOnShelf(pictures: Pictures): Promise<void> {
  const typeId = await pictures.record('device-type', 'model:has:9200L-24T');
  await pictures.send('POST', '/api/inventory/device', {
    name: 'sw-reserve',
    typeId,
    role: 'switch',
    status: 'delivered',
  });
}

async function swapping(pictures: Pictures): Promise<void> {
  const { page } = pictures;
  const device = await pictures.record('device', 'name:is:acc-ug-3');
  await page.locator(`[data-device="${device}"] .plate`).click({ position: { x: 20, y: 6 } });
  await pictures.button('Typ tauschen …').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Neuer Gerätetyp').fill('6200F 24');
  await dialog
    .getByRole('option', { name: /6200F 24/ })
    .or(dialog.getByRole('button', { name: /6200F 24/ }))
    .first()
    .click();
  await dialog.getByRole('heading', { name: 'Anschlüsse mit Kabel' }).waitFor();
  await pictures.take('typ-tauschen');
  await page.keyboard.press('Escape');
}

async function lists(pictures: Pictures): Promise<void> {
  const { page } = pictures;
  const columns = 'name,status,typeId,roomId,rackId,position';
  await pictures.open(`/inventory/device?filter=role:any:panel,ups&columns=${columns}`);
  const boxes = page.locator('tbody input[type="checkbox"]');
  await boxes.nth(1).click();
  await boxes.nth(4).click({ modifiers: ['Shift'] });
  await page.getByText('4 Einträge ausgewählt').waitFor();
  await pictures.take('bestand', { x: 0, y: 0, width: 1440, height: 720 });

  await pictures.open('/inventory/lifecycle');
  await page.getByText('Ersatzteile unter dem Mindestbestand').waitFor();
  await pictures.take('laeuft-ab');
}

/** Two people have the same form open, and one was faster. */
async function merging(pictures: Pictures, to: SignedIn): Promise<void> {
  const browser = pictures.page.context().browser();
  if (!browser) throw new Error('the browser is gone');
  const id = await pictures.record('device', 'name:is:acc-ug-1');
  const other = await signedInPage(browser, to);
  const both = [pictures.page, other] as const;
  for (const page of both) await openForm(page, pictures.url, id);
  await other.getByLabel('Inventarnummer').fill('R-100');
  await other.getByLabel('Zuständig').fill('Ayşe Yilmaz');
  await other.keyboard.press('Control+s');
  await other.getByRole('dialog').waitFor({ state: 'detached' });
  await other.context().close();

  const { page } = pictures;
  await page.getByLabel('Lieferant').fill('Systemhaus Mitte GmbH');
  await page.getByLabel('Zuständig').fill('Bernd Vogt');
  await page.keyboard.press('Control+s');
  await page.getByText('Inzwischen geändert').waitFor();
  await pictures.take('zusammenfuehren');
  await page
    .getByRole('row', { name: /Zuständig/ })
    .getByLabel('Bernd Vogt')
    .check();
  await pictures.button('Zusammengeführt speichern').click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

async function openForm(page: Page, url: string, id: number): Promise<void> {
  await page.goto(`${url}/devices/${id}`);
  await page.getByRole('button', { name: 'Bearbeiten …' }).click();
  await page.getByLabel('Inventarnummer').waitFor();
}

async function history(pictures: Pictures): Promise<void> {
  const { page } = pictures;
  await pictures.open('/history');
  await page
    .getByRole('button', { name: /acc-ug-1/ })
    .first()
    .click();
  await page.getByText('R-100').or(page.getByText('Bernd Vogt')).first().waitFor();
  await pictures.take('verlauf', { x: 0, y: 0, width: 1440, height: 720 });

  await pictures.open(`/racks/${await pictures.record('rack', 'name:is:Schrank 3')}/past`);
  await page.getByRole('complementary', { name: 'Seitdem' }).getByText('acc-ug-3').waitFor();
  await pictures.take('frueherer-stand');
}

async function types(pictures: Pictures): Promise<void> {
  const { page } = pictures;
  const id = await pictures.record('device-type', 'model:has:6300M 48G');
  await pictures.open(`/types/${id}`);
  await page.getByText('Vorder- und Rückseite gestalten').waitFor();
  await pictures.take('geraetetyp', { x: 0, y: 0, width: 1440, height: 720 });
  await pictures.open(`/types/${id}/faces`);
  await page
    .getByRole('button', { name: /^Ports 1\/1\/1/ })
    .first()
    .click();
  await page.getByText('Welche Ports').waitFor();
  await pictures.take('frontansicht');
}

/** A list as somebody has typed it. */
const list = `Gerätename;Hersteller;Modell;Raum;Schrank;HE;Seriennummer;Garantie bis
sw-keller;Cisco;C9200L-24T-4G;Serverraum neu;Schrank 3;22;FO1;31.12.2029
srv-alt;Musterwerk;Spezialserver 9000;Serverraum neu;Schrank 3;ganz oben;D3;12/2028
nas-archiv;Synology;RS822RP+;Serverraum neu;Schrank 3;30;N4;31.02.2029
nas-kopie;Synology;RS822RP+;Serverraum neu;Schrank 3;32;N5;28.02.2029
core-1;HPE Aruba;6300M 24SFP+;Serverraum neu;Schrank 1;38;SG0DKW1001;14.05.2029
`;

async function importing(pictures: Pictures): Promise<void> {
  const { page } = pictures;
  await pictures.open('/import');
  await page
    .locator('input[type="file"]')
    .first()
    .setInputFiles({ name: 'geräteliste.csv', mimeType: 'text/csv', buffer: Buffer.from(list) });
  await page.getByText('3. Vorschau (2 Fehler)').click();
  await page.getByText('F3 HE:').waitFor();
  await pictures.take('import', { x: 0, y: 0, width: 1440, height: 640 });
  await pictures
    .button('Abbrechen')
    .or(page.getByRole('link', { name: 'Andere Datei' }))
    .first()
    .click();
}

/** What a device is asked, and what it says of itself. */
async function devices(pictures: Pictures): Promise<void> {
  const { page } = pictures;
  const id = await pictures.record('device', 'name:is:core-1');
  await pictures.open(`/devices/${id}`);
  await pictures.button('Überwachung …').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Testen' }).click();
  await page.getByText(/^Antwortet als/).waitFor();
  await pictures.take('ueberwachung');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  // Below it the configurations have buttons of that name too.
  await page
    .getByText(/^Das Gerät meldet/)
    .getByRole('button', { name: 'Ansehen' })
    .click();
  await page.getByText('Vom Gerät gemeldet').waitFor();
  await pictures.take('erkennung', { x: 0, y: 0, width: 1440, height: 580 });
}

async function others(pictures: Pictures): Promise<void> {
  const { page } = pictures;
  await pictures.open('/network');
  await page.getByRole('link', { name: '127.77.10.0/24' }).click();
  await page.getByRole('link', { name: 'core-1' }).waitFor();
  await pictures.take('netz', { x: 0, y: 0, width: 1440, height: 720 });

  await pictures.open('/labels');
  await page.getByLabel('Raum', { exact: true }).selectOption('Serverraum neu');
  await page.getByLabel('Schrank', { exact: true }).selectOption('Schrank 1');
  await page.getByText('18 Etiketten auf einem Bogen').waitFor();
  await pictures.take('etiketten', { x: 0, y: 0, width: 1440, height: 840 });

  await pictures.open('/plans');
  await page.getByRole('link', { name: 'Rathaus Erdgeschoss' }).first().click();
  await page
    .getByRole('application')
    .getByRole('button', { name: /Bürgerbüro, / })
    .waitFor();
  await pictures.take('plan');

  await pictures.open(`/services/${await pictures.record('service', 'name:has:d.3')}`);
  await page.getByRole('heading', { name: 'Zusammenhang' }).waitFor();
  await pictures.take('dienst', { x: 0, y: 0, width: 1440, height: 640 });
}
