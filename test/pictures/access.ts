import {
  AgentList,
  CreatedApiToken,
  MadeAccountLink,
  OutgoingNetworkList,
  SessionReply,
  Structure,
} from '@rackhaus/config/contract';
import type { Page } from 'playwright-core';
import { makeCertificates } from '../harness/certificates.ts';
import { openOffice } from '../harness/orders.ts';
import { newPage, type SignedIn } from '../harness/page.ts';
import { startSlapd, suffix } from '../harness/slapd.ts';
import { around } from './around.ts';
import type { Pictures } from './pictures.ts';

const dayMs = 86_400_000;

/** People, rights, other services, agents and programs, protection and the log. Accounts and networks that it makes stay. */
export async function accessPictures(pictures: Pictures, to: SignedIn): Promise<void> {
  await people(pictures);
  await services(pictures);
  await machines(pictures, to);
  await programs(pictures, to);
  await protection(pictures, to);
  await log(pictures);
}

async function dialog(pictures: Pictures, name: string): Promise<void> {
  await pictures.take(name, await around(pictures.page.getByRole('dialog')));
}

async function people(pictures: Pictures): Promise<void> {
  const { page } = pictures;
  const { sites } = await pictures.get('/api/structure', Structure);
  const ids = sites.filter(({ name }) => /schule/i.test(name)).map(({ id }) => id);
  const invite = async (name: string, role: string, siteIds: readonly number[] | null) =>
    MadeAccountLink.parse(await pictures.send('POST', '/api/users/invitations', { name, role, siteIds }));
  const technician = await invite('Jonas Weber', 'technician', ids);
  await invite('Sven Kolb', 'on-call', null);
  const password = 'korb feder mond takt';
  await setPassword(pictures, page, technician, password);
  await invite('Leitung Bürgerdienste', 'viewer', null);
  await wrongPasswords(pictures, 'Jonas Weber');

  await pictures.open('/administration');
  await page.getByRole('row').filter({ hasText: 'Jonas Weber' }).filter({ hasText: 'aktiv' }).waitFor();
  await page.getByRole('heading', { name: 'Angehaltene Versuche' }).waitFor();
  await page.getByText('Jonas Weber von').waitFor();
  await pictures.take('verwaltung');

  await page.getByRole('button', { name: 'Person einladen' }).click();
  const open = page.getByRole('dialog');
  await open.getByLabel('Name', { exact: true }).fill('Sabine Kurz');
  await open.getByLabel('Rolle').selectOption({ label: 'Technik' });
  await open.getByText('Auswahl', { exact: true }).click();
  await open.getByLabel('Grundschule').check();
  await open.getByLabel(/E-Mail-Adresse/).fill('s.kurz@rathaus.example');
  await dialog(pictures, 'person-einladen');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Jonas Weber verwalten' }).click();
  await open.getByText(/auf Linux/).waitFor();
  await dialog(pictures, 'person-verwalten');
  await page.keyboard.press('Escape');
}

/** Sets it by the link, in a browser of its own that stays signed in. */
async function setPassword(
  pictures: Pictures,
  page: Page,
  link: { readonly url: string },
  password: string,
): Promise<void> {
  const browser = page.context().browser();
  if (!browser) throw new Error('the browser is gone');
  const other = await newPage(browser);
  const token = new URL(link.url).hash.slice(1);
  const reply = await other.request.post(`${pictures.url}/api/account-links/use`, {
    data: { token, password },
    headers: {
      origin: pictures.url,
      'user-agent':
        'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
    },
  });
  const session = SessionReply.parse(await reply.json());
  if (session.state !== 'signed-in') throw new Error(`the link leads to ${session.state}`);
  await other.context().close();
}

