import { join } from 'node:path';
import { newBrowser } from '@rackhaus/backend/push-testing';
import { PushMessage } from '@rackhaus/config/contract';
import { startAgent } from '../harness/agent.ts';
import { startOwnBackend } from '../harness/backend.ts';
import { type FaultyDevice, startFaultyDevice } from '../harness/faulty-device.ts';
import { inventoryOfDevices } from '../harness/inventory.ts';
import { type Watching, watch } from '../harness/live.ts';
import { openOffice } from '../harness/orders.ts';
import { freePort, until } from '../harness/process.ts';
import { type Receiver, startReceiver } from '../harness/receiver.ts';
import { tellMe } from '../harness/telling.ts';
import { type Figure, percentile } from './figure.ts';

/** Of each kind. */
const faults = { trapped: 32, polled: 16 };
/** Trap: only what is read because of it counts. */
const seldomSeconds = 300;
const oftenSeconds = 1;
/** How long nothing of it may be seen before it is over: see family.ts in the backend. */
const calmMs = { nas: 30_000, ups: 60_000 };

interface Case {
  readonly device: FaultyDevice;
  readonly kind: 'nas' | 'ups';
  readonly trapped: boolean;
}
interface Took {
  readonly kind: 'nas' | 'ups';
  /** ms from the trap, or from the reading where there was none. */
  readonly total: number;
  /** ms of it from the reading. */
  readonly fromReading: number;
}

/**
 * A device breaks and sends an SNMPv2c trap, as devices do. From that datagram to the request that a push service gets for it, through
 * an agent and a server as they are installed; the push is decrypted and must be about that device. Half of the devices are
 * storage whose fan fails, and half are UPS that lose their mains, which are asked a second time before anybody is told. The same from
 * the reading where a device sends no trap and is only polled. Each device is mended afterwards, and its end must be told as well.
 */
export async function run(): Promise<readonly Figure[]> {
  const cases: Case[] = [];
  for (const trapped of [true, false])
    for (let n = 1; n <= (trapped ? faults.trapped : faults.polled); n++)
      for (const kind of ['nas', 'ups'] as const) {
        const name = `${kind}-${trapped ? 'trap' : 'poll'}-${n}`;
        const host = `127.${kind === 'nas' ? 90 : 91}.${trapped ? 1 : 2}.${n}`;
        cases.push({ device: await startFaultyDevice({ name, kind, host }), kind, trapped });
      }
  const push = await startReceiver();
  const trapPort = await freePort();
  const backend = await startOwnBackend(
    inventoryOfDevices(
      cases.map(({ device, trapped }) => ({
        ...device,
        intervalSeconds: trapped ? seldomSeconds : oftenSeconds,
      })),
    ),
  );
  const office = await openOffice(backend);
  const browser = newBrowser();
  const keys = { p256dh: browser.p256dh, auth: browser.auth };
  await office.send('PUT', '/api/push', { endpoint: `${push.url}/send`, ...keys, device: 'Chrome, Linux' });
  await tellMe(office);
  const agent = await startAgent(backend, join(backend.dataDir, 'agent'), { TRAP_PORT: String(trapPort) });
  const overview = await watch(backend.url, office.cookie, 'overview');
  try {
    // A trap is also how what is polled seldom is known soon.
    for (const { device, trapped } of cases) if (trapped) await device.sendTrap(trapPort);
    await until('all devices to be well', () => areAllWell(overview, cases.length), 60_000);

    const told = pushesOf(push, browser.decrypt);
    const took = { trap: [] as Took[], reading: [] as Took[] };
    for (const { device, kind, trapped } of cases) {
      device.setFaulty(true);
      const brokenAt = performance.now();
      if (trapped) await device.sendTrap(trapPort);
      const at = await until(`the push about ${device.name}`, () => told(device.name)[0]?.at, 30_000);
      const readAt = device.toldAt();
      if (readAt === null) throw new Error(`${device.name} was told of without having been asked`);
      const fromReading = at - readAt;
      took[trapped ? 'trap' : 'reading'].push({
        kind,
        total: trapped ? at - brokenAt : fromReading,
        fromReading,
      });
      device.setFaulty(false);
      if (trapped) await device.sendTrap(trapPort);
    }
    const ends: number[] = [];
    for (const { device, kind } of cases) {
      const end = await until(`the end of ${device.name}`, () => told(device.name)[1]?.at, 120_000);
      ends.push(end - (device.toldAt() ?? end) - calmMs[kind]);
    }
    say('from trap', took.trap);
    say('from reading', took.reading);
    process.stderr.write(
      `alert-latency: ends of faults beyond the calm: p50 ${ms(ends, 0.5)}, p99 ${ms(ends, 0.99)} ms\n`,
    );
    const p99 = (list: readonly Took[]) =>
      percentile(
        list.map(({ total }) => total / 1000),
        0.99,
      );
    return [
      { name: 'alert-latency', value: p99(took.trap), unit: 's', atMost: 1 },
      { name: 'alert-latency-reading', value: p99(took.reading), unit: 's', atMost: 1 },
    ];
  } finally {
    overview.close();
    await agent.stop();
    await backend.stop();
    await push.close();
    for (const { device } of cases) await device.close();
  }
}

function areAllWell({ items }: Watching, count: number): true | undefined {
  const overview = items.get('overview');
  return (overview?.type === 'overview' && overview.well === count) || undefined;
}

/** The pushes about a device, in order; each is decrypted once. */
function pushesOf(push: Receiver, decrypt: (body: Buffer) => string) {
  const messages: { readonly at: number; readonly message: PushMessage }[] = [];
  return (name: string) => {
    for (const { at, body } of push.heard.slice(messages.length))
      messages.push({ at, message: PushMessage.parse(JSON.parse(decrypt(body))) });
    const named = new RegExp(`\\b${name}(?!\\d)`);
    return messages.filter(({ message }) => named.test(message.title));
  };
}

function say(what: string, list: readonly Took[]): void {
  for (const kind of ['nas', 'ups'] as const) {
    const those = list.filter((each) => each.kind === kind);
    const total = those.map((each) => each.total);
    const fromReading = those.map((each) => each.fromReading);
    process.stderr.write(
      `alert-latency: ${kind} ${what}: ${those.length} faults, p50 ${ms(total, 0.5)}, p99 ${ms(total, 0.99)} ms; ` +
        `after the reading p50 ${ms(fromReading, 0.5)}, p99 ${ms(fromReading, 0.99)} ms\n`,
    );
  }
}

function ms(values: readonly number[], p: number): number {
  return Math.round(percentile(values, p));
}
