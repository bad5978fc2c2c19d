import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChannelSettings, NoticeKind, Severity } from '@rackhaus/config/contract';
import { openSecretBox, type SecretBox } from '../../access/secret-box.ts';
import type { Actor } from '../../alerting/parts.ts';
import { openDatabase } from '../../database/open.ts';
import type { Database } from '../../database/tables.ts';
import { outgoingToLoopback } from '../../outgoing/testing.ts';
import { Channels } from '../channels/channels.ts';
import { createDelivery, type Delivery } from './delivery.ts';
import { enqueue } from './enqueue.ts';
import { headsOf } from './heads.ts';

/** A real database with a delivery of its own and a town's two people. For tests. */
export interface TestDelivery {
  readonly db: Database;
  readonly secretBox: SecretBox;
  readonly delivery: Delivery;
  readonly clock: { now: number };
  readonly acknowledged: { incidentId: number; actor: Actor }[];
  readonly errors: string[];
  readonly userId: number;
  channel(settings: ChannelSettings, secret?: string | null, userId?: number | null): Promise<number>;
  incident(name: string, severity?: Severity): Promise<number>;
  /** A notice and its one delivery, committed; the queue is woken. */
  tell(channelId: number, incidentId: number | null, kind: NoticeKind, more?: Telling): Promise<number>;
  /** Resolves when nothing waits that is due. */
  settled(): Promise<void>;
  rows(): Promise<
    { id: number; kind: string; state: string; late: number; last_error: string | null; attempts: number }[]
  >;
  remove(): Promise<void>;
}

export interface Telling {
  readonly severity?: Severity;
  readonly text?: string;
  readonly userId?: number | null;
  readonly step?: number;
}

export async function startTestDelivery(
  options: { publicUrl?: string | null; file?: string; start?: boolean } = {},
): Promise<TestDelivery> {
  const folder = await mkdtemp(join(tmpdir(), 'rackhaus-delivery-'));
  const db = await openDatabase(join(folder, 'rackhaus.db'));
  const secretBox = await openSecretBox(join(folder, 'secret.key'));
  const clock = { now: Date.UTC(2026, 10, 22, 9, 42) };
  const now = () => clock.now;
  const acknowledged: { incidentId: number; actor: Actor }[] = [];
  const errors: string[] = [];
  const delivery = createDelivery({
    outside: outgoingToLoopback(),
    db,
    secretBox,
    publicUrl: options.publicUrl === undefined ? 'https://rackhaus.example.de' : options.publicUrl,
    incidents: {
      async acknowledge(incidentId, actor) {
        acknowledged.push({ incidentId, actor });
        await db
          .updateTable('incidents')
          .set({ state: 'acknowledged', acknowledged_at: now(), acknowledged_by: actor.name })
          .where('id', '=', incidentId)
          .where('state', '=', 'open')
          .execute();
      },
    },
    now,
    onError: (message, error) => errors.push(`${message}: ${String(error)}`),
  });
  const { id: userId } = await db
    .insertInto('users')
    .values({
      name: 'Anna',
      name_key: 'anna',
      password_hash: '',
      role: 'technician',
      disabled: 0,
      created_at: now(),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const channels = new Channels({ outside: outgoingToLoopback(), db, secretBox, now });
  if (options.start !== false) delivery.start();

  return {
    db,
    secretBox,
    delivery,
    clock,
    acknowledged,
    errors,
    userId,
    async channel(settings, secret = null, owner = settings.kind === 'local' ? null : userId) {
      const made = await channels.create(
        { userId: owner, name: `${settings.kind} of Anna`, settings, secret, minSeverity: 'warning' },
        { userId, isAdministrator: true },
      );
      return made.id;
    },
    incident: (name, severity = 'critical') => insertIncident(db, name, severity, now()),
    async tell(channelId, incidentId, kind, more = {}) {
      const id = await insertNotice(db, {
        channelId,
        incidentId,
        kind,
        userId: more.userId === undefined ? userId : more.userId,
        severity: more.severity ?? 'critical',
        text: more.text ?? null,
        step: more.step ?? null,
        now: now(),
      });
      delivery.wake();
      return id;
    },
    async settled() {
      for (;;) {
        const channels = await db
          .selectFrom('deliveries')
          .select('channel_id')
          .distinct()
          .where('state', '=', 'waiting')
          .execute();
        const heads = await Promise.all(channels.map(({ channel_id }) => headsOf(db, channel_id)));
        const due = heads.flat().filter(({ nextAt }) => nextAt <= now());
        if (due.length === 0) return;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    rows: () =>
      db
        .selectFrom('deliveries')
        .select(['id', 'kind', 'state', 'late', 'last_error', 'attempts'])
        .orderBy('id')
        .execute(),
    async remove() {
      await delivery.stop();
      await db.destroy();
      await rm(folder, { recursive: true });
    },
  };
}

export async function insertIncident(
  db: Database,
  name: string,
  severity: Severity,
  now: number,
): Promise<number> {
  const title = JSON.stringify({ de: `${name} antwortet nicht`, en: `${name} does not answer` });
  const { id } = await db
    .insertInto('incidents')
    .values({
      key: `test:${name}`,
      state: 'open',
      severity,
      title,
      advice: title,
      place: 'Serverraum neu, Schrank 1',
      cause: '{}',
      site_id: null,
      room_id: null,
      since: now,
      opened_at: now,
      acknowledged_at: null,
      acknowledged_by: null,
      resolved_at: null,
      snoozed_until: null,
      held_by: null,
      updated_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** A notice with its delivery, as the planner writes both: in one transaction. */
export async function insertNotice(
  db: Database,
  telling: {
    channelId: number;
    incidentId: number | null;
    kind: NoticeKind;
    userId: number | null;
    severity: Severity;
    text: string | null;
    step: number | null;
    now: number;
  },
): Promise<number> {
  const { channelId, incidentId, kind, userId, severity, text, step, now } = telling;
  return db.transaction().execute(async (tx) => {
    const incident =
      incidentId === null
        ? null
        : await tx.selectFrom('incidents').selectAll().where('id', '=', incidentId).executeTakeFirstOrThrow();
    const notice = await tx
      .insertInto('notices')
      .values({ incident_id: incidentId, kind, time: now, planned_at: now })
      .returning('id')
      .executeTakeFirstOrThrow();
    await enqueue(tx, {
      noticeId: notice.id,
      incidentId,
      channelId,
      userId,
      kind,
      step,
      message: {
        notice: kind,
        incidentId,
        severity,
        title:
          incident === null ? { de: 'Wöchentlicher Test', en: 'Weekly test' } : JSON.parse(incident.title),
        place: incident?.place ?? '',
        effect:
          incident === null ? { de: '', en: '' } : { de: '23 Geräte betroffen', en: '23 devices affected' },
        text: text === null ? null : { de: text, en: text },
        since: incident?.since ?? now,
        time: now,
        drill: false,
      },
      now,
    });
    const { id } = await tx
      .selectFrom('deliveries')
      .select('id')
      .where('notice_id', '=', notice.id)
      .executeTakeFirstOrThrow();
    return id;
  });
}

export interface Heard {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** An HTTP server that hears; `answer` decides what it says. For tests. */
export async function startReceiver(
  answer: (heard: Heard, response: ServerResponse) => void = (_, response) => response.end(),
): Promise<{ url: string; heard: Heard[]; close(): Promise<void>; server: Server }> {
  const heard: Heard[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const one: Heard = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(parts),
    };
    heard.push(one);
    answer(one, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    heard,
    server,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
