import { sheetKinds } from '@rackhaus/config/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { zipContent, zipEntries } from '../../archive/zip.ts';
import type { Client } from '../../testing/client.ts';
import { startTestBackend, type TestBackend } from '../../testing/test-backend.ts';
import { parseCsv } from '../import-table/csv.ts';

let backend: TestBackend;
let admin: Client;
const begins = ['=', '+', '-', '@', '\t', '\r', '\n'] as const;
/** What spreadsheets would compute, in all that people may name. */
const evil = (index: number) => `${begins[index % 4]}HYPERLINK("x",A${index})`;

beforeAll(async () => {
  backend = await startTestBackend();
  admin = await backend.administrator();
  const definition = {
    manufacturer: evil(0),
    model: evil(1),
    slug: 'm-x',
    u_height: 1,
    interfaces: [{ name: evil(2), type: '1000base-t' }],
  };
  const create = (kind: string, key: string, values: object) => ({ op: 'create', kind, key, values });
  const made = await admin.post('/api/inventory/batch', {
    operations: [
      create('site', 'site', { name: evil(0), address: evil(1) }),
      create('building', 'building', { siteId: '#site', name: evil(2) }),
      create('floor', 'floor', { buildingId: '#building', name: evil(3) }),
      create('room', 'room', { floorId: '#floor', name: evil(4) }),
      create('device-type', 'type', { definition }),
      ...[0, 1, 2, 3].map((index) =>
        create('device', `d${index}`, {
          name: evil(index),
          typeId: '#type',
          roomId: '#room',
          serial: evil(index + 1),
          notes: `${begins[index + 3]}cmd|' /C calc'!A0`,
        }),
      ),
    ],
  });
  expect(made.status, made.text).toBe(200);
  await admin.post('/api/users', { name: evil(0), password: 'correct horse battery', role: 'viewer' });
});
afterAll(() => backend.remove());

const Described = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({ responses: z.record(z.string(), z.object({ content: z.unknown().optional() })) }),
    ),
  ),
});

/** Every address that gives a table as a file, from the description of the API. */
async function tables(): Promise<string[]> {
  const { paths } = Described.parse((await admin.get('/api/openapi.json')).json);
  const giving = Object.entries(paths)
    .filter(([, { get }]) =>
      /text\/csv|spreadsheetml/.test(JSON.stringify(get?.responses['200']?.content ?? '')),
    )
    .map(([path]) => path);
  return giving.flatMap((path) =>
    path.includes('{sheet}') ? sheetKinds.map((kind) => path.replace('{sheet}', kind)) : [path],
  );
}

it('no export holds a formula, whatever people have named their things', { timeout: 240_000 }, async () => {
  const found = (await tables()).filter((path) => !/\/api\/(documents|imports)\//.test(path));
  expect(found.length).toBeGreaterThan(30);
  expect(found).toEqual(
    expect.arrayContaining(['/api/audit/export', '/api/cables/export', '/api/inventory/device/export']),
  );
  const met = new Set<string>();
  for (const path of found) {
    const csv = await admin.get(`${path}?format=csv`);
    expect(csv.status, `${path} ${csv.text}`).toBe(200);
    for (const cell of parseCsv(csv.text.replace(/^\uFEFF/, '')).flat()) {
      if (/^-?\d+([.,]\d+)?$/.test(cell)) continue;
      expect(cell, path).not.toMatch(/^[=+\-@\t\r\n]/);
      if (cell.startsWith("'")) met.add(path);
    }
    if (path === '/api/audit/export') continue;
    const reply = await fetch(new URL(`${path}?format=xlsx`, backend.url), {
      headers: { cookie: admin.cookie ?? '' },
    });
    expect(reply.status, path).toBe(200);
    const book = new Uint8Array(await reply.arrayBuffer());
    for (const entry of zipEntries(book, 100))
      if (entry.name.endsWith('.xml'))
        expect(new TextDecoder().decode(zipContent(book, entry)), path).not.toMatch(/<f[ >]|<ddeLink/);
  }
  expect([...met]).toEqual(
    expect.arrayContaining([
      '/api/inventory/site/export',
      '/api/inventory/device/export',
      '/api/audit/export',
    ]),
  );
});
