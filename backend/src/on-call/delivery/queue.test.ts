import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Heard, startReceiver, startTestDelivery, type TestDelivery } from './testing.ts';

let test: TestDelivery;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let answer: (heard: Heard, response: ServerResponse) => void;
beforeEach(async () => {
  answer = (_, response) => response.end();
  test = await startTestDelivery();
  receiver = await startReceiver((heard, response) => answer(heard, response));
});
afterEach(async () => {
  await test.remove();
  await receiver.close();
});

const minute = 60_000;
const webhook = (path = '/hook') =>
  test.channel({ kind: 'webhook', url: receiver.url + path, template: 'json' });
const told = () =>
  receiver.heard.map(
    ({ body }) => JSON.parse(body.toString()) as { headline: string; notice: string; key: string },
  );
const refuse = (status: number) => (_: Heard, response: ServerResponse) =>
  void response.writeHead(status).end('busy');
/** What waits is due, and is tried. */
async function later(ms: number) {
  test.clock.now += ms;
  test.delivery.wake();
  await test.settled();
}

it('sends at once what was committed, and says so', async () => {
  const channel = await webhook();
  const incident = await test.incident('core-1');
  await test.tell(channel, incident, 'opened');
  await test.settled();
  expect(told()).toMatchObject([
    {
      notice: 'opened',
      headline: 'Kritisch: core-1 antwortet nicht',
      link: expect.stringMatching(/^https:\/\/rackhaus\.example\.de\/a\/[0-9a-z]+-[-\w]{22}$/),
    },
  ]);
  expect(await test.rows()).toMatchObject([{ state: 'sent', late: 0, attempts: 1 }]);
  expect(test.errors).toEqual([]);
});

it('tries again with the same key, keeps the order of an incident, and marks what is late', async () => {
  const channel = await webhook();
  const incident = await test.incident('core-1', 'warning');
  answer = refuse(503);
  await test.tell(channel, incident, 'opened', { severity: 'warning' });
  await test.settled();
  await test.tell(channel, incident, 'worse');
  await test.settled();
  const failing = await test.db
    .selectFrom('channels')
    .select(['failing_since', 'last_error'])
    .executeTakeFirstOrThrow();
  expect(failing.failing_since).toBe(test.clock.now);
  expect(failing.last_error).toContain('answered 503: busy');
  answer = (_, response) => response.end();
  await later(10 * minute);
  const [first, ...rest] = told();
  expect(rest.map(({ notice }) => notice)).toEqual(['opened', 'worse']);
  expect(rest[0]?.key).toBe(first?.key);
  expect(rest[0]?.headline).toBe('Warnung: core-1 antwortet nicht (verspätet, von 10:42)');
  expect(await test.rows()).toMatchObject([
    { state: 'sent', late: 1 },
    { state: 'sent', late: 1 },
  ]);
  const working = await test.db
    .selectFrom('channels')
    .select(['failing_since', 'last_error'])
    .executeTakeFirstOrThrow();
  expect(working).toEqual({ failing_since: null, last_error: null });
});

it('tells in one message what began and ended while it could not be told', async () => {
  const channel = await webhook();
  const incident = await test.incident('core-1');
  answer = refuse(503);
  await test.tell(channel, incident, 'opened');
  await test.settled();
  test.clock.now += minute;
  await test.tell(channel, incident, 'resolved');
  await test.settled();
  answer = (_, response) => response.end();
  receiver.heard.length = 0;
  await later(10 * minute);
  expect(told().map(({ headline }) => headline)).toEqual([
    'War und ist vorbei: core-1 antwortet nicht (verspätet, von 10:43)',
  ]);
  expect(await test.rows()).toMatchObject([
    { kind: 'opened', state: 'dropped' },
    { kind: 'resolved', state: 'sent' },
  ]);
});

it('tells all in order where it began anew', async () => {
  const channel = await webhook();
  const incident = await test.incident('core-1');
  answer = refuse(503);
  await test.tell(channel, incident, 'opened');
  await test.settled();
  await test.tell(channel, incident, 'resolved');
  await test.tell(channel, incident, 'opened', { step: 2 });
  answer = (_, response) => response.end();
  receiver.heard.length = 0;
  await later(10 * minute);
  expect(told().map(({ notice }) => notice)).toEqual(['opened', 'resolved', 'opened']);
});

