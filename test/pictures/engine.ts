import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentList, CreatedAgent, CreatedFeed, FeedList, Structure } from '@rackhaus/config/contract';
import { startAgent } from '../harness/agent.ts';
import { type Office, openOffice } from '../harness/orders.ts';
import type { SignedIn } from '../harness/page.ts';
import { type StartedProcess, until } from '../harness/process.ts';
import { around } from './around.ts';
import { type Pictures, save } from './pictures.ts';

const site = 'Grundschule';

/** Who polls what, and programs that write by themselves. Leaves nothing behind but what the feeds have reported. */
export async function enginePictures(pictures: Pictures, to: SignedIn): Promise<void> {
  const office = await openOffice(to);
  await feeds(pictures, office);
  await agents(pictures, office);
}

/** A second agent at the school: side by side, then silent with the other one standing in. */
async function agents(pictures: Pictures, office: Office): Promise<void> {
  const { page } = pictures;
  const [first] = (await pictures.get('/api/agents', AgentList)).agents;
  const { sites } = await pictures.get('/api/structure', Structure);
  const school = sites.find(({ name }) => name === site);
  if (!first || !school) throw new Error(`there is no agent, or no ${site}`);
  const { id, token } = CreatedAgent.parse(await pictures.send('POST', '/api/agents', { name: site }));
  await office.send('PATCH', `/api/agents/${id}`, { siteIds: [school.id], standbyAgentId: first.id });

  const folder = mkdtempSync(join(tmpdir(), 'rackhaus-pictures-'));
  const agentTokenFile = join(folder, 'token');
  writeFileSync(agentTokenFile, token, { mode: 0o600 });
  let agent: StartedProcess | undefined;
  try {
    agent = await startAgent({ url: pictures.url, agentTokenFile }, join(folder, 'agent'), {
      TRAP_PORT: '0',
    });
    await pictures.open('/administration/machines');
    const card = page.getByRole('article', { name: site });
    await card.getByText('in Ordnung').waitFor({ timeout: 90_000 });
    // What it says of itself comes some seconds later; until then its standby may have its devices.
    await card.getByText('eines Kerns').waitFor({ timeout: 90_000 });
    await card.getByText('hat seine Geräte übernommen').waitFor({ state: 'detached', timeout: 90_000 });
    // One that is silent says less of itself, but who stands in for it.
    const both = page.getByRole('article').filter({ hasText: 'Vertretung' });
    await card.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    await pictures.take('agenten', await around(both.nth(0), both.nth(1)));

    await page.getByRole('button', { name: `Agent ${site} bearbeiten` }).click();
    await page.getByRole('dialog').getByLabel('Vertretung').waitFor();
    await pictures.take('agent-bearbeiten', await around(page.getByRole('dialog')));
    await page.keyboard.press('Escape');

    await pictures.open('/polling?order=slowest');
    await page.getByRole('row').nth(20).waitFor();
    await pictures.take('abfrage');

    await pictures.open(`/devices/${await pictures.record('device', 'name:is:host-1')}`);
    const part = page
      .locator('section')
      .filter({ has: page.getByRole('heading', { name: 'Abfrage', exact: true }) });
    await part.getByText('antwortet').waitFor();
    await part.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    // Beside it is a chart, which has nothing to show yet.
    await pictures.take(
      'abfrage-geraet',
      await around(part.getByRole('heading', { name: 'Abfrage', exact: true }), part.locator('dl')),
    );

    await agent.stop('SIGKILL');
    await pictures.open('/administration/machines');
    await card.getByText('hat seine Geräte übernommen').waitFor({ timeout: 60_000 });
    await card.getByText('in Ordnung').waitFor({ state: 'detached', timeout: 60_000 });
    await card.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    await save(page, 'agent-vertreten', await around(both.nth(0), both.nth(1)));
  } finally {
    await agent?.stop();
    await office.send('DELETE', `/api/agents/${id}`, undefined);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a program has said over some minutes, as its lines would have been. */
function linesOf(host: string, now: number, round: number): string {
  const time = now - round * 10_000;
  return [
    `cpu,cpu=cpu-total,host=${host} usage_idle=${80 - round},usage_iowait=0.4 ${time}`,
    `mem,host=${host} used_percent=${41 + round / 10},slab=402653184i ${time}`,
    `system,host=${host} load1=0.42,uptime=${1_234_567 - round * 10}i,n_users=2i ${time}`,
    `disk,device=sda1,fstype=ext4,host=${host},path=/ total=53687091200i,used=18253611008i,used_percent=34 ${time}`,
    `net,host=${host},interface=ens18 bytes_recv=${9e9 - round * 4e5}i,bytes_sent=${3e9 - round * 1e5}i ${time}`,
    `docker,host=${host} n_containers_running=7i,temperature=48.5 ${time}`,
  ].join('\n');
}

async function feeds(pictures: Pictures, office: Office): Promise<void> {
  const { page } = pictures;
  await pictures.open('/feeds');
  const begin = page.getByText('Noch kein Programm liefert Messwerte.');
  await begin.waitFor();
  await pictures.take('zulieferer-leer', { x: 0, y: 0, width: 1440, height: 420 });

  const { token } = CreatedFeed.parse(
    await pictures.send('POST', '/api/feeds', { name: 'Telegraf der Server' }),
  );
  await pictures.send('POST', '/api/feeds', { name: 'Proxmox VE' });
  await pictures.open('/feeds');
  await page.getByRole('button', { name: 'Telegraf der Server einrichten' }).click();
  await page.getByLabel('Einstellung').waitFor();
  await pictures.take('zulieferer-einrichten', await around(page.getByRole('dialog')));
  await page.keyboard.press('Escape');

  const now = Date.now();
  const hosts = ['host-1.rathaus.example', 'host-2.rathaus.example', 'nas-sicherung', 'testrechner-07'];
  for (let round = 30; round >= 0; round -= 1)
    await write(pictures.url, token, hosts.map((host) => linesOf(host, now, round)).join('\n'));
  await page.getByRole('heading', { name: `Wartet auf Zuordnung (${hosts.length})` }).waitFor();
  await page.getByRole('heading', { level: 1 }).click();
  await pictures.take('zulieferer-wartet', { x: 0, y: 0, width: 1440, height: 760 });

  await page.getByRole('button', { name: /^Alle \d+ Vorschläge übernehmen$/ }).click();
  await page.getByRole('heading', { name: 'Zugeordnet (3)' }).waitFor();
  await page.getByRole('button', { name: 'testrechner-07 ignorieren' }).click();
  await page.getByText('Ignoriert (1)').click();
  await page.getByText('nicht verstanden').first().waitFor();
  await pictures.take('zulieferer-zugeordnet', { x: 0, y: 0, width: 1440, height: 760 });

  await page.getByRole('button', { name: 'host-1.rathaus.example', exact: true }).click();
  await page.getByText(/^Nicht verstanden/).click();
  await page.getByRole('button', { name: 'temperature zuordnen' }).waitFor();
  await pictures.take('zulieferer-felder', await around(page.getByRole('dialog')));
  await page.keyboard.press('Escape');

  for (const feed of (await pictures.get('/api/feeds', FeedList)).feeds)
    await office.send('DELETE', `/api/feeds/${feed.id}`, undefined);
  await until('the end of the feeds', async () =>
    (await pictures.get('/api/feeds', FeedList)).feeds.length === 0 ? true : undefined,
  );
}

/** @throws Error with the answer when it is not taken */
async function write(url: string, token: string, lines: string): Promise<void> {
  const reply = await fetch(`${url}/api/v2/write?precision=ms`, {
    method: 'POST',
    headers: { authorization: `Token ${token}` },
    body: lines,
  });
  if (reply.status !== 204) throw new Error(`${reply.status} ${await reply.text()}`);
}