/** Tries until the next attempt has to wait so long that a picture of it can be taken. */
async function wrongPasswords(pictures: Pictures, user: string): Promise<void> {
  // Some are free; then each second one is refused, with twice the wait.
  for (let attempt = 0; attempt < 30; attempt += 1) {
    const reply = await fetch(`${pictures.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user, password: `falsch ${attempt}` }),
    });
    await reply.text();
    const seconds = Number(reply.headers.get('retry-after') ?? 0);
    if (seconds > 30) return;
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
  throw new Error('nobody was made to wait');
}

async function services(pictures: Pictures): Promise<void> {
  const { page } = pictures;
  const open = page.getByRole('dialog');
  await pictures.open('/administration/sign-in');
  await page.getByText('Noch ist kein Dienst angebunden.').waitFor();
  await page.getByRole('button', { name: 'OpenID Connect anbinden' }).click();
  await open.getByLabel('Name', { exact: true }).fill('Rathaus-Konto');
  await open.getByLabel(/Adresse des Anbieters/).fill('https://login.rathaus.example/realms/rathaus');
  await open.getByLabel('Client-ID').fill('rackhaus');
  await open.getByLabel('Client-Geheimnis').fill('wird nie wieder angezeigt');
  await dialog(pictures, 'anmeldung-oidc');
  await open.getByRole('button', { name: 'Regel hinzufügen' }).click();
  await open.getByLabel('Gruppe', { exact: true }).fill('it-administration');
  await open.getByLabel('Rolle', { exact: true }).selectOption({ label: 'Administration' });
  await open.getByRole('button', { name: 'Regel hinzufügen' }).click();
  await open.getByLabel('Gruppe', { exact: true }).last().fill('it-technik');
  await open.getByLabel('Rolle', { exact: true }).last().selectOption({ label: 'Technik' });
  const rules = open.getByRole('region', { name: 'Wer was darf' });
  await rules.evaluate((element) => element.scrollIntoView({ block: 'center' }));
  await pictures.take('anmeldung-regeln', await around(rules));
  await open.getByRole('button', { name: 'Abbrechen' }).click();
  await directory(pictures);
}

/** The check of a directory, against a real one. */
async function directory(pictures: Pictures): Promise<void> {
  const { page } = pictures;
  const open = page.getByRole('dialog');
  const certificates = makeCertificates(['IP:127.0.0.1', 'DNS:localhost']);
  const slapd = await startSlapd(townEntries, certificates);
  try {
    await page.getByRole('button', { name: 'Verzeichnis anbinden' }).click();
    await open.getByText('Anderes (OpenLDAP …)').click();
    await open.getByLabel('Name', { exact: true }).fill('Verzeichnis');
    await open.getByLabel('Server', { exact: true }).fill(slapd.ldaps.replace('127.0.0.1', 'localhost'));
    await open.getByLabel(/Zertifikat der eigenen/).fill(certificates.ca);
    await open.getByLabel('Dienstkonto', { exact: true }).fill(`uid=rackhaus,ou=Leute,${suffix}`);
    await open.getByLabel('Passwort des Dienstkontos').fill('password of rackhaus');
    await open.getByLabel('Wo Personen stehen').fill(`ou=Leute,${suffix}`);
    await open.getByLabel('Wo Gruppen stehen').fill(`ou=Gruppen,${suffix}`);
    await open.getByRole('button', { name: 'Regel hinzufügen' }).click();
    await open.getByLabel(/^Gruppe/).fill('it-technik');
    await open.getByLabel('Rolle', { exact: true }).selectOption({ label: 'Technik' });
    await open.getByLabel('Testperson', { exact: true }).fill('j.weber');
    await open.getByLabel('Passwort der Testperson').fill('password of j.weber');
    await open.getByRole('button', { name: 'Verbindung prüfen' }).click();
    const check = open.getByRole('region', { name: 'Verbindung prüfen' });
    await check.getByText('Rolle in Rackhaus').waitFor();
    await check.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    await pictures.take('anmeldung-pruefen', await around(check));
    await open.getByRole('button', { name: 'Abbrechen' }).click();
  } finally {
    await slapd.stop();
  }
}

const person = (uid: string) => `
dn: uid=${uid},ou=Leute,${suffix}
objectClass: inetOrgPerson
cn: ${uid}
sn: ${uid}
uid: ${uid}
userPassword: password of ${uid}
`;
const townEntries = `
dn: ${suffix}
objectClass: dcObject
objectClass: organization
o: Rathaus
dc: rathaus

dn: ou=Leute,${suffix}
objectClass: organizationalUnit
ou: Leute

dn: ou=Gruppen,${suffix}
objectClass: organizationalUnit
ou: Gruppen
${person('rackhaus')}${person('j.weber')}
dn: cn=it-technik,ou=Gruppen,${suffix}
objectClass: groupOfNames
cn: it-technik
member: uid=j.weber,ou=Leute,${suffix}
`;

async function machines(pictures: Pictures, to: SignedIn): Promise<void> {
  const { page } = pictures;
  const office = await openOffice(to);
  await pictures.open('/administration/machines');
  await page.getByRole('article').first().getByText('in Ordnung').waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Agent anlegen' }).click();
  const open = page.getByRole('dialog');
  await open.getByLabel('Name').fill('Bücherei');
  await open.getByRole('button', { name: 'Agent anlegen' }).click();
  await open.getByLabel('Befehl').waitFor();
  await dialog(pictures, 'agent-verbinden');
  await open.getByRole('button', { name: 'Fertig' }).click();
  const { agents } = await pictures.get('/api/agents', AgentList);
  for (const agent of agents.filter(({ name }) => name === 'Bücherei'))
    await office.send('DELETE', `/api/agents/${agent.id}`, undefined);

  await page.getByRole('button', { name: 'Link anlegen' }).click();
  await open.getByLabel('Name').fill('Flur vor dem Serverraum');
  await open.getByLabel('Zeigt').selectOption({ label: 'Rathaus: Serverraum neu' });
  await dialog(pictures, 'anzeigetafel-anlegen');
  await page.keyboard.press('Escape');
}

async function programs(pictures: Pictures, to: SignedIn): Promise<void> {
  const { page } = pictures;
  const office = await openOffice(to);
  const end = Date.now() + 90 * dayMs;
  const make = async (name: string, role: string, readOnly: boolean) =>
    CreatedApiToken.parse(
      await pictures.send('POST', '/api/api-tokens', { name, role, sites: null, readOnly, endsAt: end }),
    );
  const { id: report, token } = await make('Monatsbericht', 'viewer', true);
  const { id: sync } = await make('Abgleich mit der Inventarliste', 'technician', false);
  const used = await fetch(`${pictures.url}/api/structure`, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (!used.ok) throw new Error(`${used.status} ${await used.text()}`);

  await pictures.open('/account');
  const part = page
    .locator('section')
    .filter({ has: page.getByRole('heading', { name: 'Zugänge für Programme' }) });
  await part.getByText('Monatsbericht').waitFor();
  await part.evaluate((element) => element.scrollIntoView({ block: 'center' }));
  await pictures.take('zugaenge', await around(part));
  await page.getByRole('button', { name: 'Zugang anlegen' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Monatsbericht');
  await dialog(pictures, 'zugang-anlegen');
  await page.keyboard.press('Escape');
  for (const id of [report, sync]) await office.send('DELETE', `/api/api-tokens/${id}`, undefined);
}

async function protection(pictures: Pictures, to: SignedIn): Promise<void> {
  const { page } = pictures;
  await pictures.send('POST', '/api/outgoing-networks', {
    network: '10.20.4.15',
    note: 'Chat der Stadtverwaltung',
  });
  await pictures.open('/administration/protection');
  await page.getByText('Chat der Stadtverwaltung').waitFor();
  await page.getByRole('heading', { name: 'Netze, in denen abgefragt wird' }).waitFor();
  await pictures.take('schutz');
  const { networks } = await pictures.get('/api/outgoing-networks', OutgoingNetworkList);
  const office = await openOffice(to);
  for (const { id, note } of networks)
    if (note === 'Chat der Stadtverwaltung')
      await office.send('DELETE', `/api/outgoing-networks/${id}`, undefined);
}

async function log(pictures: Pictures): Promise<void> {
  const { page } = pictures;
  await pictures.open('/administration/log');
  // A short log is checked before it could be said that it is.
  const checked = page.waitForResponse((reply) => new URL(reply.url()).pathname === '/api/audit/check');
  await page.getByRole('button', { name: 'Jetzt prüfen' }).click();
  await checked;
  await page.getByText(/^Wird geprüft/).waitFor({ state: 'detached', timeout: 60_000 });
  await page.getByText('Kette unversehrt').waitFor({ timeout: 60_000 });
  await page.getByRole('row').nth(5).waitFor();
  await pictures.take('protokoll');
  await page.getByRole('button', { name: 'Fristen ändern' }).click();
  await page.getByRole('dialog').getByLabel('Namen und Adressen').waitFor();
  await dialog(pictures, 'protokoll-fristen');
  await page.keyboard.press('Escape');
}
