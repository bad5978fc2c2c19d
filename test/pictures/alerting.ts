import { createServer } from 'node:http';
import {
  DrillList,
  IncidentList,
  MaintenanceList,
  OnCallNow,
  SimulatorState,
  StatusPage,
} from '@rackhaus/config/contract';
import type { Locator } from 'playwright-core';
import { z } from 'zod';
import { type Office, openOffice } from '../harness/orders.ts';
import { newPage, type SignedIn, signedInPage } from '../harness/page.ts';
import { until } from '../harness/process.ts';
import { type Clip, Pictures, save } from './pictures.ts';
import { wallboard } from './wallboard.ts';

const Made = z.object({ id: z.int() });
const timeZone = 'Europe/Berlin';

/** What is told when something fails, and who is told: seen by the one who leads the sample town hall's IT. Ends with all well. */
export async function alertingPictures(any: Pictures, demo: SignedIn): Promise<void> {
  const browser = any.page.context().browser();
  if (!browser) throw new Error('the browser is gone');
  const to = { ...demo, user: 'Katja Brandt' };
  const page = await signedInPage(browser, to, { timeZone });
  const pictures = new Pictures(page, demo.url);
  const office = await openOffice(to);
  await heal(pictures, office);
  await onCall(pictures, office);
  await rules(pictures);
  await maintenance(pictures, office);
  await drill(pictures, office);
  await incidents(pictures, office);
  await status(pictures, office);
  await heal(pictures, office);
  await review(pictures);
  await page.context().close();
}

/** Takes back every fault, and waits until nothing is open. */
async function heal(pictures: Pictures, office: Office): Promise<void> {
  const { faults } = await pictures.get('/api/simulator', SimulatorState);
  for (const { id } of faults.toReversed())
    await office.send('DELETE', `/api/simulator/faults/${id}`, undefined);
  await pictures.open('/incidents');
  await pictures.calm();
  await until(
    'the end of all incidents',
    async () => ((await openIncidents(pictures)).length === 0 ? true : undefined),
    180_000,
  );
}

async function openIncidents(pictures: Pictures) {
  const { incidents } = await pictures.get('/api/incidents', IncidentList);
  return incidents.filter(({ state }) => state !== 'resolved');
}

/** The window as far down as this reaches. */
async function downTo(what: Locator): Promise<Clip> {
  const box = await what.boundingBox();
  if (!box) throw new Error('there is nothing to see');
  return { x: 0, y: 0, width: 1440, height: Math.min(900, Math.ceil(box.y + box.height + 24)) };
}

async function onCall(pictures: Pictures, office: Office): Promise<void> {
  const { page } = pictures;
  const now = await pictures.get('/api/on-call', OnCallNow);
  const katja = now.people.find(({ name }) => name === 'Katja Brandt');
  if (!katja) throw new Error('there is no Katja Brandt');

  await pictures.open('/on-call');
  const whole = page.getByText('Der Plan ist lückenlos');
  await whole.waitFor();
  await pictures.take('bereitschaft', await downTo(whole));

  const ways = [
    { name: 'Diensthandy', settings: { kind: 'sms', number: '+4917055501234' }, minSeverity: 'critical' },
    {
      name: 'Eigenes Telefon',
      settings: { kind: 'ntfy', server: 'https://ntfy.sh', topic: 'rathaus-it-7Hq2' },
    },
    { name: 'Dienstpost', settings: { kind: 'email', address: 'k.brandt@rathaus.example' } },
  ];
  const added: number[] = [];
  for (const way of ways)
    added.push(Made.parse(await pictures.send('POST', '/api/channels', { userId: katja.userId, ...way })).id);
  await pictures.open('/on-call');
  await page.getByText('Dienstpost', { exact: true }).waitFor();
  const own = await page.locator('#own').boundingBox();
  if (!own) throw new Error('one’s own channels are not shown');
  await pictures.take('eigene-kanaele', {
    x: own.x - 16,
    y: own.y - 16,
    width: own.width + 32,
    height: own.height + 32,
  });
  await pictures.open('/on-call/path');
  await page.getByRole('heading', { name: 'Wovon jeder Weg abhängt' }).waitFor();
  await pictures.take('meldewege');
  for (const id of added) await office.send('DELETE', `/api/channels/${id}`, undefined);

  await pictures.open('/on-call/calendar');
  await page.getByText('Katja Brandt').filter({ visible: true }).first().waitFor();
  await pictures.take('bereitschaft-kalender');

  await pictures.open(`/on-call/rotas/${await pictures.record('rota', 'name:is:Bereitschaft IT')}`);
  await page.getByRole('heading', { name: 'Die nächsten sechs Wochen' }).waitFor();
  await page.getByText('Ohne Lücken').first().waitFor();
  // Below are dates, which Debian's Chromium writes as Americans do.
  await pictures.take('bereitschaftsplan', { x: 0, y: 0, width: 1440, height: 512 });

  await pictures.open(`/on-call/escalations/${await pictures.record('escalation', 'name:is:Kritisch')}`);
  await page.getByRole('heading', { name: 'Schritte' }).or(page.getByText('Schritt 1')).first().waitFor();
  await pictures.take('meldekette');

  await pictures.open('/on-call/settings');
  await page.getByLabel('E-Mail versenden').check();
  await page.getByLabel('Server', { exact: true }).first().fill('mail.rathaus.example');
  await page.getByLabel('Absender').fill('rackhaus@rathaus.example');
  await pictures.take('meldungen-einstellungen');
}

