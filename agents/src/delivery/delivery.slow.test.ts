import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compress } from '../outbox/body.ts';
import { Outbox } from '../outbox/outbox.ts';
import { eventually } from '../testing/eventually.ts';
import { FakeBackend, type Mood } from '../testing/fake-backend.ts';
import { BackendClient } from './backend-client.ts';
import { Delivery } from './delivery.ts';
import { sendBatch } from './send.ts';

describe('Delivery', () => {
  let folder: string;
  let backend: FakeBackend;
  let outbox: Outbox;
  let client: BackendClient;
  let delivery: Delivery;
  let logged: string;
  let written: number;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rackhaus-delivery-'));
    backend = new FakeBackend();
    await backend.start();
    logged = '';
    written = 0;
    const log = pino(
      { level: 'info' },
      {
        write: (text: string) => {
          logged += text;
        },
      },
    );
    outbox = new Outbox({ file: join(folder, 'outbox.sqlite'), now: () => Date.now(), log });
    outbox.open();
    client = new BackendClient({ server: backend.url, token: () => 'secret-token' });
    delivery = new Delivery({
      outbox,
      send: (batch, signal) =>
        sendBatch({ client, outboxId: outbox.id, batch, now: () => Date.now(), signal, timeoutMs: 300 }),
      monotonicMs: () => performance.now(),
      random: () => 0,
      log,
    });
  });
  afterEach(async () => {
    await delivery.stop();
    client.close();
    outbox.close();
    await backend.stop();
    rmSync(folder, { recursive: true });
  });

  const store = (text = `${written++}`) => outbox.append('readings', compress(text));
  const append = (text?: string) => delivery.appended(store(text));
  const texts = () => backend.received.map(({ text }) => text);
  const empty = () => outbox.state().waiting === 0;

  /** Everything is stored, and no batch twice once repeats are recognised by (outbox, sequence). */
  function expectAllOnce(): void {
    const byKey = new Map(backend.received.map((one) => [`${one.outbox}/${one.sequence}`, one.text]));
    expect([...byKey.values()].sort((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: written }, (_, n) => `${n}`),
    );
  }

  it('delivers what is appended at once', async () => {
    delivery.start();
    append();
    await eventually('delivery', empty, 1000);
    // The quickest of a few: a busy machine may hold up any one of them, a timer would hold up all.
    let quickest = Number.POSITIVE_INFINITY;
    for (let n = 0; n < 5; n++) {
      const began = performance.now();
      append();
      await eventually('delivery', empty, 5000);
      quickest = Math.min(quickest, performance.now() - began);
    }
    expect(quickest).toBeLessThan(100);
    expectAllOnce();
  });

  it('sends the newest first and the backlog beside it, oldest first', async () => {
    for (let n = 0; n < 60; n++) store();
    delivery.start();
    for (let n = 0; n < 5; n++) append(`fresh ${n}`);
    await eventually(
      'the fresh ones',
      () => texts().filter((text) => text.startsWith('fresh')).length === 5,
      1000,
    );
    expect(texts().filter((text) => !text.startsWith('fresh')).length).toBeLessThan(20);
    await eventually('the backlog', empty, 5000);
    const backlog = texts().filter((text) => !text.startsWith('fresh'));
    expect(backlog).toEqual(backlog.toSorted((a, b) => Number(a) - Number(b)));
    const fresh = texts().filter((text) => text.startsWith('fresh'));
    expect(fresh[0]).toBe('fresh 4');
  });

  it('sends a long backlog beside what is live, which goes first all the while', async () => {
    const batches = 1500;
    for (let n = 0; n < batches; n++) store();
    backend.delayMs = 3;
    delivery.start();
    // How many of the past came between a live batch and its arrival.
    const before: number[] = [];
    while (!empty()) {
      const text = `live ${before.length}`;
      const came = backend.received.length;
      append(text);
      await eventually(text, () => texts().includes(text), 20_000);
      before.push(texts().indexOf(text) - came);
      await new Promise((next) => setTimeout(next, 50));
    }
    expect(before.length).toBeGreaterThan(10);
    expect(before.toSorted((a, b) => a - b)[before.length >> 1]).toBeLessThanOrEqual(2);
    const old = backend.received.filter(({ text }) => !text.startsWith('live'));
    expect(new Set(old.map(({ sequence }) => sequence)).size).toBe(batches);
  }, 60_000);

  it('holds the backlog as long as Retry-After says, and what is live not at all', async () => {
    for (let n = 0; n < 5; n++) store();
    backend.mood = ({ text }) =>
      text.startsWith('live') ? { status: 204 } : { status: 429, headers: { 'retry-after': '4' } };
    delivery.start();
    await eventually('the refusal', () => backend.requests === 1);
    const began = performance.now();
    for (let n = 0; n < 5; n++) {
      append(`live ${n}`);
      await eventually('live readings', () => texts().includes(`live ${n}`), 3000);
    }
    expect(performance.now() - began).toBeLessThan(3900);
    expect(backend.requests).toBe(6);
    backend.mood = () => ({ status: 204 });
    await eventually('the backlog', empty, 10_000);
    expect(performance.now() - began).toBeGreaterThan(3900);
    // The oldest was not passed over because of it.
    expect(texts().filter((text) => !text.startsWith('live'))).toEqual(['0', '1', '2', '3', '4']);
  });

  it.each<[string, Mood]>([
    ['answers 500', { status: 500 }],
    ['answers 503 with Retry-After', { status: 503, headers: { 'retry-after': '1' } }],
    ['answers 429', { status: 429, headers: { 'retry-after': '0' } }],
    ['does not know the token', { status: 401 }],
    ['forbids', { status: 403 }],
    ['redirects', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }],
    ['is a page that is not Rackhaus', { status: 404 }],
    ['says nothing', 'silent'],
    ['hangs up', 'hang up'],
    ['hangs up after it has stored', 'hang up after storing'],
  ])(
    'loses and doubles nothing while the backend %s',
    async (_, bad) => {
      let asked = 0;
      backend.mood = () => (++asked <= 3 ? bad : { status: 204 });
      for (let n = 0; n < 3; n++) store();
      delivery.start();
      for (let n = 0; n < 3; n++) append();
      await eventually('all delivered', empty, 15_000);
      expectAllOnce();
      expect(outbox.state().rejected).toBe(0);
      expect(logged).not.toContain('secret-token');
    },
    40_000,
  );

  it('waits as long as Retry-After says', async () => {
    backend.mood = () =>
      backend.requests === 1 ? { status: 503, headers: { 'retry-after': '1' } } : { status: 204 };
    delivery.start();
    append();
    const began = performance.now();
    await eventually('delivery', empty, 5000);
    expect(performance.now() - began).toBeGreaterThan(980);
  });

  it.each([400, 413])('sets aside and counts what is rejected with %i, and goes on', async (status) => {
    backend.mood = ({ text }) => ({ status: text === '1' ? status : 204 });
    delivery.start();
    for (let n = 0; n < 3; n++) append();
    await eventually('all settled', empty);
    expect(texts().toSorted()).toEqual(['0', '2']);
    expect(outbox.state().rejected).toBe(1);
    expect(logged).toContain('rejected a batch');
  });

  it('goes on with the others when one batch of the backlog makes the backend fail', async () => {
    for (let n = 0; n < 5; n++) store();
    backend.mood = ({ text }) => ({ status: text === '0' ? 500 : 204 });
    delivery.start();
    await eventually('the others', () => outbox.state().waiting === 1);
    append('live');
    await eventually('live readings', () => texts().includes('live'), 500);
    // The answer to them is still on its way back.
    await eventually('only the difficult one', () => outbox.state().waiting === 1);
    backend.mood = () => ({ status: 204 });
    await eventually('the difficult one', empty, 20_000);
  }, 30_000);

  it('comes through an outage of the backend', async () => {
    delivery.start();
    append();
    await eventually('the first', empty);
    await backend.stop();
    for (let n = 0; n < 10; n++) append();
    await eventually('the complaint', () => logged.includes('takes no batches'));
    await backend.start();
    await eventually('all delivered', empty, 15_000);
    expect(logged).toContain('takes batches again');
    expectAllOnce();
  }, 20_000);

  it('leaves in the outbox what is under way when it stops', async () => {
    backend.mood = () => 'silent';
    delivery.start();
    append();
    await eventually('the request', () => backend.requests > 0);
    await delivery.stop();
    expect(outbox.state().waiting).toBe(1);
  });
});
