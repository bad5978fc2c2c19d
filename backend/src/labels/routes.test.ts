import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type DrawItem,
  LabelOptions,
  LabelPreview,
  LabelTarget,
  labelKinds,
  Problem,
  SearchReply,
} from '@rackhaus/config/contract';
import { Secret } from '@rackhaus/config/settings';
import { afterAll, describe, expect, it } from 'vitest';
import { setUpDemo } from '../demo-setup.ts';
import { startTestBackend, testPassword } from '../testing/test-backend.ts';
import { codeOf } from './codes.ts';

const dataDir = await mkdtemp(join(tmpdir(), 'rackhaus-labels-'));
await setUpDemo({ dataDir, password: new Secret(testPassword) });
const backend = await startTestBackend({ PUBLIC_URL: 'https://rh.example.de' }, dataDir);
afterAll(() => backend.remove());
const viewer = await backend.signedIn('viewer');

async function idOf(kind: string, name: string): Promise<number> {
  const { results } = SearchReply.parse((await viewer.get(`/api/search?q=${encodeURIComponent(name)}`)).json);
  const found = results.find((result) => result.kind === kind && result.name === name);
  if (found === undefined) throw new Error(`no ${kind} ${name}`);
  return found.id;
}

const job = (selection: object, lines: readonly string[], more: object = {}) => ({
  selection,
  lines,
  withQr: false,
  medium: 'avery-l7163',
  ...more,
});
const preview = async (body: object) =>
  LabelPreview.parse((await viewer.post('/api/labels/preview', body)).json);
const problem = async (body: object) => Problem.parse((await viewer.post('/api/labels/preview', body)).json);
const texts = (items: readonly DrawItem[]) =>
  items.flatMap((item) => (item.kind === 'qr' || item.kind === 'text' ? [item.text] : []));