async function rules(pictures: Pictures): Promise<void> {
  const { page } = pictures;
  await pictures.open('/rules');
  await page.getByRole('article').nth(3).waitFor();
  await pictures.take('regeln');
  const heading = page.getByRole('heading', { name: /^Temperatur über/ });
  await page
    .getByRole('article')
    .filter({ has: heading })
    .first()
    .getByRole('button', { name: /anpassen$/ })
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/^Melden über/).fill('21');
  await dialog.getByText(/^Hätte \d+-mal gemeldet/).waitFor({ timeout: 60_000 });
  await dialog.locator('[aria-busy="true"]').waitFor({ state: 'detached' });
  await pictures.take('regel-anpassen');
  await page.keyboard.press('Escape');
}

/** One that goes on now, beside those that are to come; taken away afterwards. */
async function maintenance(pictures: Pictures, office: Office): Promise<void> {
  const { page } = pictures;
  const roomId = await pictures.record('room', 'name:is:Verteiler 2. OG');
  const now = Date.now();
  const name = 'Neue Steckdosenleiste im Verteiler 2. OG';
  await pictures.send('POST', '/api/inventory/maintenance', {
    name,
    scope: 'room',
    roomId,
    from: now - 600_000,
    until: now + 3_600_000,
    reason: 'Hausmeisterei ist dabei',
  });
  await pictures.open('/maintenance');
  await page.getByText('läuft', { exact: true }).first().waitFor();
  await pictures.take(
    'wartung',
    await downTo(page.getByRole('listitem').filter({ hasText: 'Rücksicherung' })),
  );
  const { windows } = await pictures.get('/api/maintenance', MaintenanceList);
  for (const made of windows.filter((window) => window.name === name))
    await office.send('DELETE', `/api/inventory/maintenance/${made.id}`, undefined);
}

async function drill(pictures: Pictures, office: Office): Promise<void> {
  const { page } = pictures;
  await pictures.send('POST', '/api/drills', {
    name: 'Alarmübung im Herbst',
    scenario: 'water',
    deviceId: await pictures.record('device', 'name:is:core-1'),
  });
  const running = await until('somebody who is told of the drill', async () => {
    const [first] = (await pictures.get('/api/drills', DrillList)).drills;
    return first?.told.some(({ sentSeconds }) => sentSeconds !== null) ? first : undefined;
  });
  await office.send('POST', `/api/incidents/${running.incidentId}/acknowledge`, {});
  await office.send('POST', `/api/drills/${running.id}/end`, {
    result:
      'Alle wurden erreicht. Der Schlüssel zum Serverraum fehlte in der Mappe der Bereitschaft; er wird ergänzt.',
  });
  await pictures.open('/drills');
  await page.getByText('Der Schlüssel zum Serverraum').waitFor();
  await pictures.take('uebung', await downTo(page.getByRole('article').first()));
}

