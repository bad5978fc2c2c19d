import { randomUUID } from 'node:crypto';
import {
  OrderReply,
  PlannedChange,
  type RoomView,
  SimulatorState,
  StepReply,
} from '@rackhaus/config/contract';
import type { Page } from 'playwright-core';
import { type Office, openOffice } from '../harness/orders.ts';
import { type SignedIn, signedInPage } from '../harness/page.ts';
import { until } from '../harness/process.ts';
import { type Pictures, save } from './pictures.ts';

/** How cables are kept, planned, carried out and proven. Faults are taken back; orders stay in the demo. */
export async function cablingPictures(pictures: Pictures, to: SignedIn): Promise<void> {
  const office = await openOffice(to);
  const room = await pictures.room('Serverraum neu');
  await connecting(pictures, room);
  await cables(pictures);
  await power(pictures);
  await sheets(pictures, room);
  await planning(pictures, office);
  await working(pictures, office);
  await phone(pictures, office, to);
  await comparing(pictures, office);
}

/** A cord on its way from one rack to another. */
async function connecting(pictures: Pictures, room: RoomView): Promise<void> {
  const { page } = pictures;
  await pictures.open(`/rooms/${room.id}`);
  const devices = room.racks.flatMap((rack) => rack.devices);
  const free = (device: string, port: string) => {
    const found = devices.find(({ name }) => name === device)?.ports.find(({ name }) => name === port);
    if (!found) throw new Error(`there is no ${device} ${port}`);
    return found.id;
  };
  await page.locator('[data-port].up').nth(5).waitFor();
  await pictures.button(/^Verbinden$/).click();
  await page.getByRole('heading', { name: 'Kabel stecken' }).waitFor();
  await page
    .locator(`[data-port="${free('core-1', '1/1/19')}"]`)
    .first()
    .click();
  await page.getByText('Jetzt das Ziel').waitFor();
  await page
    .locator(`[data-port="${free('acc-ug-3', 'Gi1/1/3')}"]`)
    .first()
    .click();
  await page.getByLabel('Beschriftung').waitFor();
  await page.getByLabel('Länge (m)').waitFor();
  await pictures.take('verbinden');
}

async function cables(pictures: Pictures): Promise<void> {
  const { page } = pictures;
  const tested = await pictures.record('link', 'label:is:A-01');
  await pictures.open(`/inventory/link?filter=kind:any:permanent&open=${tested}`);
  await page.getByText('Ende B').first().waitFor();
  await page.getByText('bestanden').first().waitFor();
  await pictures.take('kabel');

  await pictures.open(`/trace?cable=${await pictures.record('link', 'label:is:K-0103')}`);
  await page.getByRole('heading', { name: 'Als Text' }).waitFor();
  await page.getByRole('region', { name: /^Schränke mit dem/ }).waitFor();
  await pictures.take('kabelweg');
}

async function power(pictures: Pictures): Promise<void> {
  await pictures.open('/power');
  await pictures.page.getByText('Ja, auch allein').first().waitFor();
  await pictures.take('strom');
}

async function sheets(pictures: Pictures, room: RoomView): Promise<void> {
  const rack = room.racks[0];
  if (!rack) throw new Error(`there is no rack in ${room.name}`);
  await pictures.open('/sheets');
  await pictures.page.getByLabel('Ort').selectOption(`rack:${rack.id}`);
  // Of one rack no place is told.
  await pictures.page.getByRole('columnheader', { name: 'Ort' }).waitFor({ state: 'detached' });
  await pictures.page.getByRole('cell', { name: 'acc-ug-1:1/1/1' }).first().waitFor();
  await pictures.take('blaetter', { x: 0, y: 0, width: 1440, height: 720 });
}

/** An order with a row of new cables, and one that is moved to where another still is. */
async function planning(pictures: Pictures, office: Office): Promise<void> {
  const title = 'Telefone im Erdgeschoss auf acc-ug-2 umstecken';
  const { id } = OrderReply.parse(await office.send('POST', '/api/orders', { title }));
  const target = { portSide: 'front', connector: 1 } as const;
  const cord = await office.cable('K-0110');
  const changes = [
    ...(await Promise.all(
      [13, 14].map(async (port, index) =>
        PlannedChange.parse({
          action: 'add-link',
          kind: 'patch',
          color: 'yellow',
          lengthM: 2,
          a: { ...target, portId: await office.port('B', String(port)) },
          b: { ...target, portId: await office.port('acc-ug-1', `1/1/${30 + index}`) },
        }),
      ),
    )),
    PlannedChange.parse({
      action: 'move-link',
      linkId: cord.id,
      b: { ...target, portId: await office.port('acc-ug-2', 'Gi1/0/3') },
    }),
  ];
  await office.send('POST', `/api/orders/${id}/items`, { changes });
  await pictures.open(`/orders/${id}`);
  await pictures.page.getByText('steckt dann noch').first().waitFor();
  await pictures.take('auftrag');
}

