import { BatchReply, CreateReply, type Operation } from '@rackhaus/config/contract';
import type { z } from 'zod';
import { type RunningBackend, signIn, startBackend } from '../harness/backend.ts';
import { cpuOf } from '../harness/cpu.ts';
import { type Figure, median } from './figure.ts';

const racks = 500;
const devicesPerRack = 20;
const portsPerDevice = 20;
const devicesPerBatch = 1000;
const quietMs = 500;

/**
 * 10,000 devices with 200,000 ports, placed in 500 racks, through POST /api/inventory/batch over HTTP: how many objects
 * the backend's process makes in one second of its processor, with everything that follows (history, rack slots, search, what agents poll). And how
 * long the deletion of a chassis with 432 ports takes.
 */
export async function run(): Promise<readonly Figure[]> {
  const backend = await startBackend();
  try {
    const cookie = await signIn(backend);
    const call = <T>(method: string, path: string, reply: z.ZodType<T>, body?: unknown) =>
      callApi(backend, cookie, { method, path, reply, body });
    const batch = (operations: readonly Operation[]) =>
      call('POST', '/api/inventory/batch', BatchReply, { operations });

    const [typeId = 0, chassisId = 0, , , , roomId = 0] = (
      await batch([
        create('device-type', { definition: typeWithPorts('bench-20', portsPerDevice) }),
        create('device-type', { definition: typeWithPorts('bench-432', 432) }),
        create('site', { name: 'Bench' }, 'site'),
        create('building', { siteId: '#site', name: 'Haus' }, 'building'),
        create('floor', { buildingId: '#building', name: 'EG' }, 'floor'),
        create('room', { floorId: '#floor', name: 'Saal' }),
      ])
    ).ids;
    const rackIds = (
      await batch(
        Array.from({ length: racks }, (_, n) => create('rack', { roomId, name: `Schrank ${n + 1}` })),
      )
    ).ids;
    const operations = rackIds.flatMap((rackId, rack) =>
      Array.from({ length: devicesPerRack }, (_, n) =>
        create('device', {
          name: `SW-${rack + 1}-${n + 1}`,
          typeId,
          rackId,
          position: 2 * n + 1,
          role: 'switch',
          serial: `SN${rack * devicesPerRack + n}`,
          purchasedOn: '2026-03-01',
        }),
      ),
    );
    const pid = backend.child.pid ?? 0;
    await quiet(pid);
    const before = cpuOf(pid);
    for (let start = 0; start < operations.length; start += devicesPerBatch)
      await batch(operations.slice(start, start + devicesPerBatch));
    await quiet(pid);
    const cpuSeconds = (cpuOf(pid) - before) / 1000;
    const objects = operations.length * (1 + portsPerDevice);

    const deletions: number[] = [];
    for (let n = 0; n < 5; n++) {
      const { id } = await call('POST', '/api/inventory/device', CreateReply, {
        name: `Chassis ${n}`,
        typeId: chassisId,
      });
      await quiet(pid);
      const startedAt = performance.now();
      await batch([{ op: 'delete', kind: 'device', id }]);
      deletions.push(performance.now() - startedAt);
    }
    return [
      {
        name: 'inventory-import',
        value: objects / cpuSeconds,
        unit: 'objects-per-cpu-second',
        atLeast: 20_000,
      },
      { name: 'inventory-delete-432-ports', value: median(deletions), unit: 'ms', atMost: 100 },
    ];
  } finally {
    await backend.stop();
  }
}

function create(
  kind: Operation['kind'],
  values: Record<string, unknown>,
  key?: string,
): Extract<Operation, { op: 'create' }> {
  return { op: 'create', kind, values, ...(key === undefined ? {} : { key }) };
}

function typeWithPorts(slug: string, ports: number) {
  return {
    manufacturer: 'Bench',
    model: slug,
    slug,
    u_height: 1,
    interfaces: Array.from({ length: ports }, (_, n) => ({ name: `1/1/${n + 1}`, type: '1000base-t' })),
  };
}

/** Resolves when the process has used no more than one tick of its processor for a while. */
async function quiet(pid: number): Promise<void> {
  for (let used = -1; ; ) {
    const now = cpuOf(pid);
    if (now - used <= 10) return;
    used = now;
    await new Promise((resolve) => setTimeout(resolve, quietMs));
  }
}

async function callApi<T>(
  backend: RunningBackend,
  cookie: string,
  request: { method: string; path: string; reply: z.ZodType<T>; body: unknown },
): Promise<T> {
  const { method, path, body } = request;
  const reply = await fetch(`${backend.url}${path}`, {
    method,
    headers: { cookie, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text.slice(0, 500)}`);
  return request.reply.parse(JSON.parse(text));
}
