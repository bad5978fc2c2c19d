import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SyslogStore } from '@rackhaus/backend/syslog-store';
import type { Figure } from './figure.ts';

const [batches, perBatch] = [300, 500];
const count = batches * perBatch;
/** Messages of the last hours, as from a house with forty switches. */
const spanMs = 24 * 3_600_000;
const searches = 50;

const kinds = [
  (n: number) =>
    `Interface GigabitEthernet${n % 4}/0/${n % 48}, changed state to ${n % 2 === 0 ? 'down' : 'up'}`,
  (n: number) =>
    `Accepted password for netzadmin from 10.10.${n % 9}.${n % 251} port ${40_000 + (n % 20_000)} ssh2`,
  (n: number) =>
    `Station 00:1a:2b:${(n % 97).toString(16)}:4d:5e associated with ap-${n % 31}, signal -${40 + (n % 50)} dBm`,
  (n: number) =>
    `DHCPACK on 10.20.${n % 16}.${n % 254} to 3c:52:82:${(n % 113).toString(16)}:aa:01 via vlan${n % 60}`,
];

/**
 * What it costs to keep messages: how many a second one core stores (CPU of the whole process, threads included), what each takes on
 * disk with its words, and how long a search among them takes.
 */
export async function run(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'rackhaus-bench-syslog-'));
  const file = join(folder, 'syslog.sqlite');
  const store = new SyslogStore({ file, log: (message) => process.stderr.write(`${message}\n`) });
  try {
    await store.start({ days: 30, megabytes: 100_000 });
    const now = Date.now();
    const before = process.cpuUsage();
    for (let batch = 0; batch < batches; batch++) {
      const lines = Array.from({ length: perBatch }, (_, index) => lineOf(batch * perBatch + index, now));
      await store.write({ agentId: 1, outbox: 'bench', sequence: batch, lines });
    }
    const { user, system } = process.cpuUsage(before);
    const perSecond = count / ((user + system) / 1e6);
    const began = performance.now();
    for (let search = 0; search < searches; search++) {
      const found = await store.search({
        text: `"GigabitEthernet${search % 4}/0/${search % 48}" down`,
        device: null,
        unknown: false,
        severity: null,
        from: null,
        to: null,
        within: null,
        before: null,
        after: null,
        limit: 100,
      });
      if (search === 0 && found.length === 0) throw new Error('the search found nothing');
    }
    const searchMs = (performance.now() - began) / searches;
    await store.close();
    const { size } = await stat(file);
    return [
      { name: 'syslog stored', value: perSecond, unit: 'messages/s of one core', atLeast: 5000 },
      { name: 'syslog size', value: size / count, unit: 'bytes/message', atMost: 500 },
      { name: 'syslog search', value: searchMs, unit: `ms among ${count}`, atMost: 100 },
    ];
  } finally {
    await store.close();
    await rm(folder, { recursive: true });
  }
}

function lineOf(n: number, now: number) {
  return {
    time: Math.round(now - spanMs + (n / count) * spanMs),
    from: `10.0.${n % 4}.${n % 40}`,
    deviceId: 1 + (n % 40),
    severity: 3 + (n % 5),
    facility: 23,
    host: `sw-${n % 40}`,
    app: 'ifmgr',
    process: null,
    mnemonic: 'LINK-3-UPDOWN',
    deviceTime: now,
    text: kinds[n % kinds.length]?.(n) ?? '',
    data: null,
  };
}
