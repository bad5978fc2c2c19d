import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Client } from '../../testing/client.ts';
import { startTestBackend, type TestBackend } from '../../testing/test-backend.ts';

const Written = z.object({ changeId: z.int().nullable(), id: z.int(), version: z.int() });
const BatchDone = z.object({ changeId: z.int(), ids: z.array(z.int()) });
const Listed = z.object({
  total: z.int(),
  records: z.array(z.looseObject({ id: z.int(), version: z.int() })),
  names: z.record(z.string(), z.string()),
});

const switchType = {
  manufacturer: 'Aruba',
  model: '6100-4',
  slug: 'aruba-6100-4',
  u_height: 1,
  is_full_depth: false,
  interfaces: ['1', '2', '3', '4'].map((name) => ({ name, type: '1000base-t' })),
};

let backend: TestBackend;
let admin: Client;
let technician: Client;
let viewer: Client;
/** Ids of a town hall with one rack. */
let place: { site: number; room: number; rack: number; type: number };

async function make(kind: string, values: Record<string, unknown>): Promise<number> {
  const made = await admin.post(`/api/inventory/${kind}`, values);
  expect(made.json, made.text).toMatchObject({ id: expect.any(Number) });
  return Written.parse(made.json).id;
}

beforeAll(async () => {
  backend = await startTestBackend();
  admin = await backend.administrator();
  technician = await backend.signedIn('technician');
  viewer = await backend.signedIn('viewer');
  const made = await admin.post('/api/inventory/batch', {
    operations: [
      { op: 'create', kind: 'site', key: 'site', values: { name: 'Rathaus' } },
      { op: 'create', kind: 'building', key: 'building', values: { siteId: '#site', name: 'Altbau' } },
      { op: 'create', kind: 'floor', key: 'floor', values: { buildingId: '#building', name: 'EG' } },
      { op: 'create', kind: 'room', key: 'room', values: { floorId: '#floor', name: 'Serverraum' } },
      { op: 'create', kind: 'rack', key: 'rack', values: { roomId: '#room', name: 'Schrank 1' } },
      { op: 'create', kind: 'device-type', key: 'type', values: { definition: switchType } },
    ],
  });
  expect(made.status, made.text).toBe(200);
  const [site = 0, , , room = 0, rack = 0, type = 0] = BatchDone.parse(made.json).ids;
  place = { site, room, rack, type };
});
afterAll(() => backend.remove());

