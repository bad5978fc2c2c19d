import { loadProfiles } from '@rackhaus/config/profiles';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { openSecretBox } from '../access/secret-box.ts';
import { testAudit } from '../audit/testing.ts';
import { Sites } from '../cabling/graph/sites.ts';
import { dataFiles } from '../data-files.ts';
import { openDatabase } from '../database/open.ts';
import type { Database } from '../database/tables.ts';
import type { Caller } from '../http/route.ts';
import { startTestBackend, type TestBackend } from '../testing/test-backend.ts';
import { SwitchingCredentials } from './credentials.ts';
import { SwitchJobs } from './jobs.ts';
import { SwitchJournal } from './journal.ts';
import { OutletSwitching } from './service.ts';

const Ids = z.object({ ids: z.array(z.int()) });
const Ports = z.object({ records: z.array(z.looseObject({ id: z.int(), name: z.string() })) });

let backend: TestBackend;
let db: Database;
let switching: OutletSwitching;
let own: { siteId: number; pdu: number };

beforeAll(async () => {
  backend = await startTestBackend();
  const admin = await backend.administrator();
  const create = (kind: string, values: Record<string, unknown>, key: string = kind) => ({
    op: 'create',
    kind,
    key,
    values,
  });
  const type = (slug: string, more: Record<string, unknown>) =>
    create(
      'device-type',
      { definition: { manufacturer: 'T', model: slug, slug, u_height: 1, ...more } },
      slug,
    );
  const room = (key: string) => [
    create('site', { name: key }, `${key}-site`),
    create('building', { siteId: `#${key}-site`, name: key }, `${key}-building`),
    create('floor', { buildingId: `#${key}-building`, name: key }, `${key}-floor`),
    create('room', { floorId: `#${key}-floor`, name: key }, `${key}-room`),
  ];
  const made = await admin.post('/api/inventory/batch', {
    operations: [
      ...room('own'),
      ...room('other'),
      type('pdu', { 'power-outlets': [{ name: '1', type: 'iec-60320-c13' }] }),
      type('server', {
        'power-ports': ['P1', 'P2'].map((name) => ({ name, type: 'iec-60320-c14' })),
      }),
      create('device', { name: 'PDU A', typeId: '#pdu', role: 'pdu', roomId: '#own-room' }, 'a'),
      create('device', { name: 'PDU B', typeId: '#pdu', role: 'pdu', roomId: '#other-room' }, 'b'),
      create('device', { name: 'Server', typeId: '#server', role: 'server', roomId: '#other-room' }, 's'),
    ],
  });
  if (made.status !== 200) throw new Error(made.text);
  const { ids } = Ids.parse(made.json);
  const [a = 0, b = 0, server = 0] = ids.slice(-3);
  own = { siteId: ids[0] ?? 0, pdu: a };
  const portOf = async (deviceId: number, name: string) => {
    const { json } = await admin.get(`/api/inventory/port?filter=deviceId:is:${deviceId}`);
    return Ports.parse(json).records.find((each) => each.name === name)?.id;
  };
  for (const [from, to] of [
    [a, 'P1'],
    [b, 'P2'],
  ] as const) {
    const cords = [
      { kind: 'power', a: { portId: await portOf(from, '1') }, b: { portId: await portOf(server, to) } },
    ];
    const reply = await admin.post('/api/cables', { cables: cords });
    if (reply.status !== 200) throw new Error(reply.text);
  }
  const files = dataFiles(backend.settings.dataDir);
  db = await openDatabase(files.database);
  const now = () => backend.clock.now;
  const audit = testAudit(db, now);
  const profiles = await loadProfiles();
  // The other feed of the server is off.
  const states = new Map([
    [a, 1],
    [b, 0],
  ]);
  switching = new OutletSwitching({
    db,
    audit,
    sites: new Sites({ db }),
    profiles: () => profiles,
    sources: {
      deviceOf: () => undefined,
      agentOf: () => null,
      agents: async () => [],
      readingsOf: (id) => [
        { kind: 'outlet', entity: '1', time: now(), values: { state: states.get(id) ?? 1 } },
      ],
      observationOf: async () => null,
    },
    credentials: new SwitchingCredentials({
      db,
      secretBox: await openSecretBox(files.secretKey),
      audit,
      now,
    }),
    journal: new SwitchJournal({ db, audit, now }),
    jobs: new SwitchJobs({ now }),
    now,
  });
});
afterAll(async () => {
  await switching.stop();
  await db.destroy();
  await backend.remove();
});

const caller = (sites: ReadonlySet<number> | null): Caller => ({
  kind: 'person',
  userId: 1,
  name: 'Admin',
  role: 'on-call',
  sites,
  maySwitch: true,
});

it('says what goes off with an outlet while the other feed is off', async () => {
  expect(await switching.impact(own.pdu, '1', caller(null))).toMatchObject({
    confirm: true,
    names: ['1', 'Server'],
    hangs: [{ name: 'Server', loses: 'power' }],
    feedsOff: [{ device: 'PDU B', outlet: '1' }],
  });
});

it('names nothing of sites that an account is not for, and yet has it confirmed', async () => {
  expect(await switching.impact(own.pdu, '1', caller(new Set([own.siteId])))).toEqual({
    confirm: true,
    names: ['1'],
    hangs: [],
    services: [],
    undocumented: null,
    feedsOff: [],
  });
});
