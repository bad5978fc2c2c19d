import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CableProof, DriftReply } from '@rackhaus/config/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { z } from 'zod';
import { startAgent } from '../harness/agent.ts';
import { type Api, createApi } from '../harness/api.ts';
import { type RunningBackend, startOwnBackend } from '../harness/backend.ts';
import { type RunningLldpd, startLldpd } from '../harness/lldpd.ts';
import { createNamespace, joinByCable, type Namespace } from '../harness/namespace.ts';
import { type StartedProcess, until } from '../harness/process.ts';
import { startSnmpd } from '../harness/snmpd.ts';

// Three real hosts with lldpd and snmpd, named and wired as switches: sw-a gi1 leads to sw-b gi1. Each has a cable of its own to where
// the agent is, by which it is polled.
const names = ['sw-a', 'sw-b', 'sw-c'] as const;
type Name = (typeof names)[number];
const room = 'Rathaus/Technikraum';

const namespaces = new Map<Name, Namespace>();
const processes: StartedProcess[] = [];
const hosts: RunningLldpd[] = [];
let backend: RunningBackend;
let api: Api;

const of = (name: Name): Namespace => {
  const namespace = namespaces.get(name);
  if (namespace === undefined) throw new Error(`there is no ${name}`);
  return namespace;
};

/** Pulls the cable out of sw-a and plugs it into another host. */
function moveCable(name: Name, port: string): void {
  of('sw-a').ip('link', 'del', 'gi1');
  joinByCable(of('sw-a'), 'gi1', of(name), port);
  for (const host of hosts) host.lookAgain();
}

/** RFC 2544, appendix C.2.2: 198.18.0.0/15 is for tests. */
const net = (index: number) => `198.19.${(process.pid * 3 + index) % 256}`;

