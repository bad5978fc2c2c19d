import { OrderView, type PlannedChange, recordListReply, SessionReply } from '@rackhaus/config/contract';
import { z } from 'zod';
import { signIn } from './backend.ts';

const Made = z.object({ id: z.int() });

/** Change orders through the API, as a planner in the office makes them. */
export interface Office {
  readonly cookie: string;
  /** The cable with this label, and the ports at its ends. */
  cable(label: string): Promise<{ id: number; a: number; b: number }>;
  /** The port of a device by both names. */
  port(device: string, name: string): Promise<number>;
  /** An order that may be carried out, assigned to who makes it. */
  order(title: string, changes: readonly PlannedChange[]): Promise<number>;
  view(orderId: number): Promise<OrderView>;
  send(method: string, path: string, body: unknown): Promise<unknown>;
}

/** Signs in as the administrator. */
export async function openOffice(backend: Parameters<typeof signIn>[0]): Promise<Office> {
  const cookie = await signIn(backend);
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const reply = await fetch(`${backend.url}${path}`, {
      method,
      headers: { cookie, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
    const text = await reply.text();
    return text === '' ? null : JSON.parse(text);
  };
  const links = recordListReply('link');
  const ends = z.object({ records: z.array(z.object({ side: z.enum(['a', 'b']), portId: z.int() })) });
  const devices = recordListReply('device');
  const ports = recordListReply('port');
  const only = <T>(list: readonly T[], what: string): T => {
    const [first] = list;
    if (first === undefined) throw new Error(`there is no ${what}`);
    return first;
  };
  return {
    cookie,
    cable: async (label) => {
      const found = links.parse(await call('GET', `/api/inventory/link?filter=label:is:${label}`));
      const { id } = only(found.records, label);
      const at = ends.parse(await call('GET', `/api/inventory/link-end?filter=linkId:is:${id}`)).records;
      const portOf = (side: string) => z.int().parse(at.find((end) => end.side === side)?.portId);
      return { id, a: portOf('a'), b: portOf('b') };
    },
    port: async (device, name) => {
      const found = devices.parse(await call('GET', `/api/inventory/device?filter=name:is:${device}`));
      const { id } = only(found.records, device);
      const of = await call('GET', `/api/inventory/port?filter=deviceId:is:${id}&filter=name:is:${name}`);
      return only(ports.parse(of).records, `${device} ${name}`).id;
    },
    order: async (title, changes) => {
      const session = SessionReply.parse(await call('GET', '/api/session'));
      if (session.state !== 'signed-in') throw new Error('not signed in');
      const { id } = Made.parse(await call('POST', '/api/orders', { title }));
      await call('POST', `/api/orders/${id}/items`, { changes });
      await call('PATCH', `/api/orders/${id}`, { assigneeId: session.userId });
      await call('POST', `/api/orders/${id}/submit`, {});
      const { order } = OrderView.parse(await call('GET', `/api/orders/${id}`));
      if (order.state === 'submitted') await call('POST', `/api/orders/${id}/approve`, {});
      return id;
    },
    view: async (orderId) => OrderView.parse(await call('GET', `/api/orders/${orderId}`)),
    send: call,
  };
}
