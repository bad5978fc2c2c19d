import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { RoomView, Structure } from '@rackhaus/config/contract';
import type { Browser, Page } from 'playwright-core';
import { stringify } from 'yaml';
import { z } from 'zod';
import { type RunningBackend, signIn, startBackend } from '../harness/backend.ts';
import { startBrowser } from '../harness/browser.ts';
import { cpuOf } from '../harness/cpu.ts';
import { type Figure, percentile } from './figure.ts';

const changesPerSecond = 100;
const warmUpMs = 12_000;
const measureMs = 40_000;

const Flip = z.object({ deviceId: z.number(), port: z.string(), oper: z.number(), time: z.number() });
const Painted = z.array(z.object({ portId: z.number(), up: z.boolean(), time: z.number() }));

/**
 * From a reading in the agent (outbox, delivery, ingest, embedded store, live state, socket) to the changed pixel in
 * Chromium, while 200 screens watch the same room and 100 ports a second change; and what that costs the server.
 */
export async function run(): Promise<readonly Figure[]> {
  const backend = await startBackend({}, inventoryOfRoom());
  let browser: Browser | undefined;
  const helpers: Helper[] = [];
  try {
    const cookies: string[] = [];
    for (let n = 0; n < 8; n++) cookies.push(await signIn(backend));
    const room = await roomNamed(roomName, backend, cookies[0] ?? '');
    const { flipping, idOf } = clientPorts(room);

    const agent = await startHelper('live-agent.ts', [
      backend.url,
      backend.agentTokenFile,
      String(changesPerSecond),
      JSON.stringify(flipping),
    ]);
    helpers.push(agent);
    const flips = new Map<number, z.infer<typeof Flip>[]>();
    agent.onLine((line) => {
      const flip = Flip.parse(JSON.parse(line));
      const id = idOf(flip.deviceId, flip.port);
      if (id !== undefined) flips.set(id, [...(flips.get(id) ?? []), flip]);
    });
    helpers.push(
      await startHelper('live-clients.ts', [backend.url, `overview,room:${room.id}`, ...cookies.slice(1)]),
    );

    browser = await startBrowser();
    const page = await openRoom(browser, backend, room.id);
    await new Promise((resolve) => setTimeout(resolve, warmUpMs));

    const pid = backend.child.pid ?? 0;
    await page.evaluate(() => Reflect.set(globalThis, 'painted', []));
    const cpuBefore = cpuOf(pid);
    const startedAt = Date.now();
    await new Promise((resolve) => setTimeout(resolve, measureMs));
    const cpuShare = (cpuOf(pid) - cpuBefore) / (Date.now() - startedAt);
    const painted = Painted.parse(await page.evaluate(() => Reflect.get(globalThis, 'painted')));

    const latencies = painted.flatMap(({ portId, up, time }) => {
      const cause = flips.get(portId)?.findLast((flip) => flip.time <= time && (flip.oper === 1) === up);
      return cause === undefined ? [] : [time - cause.time];
    });
    const expected = (changesPerSecond * measureMs) / 1000;
    if (latencies.length < expected * 0.9) {
      throw new Error(`only ${latencies.length} of about ${expected} changes were seen on the screen`);
    }
    return [
      { name: 'live-latency-p99', value: percentile(latencies, 0.99), unit: 'ms', atMost: 500 },
      { name: 'live-server-cpu', value: cpuShare * 100, unit: '%-of-a-core', atMost: 6 },
    ];
  } finally {
    await browser?.close();
    for (const helper of helpers.reverse()) await helper.stop();
    await backend.stop();
  }
}

async function get<T>(
  backend: RunningBackend,
  path: string,
  cookie: string,
  schema: z.ZodType<T>,
): Promise<T> {
  const reply = await fetch(`${backend.url}${path}`, { headers: { cookie } });
  if (!reply.ok) throw new Error(`${path}: ${reply.status}`);
  return schema.parse(await reply.json());
}

const roomName = 'Messraum';

