import { DeviceTypeFile } from '@rackhaus/config/device-types';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../database/tables.ts';
import { type Cause, Changes } from '../../history/changes.ts';
import { recordSpecs } from '../records/index.ts';
import { types as shipped, townHallInventory } from '../testing.ts';
import { TypeViews } from '../type-views.ts';
import { archiveLimits, readArchive } from './archive.ts';
import { shippedTypes, TypeUploads } from './uploads.ts';
import { listTypes, typeDetail, typeFile } from './views.ts';

const cause: Cause = { user: { id: 1, name: 'Admin' }, source: 'import' };
const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);
const switchFile = (ports: number, extra = '') => `---
manufacturer: Maker
model: Switch
slug: maker-switch
u_height: 1
is_full_depth: false
interfaces:
${Array.from({ length: ports }, (_, at) => `  - name: p${at + 1}\n    type: 1000base-t\n`).join('')}${extra}`;
const zip = (files: Record<string, string | Uint8Array>) =>
  zipSync(
    Object.fromEntries(
      Object.entries(files).map(([path, content]) => [
        path,
        typeof content === 'string' ? strToU8(content) : content,
      ]),
    ),
  );

let db: Database;
let changes: Changes;
let uploads: TypeUploads;
const kept: { mediaType: string; bytes: number }[] = [];
let now = 1_000_000;

beforeAll(async () => {
  ({ db } = await townHallInventory());
  changes = new Changes({ db, specs: recordSpecs, now: () => now, committed: () => {} });
  uploads = new TypeUploads({
    db,
    changes,
    now: () => now,
    keepDocument: async (change, { bytes, mediaType }) => {
      kept.push({ mediaType, bytes: bytes.length });
      const [id = 0] = await change.insert('document', [
        { hash: `${kept.length}`.padStart(64, '0'), media_type: mediaType, size: bytes.length },
      ]);
      return id;
    },
  });
});
afterAll(() => db.destroy());

const bring = async (files: Record<string, string | Uint8Array>) => {
  const preview = await uploads.open(zip(files));
  return {
    preview,
    apply: () =>
      uploads.apply(
        preview.token,
        preview.types.map(({ slug }) => slug),
        cause,
      ),
  };
};
const portsOf = async (device: string) =>
  (
    await db
      .selectFrom('ports')
      .innerJoin('devices', 'devices.id', 'ports.device_id')
      .select('ports.name')
      .where('devices.name', '=', device)
      .orderBy('ports.rank')
      .execute()
  ).map((row) => row.name);