describe('records over the API', () => {
  it('are made, read with their names, changed and deleted', async () => {
    const id = await make('device', { name: 'SW-1', typeId: place.type, rackId: place.rack, position: 1 });
    const read = await viewer.get(`/api/inventory/device/${id}`);
    expect(read.json).toMatchObject({
      record: { id, name: 'SW-1', roomId: place.room, status: 'active', serial: null },
      names: {
        [`device/${id}`]: 'SW-1',
        [`rack/${place.rack}`]: 'Schrank 1',
        [`device-type/${place.type}`]: 'Aruba 6100-4',
      },
    });
    const version = read.headers.get('etag') ?? '';
    expect(version).toMatch(/^"\d+"$/);

    const changed = await technician.send('PATCH', `/api/inventory/device/${id}`, '{"serial":" X1 "}', {
      'if-match': version,
    });
    expect(changed.status).toBe(200);
    const now = await viewer.get(`/api/inventory/device/${id}`);
    expect(now.json).toMatchObject({ record: { serial: 'X1' } });
    expect(changed.headers.get('etag')).toBe(now.headers.get('etag'));

    expect((await technician.delete(`/api/inventory/device/${id}`)).status).toBe(200);
    expect(await viewer.get(`/api/inventory/device/${id}`)).toMatchObject({
      status: 404,
      json: { reason: 'gone' },
    });
  });

  it('refuse a stale edit and say what is there now', async () => {
    const id = await make('device', { name: 'SW-stale', typeId: place.type });
    const version = (await viewer.get(`/api/inventory/device/${id}`)).headers.get('etag') ?? '';
    await technician.patch(`/api/inventory/device/${id}`, { serial: 'first' });
    const late = await technician.send('PATCH', `/api/inventory/device/${id}`, '{"serial":"second"}', {
      'if-match': version,
    });
    expect(late).toMatchObject({
      status: 409,
      json: { reason: 'stale', current: { id, serial: 'first', version: expect.any(Number) } },
    });
    expect(
      (await technician.send('DELETE', `/api/inventory/device/${id}`, undefined, { 'if-match': version }))
        .status,
    ).toBe(409);
    expect(
      (await technician.send('PATCH', `/api/inventory/device/${id}`, '{}', { 'if-match': 'x' })).status,
    ).toBe(400);
  });

  it('let exactly one of two devices have a place', async () => {
    const ids = [
      await make('device', { name: 'SW-race-1', typeId: place.type }),
      await make('device', { name: 'SW-race-2', typeId: place.type }),
    ];
    const drops = await Promise.all(
      ids.map((id) => technician.patch(`/api/inventory/device/${id}`, { rackId: place.rack, position: 20 })),
    );
    expect(drops.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(drops.find(({ status }) => status === 409)?.json).toMatchObject({
      reason: 'occupied',
      blocking: [{ kind: 'device', name: expect.stringMatching(/^SW-race/) }],
    });
  });

  it.each([
    ['device', { name: 'a', typo: 1 }, 'typo', 'is not known here'],
    ['device', { name: '', typeId: 1 }, 'name', 'must not be empty'],
    ['device', { name: 'new', typeId: 99_999 }, 'typeId', 'there is no device-type 99999'],
    ['rack', { name: 'S', roomId: 99_999 }, 'roomId', 'there is no room 99999'],
    [
      'attachment',
      { subjectKind: 'device', subjectId: 99_999, documentId: 1, name: 'a' },
      'documentId',
      'there is no document 1',
    ],
  ])('say what is wrong with a %s %j', async (kind, values, path, message) => {
    const refused = await technician.post(`/api/inventory/${kind}`, values);
    expect(refused).toMatchObject({ status: 400, json: { code: 'invalid' } });
    expect(refused.json).toMatchObject({ fields: expect.arrayContaining([{ path, message }]) });
  });

  it('say whose name is taken', async () => {
    await make('device', { name: 'SW-double', typeId: place.type });
    expect(
      await technician.post('/api/inventory/device', { name: 'SW-double', typeId: place.type }),
    ).toMatchObject({
      status: 409,
      json: { reason: 'taken', blocking: [{ kind: 'device', name: 'SW-double' }] },
    });
  });
});

describe('lists', () => {
  it('find, filter, sort and page', async () => {
    for (const [name, serial, position] of [
      ['LI-2', 'A_1', 31],
      ['LI-10', 'AX1', 32],
      ['LI-3', null, null],
    ] as const)
      await make('device', {
        name,
        serial,
        typeId: place.type,
        ...(position === null ? {} : { rackId: place.rack, position }),
      });
    const list = async (query: string) => {
      const reply = await viewer.get(`/api/inventory/device?${query}`);
      expect(reply.status, reply.text).toBe(200);
      const { total, records } = Listed.parse(reply.json);
      return { total, names: records.map(({ name }) => name) };
    };
    expect(await list('q=li-&sort=-name')).toEqual({ total: 3, names: ['LI-3', 'LI-2', 'LI-10'] });
    expect(await list('q=li-&filter=serial:has:a_')).toEqual({ total: 1, names: ['LI-2'] });
    expect(await list('q=li-&filter=serial:empty')).toEqual({ total: 1, names: ['LI-3'] });
    expect(await list('q=li-&filter=position:gt:30&filter=position:lt:32')).toEqual({
      total: 1,
      names: ['LI-2'],
    });
    expect(await list(`q=li-&filter=within:site:${place.site}&size=1&page=2`)).toEqual({
      total: 2,
      names: ['LI-2'],
    });
    expect(await list('q=li-&sort=-rackId,-position')).toMatchObject({ names: ['LI-10', 'LI-2', 'LI-3'] });
    expect((await list('q=aruba%20schrank&filter=name:any:LI-2,LI-3')).names).toEqual(['LI-2']);
    const ports = await viewer.get(`/api/inventory/port?q=li-2&filter=within:rack:${place.rack}`);
    const { total, names, records } = Listed.parse(ports.json);
    expect(total).toBe(4);
    expect(names[`port/${records[0]?.id}`]).toBe('LI-2:1');
  });

  it.each([
    'serial:like:x',
    'nothing:is:1',
    'position:is:abc',
    'status:is:gone',
    'within:room:x',
    'within:vlan:1',
  ])('refuse the filter %s and say what would be right', async (filter) => {
    const refused = await viewer.get(`/api/inventory/device?filter=${filter}`);
    expect(refused).toMatchObject({ status: 400, json: { reason: 'filter', fields: [{ path: 'filter' }] } });
  });

  it('can be asked of every kind', async () => {
    const kinds = await admin.get('/api/openapi.json');
    const paths = Object.keys(z.object({ paths: z.record(z.string(), z.unknown()) }).parse(kinds.json).paths);
    const lists = paths.filter(
      (path) => /^\/api\/inventory\/[a-z-]+$/.test(path) && !path.endsWith('/batch'),
    );
    expect(lists.length).toBeGreaterThan(25);
    for (const path of lists) {
      for (const query of ['', '?q=a1&sort=-name', `?q=x&sort=id`]) {
        const reply = await admin.get(`${path}${query}`);
        expect(reply.status, `${path}${query} ${reply.text}`).toBe(200);
      }
    }
  });
});

describe('a batch', () => {
  it('is done as a whole or not at all, and names the operation that is wrong', async () => {
    const refused = await technician.post('/api/inventory/batch', {
      operations: [
        { op: 'create', kind: 'device', values: { name: 'B-1', typeId: place.type } },
        { op: 'create', kind: 'device', values: { name: 'B-2', typeId: place.type, wrong: 1 } },
      ],
    });
    expect(refused).toMatchObject({ status: 400, json: { fields: [{ path: 'operations.1.values.wrong' }] } });
    expect(Listed.parse((await viewer.get('/api/inventory/device?filter=name:is:B-1')).json).total).toBe(0);
  });

  it('asks for the role that each kind needs', async () => {
    const values = { definition: { ...switchType, slug: 'other', model: 'other' } };
    const refused = await technician.post('/api/inventory/batch', {
      operations: [{ op: 'create', kind: 'device-type', values }],
    });
    expect(refused.status).toBe(403);
    expect((await technician.post('/api/inventory/device-type', values)).status).toBe(403);
    expect(
      (await viewer.post('/api/inventory/batch', { operations: [{ op: 'delete', kind: 'site', id: 1 }] }))
        .status,
    ).toBe(403);
    expect(
      await admin.post('/api/inventory/batch', {
        operations: [{ op: 'create', kind: 'credential', values: { name: 'x' } }],
      }),
    ).toMatchObject({ status: 400, json: { reason: 'made-elsewhere' } });
  });

  it('changes and deletes too, and is undone as a whole', async () => {
    const id = await make('device', { name: 'B-5', typeId: place.type });
    const done = await technician.post('/api/inventory/batch', {
      reason: 'tidied up',
      operations: [
        { op: 'create', kind: 'device', key: 'a', values: { name: 'B-6', typeId: place.type } },
        { op: 'create', kind: 'monitoring', values: { deviceId: '#a', address: '10.0.0.6' } },
        { op: 'create', kind: 'note', values: { subjectKind: 'device', subjectId: '#a', text: 'new' } },
        { op: 'delete', kind: 'device', id },
      ],
    });
    expect(done.status, done.text).toBe(200);
    const { changeId, ids } = BatchDone.parse(done.json);
    expect(ids[3]).toBe(id);
    expect((await technician.post(`/api/changes/${changeId}/undo`, {})).status).toBe(200);
    expect((await viewer.get(`/api/inventory/device/${id}`)).status).toBe(200);
    expect((await viewer.get(`/api/inventory/device/${ids[0]}`)).status).toBe(404);
  });
});

describe('what belongs to somebody', () => {
  it('a view is seen by its owner only, unless it is for all', async () => {
    const own = await viewer.post('/api/inventory/saved-view', { name: 'mine', listKind: 'device' });
    const ownId = Written.parse(own.json).id;
    expect((await technician.get(`/api/inventory/saved-view/${ownId}`)).status).toBe(404);
    expect((await technician.delete(`/api/inventory/saved-view/${ownId}`)).status).toBe(404);
    expect((await viewer.patch(`/api/inventory/saved-view/${ownId}`, { query: 'q=b' })).status).toBe(200);
    const refused = await viewer.post('/api/inventory/saved-view', {
      name: 'all',
      listKind: 'device',
      query: 'q=a',
      ownerId: null,
    });
    expect(refused.status).toBe(403);
    const shared = await technician.post('/api/inventory/saved-view', {
      name: 'all',
      listKind: 'device',
      query: 'q=a',
      ownerId: null,
    });
    expect(shared.status, shared.text).toBe(200);
    expect(Listed.parse((await viewer.get('/api/inventory/saved-view')).json).total).toBe(2);
    expect(Listed.parse((await technician.get('/api/inventory/saved-view')).json).total).toBe(1);
  });

  it('a note carries its author and time, and others cannot change it', async () => {
    const id = await make('device', { name: 'noted', typeId: place.type });
    const note = await technician.post('/api/inventory/note', {
      subjectKind: 'device',
      subjectId: id,
      text: 'Lüfter laut',
    });
    const noteId = Written.parse(note.json).id;
    const list = Listed.parse((await viewer.get(`/api/inventory/note?filter=within:device:${id}`)).json);
    expect(list.records).toMatchObject([
      { text: 'Lüfter laut', author: expect.stringMatching(/^technician/) },
    ]);
    const other = await backend.signedIn('technician');
    expect((await other.patch(`/api/inventory/note/${noteId}`, { text: 'x' })).status).toBe(403);
    expect((await technician.patch(`/api/inventory/note/${noteId}`, { text: 'x' })).status).toBe(200);
    expect(
      (
        await technician.post('/api/inventory/note', {
          subjectKind: 'device',
          subjectId: id,
          text: 'a',
          author: 'b',
        })
      ).status,
    ).toBe(400);
  });
});

describe('a cable', () => {
  it('is made with both ends, and says what is plugged in where it should go', async () => {
    const id = await make('device', { name: 'CA-1', typeId: place.type });
    const ports = Listed.parse(
      (await viewer.get(`/api/inventory/port?filter=deviceId:is:${id}`)).json,
    ).records;
    const [a, b, c] = ports.map((port) => port.id);
    const link = { label: 'K1', from: { portId: a }, to: { portId: b } };
    const made = await technician.post('/api/links', link);
    expect(made.status, made.text).toBe(200);
    expect((await technician.post('/api/links', { from: { portId: a }, to: { portId: a } })).status).toBe(
      400,
    );
    expect(await technician.post('/api/links', { from: { portId: c }, to: { portId: b } })).toMatchObject({
      status: 409,
    });
    expect(
      (await technician.post('/api/links', { from: { portId: a, side: 'rear' }, to: { portId: c } })).status,
    ).toBe(400);
  });
});
