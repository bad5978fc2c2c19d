import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ImportJob, ImportProgress, ImportRows } from '@rackhaus/config/contract';
import { sampleTownHallFolder } from '@rackhaus/config/sample-town-hall';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Client } from '../../testing/client.ts';
import { startTestBackend, type TestBackend } from '../../testing/test-backend.ts';
import type { Cell } from '../import-table/cells.ts';
import { writeCsv } from '../import-table/csv.ts';
import { zipStored } from '../import-table/unzip.ts';
import { writeWorkbook } from '../import-table/xlsx.ts';

let backend: TestBackend;
let admin: Client;
beforeAll(async () => {
  backend = await startTestBackend();
  admin = await backend.administrator();
});
afterAll(() => backend.remove());

const Changed = z.object({ changeId: z.int() });

async function upload(name: string, bytes: Uint8Array<ArrayBuffer>, client = admin): Promise<ImportJob> {
  const { status, json, text } = await client.send('POST', '/api/imports', bytes, {
    'content-type': 'application/octet-stream',
    'x-file-name': encodeURIComponent(name),
  });
  expect(status, text).toBe(200);
  return settled(ImportJob.parse(json).id, client);
}

/** Once it is read, compared, or written. */
async function settled(id: string, client = admin): Promise<ImportJob> {
  for (;;) {
    const job = ImportJob.parse((await client.get(`/api/imports/${id}`)).json);
    if (!['reading', 'planning', 'applying'].includes(job.state)) return job;
    // Not to take the processor from what is waited for.
    await setTimeout(20);
  }
}

async function apply(id: string, leaveOut = false, client = admin): Promise<ImportJob> {
  const { status, text } = await client.post(`/api/imports/${id}/apply`, { leaveOut });
  expect(status, text).toBe(200);
  return settled(id, client);
}

const rowsOf = async (id: string, query = '') =>
  ImportRows.parse((await admin.get(`/api/imports/${id}/rows?${query}`)).json);
const count = async (kind: string) =>
  z.object({ total: z.int() }).parse((await admin.get(`/api/inventory/${kind}?size=1`)).json).total;

const headings = ['Gerätename', 'Hersteller', 'Modell', 'Raum', 'Schrank', 'HE', 'Seriennummer'];
const devices = (from: number, to: number): Cell[][] =>
  Array.from({ length: to - from }, (_, index) => [
    `gerät-${from + index}`,
    'Musterwerk',
    `Kiste ${index % 5}`,
    'Serverraum',
    `Schrank ${Math.floor((from + index) / 40) + 1}`,
    ((from + index) % 40) + 1,
    `S${from + index}`,
  ]);
const workbook = (rows: Cell[][]) => writeWorkbook([{ name: 'Geräte', rows: [headings, ...rows] }]);
const utf8 = (text: string) => new Uint8Array(new TextEncoder().encode(text));

