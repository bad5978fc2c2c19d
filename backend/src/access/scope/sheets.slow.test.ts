import { SheetReply, sheetKinds } from '@rackhaus/config/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Client } from '../../testing/client.ts';
import { startTestBackend, type TestBackend } from '../../testing/test-backend.ts';
import { marker } from './testing.ts';
import { makeTwoSites, type TwoSites } from './two-sites.ts';

let backend: TestBackend;
let both: TwoSites;
let viewer: Client;
/** Of both sites: what is removed there. */
const going = { north: 0, south: 0, link: 0 };

beforeAll(async () => {
  backend = await startTestBackend();
  both = await makeTwoSites(backend);
  const { admin, north, south, panel, join } = both;
  const near = await panel(north, 'Feld Nord', 2);
  // Whoever has the trunk may read where it ends, and not what is plugged in there.
  const far = await panel(south, 'Feld drüben', 2);
  const further = await panel(south, `${marker} Feld`, 2);
  for (const jack of [0, 1])
    await join(near.rears[jack] ?? 0, far.rears[jack] ?? 0, `Stamm ${jack + 1}`, 'permanent');
  await join(north.switchPorts[4] ?? 0, near.fronts[0] ?? 0, 'Schnur Nord');
  await join(far.fronts[0] ?? 0, south.switchPorts[4] ?? 0, `${marker} Schnur`);
  // The other one runs on through the site before it ends.
  await join(far.fronts[1] ?? 0, further.fronts[0] ?? 0, `${marker} Brücke`);
  going.link = await join(
    further.rears[0] ?? 0,
    south.handoverPorts[5] ?? 0,
    `${marker} Strecke`,
    'permanent',
  );
  going.north = north.switchId;
  going.south = south.switchId;
  for (const id of [north.switchId, south.switchId])
    expect((await admin.patch(`/api/inventory/device/${id}`, { status: 'to-be-removed' })).status).toBe(200);
  viewer = await both.limited('viewer');
  // Orders are open for longer than no time at all.
  backend.clock.now += 1000;
}, 60_000);
afterAll(() => backend.remove());

const rowsOf = async (client: Client, address: string) => {
  const answer = await client.get(address);
  expect(answer.status, `${address}: ${answer.text}`).toBe(200);
  return SheetReply.parse(answer.json).rows;
};

it.each(sheetKinds)('the sheet "%s" has what is in the own site, and nothing of the other', async (sheet) => {
  const query = 'size=500&weeks=0&cables=all';
  const { siteId, roomId } = both.north;
  // Orders are in a place by their steps, and drafts have none.
  const places = sheet === 'undocumented' ? [] : [`&within=site:${siteId}`, `&within=room:${roomId}`];
  for (const within of ['', ...places]) {
    const address = `/api/sheets/${sheet}?${query}${within}`;
    const own = await rowsOf(viewer, address);
    expect(own.length, address).toBeGreaterThan(0);
    expect(JSON.stringify(own), address).not.toContain(marker);
    // Of what is about one of both sites: exactly the rows of the own one.
    const all = await rowsOf(both.admin, address);
    const keys = new Set(own.map(({ key }) => key));
    if (within === '') {
      expect(JSON.stringify(all)).toContain(marker);
      expect(all.length).toBeGreaterThan(own.length);
    } else if (sheet !== 'removal')
      expect([...keys].toSorted()).toEqual(all.map(({ key }) => key).toSorted());
  }
  const file = await viewer.get(`/api/sheets/${sheet}/file?format=csv&weeks=0&cables=all`);
  expect(file.status).toBe(200);
  expect(file.text).not.toContain(marker);
  expect((await both.admin.get(`/api/sheets/${sheet}/file?format=csv&weeks=0&cables=all`)).text).toContain(
    marker,
  );
});

it('says by name where a trunk ends that leaves the site, and no more of what lies behind', async () => {
  const rows = await rowsOf(viewer, '/api/sheets/patch?cables=all&size=500');
  const textOf = (label: string) => JSON.stringify(rows.find(({ cells }) => cells.includes(label))?.cells);
  expect(textOf('Stamm 1')).toContain('Feld drüben:R 1');
  expect(textOf('Schnur Nord')).toContain('…');
  // Neither room nor rack of the far end stand there, which the sheet says of all ends.
  expect(JSON.stringify(await rowsOf(both.admin, '/api/sheets/patch?cables=all&size=500'))).toContain(
    `Feld drüben:R 1 (${marker} Raum`,
  );
  // Two cables lie behind the second jack, and one behind the first: the list tells neither how many nor how long.
  const distributor = await rowsOf(viewer, '/api/sheets/distributor?size=500');
  for (const row of distributor) expect(JSON.stringify(row.cells)).not.toMatch(/….*, …/);
});

it('exports the cables that end in the own site', async () => {
  const own = await viewer.get('/api/cables/export?format=csv');
  expect(own.status).toBe(200);
  expect(own.text).not.toContain(marker);
  for (const label of ['Stamm 1', 'Stamm 2', 'Schnur Nord', 'Nord Kabel']) expect(own.text).toContain(label);
  expect((await both.admin.get('/api/cables/export?format=csv')).text).toContain(`${marker} Strecke`);
  const room = await viewer.get(`/api/cables/export?format=csv&within=room:${both.north.roomId}`);
  expect(room.text).toBe(own.text);
});

it('is refused sheets of places, devices and cables of the other site', async () => {
  const { siteId, roomId, rackId, ids } = both.south;
  const places = [`site:${siteId}`, `building:${ids.building}`, `floor:${ids.floor}`, `room:${roomId}`];
  for (const sheet of sheetKinds)
    for (const query of [
      ...[...places, `rack:${rackId}`].map((place) => `within=${place}`),
      `devices=${going.south}`,
      `devices=${going.north},${going.south}`,
      `links=${going.link}`,
    ]) {
      expect((await viewer.get(`/api/sheets/${sheet}?${query}`)).status, `${sheet} ${query}`).toBe(403);
      expect((await viewer.get(`/api/sheets/${sheet}/file?format=pdf&${query}`)).status, query).toBe(403);
    }
  for (const place of places)
    expect((await viewer.get(`/api/cables/export?format=csv&within=${place}`)).status).toBe(403);
});
