import {
  BatchReply,
  ConnectReply,
  CreateReply,
  type NewCableInput,
  type Operation,
} from '@rackhaus/config/contract';
import { z } from 'zod';
import { type RunningBackend, signIn, startBackend } from '../harness/backend.ts';
import { cpuOf, mainThreadMs } from '../harness/cpu.ts';
import { type Figure, median } from './figure.ts';

const cables = 10_000;
const portsPerDevice = 100;
const chassisPorts = 432;
const quietMs = 500;

/**
 * 10,000 cables between 200 devices through POST /api/cables over HTTP: how many the backend's process makes in one second of its
 * processor, with labels, rules, history and search. And what the deletion of a chassis costs its main thread, from the request to the reply, in whose
 * 432 ports cables are.
 */
export async function run(): Promise<readonly Figure[]> {
  const backend = await startBackend();
  try {
    const cookie = await signIn(backend);
    const call = <T>(method: string, path: string, reply: z.ZodType<T>, body?: unknown) =>
      callApi(backend, cookie, { method, path, reply, body });
    const batch = (operations: readonly Operation[]) =>
      call('POST', '/api/inventory/batch', BatchReply, { operations });
    const [typeId = 0, chassisId = 0] = (
      await batch([
        create('device-type', { definition: typeWithPorts('bench-100', portsPerDevice) }),
        create('device-type', { definition: typeWithPorts('bench-432', chassisPorts) }),
      ])
    ).ids;
    const devices = (2 * cables) / portsPerDevice;
    const { ids } = await batch(
      Array.from({ length: devices }, (_, n) => create('device', { name: `D${n}`, typeId })),
    );
    const ports: number[] = [];
    for (const id of ids) ports.push(...(await portsOf(call, id)));
    const half = ports.length / 2;
    const wanted = ports
      .slice(0, half)
      .map((portId, index): NewCableInput => cable(portId, ports[half + index]));
    const pid = backend.child.pid ?? 0;
    await quiet(pid);
    const before = cpuOf(pid);
    const made = await call('POST', '/api/cables', ConnectReply, { cables: wanted });
    await quiet(pid);
    const cpuSeconds = (cpuOf(pid) - before) / 1000;
    if (made.cables.some(({ id }) => id === null)) throw new Error('not all cables were made');

    const deletions: number[] = [];
    for (let n = 0; n < 5; n++) {
      const chassis: number[] = [];
      for (const name of [`Chassis ${n}`, `Far ${n}`])
        chassis.push(
          (await call('POST', '/api/inventory/device', CreateReply, { name, typeId: chassisId })).id,
        );
      const [near, far] = [await portsOf(call, chassis[0] ?? 0), await portsOf(call, chassis[1] ?? 0)];
      await call('POST', '/api/cables', ConnectReply, {
        cables: near.map((portId, index) => cable(portId, far[index])),
      });
      await quiet(pid);
      const before = mainThreadMs(pid);
      await batch([{ op: 'delete', kind: 'device', id: chassis[0] ?? 0 }]);
      deletions.push(mainThreadMs(pid) - before);
    }
    return [
      { name: 'connect', value: cables / cpuSeconds, unit: 'cables-per-cpu-second', atLeast: 5000 },
      { name: 'connect-delete-432-ports', value: median(deletions), unit: 'ms', atMost: 100 },
    ];
  } finally {
    await backend.stop();
  }
}

function cable(from: number, to: number | undefined): NewCableInput {
  return {
    medium: 'cat6a',
    color: 'blue',
    lengthM: 2,
    a: { portId: from },
    b: { portId: to ?? 0 },
  };
}

const Listed = z.object({ records: z.array(z.looseObject({ id: z.int() })) });
async function portsOf(
  call: <T>(method: string, path: string, reply: z.ZodType<T>) => Promise<T>,
  deviceId: number,
): Promise<number[]> {
  const { records } = await call(
    'GET',
    `/api/inventory/port?filter=deviceId:is:${deviceId}&size=1000`,
    Listed,
  );
  return records.map(({ id }) => id);
}

function create(kind: Operation['kind'], values: Record<string, unknown>): Operation {
  return { op: 'create', kind, values };
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
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text.slice(0, 500)}`);
  return request.reply.parse(JSON.parse(text));
}
