import { CalendarLink, OnCallNow, RotaPlan, ShiftList } from '@rackhaus/config/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Client } from '../testing/client.ts';
import { startTestBackend, type TestBackend } from '../testing/test-backend.ts';

let backend: TestBackend;
let admin: Client;
let viewer: Client;
let people: { id: number; name: string }[];
beforeAll(async () => {
  backend = await startTestBackend();
  admin = await backend.administrator();
  viewer = await backend.signedIn('viewer');
  await backend.signedIn('technician');
  const { users } = z
    .object({ users: z.array(z.object({ id: z.int(), name: z.string() })) })
    .parse((await admin.get('/api/users')).json);
  people = users;
});
afterAll(() => backend.remove());

const Made = z.object({ id: z.int() });
const idOf = (role: string): number =>
  people.find(({ name }) => name.toLowerCase().startsWith(role))?.id ?? 0;
const plan = (more: object = {}) => ({
  timeZone: 'Europe/Berlin',
  holidays: 'DE-NW',
  layers: [
    {
      name: 'Woche',
      people: [idOf('admin'), idOf('technician')],
      from: '2026-01-05',
      until: null,
      turn: { every: 'week', count: 1, weekday: 1, at: '08:00' },
      hours: null,
      holidays: 'all',
      ...more,
    },
  ],
});
async function refusal(path: string, body: object): Promise<string> {
  const { status, json } = await admin.post(path, body);
  expect(status).toBeGreaterThanOrEqual(400);
  return z.object({ message: z.string() }).parse(json).message;
}

describe('what is written of a plan', () => {
  let rotaId: number;
  it('names people, zones and states that there are', async () => {
    const rota = (given: object) => ({ name: 'Bereitschaft IT', plan: given });
    expect(await refusal('/api/inventory/rota', rota({ ...plan(), timeZone: 'Europe/Billerbeck' }))).toMatch(
      /"Europe\/Billerbeck" is not a time zone/,
    );
    expect(await refusal('/api/inventory/rota', rota({ ...plan(), holidays: 'DE-XX' }))).toMatch(/DE-XX/);
    expect(await refusal('/api/inventory/rota', rota(plan({ people: [4711] })))).toMatch(/no user 4711/);
    expect(await refusal('/api/inventory/rota', rota(plan({ until: '2025-01-01' })))).toMatch(/until/);
    rotaId = Made.parse((await admin.post('/api/inventory/rota', rota(plan()))).json).id;
  });

  it('has one cover at a time', async () => {
    const [from, until] = [Date.parse('2027-01-04T08:00Z'), Date.parse('2027-01-06T08:00Z')];
    const cover = { rotaId, from, until, userId: idOf('technician'), reason: 'Urlaub' };
    expect(await refusal('/api/inventory/rota-change', { ...cover, userId: 4711 })).toMatch(/no user 4711/);
    const first = await admin.post('/api/inventory/rota-change', cover);
    expect(first.status).toBe(200);
    expect(
      await refusal('/api/inventory/rota-change', { ...cover, from: from + 1000, userId: idOf('admin') }),
    ).toMatch(/technician 2.*Bereitschaft IT/s);
    // Right after it is no overlap.
    const after = await admin.post('/api/inventory/rota-change', {
      ...cover,
      from: until,
      until: until + 1000,
    });
    expect(after.status).toBe(200);
  });

  it('names rotas, people and channels that there are in its steps', async () => {
    const escalation = (target: object) => ({
      name: 'Kritisch',
      plan: {
        severities: null,
        siteIds: null,
        hours: null,
        steps: [{ to: [target], waitMinutes: 5 }],
        repeat: 1,
      },
    });
    const post = (target: object) => refusal('/api/inventory/escalation', escalation(target));
    expect(await post({ kind: 'rota', rotaId: 4711 })).toMatch(/no rota 4711/);
    expect(await post({ kind: 'person', userId: 4711 })).toMatch(/no user 4711/);
    expect(await post({ kind: 'channel', channelId: 4711 })).toMatch(/no channel 4711/);
    const made = await admin.post('/api/inventory/escalation', escalation({ kind: 'rota', rotaId }));
    expect(made.status).toBe(200);
  });

  it('is shown as shifts, saved or not', async () => {
    const from = Date.parse('2026-12-20T00:00Z');
    const until = from + 28 * 86_400_000;
    const saved = await viewer.get(`/api/rotas/${rotaId}/shifts?from=${from}&until=${until}`);
    const list = ShiftList.parse(saved.json);
    expect(list.shifts.at(0)?.from).toBe(from);
    expect(list.shifts.at(-1)?.until).toBe(until);
    expect(list.holidays.map(({ date }) => date)).toEqual(['2026-12-25', '2026-12-26', '2027-01-01']);
    const preview = await admin.post('/api/rotas/preview', { plan: RotaPlan.parse(plan()), from, until });
    expect(ShiftList.parse(preview.json).shifts.every(({ changeId }) => changeId === null)).toBe(true);
    expect((await admin.post('/api/rotas/preview', { plan: plan(), from, until: from })).status).toBe(400);
    expect((await viewer.get(`/api/rotas/${rotaId}/shifts?from=0&until=${until}`)).status).toBe(400);
  });

  it('can be read by a calendar until its address is ended', async () => {
    const make = async (client: Client, body: object) =>
      new URL(CalendarLink.parse((await client.post(`/api/rotas/${rotaId}/calendar-link`, body)).json).url);
    const url = await make(viewer, {});
    const stranger = backend.client();
    const calendar = await stranger.get(url.pathname);
    expect(calendar.status).toBe(200);
    expect(calendar.text).toMatch(/^BEGIN:VCALENDAR\r\n/);
    expect(calendar.text).toContain('SUMMARY:Bereitschaft IT: technician 2');
    const mine = await stranger.get((await make(viewer, { mine: true })).pathname);
    expect(mine.text).not.toContain('VEVENT');
    // Another one of the same kind ends the first.
    const second = await make(viewer, {});
    expect((await stranger.get(url.pathname)).status).toBe(404);
    expect((await stranger.get(second.pathname)).status).toBe(200);
    await viewer.send('DELETE', `/api/rotas/${rotaId}/calendar-link`);
    expect((await stranger.get(second.pathname)).status).toBe(404);
    expect((await stranger.get('/api/calendars/rhc_x.ics')).status).toBe(404);
  });

  it('is told with what it lacks', async () => {
    const now = OnCallNow.parse((await viewer.get('/api/on-call')).json);
    expect(now.rotas.map(({ name }) => name)).toEqual(['Bereitschaft IT']);
    expect(now.rotas[0]?.now?.until).toBe(now.rotas[0]?.next?.from);
    expect(now.people).toHaveLength(3);
    const codes = now.problems.map(({ code }) => code);
    expect(codes).toContain('nobody');
    expect(codes.filter((code) => code === 'no-channel')).toHaveLength(2);
    expect(codes).toContain('empty-step');
  });
});