/** Two cables, of which one was plugged in as planned; the switches of the simulator prove it. */
async function working(pictures: Pictures, office: Office): Promise<void> {
  const cord = async (a: readonly [string, string], b: readonly [string, string]) =>
    PlannedChange.parse({
      action: 'add-link',
      kind: 'patch',
      color: 'blue',
      medium: 'cat6a',
      lengthM: 3,
      a: { portId: await office.port(...a) },
      b: { portId: await office.port(...b) },
    });
  const id = await office.order('Zweite Verbindung von acc-ug-3 zu acc-ug-1', [
    await cord(['acc-ug-1', '1/1/46'], ['acc-ug-3', 'Gi1/0/21']),
    await cord(['acc-ug-1', '1/1/47'], ['acc-ug-3', 'Gi1/0/22']),
  ]);
  const [first] = (await office.view(id)).items;
  const steps = (await office.view(id)).steps.filter(({ itemId }) => itemId === first?.id);
  for (const [index, step] of steps.entries()) {
    if (index === steps.length - 1) await pictures.cause('plug-cable', 'acc-ug-1/1/1/46|acc-ug-3/Gi1/0/21');
    StepReply.parse(
      await office.send('POST', `/api/orders/${id}/steps/${step.id}/report`, {
        key: randomUUID(),
        outcome: 'done',
        at: Date.now(),
      }),
    );
  }
  await until('a proven step', async () =>
    (await office.view(id)).steps.some(({ proof }) => proof === 'proven') ? true : undefined,
  );
  await pictures.open(`/orders/${id}?tab=work`);
  await pictures.page
    .getByText(/nachgewiesen/i)
    .first()
    .waitFor();
  await pictures.take('arbeitsliste');
}

async function phone(pictures: Pictures, office: Office, to: SignedIn): Promise<void> {
  const browser = pictures.page.context().browser();
  if (!browser) throw new Error('the browser is gone');
  const cord = await office.cable('K-0108');
  await office.order('Poststelle: Drucker an einen anderen Port', [
    PlannedChange.parse({
      action: 'move-link',
      linkId: cord.id,
      b: { portId: await office.port('acc-ug-1', '1/1/33'), portSide: 'front', connector: 1 },
    }),
  ]);
  const page = await signedInPage(browser, to, { width: 390 });
  await page.goto(`${pictures.url}/work`);
  await page.getByText('Diese Seiten öffnen sich auch ohne Netz.').waitFor({ timeout: 60_000 });
  await small(page, 'telefon-liste');
  await page.getByRole('link', { name: 'Poststelle' }).click();
  await page.locator('article[data-step]').waitFor();
  await page.locator('article svg').first().waitFor();
  await small(page, 'telefon-schritt');
  await page.goto(`${pictures.url}/work/capture`);
  await page.getByLabel('Erstes Ende').fill('B:15');
  await page.getByLabel('Zweites Ende').fill('acc-ug-1 1/1/34');
  await page.getByLabel('Beschriftung des Kabels').fill('K-0231');
  await small(page, 'telefon-erfassen');
  await page.context().close();
}

async function small(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await page.getByRole('link', { name: 'Alles übertragen' }).waitFor();
  await save(page, name);
}

/** Somebody has moved an uplink and plugged in a cable of which nobody knows. */
async function comparing(pictures: Pictures, office: Office): Promise<void> {
  const { page } = pictures;
  await pictures.cause('unplug-cable', 'core-1/1/1/3');
  await pictures.cause('plug-cable', 'acc-ug-3/Gi1/1/1|core-1/1/1/4');
  await pictures.cause('plug-cable', 'acc-ug-1/1/1/36|acc-ug-3/Gi1/0/12');
  await pictures.open('/drift');
  await page.getByText('Vorschlag').nth(1).waitFor({ timeout: 180_000 });
  await pictures.take('abgleich');
  // What belongs to an order stays as it was plugged in.
  const moved = ['core-1/1/1/3', 'acc-ug-3/Gi1/1/1|core-1/1/1/4', 'acc-ug-1/1/1/36|acc-ug-3/Gi1/0/12'];
  const { faults } = await pictures.get('/api/simulator', SimulatorState);
  for (const { id } of faults.filter(({ target }) => moved.includes(target)).reverse())
    await office.send('DELETE', `/api/simulator/faults/${id}`, undefined);
  await pictures.calm();
}