describe('a list', { timeout: 60_000 }, () => {
  it('is compared, brought in as one change, the same the second time, and undone as a whole', async () => {
    const job = await upload('Geräteliste.xlsx', workbook(devices(0, 60)));
    expect(job).toMatchObject({ state: 'ready', source: 'table', fileName: 'Geräteliste.xlsx' });
    expect(job.preview?.counts).toEqual({ problem: 0, create: 60, change: 0, same: 0, left: 0 });
    expect(await count('device')).toBe(0);

    const done = await apply(job.id);
    expect(done).toMatchObject({ state: 'done', result: { created: 60, changed: 0 } });
    expect(await count('device')).toBe(60);
    const change = await admin.get(`/api/changes/${done.result?.changeId}`);
    expect(change.json).toMatchObject({
      change: { source: 'import', reason: 'Geräteliste.xlsx', user: 'Admin' },
    });

    const again = await upload('Geräteliste.xlsx', workbook(devices(0, 60)));
    expect(again.preview?.counts).toMatchObject({ create: 0, change: 0, same: 60 });
    expect((await admin.post(`/api/imports/${again.id}/apply`, {})).json).toMatchObject({
      reason: 'nothing',
    });

    Changed.parse((await admin.post(`/api/changes/${done.result?.changeId}/undo`, {})).json);
    for (const kind of ['device', 'room', 'rack', 'site']) expect(await count(kind), kind).toBe(0);
  });

  it('reads separated values as Excel and others write them', async () => {
    const rows = [headings, ...devices(0, 3).map((row) => row.map(String))];
    const german = Buffer.from(writeCsv(rows), 'latin1');
    for (const bytes of [
      utf8(writeCsv(rows, ',')),
      utf8(`\uFEFF${writeCsv(rows, '\t')}`),
      new Uint8Array(german),
      utf8(`sep=;\r\n${writeCsv(rows)}`),
    ]) {
      const job = await upload('liste.csv', bytes);
      expect(job.preview?.counts).toMatchObject({ create: 3, problem: 0 });
      expect((await rowsOf(job.id)).rows[0]?.name).toBe('gerät-0');
      await admin.post(`/api/imports/${job.id}/stop`, {});
    }
  });

  it('is understood otherwise when somebody says so', async () => {
    const job = await upload('x.xlsx', workbook(devices(0, 3)));
    const fields = job.table?.columns.map(({ field }) => (field === 'serial' ? 'addToNotes' : field));
    await admin.patch(`/api/imports/${job.id}`, { fields });
    const changed = await settled(job.id);
    expect(changed.table?.columns.at(-1)?.field).toBe('addToNotes');
    expect((await admin.patch(`/api/imports/${job.id}`, { fields: ['nonsense'] })).status).toBe(400);
    await admin.patch(`/api/imports/${job.id}`, { target: 'rack' });
    expect((await settled(job.id)).table?.target).toBe('rack');
  });

  it('waits until problems are solved, or left out', async () => {
    const rows = devices(100, 103);
    const broken = rows.map((row) => [...row]);
    if (broken[1] !== undefined) broken[1][5] = 'oben';
    const job = await upload('x.xlsx', workbook(broken));
    expect(job.preview?.counts).toMatchObject({ create: 2, problem: 1 });
    const [first] = (await rowsOf(job.id)).rows;
    expect(first).toMatchObject({ row: 3, outcome: 'problem' });
    expect(first?.problems[0]).toMatchObject({
      column: 'F',
      heading: 'HE',
      value: 'oben',
      reason: 'not-a-unit',
    });
    expect((await admin.post(`/api/imports/${job.id}/apply`, {})).json).toMatchObject({ reason: 'problems' });
    const done = await apply(job.id, true);
    expect(done.result?.created).toBe(2);
    await admin.post(`/api/changes/${done.result?.changeId}/undo`, {});
  });

  it('is compared anew when somebody changes the inventory meanwhile', async () => {
    const job = await upload('x.xlsx', workbook(devices(0, 2)));
    const other = await upload('y.xlsx', workbook(devices(0, 1)));
    const first = await apply(other.id);
    const refused = await apply(job.id);
    expect(refused).toMatchObject({ state: 'ready', problem: { reason: 'outdated' } });
    expect(refused.preview?.counts).toMatchObject({ create: 1, same: 1 });
    const second = await apply(job.id);
    expect(second.state).toBe('done');
    for (const { result } of [second, first]) await admin.post(`/api/changes/${result?.changeId}/undo`, {});
    expect(await count('device')).toBe(0);
  });

  it('leaves nothing when it is stopped in the middle, and can be begun again', async () => {
    const job = await upload('gross.xlsx', workbook(devices(0, 600)));
    await admin.post(`/api/imports/${job.id}/apply`, {});
    // Without a session: nobody has to be looked up while the database is busy.
    const anybody = backend.client();
    for (;;) {
      const { progress, state } = ImportProgress.parse(
        (await anybody.get(`/api/imports/${job.id}/progress`)).json,
      );
      if (state !== 'applying') throw new Error('it was done before it could be stopped');
      if (progress !== null && progress.done > 100) break;
    }
    const stopped = await anybody.post(`/api/imports/${job.id}/stop`, {});
    expect(stopped.json).toMatchObject({ state: 'ready', problem: { reason: 'stopped' } });
    for (const kind of ['device', 'room', 'rack', 'site']) expect(await count(kind), kind).toBe(0);
    const done = await apply(job.id);
    expect(await count('device')).toBe(600);
    await admin.post(`/api/changes/${done.result?.changeId}/undo`, {});
  });
});

describe('YAML', { timeout: 60_000 }, () => {
  const yaml = `sites:
  - name: Schule
    buildings:
      - name: Haupthaus
        floors:
          - name: EG
            rooms:
              - name: Technik
                racks: [{ name: S1 }]
devices:
  - name: sw-schule
    type: hpe-aruba-6100-24g-class4-poe-4sfpp
    role: switch
    room: Schule/Technik
    rack: S1
    position: 40
`;
  it('is rehearsed, brought in, and the same the second time', async () => {
    const job = await upload('schule.yaml', utf8(yaml));
    expect(job).toMatchObject({ source: 'yaml', state: 'ready' });
    expect((await rowsOf(job.id)).rows.map(({ kind, name }) => `${kind} ${name}`)).toContain(
      'device sw-schule',
    );
    expect(await count('device')).toBe(0);
    const done = await apply(job.id);
    expect(done.state).toBe('done');
    expect(await count('device')).toBe(1);
    const again = await upload('schule.yaml', utf8(yaml));
    expect(again.preview?.counts).toMatchObject({ create: 0, change: 0, problem: 0 });
    await admin.post(`/api/changes/${done.result?.changeId}/undo`, {});
  });

  it('names file, line and path of unknown keys and of what does not exist', async () => {
    const unknown = await upload(
      'a.yaml',
      utf8(yaml.replace('    role: switch', '    role: switch\n    colour: red')),
    );
    expect((await rowsOf(unknown.id)).rows).toMatchObject([
      { file: 'a.yaml', row: 14, problems: [{ message: 'unknown key "colour"' }] },
    ]);
    const missing = await upload('b.yaml', utf8(yaml.replace('rack: S1', 'rack: S9')));
    expect((await rowsOf(missing.id)).rows).toMatchObject([{ outcome: 'problem', file: 'b.yaml', row: 15 }]);
  });

  it('takes several files as one inventory', async () => {
    const [places = '', rest = ''] = yaml.split('devices:');
    const job = await upload('2.yaml', utf8(`devices:${rest}`));
    expect(job.preview?.counts.problem).toBeGreaterThan(0);
    await admin.send('POST', `/api/imports/${job.id}/files`, utf8(places), {
      'content-type': 'application/octet-stream',
      'x-file-name': '1.yaml',
    });
    expect((await settled(job.id)).preview?.counts).toMatchObject({ problem: 0 });
  });
});

