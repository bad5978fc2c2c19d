import { createSocket } from 'node:dgram';
import { ProfileDetail, ProfileList, SyslogPage, SyslogState } from '@rackhaus/config/contract';
import { until } from '../harness/process.ts';
import { around } from './around.ts';
import type { Pictures } from './pictures.ts';

const ups = 'USV A';

/** How devices are found, described, checked and listened to. The profile that is written for a picture is not kept. */
export async function recognitionPictures(pictures: Pictures): Promise<void> {
  await discovery(pictures);
  await ownProfile(pictures);
  await checks(pictures);
  await messages(pictures);
}

/** The demo's scan finds what its technicians have never written down. */
async function discovery(pictures: Pictures): Promise<void> {
  const { page } = pictures;
  await pictures.open('/discovery');
  const dialog = page.getByRole('dialog');
  await pictures.button('Neue Suche').click();
  await dialog.getByLabel('Bezeichnung').fill('Serverraum');
  await dialog.getByLabel('Netze').fill('127.77.10.0/24');
  await dialog.getByRole('checkbox').first().check();
  await dialog.getByText(/Adressen, etwa/).waitFor();
  await dialog.getByRole('heading', { level: 2 }).click();
  await pictures.take('suche-anlegen', await around(dialog));
  await page.keyboard.press('Escape');

  await pictures.button('Jetzt suchen: Rathaus').click();
  const scan = page.getByRole('listitem', { name: 'Rathaus' });
  await scan.getByText(/Zuletzt .*gefunden, davon/).waitFor({ timeout: 300_000 });
  const row = page.getByRole('row').filter({ hasText: 'ap-sitzungssaal' });
  await row.waitFor();
  await page.getByRole('heading', { level: 1 }).click();
  await pictures.take('geraete-suchen', { x: 0, y: 0, width: 1440, height: 860 });

  await row.getByRole('checkbox').check();
  await pictures.button('Übernehmen …').click();
  await dialog.getByText(/„ap-sitzungssaal“ wird als .* angelegt/).waitFor();
  await dialog.getByRole('heading', { level: 2 }).click();
  await pictures.take('geraet-uebernehmen', await around(dialog));
  await page.keyboard.press('Escape');
}

/** The profile of a UPS with a value more, tried on it. */
async function ownProfile(pictures: Pictures): Promise<void> {
  const { page } = pictures;
  const { profile, text } = await profileOf(pictures, ups);
  await pictures.open(`/profiles/${profile.id}`);
  await pictures.button('Eigene Fassung schreiben').click();
  const added = [
    '  - id: network',
    '    objects: { ports: 1.3.6.1.2.1.2.1.0 }',
    '    entity: Netzanschlüsse der Karte',
    '    values: [{ metric: sensor.count, column: ports }]',
  ].join('\n');
  const own = /^scalars:$/m.test(text)
    ? text.replace(/^scalars:$/m, `scalars:\n${added}`)
    : `${text}\nscalars:\n${added}\n`;
  await page.getByLabel('Text des Profils').fill(own);
  await page.getByText('Das Profil ist in Ordnung.').waitFor();
  await page.getByRole('combobox', { name: 'Gerät' }).fill(ups);
  await page.getByRole('option', { name: ups }).first().click();
  await pictures.button('Ausprobieren').click();
  const result = page.getByRole('heading', { name: `Ergebnis an ${ups}` });
  await result.waitFor({ timeout: 120_000 });
  await page.getByLabel('Nur Unterschiede').check();
  await page.getByRole('row', { name: /Netzanschlüsse der Karte/ }).evaluate((element) => {
    element.scrollIntoView({ block: 'end' });
  });
  await pictures.take('eigenes-profil');
}

/** The profile that a device is polled with. @throws Error when it is polled with none */
async function profileOf(pictures: Pictures, name: string): Promise<ProfileDetail> {
  const { profiles } = await pictures.get('/api/profiles', ProfileList);
  for (const { id, devices } of profiles) {
    if (devices === 0) continue;
    const detail = await pictures.get(`/api/profiles/${id}`, ProfileDetail);
    if (detail.devices.some((device) => device.name === name)) return detail;
  }
  throw new Error(`${name} is polled with no profile`);
}

async function checks(pictures: Pictures): Promise<void> {
  const { page } = pictures;
  await pictures.open(`/devices/${await pictures.record('device', 'name:is:d3-archiv')}`);
  const part = page
    .locator('section')
    .filter({ has: page.getByRole('heading', { name: 'Prüfungen', exact: true }) });
  await part
    .getByText(/Antwort nach/)
    .first()
    .waitFor({ timeout: 120_000 });
  await part.evaluate((element) => element.scrollIntoView({ block: 'center' }));
  await pictures.take('pruefungen', await around(part));

  await part.getByRole('button', { name: 'Bearbeiten' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Jetzt ausprobieren' }).click();
  const answer = dialog.getByText(/Antwort nach/);
  await answer.waitFor({ timeout: 60_000 });
  await answer.evaluate((element) => element.scrollIntoView({ block: 'end' }));
  await pictures.take('pruefung-ausprobieren', await around(dialog));
  await page.keyboard.press('Escape');
}

/** What devices of the town say: address, name, severity (RFC 5424, table 2), program, message. */
const said: readonly (readonly [string, string, number, string, string])[] = [
  ['127.77.10.11', 'acc-ug-1', 5, 'PORT', 'Interface 1/1/7, changed state to down'],
  ['127.77.10.11', 'acc-ug-1', 5, 'PORT', 'Interface 1/1/7, changed state to up'],
  ['127.77.10.21', 'firewall-a', 6, 'auth', 'User k.brandt logged in from 127.77.10.60 by https'],
  ['127.77.10.21', 'firewall-a', 4, 'ips', 'Port scan from 198.51.100.23 was blocked'],
  ['127.77.10.12', 'acc-ug-2', 3, 'POE', 'Port 1/1/12: power denied, budget exceeded'],
  ['127.77.10.1', 'core-1', 5, 'SYS', 'Configured from console by k.brandt (127.77.10.60)'],
  ['127.77.10.1', 'core-1', 4, 'STP', 'Topology change on VLAN 40, port 1/1/9'],
  ['127.77.10.2', 'core-2', 6, 'NTP', 'Clock synchronised with 127.77.10.21, stratum 3'],
];

async function messages(pictures: Pictures): Promise<void> {
  const { page } = pictures;
  const port = await until('a port for messages', async () => {
    const { agents } = await pictures.get('/api/syslog/state', SyslogState);
    return agents.find(({ udp }) => udp !== null)?.udp ?? undefined;
  });
  for (const [address, host, severity, program, text] of said)
    await say(
      address,
      port,
      `<${23 * 8 + severity}>1 ${new Date().toISOString()} ${host} ${program} - - - ${text}`,
    );
  await until('messages', async () => {
    const { messages: kept } = await pictures.get('/api/syslog', SyslogPage);
    return kept.length >= said.length ? true : undefined;
  });
  await pictures.open('/messages');
  await page.getByText('power denied').first().waitFor();
  await page.getByRole('heading', { level: 1 }).click();
  await pictures.take('geraetemeldungen', { x: 0, y: 0, width: 1440, height: 760 });
}

/** Sends a datagram as a device would: from its address. */
function say(from: string, port: number, line: string): Promise<void> {
  const socket = createSocket('udp4');
  return new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(0, from, () => {
      socket.send(line, port, '127.0.0.1', (error) => (error ? reject(error) : resolve()));
    });
  }).finally(() => socket.close());
}
