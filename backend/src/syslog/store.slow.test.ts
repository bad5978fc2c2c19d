import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AttachedLine, WantedPage } from './messages.ts';
import { SyslogStore } from './store.ts';

const now = Date.now();
const hour = 3_600_000;
let folder: string;
let store: SyslogStore;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rackhaus-syslog-'));
  store = await opened();
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

async function opened(): Promise<SyslogStore> {
  const made = new SyslogStore({
    file: join(folder, 'syslog.sqlite'),
    log: (message) => console.error(message),
  });
  await made.start({ days: 30, megabytes: 1000 });
  return made;
}

function line(text: string, more: Partial<AttachedLine> = {}): AttachedLine {
  return {
    time: now,
    from: '10.0.0.1',
    deviceId: 7,
    severity: 5,
    facility: 23,
    host: null,
    app: null,
    process: null,
    mnemonic: null,
    deviceTime: null,
    text,
    data: null,
    ...more,
  };
}

const all: WantedPage = {
  text: null,
  device: null,
  unknown: false,
  severity: null,
  from: null,
  to: null,
  within: null,
  before: null,
  after: null,
  limit: 100,
};
const texts = async (wanted: Partial<WantedPage>) =>
  (await store.search({ ...all, ...wanted })).map(({ text }) => text);

test('finds messages by words, device, severity and time, newest first', async () => {
  await store.write({
    agentId: 1,
    outbox: 'a',
    sequence: 1,
    lines: [
      line('Interface GigabitEthernet1/0/24, changed state to down', {
        severity: 3,
        mnemonic: 'LINK-3-UPDOWN',
      }),
      line('Anmeldung von Müller', { deviceId: 8, time: now - 2 * hour, app: 'sshd' }),
      line('von niemandem', { deviceId: null, from: '10.9.9.9', severity: null }),
    ],
  });
  expect(await texts({})).toEqual([
    'von niemandem',
    'Interface GigabitEthernet1/0/24, changed state to down',
    'Anmeldung von Müller',
  ]);
  expect(await texts({ text: 'gigabitethernet1/0/24' })).toHaveLength(1);
  expect(await texts({ text: 'state "to down"' })).toHaveLength(1);
  expect(await texts({ text: '"down to"' })).toHaveLength(0);
  expect(await texts({ text: 'updo' })).toHaveLength(1);
  expect(await texts({ text: 'muller' })).toEqual(['Anmeldung von Müller']);
  expect(await texts({ text: '10.9.9.9' })).toEqual(['von niemandem']);
  expect(await texts({ text: '" - * ( NEAR AND' })).toHaveLength(0);
  expect(await texts({ text: '***' })).toHaveLength(0);
  expect(await texts({ device: 8 })).toEqual(['Anmeldung von Müller']);
  expect(await texts({ unknown: true })).toEqual(['von niemandem']);
  expect(await texts({ severity: 3 })).toHaveLength(1);
  expect(await texts({ within: [8] })).toEqual(['Anmeldung von Müller']);
  expect(await texts({ to: now - hour })).toEqual(['Anmeldung von Müller']);
});

test('pages without gaps and without repeats, also when a thousand come in one millisecond', async () => {
  const lines = Array.from({ length: 2500 }, (_, index) => line(`Meldung ${index}`));
  for (let part = 0; part < 3; part++)
    await store.write({
      agentId: 1,
      outbox: 'a',
      sequence: part,
      lines: lines.slice(part * 1000, part * 1000 + 1000),
    });
  const seen: string[] = [];
  let before: number | null = null;
  for (;;) {
    const page = await store.search({ ...all, before, limit: 300 });
    seen.push(...page.map(({ text }) => text));
    before = page.at(-1)?.id ?? null;
    if (page.length < 300) break;
  }
  expect(seen).toEqual(lines.map(({ text }) => text).reverse());
  const newest = await store.search({ ...all, limit: 1 });
  expect(await store.search({ ...all, after: newest[0]?.id ?? 0 })).toEqual([]);
});

test('stores a repeated batch once, also after it was opened anew', async () => {
  const batch = { agentId: 1, outbox: 'a', sequence: 5, lines: [line('einmal')] };
  expect(await store.write(batch)).toBe(true);
  expect(await store.write(batch)).toBe(false);
  await store.close();
  store = await opened();
  expect(await store.write(batch)).toBe(false);
  expect(await store.write({ ...batch, agentId: 2 })).toBe(true);
  expect(await texts({})).toHaveLength(2);
});

test('counts by hour what a search finds', async () => {
  await store.write({
    agentId: 1,
    outbox: 'a',
    sequence: 1,
    lines: [
      line('Link down', { severity: 2 }),
      line('Link up'),
      line('Lüfter', { time: now - 5 * hour, deviceId: 8 }),
    ],
  });
  const span = { from: now - 24 * hour, to: now + 1 };
  const counts = await store.counts({ ...all, ...span });
  expect(counts.stepMs).toBe(hour);
  expect(counts.spans.reduce((sum, { all: count }) => sum + count, 0)).toBe(3);
  expect(counts.spans.at(-1)).toEqual({ all: 2, severe: 1 });
  const byWord = await store.counts({ ...all, ...span, text: 'link' });
  expect(byWord.spans.at(-1)).toEqual({ all: 2, severe: 1 });
  const byDevice = await store.counts({ ...all, ...span, within: [8] });
  expect(byDevice.spans.reduce((sum, { all: count }) => sum + count, 0)).toBe(1);
  const close = await store.counts({ ...all, from: now - hour, to: now + 1 });
  expect(close.stepMs).toBe(300_000);
  expect(close.spans.reduce((sum, { all: count }) => sum + count, 0)).toBe(2);
});

test('deletes what is over, and the oldest where the file gets too large, and says so', async () => {
  await store.write({
    agentId: 1,
    outbox: 'a',
    sequence: 1,
    lines: [line('alt', { time: now - 29 * 24 * hour }), line('neu')],
  });
  await store.tidy(now + 2 * 24 * hour);
  expect(await texts({})).toEqual(['neu']);
  expect(await texts({ text: 'alt' })).toEqual([]);
  expect(await store.kept()).toMatchObject({ messages: 1, oldest: now, shortenedAt: null });
  // A future that nobody can be in is not believed.
  await store.write({
    agentId: 1,
    outbox: 'a',
    sequence: 2,
    lines: [line('morgen', { time: now + 24 * hour })],
  });
  expect((await store.search({ ...all, text: 'morgen' }))[0]?.time).toBeLessThan(Date.now() + 61_000);
  const filler = 'x '.repeat(3000);
  for (let part = 3; part < 13; part++)
    await store.write({
      agentId: 1,
      outbox: 'a',
      sequence: part,
      lines: Array.from({ length: 1000 }, () => line(filler)),
    });
  await store.set({ days: 30, megabytes: 50 });
  await store.tidy(Date.now());
  const kept = await store.kept();
  expect(kept.bytes).toBeLessThan(50_000_000);
  expect(kept.messages).toBeGreaterThan(1000);
  expect(kept.shortenedAt).not.toBeNull();
});