describe('what is no list', { timeout: 60_000 }, () => {
  it.each([
    ['foto.xlsx', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0]), 'not-a-table'],
    ['leer.csv', utf8('\r\n\r\n'), 'empty'],
    ['offen.csv', utf8('Name;Modell\r\n"a;b\r\n'), 'open-quote'],
    ['kaputt.xlsx', workbook(devices(0, 3)).slice(0, 900), 'not-a-table'],
  ])('%s', async (name, bytes, reason) => {
    const job = await upload(name, new Uint8Array(bytes));
    expect(job).toMatchObject({ state: 'failed', problem: { reason } });
  });

  it('refuses a file that is larger than it may be', async () => {
    const { status, json } = await admin.send('POST', '/api/imports', new Uint8Array(20_000_001), {
      'content-type': 'application/octet-stream',
    });
    expect([status, json]).toMatchObject([413, { code: 'too-large' }]);
  });
});

it('is for administrators, and each sees their own only', async () => {
  const job = await upload('x.xlsx', workbook(devices(0, 1)));
  const technician = await backend.signedIn('technician');
  expect((await technician.get(`/api/imports/${job.id}`)).status).toBe(403);
  const other = await backend.signedIn('administrator');
  expect((await other.get(`/api/imports/${job.id}`)).status).toBe(404);
  expect((await other.get('/api/imports')).json).toEqual({ jobs: [] });
});

it('gives workbooks to fill in, which are understood', async () => {
  for (const language of ['de', 'en'])
    for (const target of ['device', 'rack', 'outlet', 'contract']) {
      const reply = await fetch(
        new URL(`/api/imports/templates/${target}?language=${language}`, backend.url),
        {
          headers: { cookie: admin.cookie ?? '' },
        },
      );
      const job = await upload('vorlage.xlsx', new Uint8Array(await reply.arrayBuffer()));
      expect(job.table?.target).toBe(target);
      expect(job.table?.columns.filter(({ field }) => field === null)).toEqual([]);
      expect(job.preview?.counts).toMatchObject({ create: 1, problem: 0 });
      await admin.post(`/api/imports/${job.id}/stop`, {});
    }
}, 60_000);

describe('the town hall', { timeout: 60_000 }, () => {
  let town: TestBackend;
  let person: Client;
  beforeAll(async () => {
    town = await startTestBackend();
    person = await town.administrator();
    const folder = sampleTownHallFolder;
    const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml'));
    const files = new Map<string, Uint8Array>();
    for (const name of names) files.set(name, await readFile(join(folder, name)));
    const job = await upload('rathaus.zip', new Uint8Array(zipStored(files)), person);
    await apply(job.id, false, person);
    // Two rooms of one name, each with a device, and what spreadsheets take for formulas.
    const rooms: Cell[][] = [
      ['Name', 'Modell', 'Standort', 'Raum', 'Bemerkung'],
      ['doppelt-1', 'Kiste', 'Rathaus', 'Technik', '=1+1'],
      ['doppelt-2', 'Kiste', 'Bücherei', 'Technik', '+49 123'],
    ];
    const more = await upload('mehr.xlsx', writeWorkbook([{ name: 'Liste', rows: rooms }]), person);
    await apply(more.id, false, person);
  });
  afterAll(() => town.remove());

  it.each(
    [
      'device',
      'rack',
      'room',
      'outlet',
      'port',
      'vlan',
      'prefix',
      'address',
      'spare-part',
      'contract',
    ].flatMap((kind) =>
      ['xlsx', 'csv'].flatMap((format) => ['de', 'en'].map((language) => [kind, format, language] as const)),
    ),
  )(
    'exports its %s records as %s (%s), and there is nothing to do when that is brought in',
    async (kind, format, language) => {
      const reply = await fetch(
        new URL(`/api/inventory/${kind}/export?format=${format}&language=${language}`, town.url),
        { headers: { cookie: person.cookie ?? '' } },
      );
      const name =
        /filename="([^"]+)"/.exec(reply.headers.get('content-disposition') ?? '')?.[1] ?? `x.${format}`;
      const job = await upload(name, new Uint8Array(await reply.arrayBuffer()), person);
      expect(job.table?.target).toBe(kind);
      expect(job.preview?.counts).toMatchObject({ problem: 0, create: 0, change: 0 });
      await person.post(`/api/imports/${job.id}/stop`, {});
    },
  );
});
