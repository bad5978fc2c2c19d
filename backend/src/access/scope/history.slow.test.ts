import { ChangeDetail, ChangeList, ObjectHistory } from '@rackhaus/config/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { Client } from '../../testing/client.ts';
import { startTestBackend, type TestBackend } from '../../testing/test-backend.ts';
import { marker } from './testing.ts';
import { makeTwoSites, type TwoSites } from './two-sites.ts';

/** What was changed has its number in the address. */
const Written = z.object({ id: z.int().default(0), changeId: z.int() });
const Batched = z.object({ changeId: z.int() });
const Users = z.object({ users: z.array(z.string()) });

let backend: TestBackend;
let both: TwoSites;
let viewer: Client;
/** Numbers of changes: what was done in each site, and to what went from one to the other. */
const done: { north: number[]; south: number[]; came: number; left: number; mixed: number } = {
  north: [],
  south: [],
  came: 0,
  left: 0,
  mixed: 0,
};
const ids = { came: 0, left: 0 };

beforeAll(async () => {
  backend = await startTestBackend();
  both = await makeTwoSites(backend);
  const { admin, north, south } = both;
  const stranger = await both.limited('technician', `${marker} Person`, null);
  const write = async (path: string, values: object, by = admin) => {
    const answer = path.includes('/', '/api/inventory/'.length)
      ? await by.patch(path, values)
      : await by.post(path, values);
    expect(answer.status, answer.text).toBe(200);
    return Written.parse(answer.json);
  };
  const device = (id: number) => `/api/inventory/device/${id}`;

  // Stood in the other site under another name, and has come.
  const came = await write(
    '/api/inventory/device',
    { name: `${marker} Altgerät`, typeId: 1, roomId: south.roomId, notes: `${marker} Passwort am Gehäuse` },
    stranger,
  );
  ids.came = came.id;
  done.south.push(came.changeId);
  done.south.push((await write(device(came.id), { notes: `${marker} neue Notiz` }, stranger)).changeId);
  const { json } = await admin.get(`/api/inventory/port?filter=deviceId:is:${came.id}`);
  const port = z.object({ records: z.array(z.looseObject({ id: z.int() })) }).parse(json).records[0]?.id;
  const described = await write(`/api/inventory/port/${port}`, { description: `${marker} Tresor` }, stranger);
  done.south.push(described.changeId);
  // What it had brought along would be known in the new site as well: that stands in its record.
  const cleared = await write(`/api/inventory/port/${port}`, { description: null }, stranger);
  done.south.push(cleared.changeId);
  const moved = { roomId: north.roomId, name: 'Zugezogen', notes: 'hier' };
  done.came = (await write(device(came.id), moved)).changeId;
  done.north.push((await write(device(came.id), { notes: 'hier bleibt es' })).changeId);
  done.north.push((await write(`/api/inventory/port/${port}`, { description: 'Regal' })).changeId);

  // Stood here, and has gone.
  const left = await write('/api/inventory/device', { name: 'Weggezogen', typeId: 1, roomId: north.roomId });
  ids.left = left.id;
  done.north.push(left.changeId);
  done.north.push((await write(device(left.id), { notes: 'noch hier' })).changeId);
  const gone = { roomId: south.roomId, name: `${marker} Neuzugang`, notes: `${marker} dort` };
  done.left = (await write(device(left.id), gone)).changeId;
  done.south.push((await write(device(left.id), { notes: `${marker} danach` }, stranger)).changeId);

  // Something in both at once, with a reason that only tells of one.
  const update = (kind: string, id: number | undefined, values: object) => ({
    op: 'update',
    kind,
    id,
    values,
  });
  const mixed = await admin.post('/api/inventory/batch', {
    reason: `wegen ${marker}`,
    operations: [
      update('vlan', south.ids.vlan, { notes: `${marker} VLAN` }),
      update('device', south.switchId, { notes: `${marker} Umbau` }),
      update('device', north.switchId, { notes: 'Umbau' }),
    ],
  });
  expect(mixed.status, mixed.text).toBe(200);
  done.mixed = Batched.parse(mixed.json).changeId;
  viewer = await both.limited('viewer');
}, 60_000);
afterAll(() => backend.remove());

async function listOf(client: Client, query = '') {
  const answer = await client.get(`/api/changes?size=200${query}`);
  expect(answer.status, answer.text).toBe(200);
  return { text: answer.text, changes: ChangeList.parse(answer.json).changes };
}
const numbersOf = async (client: Client, query = '') =>
  (await listOf(client, query)).changes.map(({ id }) => id);

async function detailOf(id: number) {
  const answer = await viewer.get(`/api/changes/${id}`);
  expect(answer.status, answer.text).toBe(200);
  expect(answer.text).not.toContain(marker);
  return ChangeDetail.parse(answer.json);
}

