import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAgent } from '@rackhaus/agents';
import { OwnKey } from '@rackhaus/agents/key';
import { KeyFile } from '@rackhaus/agents/key-file';
import { Reach } from '@rackhaus/agents/reach';
import { loadNutTemplate } from '@rackhaus/config/checks';
import type { AssignedDevice, Reading } from '@rackhaus/config/contract';
import pino from 'pino';
import { z } from 'zod';

// The real agent, whose devices are replaced by ones that flip ports: `live-agent.ts URL TOKENFILE CHANGES_PER_S PORTS`,
// ports as JSON `{deviceId: [names]}`. Each poll of a device flips its share; each flip is told on stdout as it is read.
const [url = '', tokenFile = '', rate = '', portsJson = ''] = process.argv.slice(2);
const ports = z.record(z.string(), z.array(z.string())).parse(JSON.parse(portsJson));
const changesPerSecond = Number(rate);
const devices = Object.keys(ports).length;

function flippingPoller(device: AssignedDevice) {
  const names = ports[device.id] ?? [];
  const states = new Map(names.map((name) => [name, 1]));
  const share = names.length > 0 ? Math.round((changesPerSecond * device.intervalSeconds) / devices) : 0;
  let next = 0;
  return {
    poll: async () => {
      const time = Date.now();
      const readings: Reading[] = [
        { deviceId: device.id, kind: 'device', entity: '', time, values: { reachable: 1, uptime: 1000 } },
      ];
      for (let n = 0; n < share; n++) {
        const entity = names[next++ % names.length] ?? '';
        const oper = states.get(entity) === 1 ? 2 : 1;
        states.set(entity, oper);
        readings.push({
          deviceId: device.id,
          kind: 'port',
          entity,
          time,
          values: { oper, admin: 1, speed: 1e9 },
        });
        process.stdout.write(`${JSON.stringify({ deviceId: device.id, port: entity, oper, time })}\n`);
      }
      return { readings, observation: null, reachable: true, problem: null, durationMs: 1 };
    },
    sight: async () => ({ sightings: null, problem: null }),
    close: () => {},
  };
}

const dataDir = mkdtempSync(join(tmpdir(), 'rackhaus-live-agent-'));
const key = new OwnKey({
  given: { file: tokenFile },
  file: new KeyFile(join(dataDir, 'agent-key.json')),
});
key.refresh();
const nut = await loadNutTemplate();
const agent = createAgent({
  server: new URL(url),
  key,
  reach: new Reach({ own: null }),
  dataDir,
  createPoller: flippingPoller,
  probe: () => Promise.reject(new Error('nobody probes in this bench')),
  profiles: () => {
    throw new Error('nobody discovers anything here');
  },
  preview: () => Promise.reject(new Error('nobody tries a profile here')),
  readConfiguration: () => Promise.reject(new Error('nobody reads configurations here')),
  ownProfiles: null,
  nut,
  traps: null,
  gateway: async () => null,
  assigned: () => process.stdout.write('ready\n'),
  log: pino({ level: 'warn' }, pino.destination(2)),
});
agent.start();
process.stdin
  .on('end', () => {
    void agent.stop().then(() => process.exit(0));
  })
  .resume();