beforeAll(async () => {
  for (const [index, name] of names.entries()) {
    const namespace = createNamespace(`drift${index}`);
    namespaces.set(name, namespace);
    const here = `rd${index}x${process.pid}`;
    const ip = (...args: string[]) => execFileSync('ip', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    ip('link', 'add', here, 'type', 'veth', 'peer', 'name', 'gi8', 'netns', namespace.name);
    ip('address', 'add', `${net(index)}.1/30`, 'dev', here);
    ip('link', 'set', here, 'up');
    namespace.ip('address', 'add', `${net(index)}.2/30`, 'dev', 'gi8');
    namespace.ip('link', 'set', 'gi8', 'up');
  }
  joinByCable(of('sw-a'), 'gi1', of('sw-b'), 'gi1');
  for (const [index, name] of names.entries()) {
    const namespace = of(name);
    const agentxSocket = join(mkdtempSync(join(tmpdir(), 'rackhaus-drift-')), 'agentx');
    const options = { port: 1161, address: `${net(index)}.2`, namespace, asSwitch: true, agentxSocket };
    processes.push(await startSnmpd(options));
    const lldpd = await startLldpd({ namespace, agentxSocket, description: `host ${name}`, name });
    hosts.push(lldpd);
    processes.push(lldpd);
  }
  backend = await startOwnBackend(inventory());
  processes.push(backend);
  api = await createApi(backend);
  processes.push(await startAgent(backend, join(backend.dataDir, 'agent')));
}, 120_000);

afterAll(async () => {
  for (const process of processes.reverse()) await process.stop();
  for (const namespace of namespaces.values()) namespace.remove();
});

function inventory(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rackhaus-inventory-'));
  const sites = [
    {
      name: 'Rathaus',
      buildings: [
        {
          name: 'Altbau',
          floors: [
            { name: 'Keller', rooms: [{ name: 'Technikraum', racks: [{ name: 'Schrank 1', height: 24 }] }] },
          ],
        },
      ],
    },
  ];
  const devices = names.map((name, index) => ({
    name,
    type: 'cisco-c1200-8t-e-2g',
    role: 'switch',
    room,
    rack: 'Schrank 1',
    position: 10 + index,
    monitoring: {
      address: `${net(index)}.2`,
      port: 1161,
      credentials: 'lesen',
      ping: false,
      intervalSeconds: 1,
    },
  }));
  const credentials = { lesen: { version: '2c', community: 'public' } };
  const links = [{ kind: 'patch', from: 'sw-a:gi1', to: 'sw-b:gi1', label: 'K-0001' }];
  writeFileSync(join(folder, 'all.yaml'), stringify({ sites, credentials, devices, links }));
  return folder;
}

const drift = () => api.get('/api/drift', DriftReply);
const proof = () => api.get('/api/drift/cables/1', CableProof);
async function post<T>(path: string, body: unknown, shape: z.ZodType<T>): Promise<T> {
  const reply = await fetch(`${backend.url}${path}`, {
    method: 'POST',
    headers: { cookie: api.cookie, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
  return shape.parse(await reply.json());
}
// Neighbours are read anew once a minute, or at once when somebody waits.
const patience = { timeout: 150_000, interval: 500 };

test('what lldpd sees as documented is confirmed', { timeout: 90_000 }, async () => {
  await expect.poll(proof, patience).toMatchObject({ verdict: 'confirmed', source: 'lldp' });
  expect((await drift()).total).toBe(0);
});

test('moved to another host, the cable is contradicted; documented so, it is confirmed', {
  timeout: 400_000,
}, async () => {
  moveCable('sw-c', 'gi3');
  await expect.poll(async () => (await drift()).counts.contradicted, patience).toBe(1);
  const [finding] = (await drift()).findings;
  expect(finding).toMatchObject({
    verdict: 'contradicted',
    port: { name: 'gi1', owner: { name: 'sw-a' } },
    documented: { name: 'gi1', owner: { name: 'sw-b' } },
    cable: { label: 'K-0001' },
    observed: { port: { name: 'gi3', owner: { name: 'sw-c' } } },
    proposal: { remove: [{ label: 'K-0001' }], add: [{ a: { name: 'gi1' }, b: { name: 'gi3' } }] },
  });
  expect((await proof()).verdict).toBe('contradicted');

  await post(`/api/drift/${finding?.id}/accept`, {}, z.object({ changeId: z.int() }));
  await expect.poll(async () => (await drift()).total, patience).toBe(0);
  await expect.poll(proof, patience).toMatchObject({ verdict: 'confirmed', source: 'lldp' });
});

test('a step that was carried out is proven by the real neighbour', { timeout: 400_000 }, async () => {
  // To a port of another name: snmpd keeps the row of an interface that is gone, and two of one name are not told apart.
  moveCable('sw-b', 'gi4');
  const { findings } = await until(
    'the cable is seen where it is now',
    async () => {
      const reply = await drift();
      return reply.counts.contradicted === 1 ? reply : undefined;
    },
    150_000,
  );
  const id = findings[0]?.id;
  const { orderId } = await post(`/api/drift/${id}/order`, {}, z.object({ orderId: z.int() }));
  await post(`/api/orders/${orderId}/submit`, {}, z.unknown());
  const View = z.object({
    order: z.object({ state: z.string() }),
    steps: z.array(z.object({ id: z.int(), deed: z.string(), state: z.string(), proof: z.string() })),
  });
  const view = () => api.get(`/api/orders/${orderId}`, View);
  if ((await view()).order.state === 'submitted')
    await post(`/api/orders/${orderId}/approve`, {}, z.unknown());
  for (const step of (await view()).steps)
    await post(
      `/api/orders/${orderId}/steps/${step.id}/report`,
      { key: crypto.randomUUID(), outcome: 'done', at: Date.now() },
      z.unknown(),
    );
  await expect
    .poll(
      async () => (await view()).steps.filter((step) => step.deed === 'plug').map((step) => step.proof),
      patience,
    )
    .toContain('proven');
  await expect.poll(async () => (await drift()).total, patience).toBe(0);
});
