import { randomUUID } from 'node:crypto';
import { OrderList, OrderReply, OrderView, type StepReportInput } from '@rackhaus/config/contract';
import { z } from 'zod';
import type { Answer, Client } from '../../testing/client.ts';

const BatchDone = z.object({ ids: z.array(z.int()) });
const Listed = z.object({ records: z.array(z.looseObject({ id: z.int(), name: z.string() })) });

const type = (slug: string, ports: readonly string[]) => ({
  manufacturer: 'Test',
  model: slug,
  slug,
  u_height: 1,
  is_full_depth: false,
  interfaces: ports.map((name) => ({ name, type: '1000base-t' })),
});
export const eight = ['1', '2', '3', '4', '5', '6', '7', '8'];

/** Two rooms with a rack each, two devices in the first and one in the second, eight ports each. For tests. */
export interface Place {
  readonly rooms: readonly [number, number];
  readonly racks: readonly [number, number];
  readonly devices: readonly [number, number, number];
  readonly types: readonly [number, number];
  /** `port('SW-1', 3)` */
  port(device: string, number: number): number;
}

export async function furnish(admin: Client): Promise<Place> {
  const create = (kind: string, key: string, values: Record<string, unknown>) => ({
    op: 'create',
    kind,
    key,
    values,
  });
  const made = await admin.post('/api/inventory/batch', {
    operations: [
      create('site', 'site', { name: 'Rathaus' }),
      create('building', 'building', { siteId: '#site', name: 'Altbau' }),
      create('floor', 'floor', { buildingId: '#building', name: 'EG' }),
      create('room', 'room1', { floorId: '#floor', name: 'Raum 1' }),
      create('room', 'room2', { floorId: '#floor', name: 'Raum 2' }),
      create('rack', 'rack1', { roomId: '#room1', name: 'Schrank 1' }),
      create('rack', 'rack2', { roomId: '#room2', name: 'Schrank 2' }),
      create('device-type', 'type1', { definition: type('eight', eight) }),
      create('device-type', 'type2', { definition: type('nine', [...eight, '9']) }),
      create('device', 'd1', { name: 'SW-1', typeId: '#type1', rackId: '#rack1', position: 10 }),
      create('device', 'd2', { name: 'SW-2', typeId: '#type1', rackId: '#rack1', position: 20 }),
      create('device', 'd3', { name: 'SW-3', typeId: '#type1', rackId: '#rack2', position: 10 }),
    ],
  });
  if (made.status !== 200) throw new Error(made.text);
  const ids = BatchDone.parse(made.json).ids;
  const id = (index: number) => ids[index] ?? 0;
  const devices = [id(9), id(10), id(11)] as const;
  const ports = new Map<string, number>();
  for (const [index, device] of devices.entries()) {
    const listed = await admin.get(`/api/inventory/port?filter=deviceId:is:${device}&size=100`);
    for (const port of Listed.parse(listed.json).records) ports.set(`SW-${index + 1}:${port.name}`, port.id);
  }
  return {
    rooms: [id(3), id(4)],
    racks: [id(5), id(6)],
    devices,
    types: [id(7), id(8)],
    port: (device, number) => ports.get(`${device}:${number}`) ?? 0,
  };
}

/** A cable between two ports. @returns its id */
export async function cable(client: Client, label: string, from: number, to: number): Promise<number> {
  const made = await client.post('/api/links', { label, from: { portId: from }, to: { portId: to } });
  if (made.status !== 200) throw new Error(made.text);
  return z.object({ id: z.int() }).parse(made.json).id;
}

/** Where the ends of cables are: `{ 'K-1': ['a 12/front', 'b 13/front'] }`. */
export async function cabling(client: Client): Promise<Record<string, string[]>> {
  const Links = z.object({ records: z.array(z.looseObject({ id: z.int(), label: z.string().nullable() })) });
  const Ends = z.object({
    records: z.array(
      z.looseObject({ linkId: z.int(), side: z.string(), portId: z.int(), portSide: z.string() }),
    ),
  });
  const links = Links.parse((await client.get('/api/inventory/link?size=1000')).json).records;
  const ends = Ends.parse((await client.get('/api/inventory/link-end?size=1000')).json).records;
  return Object.fromEntries(
    links.map((link) => [
      link.label ?? `#${link.id}`,
      ends
        .filter((end) => end.linkId === link.id)
        .map((end) => `${end.side} ${end.portId}/${end.portSide}`)
        .sort(),
    ]),
  );
}

/** Orders as a screen would use them. */
export class OrderClient {
  readonly client: Client;
  constructor(client: Client) {
    this.client = client;
  }

  async create(title: string, changes: readonly unknown[]): Promise<number> {
    const { id } = OrderReply.parse(accepted(await this.client.post('/api/orders', { title })).json);
    if (changes.length > 0) accepted(await this.client.post(`/api/orders/${id}/items`, { changes }));
    return id;
  }
  async view(id: number): Promise<OrderView> {
    return OrderView.parse(accepted(await this.client.get(`/api/orders/${id}`)).json);
  }
  deed(id: number, deed: string, body: unknown = {}): Promise<Answer> {
    return this.client.post(`/api/orders/${id}/${deed}`, body);
  }
  /** Draft, submitted, approved. */
  async approved(title: string, changes: readonly unknown[]): Promise<OrderView> {
    const id = await this.create(title, changes);
    accepted(await this.deed(id, 'submit'));
    const { order } = await this.view(id);
    if (order.state === 'submitted') accepted(await this.deed(id, 'approve'));
    return this.view(id);
  }
  report(orderId: number, stepId: number, report: Partial<StepReportInput> = {}): Promise<Answer> {
    return this.client.post(`/api/orders/${orderId}/steps/${stepId}/report`, {
      key: randomUUID(),
      outcome: 'done',
      at: Date.now(),
      ...report,
    });
  }
  /** Every open step is done, in order. */
  async carryOut(orderId: number): Promise<OrderView> {
    for (const step of (await this.view(orderId)).steps)
      if (step.state === 'open') accepted(await this.report(orderId, step.id));
    return this.view(orderId);
  }
}

export function accepted(answer: Answer): Answer {
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
  return answer;
}

/** No cables, and no orders that mean anything. */
export async function tidyUp(admin: Client): Promise<void> {
  const { orders } = OrderList.parse(
    (await admin.get('/api/orders?state=draft,submitted,approved,working&size=500')).json,
  );
  for (const { id, state } of orders)
    accepted(await admin.post(`/api/orders/${id}/${state === 'working' ? 'finish' : 'cancel'}`, {}));
  const links = z
    .object({ records: z.array(z.looseObject({ id: z.int() })) })
    .parse((await admin.get('/api/inventory/link?size=1000')).json);
  for (const { id } of links.records) accepted(await admin.delete(`/api/inventory/link/${id}`));
}
