import { PowerView } from '@rackhaus/config/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestBackend, type TestBackend } from '../../testing/test-backend.ts';
import { marker } from './testing.ts';
import { makeTwoSites, type TwoSites } from './two-sites.ts';

let backend: TestBackend;
let both: TwoSites;
const ids = { upsNorth: 0, upsSouth: 0, pduOne: 0, pduTwo: 0, pduSouth: 0, twice: 0, once: 0, far: 0 };

beforeAll(async () => {
  backend = await startTestBackend();
  both = await makeTwoSites(backend);
  const { north, south, powered, feed } = both;
  ids.upsNorth = await powered(north, 'USV Nord', 'ups', 1, 4);
  ids.pduOne = await powered(north, 'Leiste 1', 'pdu', 1, 4);
  ids.pduTwo = await powered(north, 'Leiste 2', 'pdu', 1, 4);
  ids.twice = await powered(north, 'Server', 'server', 2, 0);
  ids.once = await powered(north, 'Telefon', 'server', 1, 0);
  ids.upsSouth = await powered(south, `${marker} USV`, 'ups', 1, 4);
  ids.pduSouth = await powered(south, `${marker} Leiste`, 'pdu', 1, 4);
  ids.far = await powered(south, `${marker} Rechner`, 'server', 2, 0);
  // One strip hangs on the UPS of the other site, and a strip there on the own UPS.
  await feed(ids.upsSouth, 1, ids.pduOne, 1);
  await feed(ids.upsNorth, 1, ids.pduTwo, 1);
  await feed(ids.upsNorth, 2, ids.pduSouth, 1);
  await feed(ids.pduOne, 1, ids.twice, 1);
  await feed(ids.pduTwo, 1, ids.twice, 2);
  await feed(ids.pduOne, 2, ids.once, 1);
  await feed(ids.pduSouth, 1, ids.far, 1);
  await feed(ids.upsSouth, 2, ids.far, 2);
}, 60_000);
afterAll(() => backend.remove());

const view = async (client: { get: TwoSites['admin']['get'] }, query = '') => {
  const answer = await client.get(`/api/power${query}`);
  expect(answer.status, answer.text).toBe(200);
  return { text: answer.text, ...PowerView.parse(answer.json) };
};

it('shows the power of the own site up to where it leaves it, and nothing beyond', async () => {
  const viewer = await both.limited('viewer');
  for (const query of ['', `?site=${both.north.siteId}`, `?room=${both.north.roomId}`]) {
    const { text, devices, sources } = await view(viewer, query);
    expect(text).not.toContain(marker);
    expect(sources.map(({ id }) => id).toSorted()).toEqual([ids.upsNorth, ids.pduOne, ids.pduTwo].toSorted());
    expect(devices.map(({ id }) => id).toSorted()).toEqual([ids.twice, ids.once].toSorted());
    const source = (id: number) => sources.find((each) => each.id === id);
    const device = (id: number) => devices.find((each) => each.id === id);
    expect(source(ids.pduOne)?.inlets).toMatchObject([{ chain: [], end: 'beyond' }]);
    expect(source(ids.pduTwo)?.inlets).toMatchObject([
      { chain: [{ deviceId: ids.upsNorth }], end: 'documented' },
    ]);
    // Whether the other strand is another source is not known here; and one of it alone is known to take the phone down.
    expect(device(ids.twice)).toMatchObject({
      verdict: 'unknown',
      single: [],
      inlets: [
        { chain: [{ deviceId: ids.pduOne }], end: 'beyond' },
        { chain: [{ deviceId: ids.pduTwo }, { deviceId: ids.upsNorth }], end: 'documented' },
      ],
    });
    expect(device(ids.once)).toMatchObject({ verdict: 'one-supply', single: [{ id: ids.pduOne }] });
    // Both cords are its own. What hangs on the far end counts nowhere, and what it would carry alone is not made up.
    expect(source(ids.upsNorth)).toMatchObject({ feeds: 2, redundantFeeds: 1, failoverWatts: null });
  }
  const all = await view(both.admin);
  expect(all.text).toContain(marker);
  expect(all.devices.find(({ id }) => id === ids.twice)?.verdict).toBe('redundant');
  expect(all.sources.find(({ id }) => id === ids.upsNorth)?.redundantFeeds).toBe(2);
});

it('is refused the other site, and a room there', async () => {
  const viewer = await both.limited('viewer');
  expect((await viewer.get(`/api/power?site=${both.south.siteId}`)).status).toBe(403);
  expect((await viewer.get(`/api/power?room=${both.south.roomId}`)).status).toBe(403);
});

it('tells nothing by counts either: what changes in the other site changes no letter of it', async () => {
  const viewer = await both.limited('viewer');
  const before = (await view(viewer)).text;
  const { south, powered, feed } = both;
  const more = await powered(south, `${marker} Zweiter`, 'server', 2, 0);
  await feed(ids.pduSouth, 2, more, 1);
  await feed(ids.upsSouth, 3, more, 2);
  // A third strip there that is fed by a strip there.
  const strip = await powered(south, `${marker} Leiste 2`, 'pdu', 1, 4);
  await feed(ids.pduSouth, 3, strip, 1);
  expect((await view(viewer)).text).toBe(before);
  expect((await view(both.admin)).sources.map(({ id }) => id)).toContain(strip);
});

it('says what fails in the own site when something of it fails, and names nothing of the other', async () => {
  const viewer = await both.limited('viewer');
  const fails = await viewer.get(`/api/impact?device=${ids.upsNorth}`);
  expect(fails.text).not.toContain(marker);
  expect(fails.text).toContain('Leiste 2');
  expect((await both.admin.get(`/api/impact?device=${ids.upsNorth}`)).text).toContain(marker);
});
