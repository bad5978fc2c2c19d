import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { Gatherer, Outbox } from '@rackhaus/agents/outbox';
import { DevicePoller } from '@rackhaus/agents/poll';
import { loadProfiles } from '@rackhaus/config/profiles';
import pino from 'pino';
import { z } from 'zod';

// One complete poll after another, from the wire to a batch in the outbox on disk, with the agent's own code. A line on
// stdin asks for a round; the answer is the CPU time per poll and how many values one poll gave.
const V3User = z.object({ name: z.string(), authKey: z.string(), privKey: z.string() });
const [version, polls, user] = process.argv.slice(2);
const pollsPerRound = z.coerce.number().parse(polls);
const v3User = V3User.parse(JSON.parse(user ?? ''));

const complete = ['oper', 'admin', 'speed', 'rx', 'tx', 'rxErrors', 'txErrors', 'rxDiscards', 'txDiscards'];
const folder = mkdtempSync(join(tmpdir(), 'rackhaus-poll-'));
const log = pino({ level: 'silent' });
const outbox = new Outbox({ file: join(folder, 'outbox.sqlite'), now: Date.now, log });
outbox.open();
const gatherer = new Gatherer({ outbox, waitMs: () => 250, appended: () => {}, log });
const poller = new DevicePoller({
  device: {
    id: 1,
    name: 'switch',
    address: '127.0.0.1',
    snmp: {
      port: 1161,
      credentials:
        version === '3'
          ? {
              version: '3',
              user: v3User.name,
              auth: { protocol: 'sha256', key: v3User.authKey },
              priv: { protocol: 'aes', key: v3User.privKey },
            }
          : { version: '2c', community: 'public' },
    },
    profile: null,
    intervalSeconds: 60,
    ping: false,
    tcp: [],
  },
  profiles: await loadProfiles(),
  now: Date.now,
});

for await (const _line of createInterface({ input: process.stdin })) {
  let ports = 0;
  const before = process.cpuUsage();
  for (let poll = 0; poll < pollsPerRound; poll++) {
    // Rates are by the device's clock, which ticks in 1/100 s: polls closer together than that would have less to do.
    await setTimeout(25);
    const result = await poller.poll(new AbortController().signal);
    if (!result.reachable) throw new Error(`the switch did not answer: ${result.problem}`);
    gatherer.add(result.readings);
    // Complete: state, speed, traffic, errors and discards of each port.
    ports = result.readings.filter(
      ({ kind, values }) => kind === 'port' && complete.every((name) => name in values),
    ).length;
  }
  gatherer.flush();
  const used = process.cpuUsage(before);
  process.stdout.write(
    `${JSON.stringify({ cpuMs: (used.user + used.system) / 1000 / pollsPerRound, ports })}\n`,
  );
}
poller.close();
outbox.close();
rmSync(folder, { recursive: true });