it('lets no dead channel delay another, nor a dead channel be tried by all that waits', async () => {
  const [dead, works] = [await webhook('/dead'), await webhook('/works')];
  const hanging: ServerResponse[] = [];
  answer = ({ path }, response) => void (path === '/dead' ? hanging.push(response) : response.end());
  for (let i = 0; i < 30; i++) await test.tell(dead, await test.incident(`dead-${i}`), 'opened');
  await test.tell(works, await test.incident('core-1'), 'opened');
  await expect.poll(() => receiver.heard.some(({ path }) => path === '/works')).toBe(true);
  expect(hanging).toHaveLength(1);
  answer = ({ path }, response) =>
    void (path === '/dead' ? refuse(500)({} as Heard, response) : response.end());
  hanging[0]?.writeHead(500).end();
  const tries = () => receiver.heard.filter(({ path }) => path === '/dead').length;
  await expect.poll(tries).toBe(3);
  // It is paused; a new message is a reason to try once more.
  await test.tell(dead, await test.incident('new'), 'opened');
  await expect.poll(tries).toBe(4);
  answer = (_, response) => response.end();
  await later(15 * minute);
  expect((await test.rows()).every(({ state }) => state === 'sent')).toBe(true);
});

it('asks nobody again for what somebody has taken meanwhile', async () => {
  const channel = await webhook();
  const incident = await test.incident('core-1');
  answer = refuse(503);
  await test.tell(channel, incident, 'opened');
  await test.settled();
  await test.tell(channel, incident, 'escalated', { step: 2 });
  await test.db.updateTable('incidents').set({ state: 'acknowledged' }).where('id', '=', incident).execute();
  answer = (_, response) => response.end();
  await later(10 * minute);
  expect(await test.rows()).toMatchObject([{ state: 'sent' }, { kind: 'escalated', state: 'dropped' }]);
});

it('fails for good what will never be taken, and goes on with the next', async () => {
  const channel = await webhook();
  answer = refuse(422);
  await test.tell(channel, await test.incident('a'), 'opened');
  await test.settled();
  answer = (_, response) => response.end();
  await test.tell(channel, await test.incident('b'), 'opened');
  await test.settled();
  expect(await test.rows()).toMatchObject([
    { state: 'failed', last_error: expect.stringContaining('422') },
    { state: 'sent' },
  ]);
});

it('follows no redirect', async () => {
  const channel = await webhook();
  answer = ({ path }, response) =>
    void (path === '/hook' ? response.writeHead(307, { location: '/elsewhere' }).end() : response.end());
  await test.tell(channel, await test.incident('a'), 'opened');
  await test.settled();
  expect(receiver.heard.map(({ path }) => path)).toEqual(['/hook']);
  expect(await test.rows()).toMatchObject([
    { state: 'waiting', last_error: expect.stringContaining('elsewhere') },
  ]);
});

it('gives up after three days of trying, not because a clock jumped', async () => {
  const channel = await webhook();
  answer = refuse(503);
  await test.tell(channel, await test.incident('a'), 'opened');
  await test.settled();
  await later(4 * 86_400_000);
  expect(await test.rows()).toMatchObject([{ state: 'waiting', attempts: 2 }]);
  for (let i = 0; i < 20; i++) await later(31 * minute);
  expect(await test.rows()).toMatchObject([{ state: 'failed', last_error: 'Given up after three days.' }]);
});

it('does not wait for an hour because a clock was set back by one', async () => {
  const channel = await webhook();
  answer = refuse(503);
  await test.tell(channel, await test.incident('a'), 'opened');
  await test.settled();
  test.clock.now -= 60 * minute;
  answer = (_, response) => response.end();
  test.delivery.wake();
  await expect.poll(async () => (await test.rows())[0]?.state).toBe('sent');
});

it('writes the same thing down once, however often it is decided', async () => {
  const channel = await webhook();
  await test.tell(channel, await test.incident('a'), 'opened');
  await test.settled();
  const row = await test.db.selectFrom('deliveries').selectAll().executeTakeFirstOrThrow();
  const { enqueue } = await import('./enqueue.ts');
  await enqueue(test.db, {
    noticeId: row.notice_id,
    incidentId: row.incident_id,
    channelId: row.channel_id,
    userId: row.user_id,
    kind: 'opened',
    step: null,
    message: JSON.parse(row.message),
    now: test.clock.now,
  });
  test.delivery.wake();
  await test.settled();
  expect(receiver.heard).toHaveLength(1);
});