describe('bringing types in', () => {
  test('shows what is new and what is broken, with file, line and key; other folders are passed over', async () => {
    const { preview, apply } = await bring({
      'library-master/README.md': 'hello',
      'library-master/module-types/Maker/m.yaml': 'model: m',
      'library-master/device-types/Maker/switch.yaml': switchFile(4),
      'library-master/device-types/Maker/again.yaml': switchFile(4),
      'library-master/device-types/Maker/odd.yml': 'manufacturer: M\nmodel: O\nslug: m-o\nheight: 3\n',
      'library-master/device-types/Maker/text.yaml': new Uint8Array([0xff, 0xfe, 0x00]),
      '../../outside.yaml': switchFile(1),
      'library-master/elevation-images/Maker/maker-switch.front.png': png,
      'library-master/elevation-images/Maker/maker-switch.rear.jpg': new Uint8Array([1, 2, 3]),
      'library-master/elevation-images/Other/other.front.png': png,
    });
    expect(preview.types).toMatchObject([
      { slug: 'maker-switch', state: 'new', ports: 4, devices: 0, images: ['front'] },
    ]);
    expect(preview.broken).toEqual([
      {
        file: 'library-master/device-types/Maker/again.yaml',
        line: null,
        key: 'slug',
        message: '"maker-switch" is used by library-master/device-types/Maker/switch.yaml, too',
      },
      {
        file: 'library-master/device-types/Maker/odd.yml',
        line: 4,
        key: '',
        message: 'unknown key "height"',
      },
      {
        file: 'library-master/device-types/Maker/text.yaml',
        line: null,
        key: '',
        message: 'is not text in UTF-8',
      },
    ]);
    expect(preview).toMatchObject({ brokenFiles: 3, passedOver: 5 });
    const done = await apply();
    expect(done).toMatchObject({ created: 1, changed: 0 });
    expect(kept).toEqual([{ mediaType: 'image/png', bytes: png.length }]);
    const again = await bring({ 'switch.yaml': switchFile(4) });
    expect(again.preview.types).toMatchObject([{ state: 'same' }]);
    expect(await again.apply()).toMatchObject({ changeId: null, created: 0, changed: 0 });
  });

  test('a changed type is followed by its devices, and all of it is undone as one', async () => {
    const { id } = await db
      .selectFrom('device_types')
      .select('id')
      .where('slug', '=', 'maker-switch')
      .executeTakeFirstOrThrow();
    const { room_id } = await db.selectFrom('devices').select('room_id').limit(1).executeTakeFirstOrThrow();
    await changes.run(cause, (change) =>
      change.insert('device', [
        {
          name: 'sw-test',
          type_id: id,
          role: 'switch',
          status: 'active',
          room_id,
          rack_id: null,
          position: null,
          face: 'front',
          side: 'full',
        },
      ]),
    );
    const { preview, apply } = await bring({
      'switch.yaml': switchFile(6).replaceAll('name: p1\n', 'name: q1\n'),
    });
    expect(preview.types).toMatchObject([
      { state: 'changed', devices: 1, addedPorts: ['q1', 'p5', 'p6'], removedPorts: ['p1'], plugged: [] },
    ]);
    const { changeId } = await apply();
    expect(await portsOf('sw-test')).toEqual(['q1', 'p2', 'p3', 'p4', 'p5', 'p6']);
    await changes.undo(changeId ?? 0, cause);
    expect(await portsOf('sw-test')).toEqual(['p1', 'p2', 'p3', 'p4']);
  });

  test('a port with a cable is not taken away: device, port and cable are named', async () => {
    const before = await portsOf('sw-test');
    const ports = await db
      .selectFrom('ports')
      .innerJoin('devices', 'devices.id', 'ports.device_id')
      .select(['ports.id', 'ports.name'])
      .where('devices.name', '=', 'sw-test')
      .execute();
    const portId = (name: string) => ports.find((port) => port.name === name)?.id ?? 0;
    await changes.run(cause, async (change) => {
      const [link_id = 0] = await change.insert('link', [{ kind: 'patch', label: 'K-0815' }]);
      await change.insert('link-end', [
        { link_id, side: 'a', port_id: portId('p3'), port_side: 'front' },
        { link_id, side: 'b', port_id: portId('p4'), port_side: 'front' },
      ]);
    });
    const { preview, apply } = await bring({ 'switch.yaml': switchFile(3) });
    expect(preview.types).toMatchObject([
      {
        state: 'blocked',
        removedPorts: ['p4'],
        plugged: [{ device: { name: 'sw-test' }, port: 'p4', cable: 'K-0815' }],
      },
    ]);
    await expect(apply()).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('sw-test:p4 (cable K-0815)'),
      details: { reason: 'loses-cables' },
    });
    expect(await portsOf('sw-test')).toEqual(before);
  });

  test('faces drawn here stay when the file has none and they still fit', async () => {
    const { id } = await db
      .selectFrom('device_types')
      .select('id')
      .where('slug', '=', 'maker-switch')
      .executeTakeFirstOrThrow();
    const drawn = DeviceTypeFile.parse({
      ...(await typeDetail(db, new TypeViews(), id)).definition,
      rackhaus: { form: 'half', front: { groups: [{ ports: 'p1-p4', x: 40, y: 9 }] } },
    });
    await changes.run(cause, (change) =>
      change.update('device-type', id, { definition: JSON.stringify(drawn) }),
    );
    const more = await bring({ 'switch.yaml': switchFile(5) });
    await more.apply();
    expect((await typeDetail(db, new TypeViews(), id)).definition).toMatchObject({
      rackhaus: drawn.rackhaus,
    });
    expect((await bring({ 'switch.yaml': switchFile(5) })).preview.types).toMatchObject([{ state: 'same' }]);
  });

  test('is decided within an hour', async () => {
    const { apply } = await bring({ 'a.yaml': switchFile(9) });
    now += 3_600_001;
    await expect(apply()).rejects.toMatchObject({ code: 'not-found', details: { reason: 'upload-gone' } });
  });

  test('the shipped types are offered like an upload', async () => {
    const offer = await uploads.offer(shippedTypes(shipped));
    expect(offer.types.filter(({ state }) => state === 'new').length).toBeGreaterThan(60);
    expect(offer.types.filter(({ state }) => state === 'changed' || state === 'blocked')).toEqual([]);
    const { created } = await uploads.apply(
      offer.token,
      offer.types.map(({ slug }) => slug),
      cause,
    );
    expect(created).toBeGreaterThan(60);
  });
});

