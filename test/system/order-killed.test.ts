import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { OrderReply, OrderView, StepReply } from '@rackhaus/config/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Api, createApi } from '../harness/api.ts';
import { type RunningBackend, restartBackend, startOwnBackend } from '../harness/backend.ts';
import { inventoryOfSwitch } from '../harness/inventory.ts';
import { freePort } from '../harness/process.ts';

const portsEach = 48;
const added = 40;
const removed = 8;
/** As many phones as would ever report at once. */
const atOnce = 6;
/** After so many answers the backend is killed, again and again. */
const kills = [3, 9, 17];

describe('an order whose steps are reported while the backend is killed', () => {
  let env: NodeJS.ProcessEnv;
  let backend: RunningBackend;
  let api: Api;
  let orderId = 0;
  /** One report for each step, sent again until it is answered. */
  let reports: { readonly stepId: number; readonly body: string; readonly key: string }[] = [];

  beforeAll(async () => {
    env = { PORT: String(await freePort()) };
    backend = await startOwnBackend(inventoryOfSwitch({ port: 1, intervalSeconds: 3600 }), env);
    api = await createApi(backend);
    orderId = await planned();
    const { steps } = await view();
    reports = steps.map(({ id }) => {
      const key = randomUUID();
      return { stepId: id, key, body: JSON.stringify({ key, outcome: 'done', at: Date.now() }) };
    });
  });
  afterAll(() => backend?.stop());

  const post = (path: string, body: string) =>
    fetch(`${backend.url}${path}`, {
      method: 'POST',
      headers: { cookie: api.cookie, 'content-type': 'application/json' },
      body,
    });
  const accepted = async <T>(path: string, body: unknown, shape: z.ZodType<T>): Promise<T> => {
    const reply = await post(path, JSON.stringify(body));
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
    return shape.parse(await reply.json());
  };
  const view = () => api.get(`/api/orders/${orderId}`, OrderView);

  /** Two panels with cables between them, of which some go and many come; approved. */
  async function planned(): Promise<number> {
    const names = Array.from({ length: portsEach }, (_, index) => String(index + 1));
    const definition = {
      manufacturer: 'Test',
      model: 'Panel',
      slug: 'test-panel',
      u_height: 1,
      interfaces: names.map((name) => ({ name, type: '1000base-t' })),
    };
    const { ids } = await accepted(
      '/api/inventory/batch',
      {
        operations: [
          { op: 'create', kind: 'device-type', key: 'type', values: { definition } },
          { op: 'create', kind: 'device', values: { name: 'P-1', typeId: '#type' } },
          { op: 'create', kind: 'device', values: { name: 'P-2', typeId: '#type' } },
        ],
      },
      z.looseObject({ ids: z.array(z.int()) }),
    );
    const Ports = z.looseObject({ records: z.array(z.looseObject({ id: z.int() })) });
    const [here = [], there = []] = await Promise.all(
      ids.slice(1).map(async (id) => {
        const { records } = await api.get(`/api/inventory/port?size=100&filter=deviceId:is:${id}`, Ports);
        return records.map((port) => port.id);
      }),
    );
    const Made = z.looseObject({ id: z.int() });
    const changes: unknown[] = [];
    for (let index = 0; index < removed; index++) {
      const ends = { from: { portId: here[index] }, to: { portId: there[index] } };
      const { id } = await accepted('/api/links', { label: `ALT-${index}`, ...ends }, Made);
      changes.push({ action: 'remove-link', linkId: id });
    }
    for (let index = removed; index < removed + added; index++)
      changes.push({
        action: 'add-link',
        kind: 'patch',
        label: `NEU-${index}`,
        a: { portId: here[index] },
        b: { portId: there[index] },
      });
    const { id } = await accepted('/api/orders', { title: 'Umbau' }, OrderReply);
    await accepted(`/api/orders/${id}/items`, { changes }, OrderReply);
    await accepted(`/api/orders/${id}/submit`, {}, OrderReply);
    await accepted(`/api/orders/${id}/approve`, {}, OrderReply);
    return id;
  }

  /** Sends every report, several at once, in any order; kills the backend after so many answers. */
  async function reportUntilKilled(killAfter: number): Promise<void> {
    const waiting = reports.toSorted(() => Math.random() - 0.5);
    let answers = 0;
    let killed: Promise<void> | null = null;
    const phone = async () => {
      for (let report = waiting.pop(); report !== undefined && killed === null; report = waiting.pop()) {
        try {
          const reply = await post(`/api/orders/${orderId}/steps/${report.stepId}/report`, report.body);
          const { repeated } = StepReply.parse(await reply.json());
          if (!repeated) answers++;
        } catch (error) {
          // The connection breaks with the backend; anything else is a fault.
          if (killed === null) throw error;
        }
        if (answers >= killAfter) killed ??= backend.stop('SIGKILL');
      }
    };
    await Promise.all(Array.from({ length: atOnce }, phone));
    expect(killed).not.toBeNull();
    await killed;
  }

  /** What the file holds, without asking the backend. */
  function inFile() {
    const db = new DatabaseSync(join(backend.dataDir, 'rackhaus.sqlite'), { readOnly: true });
    try {
      const all = <T>(query: string, shape: z.ZodType<T>) =>
        z.array(shape).parse(
          db
            .prepare(query)
            .all()
            .map((row) => ({ ...row })),
        );
      const steps = all(
        `select s.id, s.deed, s.state, s.port_id, s.link_side, i.link_id, i.change
         from order_steps s join order_items i on i.id = s.item_id`,
        z.strictObject({
          id: z.int(),
          deed: z.enum(['plug', 'unplug']),
          state: z.enum(['open', 'done']),
          port_id: z.int(),
          link_side: z.string(),
          link_id: z.int().nullable(),
          change: z.string(),
        }),
      );
      const ends = all(
        'select link_id, side, port_id from link_ends',
        z.strictObject({ link_id: z.int(), side: z.string(), port_id: z.int() }),
      );
      const keys = all('select key from reports', z.strictObject({ key: z.string() }));
      const changes = all(
        `select e.object_id as id, count(*) as count from change_events e
         join changes c on c.id = e.change_id
         where e.kind = 'order-step' and e.after like '%"state":"done"%' group by e.object_id`,
        z.strictObject({ id: z.int(), count: z.int() }),
      );
      return {
        steps,
        ends: new Map(ends.map((end) => [end.port_id, end])),
        keys: new Set(keys.map(({ key }) => key)),
        changes: new Map(changes.map(({ id, count }) => [id, count])),
      };
    } finally {
      db.close();
    }
  }

  /** Every step is there whole, or not at all. @returns how many are done */
  function expectWhole(): number {
    const { steps, ends, keys, changes } = inFile();
    expect(steps).toHaveLength(2 * (added + removed));
    for (const step of steps) {
      const key = reports.find(({ stepId }) => stepId === step.id)?.key ?? '';
      const end = ends.get(step.port_id);
      const isDone = step.state === 'done';
      expect(keys.has(key), `report of step ${step.id}`).toBe(isDone);
      expect(changes.get(step.id) ?? 0, `changes of step ${step.id}`).toBe(isDone ? 1 : 0);
      if (step.deed === 'unplug') expect(end === undefined, `end of step ${step.id}`).toBe(isDone);
      else if (isDone)
        expect(end).toEqual({ link_id: step.link_id, side: step.link_side, port_id: step.port_id });
      else expect(end, `end of step ${step.id}`).toBeUndefined();
    }
    return steps.filter(({ state }) => state === 'done').length;
  }

  it('has each step whole or not at all, and each once in the end', async () => {
    let before = 0;
    for (const killAfter of kills) {
      await reportUntilKilled(killAfter);
      const done = expectWhole();
      // What was answered is there; what was under way may be.
      expect(done).toBeGreaterThanOrEqual(before + killAfter);
      expect(done).toBeLessThanOrEqual(before + killAfter + atOnce);
      before = done;
      backend = await restartBackend(backend, env);
      expect((await view()).order).toMatchObject({ state: 'working', steps: { done } });
    }
    for (const { stepId, body } of [...reports, ...reports]) {
      const reply = await post(`/api/orders/${orderId}/steps/${stepId}/report`, body);
      expect(reply.status, await reply.clone().text()).toBe(200);
      StepReply.parse(await reply.json());
    }
    const { order, steps } = await view();
    expect(order).toMatchObject({ state: 'done', steps: { done: reports.length } });
    expect(new Set(steps.map(({ changeId }) => changeId)).size).toBe(reports.length);
    const Links = z.looseObject({ records: z.array(z.looseObject({ label: z.string() })) });
    const { records } = await api.get('/api/inventory/link?size=1000', Links);
    expect(records.map(({ label }) => label).sort()).toEqual(
      Array.from({ length: added }, (_, index) => `NEU-${index + removed}`).sort(),
    );
    await backend.stop();
    expect(expectWhole()).toBe(reports.length);
  });
});
