import { CreatedFeed, FeedList, FeedSourceDetail, SeriesReply } from '@rackhaus/config/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openSecretBox } from '../access/secret-box.ts';
import { dataFiles } from '../data-files.ts';
import { openDatabase } from '../database/open.ts';
import { createInventory } from '../inventory/inventory.ts';
import { sampleTownHall, tester, types } from '../inventory/testing.ts';
import type { Client } from '../testing/client.ts';
import { startTestBackend, type TestBackend } from '../testing/test-backend.ts';

const Monitored = z.object({ device: z.object({ monitored: z.boolean() }) });

describe('what a feed speaks of', () => {
  let backend: TestBackend;
  let admin: Client;
  let server: { id: number; name: string };
  let feed: z.infer<typeof CreatedFeed>;

  beforeAll(async () => {
    const empty = await startTestBackend();
    const files = dataFiles(empty.settings.dataDir);
    await empty.administrator();
    await empty.close();
    const db = await openDatabase(files.database);
    const inventory = createInventory({ db, secretBox: await openSecretBox(files.secretKey), now: Date.now });
    await inventory.import(await sampleTownHall(), types, tester);
    // A server that nothing polls: what its program writes is all that is heard of it.
    server = await db
      .selectFrom('device_monitoring')
      .innerJoin('devices', 'devices.id', 'device_monitoring.device_id')
      .select(['devices.id', 'devices.name'])
      .where('devices.role', '=', 'server')
      .orderBy('devices.id')
      .executeTakeFirstOrThrow();
    await db.deleteFrom('device_monitoring').where('device_id', '=', server.id).execute();
    await db.destroy();
    backend = await startTestBackend({}, empty.settings.dataDir);
    admin = await backend.administrator();
    feed = CreatedFeed.parse((await admin.post('/api/feeds', { name: 'Telegraf' })).json);
  }, 60_000);
  afterAll(() => backend?.remove());

  const write = async (lines: string) => {
    const answer = await backend.client().send('POST', '/api/v2/write?precision=ms', lines, {
      authorization: `Token ${feed.token}`,
    });
    expect(answer.status, answer.text).toBe(204);
  };
  const list = async () => FeedList.parse((await admin.get('/api/feeds')).json);
  const source = async (label: string) => {
    const found = (await list()).sources.find((one) => one.label === label);
    if (!found) throw new Error(`${label} is not listed`);
    return found;
  };
  const series = async (metrics: string, kind = 'device', entity = '', from = 3_600_000) => {
    const query = new URLSearchParams({
      device: String(server.id),
      kind,
      entity,
      metrics,
      from: String(backend.clock.now - from),
      to: String(backend.clock.now + 1000),
      points: '1000',
    });
    const { series } = SeriesReply.parse((await admin.get(`/api/series?${query}`)).json);
    return series[0]?.mean.filter((value) => value !== null) ?? [];
  };

  it('waits with its values until it is mapped, and is stored with its times then', async () => {
    const { now } = backend.clock;
    const lines = (at: number, received: number) =>
      [
        `cpu,cpu=cpu-total,host=${server.name}.rathaus.example usage_idle=80 ${at}`,
        `net,interface=eno1,host=${server.name}.rathaus.example bytes_recv=${received}i ${at}`,
        `docker,host=${server.name}.rathaus.example n_containers=7i ${at}`,
      ].join('\n');
    for (let n = 0; n < 6; n++) await write(lines(now - 60_000 + n * 10_000, 1000 + n * 12_500));
    const waiting = await source(`${server.name}.rathaus.example`);
    expect(waiting).toMatchObject({
      state: 'waiting',
      points: 18,
      waiting: 18,
      intervalSeconds: 10,
      proposal: server,
      understood: 2,
      unknown: 1,
    });
    expect(await series('cpu')).toEqual([]);

    const mapped = await admin.post('/api/feeds/sources/map', {
      sources: [{ id: waiting.id, deviceId: server.id }],
    });
    expect(mapped.status, mapped.text).toBe(204);
    await expect.poll(() => series('cpu')).toEqual([0.2, 0.2, 0.2, 0.2, 0.2, 0.2]);
    expect(await series('rx', 'port', 'eno1')).toEqual([10_000, 10_000, 10_000, 10_000, 10_000]);
    expect(await series('reachable')).toEqual([1, 1, 1, 1, 1, 1]);
    expect(await source(waiting.label)).toMatchObject({ state: 'mapped', waiting: 0, device: server });
    expect(Monitored.parse((await admin.get(`/api/devices/${server.id}`)).json).device.monitored).toBe(true);

    await write(lines(now, 80_000));
    expect(await series('cpu')).toHaveLength(7);
  });

  it('tells what is not understood, and learns it by hand', async () => {
    const { id } = await source(`${server.name}.rathaus.example`);
    const detail = async () => FeedSourceDetail.parse((await admin.get(`/api/feeds/sources/${id}`)).json);
    expect((await detail()).fields.filter((field) => field.metrics.length === 0)).toMatchObject([
      { measurement: 'docker', field: 'n_containers', example: '7', number: true },
    ]);
    const mapping = {
      measurement: 'docker',
      field: 'n_containers',
      metric: 'sensor.load',
      entity: '',
      factor: 0.1,
      rate: false,
    };
    const nameless = await admin.put(`/api/feeds/${feed.id}/fields`, mapping);
    expect([nameless.status, nameless.json]).toMatchObject([400, { fields: [{ path: 'entity' }] }]);
    expect((await admin.put(`/api/feeds/${feed.id}/fields`, { ...mapping, entity: 'Docker' })).status).toBe(
      200,
    );
    await write(`docker,host=${server.name}.rathaus.example n_containers=7i ${backend.clock.now}`);
    expect(await series('load', 'sensor', 'Docker')).toEqual([0.7]);
    const [hand] = (await detail()).fields.flatMap((field) => (field.hand ? [field.hand] : []));
    expect((await admin.delete(`/api/feeds/fields/${hand?.id}`)).status).toBe(204);
    expect((await detail()).source.unknown).toBe(1);
  });

  it('can be ignored, and that taken back', async () => {
    await write(`mem,host=fremd used_percent=1 ${backend.clock.now}`);
    const { id } = await source('fremd');
    await admin.post('/api/feeds/sources/ignore', { sources: [id], ignored: true });
    await write(`mem,host=fremd used_percent=2 ${backend.clock.now + 1}`);
    expect(await source('fremd')).toMatchObject({ state: 'ignored', waiting: 1, points: 2 });
    await admin.post('/api/feeds/sources/ignore', { sources: [id], ignored: false });
    await write(`mem,host=fremd used_percent=3 ${backend.clock.now + 2}`);
    expect(await source('fremd')).toMatchObject({ state: 'waiting', waiting: 2 });
  });

  it('is known again after a restart, and refused after its token is renewed', async () => {
    backend = await backend.restart();
    admin = await backend.administrator();
    expect(await source('fremd')).toMatchObject({ waiting: 2, points: 3 });
    expect((await list()).feeds).toMatchObject([{ name: 'Telegraf', rejected: 0 }]);
    const technician = await backend.signedIn('technician');
    expect((await technician.post(`/api/feeds/${feed.id}/token`, {})).status).toBe(403);
    expect((await admin.post(`/api/feeds/${feed.id}/token`, {})).status).toBe(200);
    const refused = await backend
      .client()
      .send('POST', '/api/v2/write', 'a b=1', { authorization: `Token ${feed.token}` });
    expect(refused.status).toBe(401);
    expect((await admin.delete(`/api/feeds/${feed.id}`)).status).toBe(204);
    expect(await list()).toMatchObject({ feeds: [], sources: [], kept: { bytes: 0 } });
  });
});