it('lists what was done in the own site, by where things were when it was done', async () => {
  const { text, changes } = await listOf(viewer);
  expect(text).not.toContain(marker);
  const shown = changes.map(({ id }) => id);
  expect(shown).toEqual(expect.arrayContaining([...done.north, done.came, done.left, done.mixed]));
  for (const id of done.south) expect(shown).not.toContain(id);
  const all = await listOf(both.admin);
  expect(all.text).toContain(marker);
  expect(all.changes.map(({ id }) => id)).toEqual(expect.arrayContaining(done.south));
});

it('goes on a page at a time without a gap where changes are left out', async () => {
  const found: number[] = [];
  for (let before: number | null = 10_000; before !== null; ) {
    const answer = await viewer.get(`/api/changes?size=2&before=${before}`);
    const { changes, next } = ChangeList.parse(answer.json);
    found.push(...changes.map(({ id }) => id));
    before = next;
  }
  expect(found).toEqual(await numbersOf(viewer));
});

it('shows of a device that came from the other site nothing of what it was there', async () => {
  for (const id of done.south) expect((await viewer.get(`/api/changes/${id}`)).status).toBe(403);
  const { events, change } = await detailOf(done.came);
  expect(change.first).toMatchObject({ kind: 'device', id: ids.came, name: 'Zugezogen' });
  expect(events).toMatchObject([
    {
      elsewhere: 'before',
      before: { name: null, notes: null, roomId: null },
      after: { name: 'Zugezogen', notes: 'hier', roomId: both.north.roomId },
    },
  ]);
  const history = await viewer.get(`/api/history/device/${ids.came}?size=500`);
  expect(history.status).toBe(200);
  expect(history.text).not.toContain(marker);
  const told = ObjectHistory.parse(history.json).changes.map((each) => each.change.id);
  expect(told.toSorted()).toEqual([done.came, done.north[0], done.north[1]].toSorted());
  const whole = await both.admin.get(`/api/history/device/${ids.came}?size=500`);
  expect(whole.text).toContain(`${marker} Tresor`);
});

it('shows of a device that went to the other site what it was here, and that it went', async () => {
  const { events, change } = await detailOf(done.left);
  expect(change.first).toMatchObject({ id: ids.left, name: 'Weggezogen' });
  expect(events).toMatchObject([
    {
      name: 'Weggezogen',
      elsewhere: 'after',
      before: { name: 'Weggezogen', notes: 'noch hier', roomId: both.north.roomId },
      after: { name: null, notes: null, roomId: null },
    },
  ]);
  expect((await viewer.get(`/api/history/device/${ids.left}`)).status).toBe(403);
  const room = await viewer.get(`/api/history/room/${both.north.roomId}?size=500`);
  expect(room.text).not.toContain(marker);
  expect(ObjectHistory.parse(room.json).changes.map((each) => each.change.id)).toContain(done.left);
});

it('tells of a change in both sites its own part, without what somebody wrote about the whole', async () => {
  const { change, events } = await detailOf(done.mixed);
  expect(change).toMatchObject({
    reason: null,
    counts: [{ kind: 'device', created: 0, updated: 1, deleted: 0 }],
    first: { kind: 'device', id: both.north.switchId },
  });
  expect(events.map(({ objectId }) => objectId)).toEqual([both.north.switchId]);
});

it('finds nothing by what it does not show', async () => {
  const hidden = [marker, 'Altger', 'Neuzugang', 'Person', 'wegen'];
  for (const word of hidden) {
    expect(await numbersOf(viewer, `&q=${encodeURIComponent(word)}`), word).toEqual([]);
    if (word !== 'Person')
      expect((await numbersOf(both.admin, `&q=${encodeURIComponent(word)}`)).length, word).toBeGreaterThan(0);
  }
  expect(await numbersOf(viewer, '&q=Zugezogen')).toContain(done.came);
  expect(await numbersOf(viewer, '&kind=vlan')).not.toContain(done.mixed);
  expect(await numbersOf(both.admin, '&kind=vlan')).toContain(done.mixed);
  expect(await numbersOf(viewer, '&kind=device')).toContain(done.mixed);
  const { users } = Users.parse((await viewer.get('/api/changes/users')).json);
  expect(users).toContain('Admin');
  expect(users.join()).not.toContain(marker);
  const all = Users.parse((await both.admin.get('/api/changes/users')).json).users;
  expect(all).toContain(`${marker} Person`);
});

it('does not show to accounts for some sites what was written down before sites were', async () => {
  const { DatabaseSync } = await import('node:sqlite');
  const { dataFiles } = await import('../../data-files.ts');
  const before = await numbersOf(viewer);
  expect(before).toContain(done.north[0]);
  const db = new DatabaseSync(dataFiles(backend.settings.dataDir).database);
  try {
    db.exec('pragma busy_timeout = 5000');
    const id = done.north[0] ?? 0;
    db.prepare('delete from change_sites where change_id = ?').run(id);
    db.prepare('update change_events set before_sites = null, after_sites = null where change_id = ?').run(
      id,
    );
  } finally {
    db.close();
  }
  expect(await numbersOf(viewer)).not.toContain(done.north[0]);
  expect(await numbersOf(both.admin)).toContain(done.north[0]);
  expect((await viewer.get(`/api/history/device/${ids.came}`)).text).not.toContain('hier bleibt es');
});
