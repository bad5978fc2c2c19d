import { SwapPreview } from '@rackhaus/config/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Client } from '../../testing/client.ts';
import { startTestBackend, type TestBackend } from '../../testing/test-backend.ts';

const BatchDone = z.object({ changeId: z.int(), ids: z.array(z.int()) });
const Listed = z.object({ records: z.array(z.looseObject({ id: z.int(), name: z.string() })) });

const type = (slug: string, names: readonly string[]) => ({
  manufacturer: 'Test',
  model: slug,
  slug,
  u_height: 1,
  interfaces: names.map((name) => ({ name, type: '1000base-t' })),
});

describe('swapping a device for one of another type', () => {
  let backend: TestBackend;
  let admin: Client;
  let types: { old: number; next: number };
  let device = 0;
  let far = 0;
  beforeAll(async () => {
    backend = await startTestBackend();
    admin = await backend.administrator();
  });
  afterAll(() => backend.remove());

  /** A device with ports 1, 2, a; in each a cable to the other device. The new type has 2, 1b, 3. */
  async function plugged(prefix: string): Promise<void> {
    const made = await admin.post('/api/inventory/batch', {
      operations: [
        {
          op: 'create',
          kind: 'device-type',
          key: 'old',
          values: { definition: type(`${prefix}-old`, ['1', '2', 'a']) },
        },
        {
          op: 'create',
          kind: 'device-type',
          key: 'next',
          values: { definition: type(`${prefix}-next`, ['2', '1b', '3']) },
        },
        { op: 'create', kind: 'device', values: { name: `${prefix}-1`, typeId: '#old' } },
        { op: 'create', kind: 'device', values: { name: `${prefix}-2`, typeId: '#old' } },
      ],
    });
    const [old = 0, next = 0, one = 0, two = 0] = BatchDone.parse(made.json).ids;
    types = { old, next };
    device = one;
    far = two;
    const [near, other] = [await ports(device), await ports(far)];
    for (const [index, port] of near.entries())
      await admin.post('/api/links', {
        label: `${prefix}-K${index}`,
        from: { portId: port.id },
        to: { portId: other[index]?.id },
      });
  }
  const ports = async (id: number) =>
    Listed.parse((await admin.get(`/api/inventory/port?filter=deviceId:is:${id}`)).json).records;
  const links = async () =>
    Listed.extend({ records: z.array(z.unknown()) }).parse(
      (await admin.get(`/api/inventory/link?filter=within:device:${device}`)).json,
    ).records.length;

  it('tells what stays, what is lost with its cables, and what could take it', async () => {
    await plugged('preview');
    const preview = await admin.get(`/api/devices/${device}/swap?typeId=${types.next}`);
    expect(SwapPreview.parse(preview.json)).toMatchObject({
      kept: [{ name: '2' }],
      lost: [
        { name: '1', suggested: '1b', links: [{ label: 'preview-K0', farEnd: 'preview-2:1' }] },
        { name: 'a', suggested: '3', links: [{ label: 'preview-K2', farEnd: 'preview-2:a' }] },
      ],
      added: [{ name: '1b' }, { name: '3' }],
    });
  });

  it('refuses while a cable would be lost, and names the ports', async () => {
    await plugged('refuse');
    const refused = await admin.post(`/api/devices/${device}/swap`, {
      typeId: types.next,
      mapping: { 1: '3' },
    });
    expect(refused).toMatchObject({
      status: 409,
      json: { reason: 'loses-cables', blocking: [{ kind: 'port', name: 'a' }] },
    });
    expect((await ports(device)).map(({ name }) => name)).toEqual(['1', '2', 'a']);
  });

  it('keeps cables where ports are mapped, also crosswise, and is undone', async () => {
    await plugged('cross');
    const before = await ports(device);
    const done = await admin.post(`/api/devices/${device}/swap`, {
      typeId: types.next,
      mapping: { 1: '2', 2: '1b', a: '3' },
    });
    expect(done.status, done.text).toBe(200);
    const after = await ports(device);
    expect(after.map(({ name, id }) => [name, id])).toEqual([
      ['2', before[0]?.id],
      ['1b', before[1]?.id],
      ['3', before[2]?.id],
    ]);
    expect(await links()).toBe(3);
    const { changeId } = z.object({ changeId: z.int() }).parse(done.json);
    expect((await admin.post(`/api/changes/${changeId}/undo`, {})).status).toBe(200);
    expect(await ports(device)).toMatchObject(before.map(({ id, name }) => ({ id, name })));
  });

  it('unplugs when that is said', async () => {
    await plugged('unplug');
    const done = await admin.post(`/api/devices/${device}/swap`, { typeId: types.next, unplug: true });
    expect(done.status, done.text).toBe(200);
    expect(await links()).toBe(1);
    expect((await ports(device)).map(({ name }) => name)).toEqual(['2', '1b', '3']);
    const { changeId } = z.object({ changeId: z.int() }).parse(done.json);
    expect((await admin.post(`/api/changes/${changeId}/undo`, {})).status).toBe(200);
    expect(await links()).toBe(3);
  });

  it.each([
    [{ zz: '3' }, 'the device has no port "zz"'],
    [{ 1: 'zz' }, 'the new type has no port "zz"'],
    [{ 1: '3', a: '3' }, '"1" becomes "3" already'],
    [{ 1: '2' }, 'the device has a port "2" that keeps its name'],
  ])('says why the mapping %j cannot be', async (mapping, message) => {
    if (device === 0) await plugged('mapping');
    await admin.post(`/api/devices/${far}/swap`, { typeId: types.old });
    const refused = await admin.post(`/api/devices/${far}/swap`, { typeId: types.next, mapping });
    expect(refused).toMatchObject({ status: 400, json: { fields: [{ message }] } });
  });
});