describe('labels over HTTP', () => {
  it('offers templates that can be printed as they are', async () => {
    const options = LabelOptions.parse((await viewer.get('/api/labels/options')).json);
    expect(options.codePrefix).toBe('https://rh.example.de/q/');
    expect([...new Set(options.templates.map((template) => template.kind))].toSorted()).toEqual(
      [...labelKinds].toSorted(),
    );
    const roomId = await idOf('room', '0.01 Bürgerbüro');
    const rackRoom = await idOf('room', 'Serverraum neu');
    for (const { kind, lines, medium, withQr } of options.templates) {
      const selection = { kind, roomId: kind === 'outlet' || kind === 'room' ? roomId : rackRoom };
      const shown = await preview({ selection, lines, medium, withQr });
      const lost = shown.warnings.filter(({ code }) => code !== 'qr-small');
      expect.soft(lost.slice(0, 3), `${kind} ${medium}`).toEqual([]);
      expect(shown.labels).toBeGreaterThan(0);
    }
  });

  it('prints both ends of a cable, each with its own end first', async () => {
    const id = await idOf('link', 'K-0101');
    const { page, labels } = await preview(job({ kind: 'link', ids: [id] }, ['{label}', '{near}', '{far}']));
    expect(labels).toBe(2);
    expect(texts(page.items)).toEqual([
      ...['K-0101', 'Schrank 1-42:01', 'Schrank 1-34:1/1/1'],
      ...['K-0101', 'Schrank 1-34:1/1/1', 'Schrank 1-42:01'],
    ]);
  });

  it('takes a range of ports, in their order', async () => {
    const selection = { kind: 'port', deviceId: await idOf('device', 'acc-ug-1'), ports: '1-2, 48' };
    const { page } = await preview(job(selection, ['{device} {name}']));
    expect(texts(page.items)).toEqual(['acc-ug-1 1/1/1', 'acc-ug-1 1/1/2', 'acc-ug-1 1/1/48']);
  });

  it('counts on, the same number at both ends and on each copy', async () => {
    const ids = [await idOf('link', 'K-0101'), await idOf('link', 'K-0102')];
    const more = { firstNumber: 98, copies: 2 };
    const { page } = await preview(job({ kind: 'link', ids }, ['{n:4}'], more));
    expect(texts(page.items)).toEqual([...Array(4).fill('0098'), ...Array(4).fill('0099')]);
  });

  it('writes a code that leads back to the object', async () => {
    const id = await idOf('rack', 'Schrank 2');
    const { page } = await preview(job({ kind: 'rack', ids: [id] }, ['{name}'], { withQr: true }));
    const [url = ''] = texts(page.items);
    const path = new URL(url).pathname;
    const redirect = await fetch(new URL(path, backend.url), { redirect: 'manual' });
    expect(redirect.headers.get('location')).toBe(path.replace('/Q/', '/q/'));
    const target = await viewer.get(`/api/labels/code/${path.slice(3)}`);
    expect(LabelTarget.parse(target.json)).toEqual({
      kind: 'rack',
      id,
      name: 'Schrank 2',
      path: `/racks/${id}`,
    });
  });

  it.each([
    ['device', 'core-1', 'd', '/devices/'],
    ['room', 'Serverraum neu', 'm', '/rooms/'],
    ['link', 'K-0101', 'c', '/devices/'],
    ['outlet', '0.01-1', 'o', '/devices/'],
  ] as const)('knows the page of a %s', async (kind, name, letter, page) => {
    const code = codeOf(kind, await idOf(kind, name));
    expect(code[0]).toBe(letter);
    const target = LabelTarget.parse((await viewer.get(`/api/labels/code/${code}`)).json);
    expect(target).toMatchObject({ kind, name });
    expect(target.path).toContain(page);
  });

  it.each(['dZZZZ', 'hallo', 'd'])('says that %s is no code', async (code) => {
    expect((await viewer.get(`/api/labels/code/${code}`)).status).toBe(404);
  });

  it('refuses what cannot be printed, and says why', async () => {
    const deviceId = await idOf('device', 'core-1');
    const unknown = await problem(job({ kind: 'device', ids: [deviceId] }, ['{name}', '{farbe}']));
    expect(unknown.message).toContain('{farbe} is not a placeholder here');
    expect(unknown.fields?.[0]?.path).toBe('lines.1');
    expect(await problem(job({ kind: 'device', ids: [999_999] }, ['{name}']))).toMatchObject({
      code: 'not-found',
      message: 'There is no such device: 999999.',
    });
    expect(await problem(job({ kind: 'device' }, ['{name}']))).toMatchObject({ code: 'invalid' });
    expect(
      await problem(job({ kind: 'device', ids: [deviceId] }, ['x'], { medium: 'papyrus' })),
    ).toMatchObject({ message: 'There is no medium "papyrus".' });
    const many = { copies: 20, selection: { kind: 'port', roomId: await idOf('room', 'Serverraum neu') } };
    expect(await problem({ ...job({}, ['{name}']), ...many })).toMatchObject({ code: 'too-large' });
    const thick = job({ kind: 'device', ids: [deviceId] }, ['{name}'], {
      medium: 'avery-l4736-flag',
      cableDiameterMm: 30,
    });
    expect((await viewer.post('/api/labels/pdf', thick)).status).toBe(400);
  });

  it('gives a PDF, and to people only', async () => {
    const body = job({ kind: 'device', roomId: await idOf('room', 'Serverraum neu') }, ['{name}']);
    const reply = await viewer.post('/api/labels/pdf', body);
    expect(reply.headers.get('content-type')).toBe('application/pdf');
    expect(reply.text.startsWith('%PDF-1.')).toBe(true);
    expect((await backend.client().post('/api/labels/pdf', body)).status).toBe(401);
  });
});

describe('racks on paper', () => {
  it('gives one rack and a whole room as PDF', async () => {
    const rack = await viewer.get(`/api/racks/${await idOf('rack', 'Schrank 1')}/print.pdf`);
    expect(rack.headers.get('content-type')).toBe('application/pdf');
    expect(rack.headers.get('content-disposition')).toBe('inline; filename="Schrank 1.pdf"');
    const room = await viewer.get(`/api/rooms/${await idOf('room', 'Serverraum neu')}/print.pdf?language=en`);
    expect(room.text.startsWith('%PDF-1.')).toBe(true);
    expect((await viewer.get('/api/racks/999999/print.pdf')).status).toBe(404);
    expect((await viewer.get('/api/racks/1/print.pdf?language=fr')).status).toBe(400);
  });
});
