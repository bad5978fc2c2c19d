import { TypeDetail, TypeList, TypeUpload, TypeUploadReply } from '@rackhaus/config/contract';
import { DeviceTypeFile } from '@rackhaus/config/device-types';
import { parseYaml } from '@rackhaus/config/yaml';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Changes } from '../../history/changes.ts';
import type { Client } from '../../testing/client.ts';
import { startTestBackend, type TestBackend } from '../../testing/test-backend.ts';
import { recordSpecs } from '../records/index.ts';
import { emptyInventory } from '../testing.ts';
import { bringShippedTypes } from './types.ts';

const yaml = `manufacturer: Maker
model: Panel
slug: maker-panel
u_height: 1
is_powered: false
front-ports:
  - { name: '1', type: lc }
rear-ports:
  - { name: R, type: lc }
port-mappings:
  - { front_port: '1', rear_port: R }
`;
const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]);
const archive = zipSync({ 'a/panel.yaml': strToU8(yaml), 'a/maker-panel.front.png': png });
const zip = { 'content-type': 'application/zip' };

describe('device types over the API', () => {
  let backend: TestBackend;
  let administrator: Client;
  let technician: Client;
  beforeAll(async () => {
    backend = await startTestBackend();
    administrator = await backend.administrator();
    technician = await backend.signedIn('technician');
  });
  afterAll(() => backend.remove());

  it('are looked at by everybody, brought in by administrators', async () => {
    expect((await technician.send('POST', '/api/types/uploads', archive, zip)).status).toBe(403);
    const upload = TypeUpload.parse(
      (await administrator.send('POST', '/api/types/uploads', archive, zip)).json,
    );
    expect(upload.types).toMatchObject([{ slug: 'maker-panel', state: 'new', images: ['front'] }]);
    const path = `/api/types/uploads/${upload.token}/apply`;
    expect((await technician.post(path, { slugs: ['maker-panel'] })).status).toBe(403);
    const done = await administrator.post(path, { slugs: ['maker-panel'] });
    expect(TypeUploadReply.parse(done.json)).toMatchObject({ created: 1, changed: 0 });

    const list = TypeList.parse((await technician.get('/api/types?q=maker&form=full&height=1')).json);
    expect(list).toMatchObject({ total: 1, all: 1, manufacturers: [{ name: 'Maker', types: 1 }] });
    const id = list.items[0]?.view.id ?? 0;
    const detail = TypeDetail.parse((await technician.get(`/api/types/${id}`)).json);
    expect(detail.ports).toMatchObject([
      { name: '1', kind: 'front', inner: { rear: 'R', lane: 1 }, type: 'lc' },
      { name: 'R', kind: 'rear' },
    ]);
    const picture = await technician.get(`/api/documents/${detail.frontImageId}/content`);
    expect(picture.headers.get('content-type')).toBe('image/png');

    const file = await technician.get(`/api/types/${id}/file?own=no`);
    expect(file.headers.get('content-disposition')).toBe('attachment; filename="maker-panel.yaml"');
    expect(parseYaml('again.yaml', file.text, DeviceTypeFile)).toEqual(
      DeviceTypeFile.parse(detail.definition),
    );
  });

  it('are edited with the version that was seen, and deleted', async () => {
    const list = TypeList.parse((await technician.get('/api/types')).json);
    const [item] = list.items;
    const path = `/api/inventory/device-type/${item?.view.id}`;
    const { definition } = TypeDetail.parse((await technician.get(`/api/types/${item?.view.id}`)).json);
    const patch = (body: object, version?: number) =>
      administrator.send('PATCH', path, JSON.stringify(body), {
        'if-match': `"${version}"`,
      });
    const faces = { ...definition, rackhaus: { front: { groups: [{ ports: '1', x: 100, y: 10 }] } } };
    expect((await patch({ definition: faces }, item?.version)).status).toBe(200);
    expect(await patch({ definition: faces }, (item?.version ?? 0) - 1)).toMatchObject({
      status: 409,
      json: { reason: 'stale' },
    });
    const wrong = { ...definition, rackhaus: { front: { groups: [{ ports: '9', x: 100, y: 10 }] } } };
    expect((await administrator.patch(path, { definition: wrong })).json).toMatchObject({
      code: 'invalid',
      reason: 'not-a-type',
      fields: [{ path: 'definition.rackhaus.front.groups.0.ports', message: 'the type has no port "9"' }],
    });
    expect((await administrator.delete(path)).status).toBe(200);
    expect((await technician.get(`/api/types/${item?.view.id}`)).status).toBe(404);
  });

  it('say what is wrong with an upload', async () => {
    const noZip = await administrator.send('POST', '/api/types/uploads', strToU8('hello'), zip);
    expect(noZip).toMatchObject({ status: 400, json: { reason: 'not-an-archive' } });
    const gone = await administrator.post(`/api/types/uploads/${'x'.repeat(22)}/apply`, { slugs: ['a'] });
    expect(gone).toMatchObject({ status: 404, json: { reason: 'upload-gone' } });
  });
});

it('the supplied types come once; what is deleted later stays deleted', async () => {
  const { db } = await emptyInventory();
  const changes = new Changes({ db, specs: recordSpecs, now: () => 1, committed: () => {} });
  const options = { db, changes, now: () => 1 };
  const count = async () => (await db.selectFrom('device_types').select('id').execute()).map((row) => row.id);
  await bringShippedTypes(options);
  const first = await count();
  expect(first.length).toBeGreaterThan(60);
  await changes.run({ user: { id: 1, name: 'A' }, source: 'person' }, (change) =>
    change.remove('device-type', first.slice(0, 3)),
  );
  await bringShippedTypes(options);
  expect(await count()).toHaveLength(first.length - 3);
  await db.destroy();
});