/** Where the messages for whoever is on call can be read, as their phone does. */
async function listen(pictures: Pictures, office: Office) {
  const links: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (part: string) => (body += part));
    request.on('end', () => {
      const [link] = /\/a\/[-\w]+/.exec(body) ?? [];
      if (link !== undefined) links.push(link);
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = z.object({ port: z.int() }).parse(server.address());
  const { rotas } = await pictures.get('/api/on-call', OnCallNow);
  const { id } = Made.parse(
    await pictures.send('POST', '/api/channels', {
      userId: rotas[0]?.now?.userId,
      name: 'Tablet',
      settings: { kind: 'ntfy', server: `http://127.0.0.1:${address.port}`, topic: 'tablet' },
    }),
  );
  return {
    link: () => until('a message with a link', async () => links.at(-1), 60_000),
    close: async () => {
      await office.send('DELETE', `/api/channels/${id}`, undefined);
      server.close();
    },
  };
}

/** A switch that is dead and a UPS that runs on battery: one incident each, one of them taken. */
async function incidents(pictures: Pictures, office: Office): Promise<void> {
  const { page } = pictures;
  const browser = page.context().browser();
  if (!browser) throw new Error('the browser is gone');
  const phone = await listen(pictures, office);
  await pictures.cause('cut-mains', 'USV B');
  await pictures.cause('kill-device', 'acc-ug-1');
  const incident = (title: RegExp) =>
    until(
      `the incident ${title}`,
      async () =>
        (await openIncidents(pictures)).find((each) => title.test(each.title.de) && each.state === 'open'),
      90_000,
    );
  const ups = await incident(/USV B/);
  const dead = await incident(/acc-ug-1/);
  await office.send('POST', `/api/incidents/${ups.id}/acknowledge`, {});

  await pictures.open('/incidents');
  await page.getByText('Katja Brandt kümmert sich').waitFor();
  await save(page, 'vorfaelle');

  await pictures.open(`/incidents/${dead.id}`);
  await page.getByRole('heading', { name: 'Wer benachrichtigt wurde' }).waitFor();
  await page
    .getByText(/gesendet|angekommen/)
    .first()
    .waitFor();
  await save(page, 'vorfall');

  const small = await newPage(browser, { width: 390, timeZone });
  await small.goto(`${pictures.url}${await phone.link()}`);
  await small.getByRole('button', { name: 'Übernehmen' }).waitFor();
  await small.evaluate(() => document.fonts.ready);
  await save(small, 'meldung-telefon');
  await small.context().close();
  await phone.close();

  const room = await pictures.room('Serverraum neu');
  await wallboard(pictures, { roomId: room.id, picture: 'wandanzeige-vorfall', sentence: /acc-ug-1/ });
}

/** What an administrator is proposed to tell, and what colleagues then read. */
async function status(pictures: Pictures, office: Office): Promise<void> {
  const { page } = pictures;
  const { proposals } = await pictures.get('/api/status', StatusPage);
  const [about] = proposals;
  if (!about) throw new Error('no service suffers');
  const told = Made.parse(
    await pictures.send('POST', '/api/status/messages', {
      serviceId: about.serviceId,
      incidentId: about.incidentId,
      state: 'disturbed',
      title: `${about.service} nur eingeschränkt nutzbar`,
      text: 'Im Erdgeschoss ist ein Netzgerät ausgefallen. Wir tauschen es und melden uns bis Mittag wieder.',
      since: Date.now(),
    }),
  );
  await pictures.open('/status-page');
  await page
    .getByRole('button', { name: /^Behoben: / })
    .first()
    .waitFor();
  await save(page, 'statusseite-pflegen');
  await pictures.open('/status');
  await page.getByText('nur eingeschränkt nutzbar').first().waitFor();
  await save(page, 'statusseite');
  await office.send('PATCH', `/api/status/messages/${told.id}`, { ended: true });
}

async function review(pictures: Pictures): Promise<void> {
  await pictures.open('/review');
  await pictures.page.getByRole('heading', { name: 'Lauteste Regeln' }).waitFor();
  await pictures.take('rueckblick');
}
