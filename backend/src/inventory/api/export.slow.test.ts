import { recordKinds } from '@rackhaus/config/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Client } from '../../testing/client.ts';
import { startTestBackend, type TestBackend } from '../../testing/test-backend.ts';
import { parseCsv } from '../import-table/csv.ts';
import { readWorkbook } from '../import-table/xlsx.ts';
import { csvText } from './export.ts';
import { withoutWords } from './export-words.ts';

const limits = { rows: 1000, columns: 100, unpackedBytes: 10_000_000 };

describe('words of an export', () => {
  it.each(recordKinds)('%s has one for every field', (kind) => expect(withoutWords(kind)).toEqual([]));
});

it.each([
  ['=1+1', "'=1+1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['-cmd', "'-cmd"],
  ['+49 2543', "'+49 2543"],
  ['\tx', "'\tx"],
  [-1.5, '-1,5'],
  ['a=b', 'a=b'],
])('a cell %j of a CSV file is %j', (value, text) => expect(csvText(value, 'de')).toBe(text));

describe('an export', () => {
  let backend: TestBackend;
  let viewer: Client;
  beforeAll(async () => {
    backend = await startTestBackend();
    const admin = await backend.administrator();
    viewer = await backend.signedIn('viewer');
    const definition = { manufacturer: 'Aruba', model: '6200F', slug: 'aruba-6200f', u_height: 1 };
    const device = (values: object) => ({
      op: 'create',
      kind: 'device',
      values: { typeId: '#type', ...values },
    });
    const made = await admin.post('/api/inventory/batch', {
      operations: [
        { op: 'create', kind: 'device-type', key: 'type', values: { definition } },
        device({
          name: '=SUM("1")',
          serial: '0012',
          costCents: 123450,
          warrantyUntil: '2027-03-01',
        }),
        device({ name: 'SW;2', role: 'switch' }),
        device({ name: 'other' }),
      ],
    });
    expect(made.status, made.text).toBe(200);
  });
  afterAll(() => backend.remove());
  const columns =
    'columns=name,typeId,status,serial,costCents,warrantyUntil&filter=name:not:other&sort=-name';
  const bytesOf = async (path: string) => {
    const reply = await fetch(new URL(path, backend.url), { headers: { cookie: viewer.cookie ?? '' } });
    return { reply, bytes: new Uint8Array(await reply.arrayBuffer()) };
  };

  it('as CSV opens in a German spreadsheet, and nothing in it is a formula', async () => {
    const { reply, bytes } = await bytesOf(`/api/inventory/device/export?format=csv&${columns}`);
    expect(reply.headers.get('content-disposition')).toMatch(
      /^attachment; .*filename\*=UTF-8''Ger%C3%A4te%20.*\.csv$/,
    );
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(parseCsv(new TextDecoder().decode(bytes))).toEqual([
      ['Name', 'Gerätetyp', 'Status', 'Seriennummer', 'Kaufpreis (€)', 'Garantie bis', 'Rackhaus-ID'],
      ['SW;2', 'Aruba 6200F', 'in Betrieb', '', '', '', '2'],
      ['\'=SUM("1")', 'Aruba 6200F', 'in Betrieb', '0012', '1234,5', '2027-03-01', '1'],
    ]);
  });

  it('as xlsx has the same, with real numbers and days, in English when asked', async () => {
    const { bytes } = await bytesOf(`/api/inventory/device/export?format=xlsx&language=en&${columns}`);
    expect(readWorkbook(bytes, limits)).toEqual([
      {
        name: 'Devices',
        rows: [
          [
            'Name',
            'Device type',
            'Status',
            'Serial number',
            'Purchase price (€)',
            'Warranty until',
            'Rackhaus-ID',
          ],
          ['SW;2', 'Aruba 6200F', 'in service', null, null, null, 2],
          ['=SUM("1")', 'Aruba 6200F', 'in service', '0012', 1234.5, { day: '2027-03-01' }, 1],
        ],
      },
    ]);
  });

  it('as JSON has values as the API gives them', async () => {
    const { bytes } = await bytesOf(`/api/inventory/device/export?format=json&${columns}`);
    expect(JSON.parse(new TextDecoder().decode(bytes))).toMatchObject([
      { id: 2, name: 'SW;2', typeIdName: 'Aruba 6200F', costCents: null },
      { id: 1, costCents: 123450 },
    ]);
    const none = await bytesOf('/api/inventory/device/export?format=json&filter=name:is:nobody');
    expect(JSON.parse(new TextDecoder().decode(none.bytes))).toEqual([]);
  });

  it('is refused with a column that there is not', async () => {
    expect(await viewer.get('/api/inventory/device/export?format=csv&columns=name,colour')).toMatchObject({
      status: 400,
      json: { fields: [{ path: 'columns' }] },
    });
  });

  it('can be made of every kind', async () => {
    for (const kind of recordKinds) {
      const reply = await viewer.get(`/api/inventory/${kind}/export?format=csv`);
      expect(reply.status, `${kind} ${reply.text}`).toBe(200);
    }
    const { json } = await viewer.get('/api/inventory/device-type/export?format=json');
    expect(z.array(z.looseObject({ manufacturer: z.string() })).parse(json)).toMatchObject([{ uHeight: 1 }]);
  });
});