/** A folder with one room: three racks with twelve 48-port switches that are polled every two seconds. */
function inventoryOfRoom(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rackhaus-live-'));
  const racks = ['Schrank 1', 'Schrank 2', 'Schrank 3'];
  const rooms = [{ name: roomName, racks: racks.map((name) => ({ name })) }];
  const devices = racks.flatMap((rack, r) =>
    [10, 14, 18, 22].map((position, n) => ({
      name: `mess-${r}-${n}`,
      type: 'hpe-aruba-6200f-48g-class4-poe-4sfpp',
      role: 'switch',
      room: `Messung/${roomName}`,
      rack,
      position,
      monitoring: { address: '127.0.0.1', intervalSeconds: 2, credentials: 'mess', ping: false },
    })),
  );
  const sites = [{ name: 'Messung', buildings: [{ name: 'Haus', floors: [{ name: 'EG', rooms }] }] }];
  const credentials = { mess: { version: '2c', community: 'public' } };
  writeFileSync(join(folder, 'room.yaml'), stringify({ sites, credentials, devices }));
  return folder;
}

async function roomNamed(name: string, backend: RunningBackend, cookie: string): Promise<RoomView> {
  const structure = await get(backend, '/api/structure', cookie, Structure);
  const room = structure.sites
    .flatMap((site) => site.buildings.flatMap((building) => building.floors.flatMap((floor) => floor.rooms)))
    .find((each) => each.name === name);
  if (!room) throw new Error(`there is no room "${name}"`);
  return get(backend, `/api/rooms/${room.id}`, cookie, RoomView);
}

/** Switch ports for colleagues' machines: those that come and go without being a fault. */
function clientPorts(room: RoomView) {
  const switches = room.racks
    .flatMap((rack) => rack.devices)
    .filter((device) => device.role === 'switch' && device.monitored);
  const flipping: Record<number, string[]> = {};
  const ids = new Map<string, number>();
  for (const device of switches) {
    const free = device.ports.filter((port) => port.kind === 'network' && !port.occupied);
    if (free.length < 4) continue;
    flipping[device.id] = free.map((port) => port.name);
    for (const port of free) ids.set(`${device.id}/${port.name}`, port.id);
  }
  return { flipping, idOf: (deviceId: number, port: string) => ids.get(`${deviceId}/${port}`) };
}

async function openRoom(browser: Browser, backend: RunningBackend, roomId: number): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${backend.url}/sign-in`);
  await page.locator('input[autocomplete="username"]').fill(backend.user);
  await page.locator('input[type="password"]').fill(backend.password);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/rooms/);
  await page.goto(`${backend.url}/rooms/${roomId}`);
  await page.locator('[data-port]').first().waitFor();
  await page.evaluate(() => {
    const painted: { portId: number; up: boolean; time: number }[] = [];
    Reflect.set(globalThis, 'painted', painted);
    const observer = new MutationObserver((records) => {
      const changes = records.flatMap(({ target, oldValue }) => {
        if (!(target instanceof Element) || !target.hasAttribute('data-port')) return [];
        const up = target.classList.contains('up');
        return up === (oldValue ?? '').split(' ').includes('up')
          ? []
          : [{ portId: Number(target.getAttribute('data-port')), up }];
      });
      if (changes.length === 0) return;
      // The frame that holds the change is painted after its animation callbacks: the next task comes after that.
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => {
          const list: unknown = Reflect.get(globalThis, 'painted');
          if (Array.isArray(list)) list.push(...changes.map((change) => ({ ...change, time: Date.now() })));
        };
        channel.port2.postMessage(null);
      });
    });
    observer.observe(document.body, {
      subtree: true,
      attributes: true,
      attributeFilter: ['class'],
      attributeOldValue: true,
    });
  });
  return page;
}

interface Helper {
  onLine(listener: (line: string) => void): void;
  stop(): Promise<void>;
}

/** A process of this folder that prints `ready`, then whatever it has to tell, and ends when its stdin is closed. */
function startHelper(script: string, args: readonly string[]): Promise<Helper> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, script), ...args],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  let listener: (line: string) => void = () => {};
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${script} ended with ${code}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line !== 'ready') return listener(line);
      resolve({
        onLine: (next) => {
          listener = next;
        },
        stop: () =>
          new Promise((done) => {
            child.once('exit', () => done());
            child.stdin.end();
          }),
      });
    });
  });
}
