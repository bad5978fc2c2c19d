import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ImportJob, TypeUpload } from '@rackhaus/config/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../testing/client.ts';
import { startTestBackend, type TestBackend } from '../testing/test-backend.ts';
import { overlappingZip, type Planted, plantedZip } from './testing.ts';

let backend: TestBackend;
let admin: Client;
beforeAll(async () => {
  const frontend = await mkdtemp(join(tmpdir(), 'rackhaus-pages-'));
  await writeFile(join(frontend, 'index.html'), '<!doctype html>');
  backend = await startTestBackend({ FRONTEND_DIR: frontend });
  admin = await backend.administrator();
});
afterAll(async () => {
  await backend.remove();
  await rm(backend.settings.frontendDir, { recursive: true });
});

/** Somebody else's request, in milliseconds, on a machine that is busy with other tests too. */
const longest = 3000;

const bytesOf = (text: string) => new TextEncoder().encode(text);
const type = 'manufacturer: M\nmodel: X\nslug: m-x\nu_height: 1\n';

/** How long the server lets others wait while `work` is done, at worst. */
async function worstWait<T>(work: Promise<T>): Promise<{ result: T; waitedMs: number }> {
  let waitedMs = 0;
  let isDone = false;
  const ended = work.finally(() => {
    isDone = true;
  });
  while (!isDone) {
    const asked = performance.now();
    await backend.client().get('/api/status');
    waitedMs = Math.max(waitedMs, performance.now() - asked);
    await Promise.race([ended.catch(() => undefined), setTimeout(20)]);
  }
  return { result: await ended, waitedMs };
}

const uploadTypes = (archive: Uint8Array<ArrayBuffer>) =>
  admin.send('POST', '/api/types/uploads', archive, { 'content-type': 'application/zip' });