describe('an archive', () => {
  test('that is none, or more than is allowed, is refused with its reason', async () => {
    const small = { ...archiveLimits, entries: 3, totalBytes: 2000, fileBytes: 1000 };
    await expect(readArchive(new Uint8Array([1, 2, 3]))).rejects.toMatchObject({
      code: 'invalid',
      details: { reason: 'not-an-archive' },
    });
    const many = Object.fromEntries(Array.from({ length: 4 }, (_, at) => [`${at}.yaml`, 'a: 1']));
    await expect(readArchive(zip(many), small)).rejects.toMatchObject({ code: 'too-large' });
    const big = { 'a.yaml': 'x'.repeat(900), 'b.yaml': 'x'.repeat(900), 'c.yaml': 'x'.repeat(900) };
    await expect(readArchive(zip(big), small)).rejects.toMatchObject({ code: 'too-large' });
    expect(await readArchive(zip({ 'a.yaml': 'x'.repeat(1001) }), small)).toMatchObject({
      typeFiles: [],
      tooLarge: ['a.yaml'],
    });
  });

  test('whose entries are larger than they claim gets no more memory than they claim', async () => {
    const honest = zip({ 'a.yaml': 'x'.repeat(100_000) });
    const lying = new Uint8Array(honest);
    const view = new DataView(lying.buffer);
    for (let at = 0; at < lying.length - 4; at++)
      // Size after decompression in the directory's entry of a file.
      if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, 10, true);
    const read = await readArchive(lying).catch((error: unknown) => error);
    if (read instanceof Error) expect(read).toMatchObject({ code: 'invalid' });
    else expect(read).toMatchObject({ typeFiles: [{ bytes: { length: 10 } }] });
  });
});

describe('types are listed and shown', () => {
  const views = new TypeViews();
  const query = { q: '', used: false, offset: 0, limit: 50 };
  test('by words in any order, by maker, form and use, a page at a time', async () => {
    const found = await listTypes(db, views, { ...query, q: 'poe aruba 6200' });
    expect(found.items.map(({ view }) => view.slug)).toEqual([
      'hpe-aruba-6200f-24g-class4-poe-4sfpp',
      'hpe-aruba-6200f-48g-class4-poe-4sfpp',
    ]);
    const used = await listTypes(db, views, { ...query, used: true, limit: 5 });
    expect(used.items).toHaveLength(5);
    expect(used.total).toBeGreaterThan(5);
    expect(used.items.every(({ devices }) => devices > 0)).toBe(true);
    const vertical = await listTypes(db, views, { ...query, form: 'vertical' });
    expect(vertical.items.every(({ view }) => view.form === 'vertical')).toBe(true);
    expect(found.all).toBeGreaterThan(100);
    expect(found.manufacturers.find(({ name }) => name === 'APC')?.types).toBeGreaterThan(5);
  });

  test('with facts, ports and devices; and as a file of the library', async () => {
    const { items } = await listTypes(db, views, { ...query, q: 'hpe-aruba-6200f-48g' });
    const id = items[0]?.view.id ?? 0;
    const detail = await typeDetail(db, views, id);
    expect(detail.facts).toMatchObject({ weightKg: 4.7, maximumDrawW: 459, poePorts: 48 });
    expect(detail.ports[0]).toMatchObject({ name: '1/1/1', kind: 'network', type: '1000base-t' });
    expect(detail.deviceCount).toBe(items[0]?.devices);
    expect((await typeFile(db, id, false)).text).not.toContain('rackhaus');
    expect(await typeFile(db, id, true)).toMatchObject({
      name: 'hpe-aruba-6200f-48g-class4-poe-4sfpp.yaml',
      text: expect.stringContaining('rackhaus:'),
    });
    await expect(typeDetail(db, views, 999_999)).rejects.toMatchObject({ code: 'not-found' });
  });
});