async function importFile(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<ImportJob> {
  const { status, json, text } = await admin.send('POST', '/api/imports', bytes, {
    'content-type': 'application/octet-stream',
    'x-file-name': encodeURIComponent(name),
  });
  expect(status, text).toBe(200);
  const { id } = ImportJob.parse(json);
  for (;;) {
    const job = ImportJob.parse((await admin.get(`/api/imports/${id}`)).json);
    if (!['reading', 'planning'].includes(job.state)) return job;
    await setTimeout(50);
  }
}

describe('an archive of device types', () => {
  it.each<[string, () => Uint8Array<ArrayBuffer>, number, string]>([
    [
      'that claims little and is much',
      () => plantedZip([{ name: 'a.yaml', content: new Uint8Array(100_000_000), claimedSize: 100 }]),
      400,
      'not-an-archive',
    ],
    [
      'whose files are all the same bytes',
      () =>
        overlappingZip(
          Array.from({ length: 20_000 }, (_, index) => `${index}.yaml`),
          new Uint8Array(900_000),
        ),
      400,
      'not-an-archive',
    ],
    [
      'of very many files',
      () =>
        plantedZip(
          Array.from({ length: 20_001 }, (_, index) => ({
            name: `${index}.yaml`,
            content: new Uint8Array(),
          })),
        ),
      413,
      'archive-too-large',
    ],
    [
      'that is large as a whole',
      () =>
        plantedZip(
          Array.from({ length: 60 }, (_, index) => ({
            name: `${index}.yaml`,
            content: new Uint8Array(990_000),
          })),
        ),
      413,
      'archive-too-large',
    ],
  ])('%s is refused, and nobody waits for it', async (_, make, status, reason) => {
    const archive = make();
    const { result, waitedMs } = await worstWait(uploadTypes(archive));
    expect(result).toMatchObject({ status, json: { reason } });
    expect(waitedMs).toBeLessThan(longest);
  });

  it('within an archive is not looked into, and a file of a gigabyte is passed over', async () => {
    const inner = plantedZip([{ name: 'x.yaml', content: new Uint8Array(1_000_000) }]);
    const archive = plantedZip([
      { name: 'inner.zip', content: inner },
      { name: 'type.yaml', content: bytesOf(type) },
      { name: 'large.yaml', content: new Uint8Array(10), claimedSize: 1_000_000_000 },
    ]);
    const reply = await uploadTypes(archive);
    expect(reply.status, reply.text).toBe(200);
    expect(TypeUpload.parse(reply.json)).toMatchObject({
      types: [{ slug: 'm-x' }],
      broken: [{ file: 'large.yaml' }],
      passedOver: 1,
    });
  });

  it('has names, not paths: nothing is written under them', async () => {
    const folders = async () =>
      (await readdir(backend.settings.dataDir, { recursive: true })).filter(
        (name) => !/-(wal|shm)$/.test(name),
      );
    const before = await folders();
    const names = [
      '../../../../tmp/rackhaus-planted.yaml',
      '/tmp/rackhaus-planted.yaml',
      'C:\\rackhaus-planted.yaml',
      'a\u0000.yaml',
      'CON.yaml',
      '__proto__.yaml',
    ];
    const reply = await uploadTypes(
      plantedZip(names.map((name, index) => ({ name, content: bytesOf(type.replaceAll('x', `x${index}`)) }))),
    );
    expect(reply.status, reply.text).toBe(200);
    expect(await folders()).toEqual(before);
    expect((await readdir('/tmp')).filter((name) => name.includes('planted'))).toEqual([]);
  });
});

const spreadsheet = (sheet: string, more: readonly Planted[] = []): Uint8Array<ArrayBuffer> =>
  plantedZip([
    {
      name: '[Content_Types].xml',
      content: bytesOf(
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
      ),
    },
    {
      name: '_rels/.rels',
      content: bytesOf(
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
      ),
    },
    {
      name: 'xl/workbook.xml',
      content: bytesOf(
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
      ),
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      content: bytesOf(
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
      ),
    },
    {
      name: 'xl/worksheets/sheet1.xml',
      content: bytesOf(
        `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">${sheet}</worksheet>`,
      ),
    },
    ...more,
  ]);
const strings = (content: string, claimedSize?: number): Planted => ({
  name: 'xl/sharedStrings.xml',
  content: bytesOf(content),
  ...(claimedSize === undefined ? {} : { claimedSize }),
});
const text = (ref: string, value: string) => `<c r="${ref}" t="inlineStr"><is><t>${value}</t></is></c>`;
const heading = `<row r="1">${text('A1', 'Gerätename')}${text('B1', 'Raum')}</row>`;
const device = `<row r="2">${text('A2', 'sw-1')}${text('B2', 'Raum 1')}</row>`;

describe('a workbook', { timeout: 120_000 }, () => {
  it('as this test makes them is read', async () => {
    const job = await importFile('a.xlsx', spreadsheet(`<sheetData>${heading}${device}</sheetData>`));
    expect(job).toMatchObject({ state: 'ready', table: { rows: 1 } });
  });

  it.each<[string, () => Uint8Array<ArrayBuffer>, readonly string[]]>([
    [
      'whose texts are more than may come out of it',
      () => spreadsheet(`<sheetData>${heading}</sheetData>`, [strings(' '.repeat(320_000_000))]),
      ['too-large-unpacked'],
    ],
    [
      'whose texts are more than they claim',
      () => spreadsheet(`<sheetData>${heading}</sheetData>`, [strings(' '.repeat(100_000_000), 1000)]),
      ['not-a-table'],
    ],
    [
      'with millions of texts',
      () =>
        spreadsheet(`<sheetData>${heading}${device}</sheetData>`, [
          strings(`<sst>${'<si><t>x</t></si>'.repeat(2_000_000)}</sst>`),
        ]),
      ['ready', 'too-large-unpacked', 'too-slow'],
    ],
    [
      'with millions of empty rows',
      () => spreadsheet(`<sheetData>${heading}${device}${'<row/>'.repeat(2_000_000)}</sheetData>`),
      ['ready', 'too-many-rows', 'too-large-unpacked', 'too-slow'],
    ],
    [
      'with a cell at the far end',
      () =>
        spreadsheet(
          `<sheetData>${heading}${device}<row r="1048576">${text('XFD1048576', 'x')}</row></sheetData>`,
        ),
      ['ready', 'too-many-rows', 'too-many-columns'],
    ],
    [
      'with a cell at the far end of very many rows',
      () =>
        spreadsheet(
          `<sheetData>${heading}${Array.from({ length: 150_000 }, (_, index) => `<row r="${index + 2}">${text(`XFD${index + 2}`, 'x')}</row>`).join('')}</sheetData>`,
        ),
      ['too-many-columns'],
    ],
    [
      'with a row beyond what there can be',
      () =>
        spreadsheet(
          `<sheetData>${heading}${device}<row r="4294967290">${text('ZZZZZZ4294967290', 'x')}</row></sheetData>`,
        ),
      ['ready', 'too-many-rows', 'too-many-columns', 'not-a-table'],
    ],
    [
      'with very many cells merged over everything',
      () =>
        spreadsheet(
          `<sheetData>${heading}${device}</sheetData><mergeCells>${'<mergeCell ref="A1:XFD1048576"/>'.repeat(200_000)}</mergeCells>`,
        ),
      ['ready'],
    ],
  ])('%s keeps nobody waiting and takes no more than it may', async (_, make, outcomes) => {
    const file = make();
    expect(file.length).toBeLessThan(20_000_000);
    const { result, waitedMs } = await worstWait(importFile('a.xlsx', file));
    expect(outcomes).toContain(result.state === 'ready' ? 'ready' : result.problem?.reason);
    expect(waitedMs).toBeLessThan(longest);
    await admin.post(`/api/imports/${result.id}/stop`, {});
  });

  it('gets no entities expanded, and reads nothing from elsewhere', async () => {
    const levels = Array.from(
      { length: 12 },
      (_, level) => `<!ENTITY e${level + 1} "${`&e${level};`.repeat(10)}">`,
    );
    const doctype = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/passwd"><!ENTITY e0 "boom">${levels.join('')}]>`;
    const sheet = `<sheetData><row r="1">${text('A1', 'Gerätename')}${text('B1', 'Raum')}</row><row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c></row></sheetData>`;
    const { result, waitedMs } = await worstWait(
      importFile(
        'a.xlsx',
        spreadsheet(sheet, [strings(`${doctype}<sst><si><t>a&e12;</t></si><si><t>b&file;</t></si></sst>`)]),
      ),
    );
    expect(waitedMs).toBeLessThan(longest);
    expect(result.state).toBe('ready');
    const rows = await admin.get(`/api/imports/${result.id}/rows`);
    expect(rows.text).not.toMatch(/boomboom|root:/);
  });
});

describe('an inventory in YAML', { timeout: 120_000 }, () => {
  it('gets no aliases multiplied', async () => {
    const levels = Array.from({ length: 12 }, (_, level) =>
      level === 0 ? 'a0: &a0 [x, x]' : `a${level}: &a${level} [${`*a${level - 1}, `.repeat(10)}]`,
    );
    const { result, waitedMs } = await worstWait(importFile('a.yaml', bytesOf(`${levels.join('\n')}\n`)));
    expect(waitedMs).toBeLessThan(longest);
    expect(result.preview?.counts.create ?? 0).toBe(0);
  });

  it('in an archive that lies about sizes is refused', async () => {
    const archive = plantedZip([{ name: 'a.yaml', content: new Uint8Array(100_000_000), claimedSize: 100 }]);
    const { result, waitedMs } = await worstWait(importFile('a.zip', archive));
    expect(result).toMatchObject({ state: 'failed', problem: { reason: 'not-a-table' } });
    expect(waitedMs).toBeLessThan(longest);
  });
});

describe('names of files', () => {
  it.each([
    ['../../etc/passwd.csv', 'passwd.csv'],
    ['/etc/shadow', 'shadow'],
    ['C:\\Windows\\a.csv', 'a.csv'],
    ['a\u0000b\r\n.csv', 'ab.csv'],
    ['..', '..'],
  ])('%j that are brought in are shown as %j', async (given, shown) => {
    const job = await importFile(given, bytesOf('Gerätename;Raum\nsw;r\n'));
    expect(job.fileName).toBe(shown);
  });

  it('say where nothing of a download goes', async () => {
    const kept = await admin.send('POST', '/api/documents', bytesOf('notes'), {
      'content-type': 'text/plain',
      'x-file-name': encodeURIComponent('../../notes.txt'),
    });
    expect(kept.status, kept.text).toBe(200);
    for (const name of [
      '../../../etc/cron.d/x',
      '/etc/x',
      'a"; filename="b.exe',
      'a\r\nSet-Cookie: b=c',
      'CON',
      '..',
    ]) {
      const reply = await admin.get(
        `/api/documents/1/content?download=true&name=${encodeURIComponent(name)}`,
      );
      expect([200, 400]).toContain(reply.status);
      const disposition = reply.headers.get('content-disposition') ?? '';
      const shown = /filename="((?:[^"\\]|\\.)*)"/.exec(disposition)?.[1] ?? '';
      expect(shown).not.toMatch(/[/\n\r]|^\.\./);
      expect(reply.headers.get('set-cookie')).toBeNull();
    }
  });

  it.each([
    '/api/documents/..%2f..%2fsecret.key/content',
    '/api/documents/1%00/content',
    '/..%2f..%2fsecret.key',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/..%5c..%5csecret.key',
    '/_app/..%2f..%2f..%2frackhaus.db',
    '/a%00b',
    '/%c0%ae%c0%ae/etc/passwd',
  ])('%s leads nowhere', async (path) => {
    const reply = await admin.get(path);
    expect(reply.status).toBeLessThan(500);
    // The page itself answers for addresses that it may know.
    if (reply.status === 200) expect(reply.text).toBe('<!doctype html>');
  });
});
