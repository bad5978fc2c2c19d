import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { openSecretBox } from '../../access/secret-box.ts';
import { createAlerting } from '../../alerting/alerting.ts';
import { condition, ToldMonitoring, testRules } from '../../alerting/testing.ts';
import { SiteGraph } from '../../cabling/graph/site-graph.ts';
import { openDatabase } from '../../database/open.ts';
import { outgoingToLoopback } from '../../outgoing/testing.ts';
import { Channels } from '../channels/channels.ts';
import { createOnCall } from '../on-call.ts';
import { createDelivery } from './delivery.ts';

/** Numbers of the devices that are broken now: what agents would read. */
const World = z.array(z.int().positive());

const filesIn = (folder: string) => ({
  database: join(folder, 'rackhaus.db'),
  key: join(folder, 'secret.key'),
  world: join(folder, 'world.json'),
});

/** Makes a data folder whose plan tells all of these addresses at once. For tests. */
export async function prepareChain(folder: string, urls: readonly string[]): Promise<void> {
  const files = filesIn(folder);
  const db = await openDatabase(files.database);
  const secretBox = await openSecretBox(files.key);
  const channels = new Channels({ outside: outgoingToLoopback(), db, secretBox, now: Date.now });
  const to: { kind: 'channel'; channelId: number }[] = [];
  for (const url of urls) {
    const { id } = await channels.create(
      {
        userId: null,
        name: url,
        settings: { kind: 'webhook', url, template: 'json' },
        secret: null,
        minSeverity: 'warning',
      },
      { userId: 0, isAdministrator: true },
    );
    to.push({ kind: 'channel', channelId: id });
  }
  const plan = {
    severities: null,
    siteIds: null,
    hours: null,
    steps: [{ to, waitMinutes: 1440 }],
    repeat: 0,
  };
  await db
    .insertInto('escalations')
    .values({ name: 'all', rank: 0, plan: JSON.stringify(plan), notes: null })
    .execute();
  await db.destroy();
}

/**
 * Runs what lies between a reading and its messages, engine, planner and queue, on a data folder; readings come from its file
 * world.json, `readEveryMs`. Made to be killed. For tests.
 */
export async function runChain(folder: string, readEveryMs: number): Promise<void> {
  const files = filesIn(folder);
  const db = await openDatabase(files.database);
  const secretBox = await openSecretBox(files.key);
  const onError = (message: string, error: unknown) => {
    process.stderr.write(`${message}: ${error instanceof Error ? error.stack : String(error)}\n`);
  };
  const monitored = new ToldMonitoring();
  const broken = new Set<number>();
  const look = async () => {
    const now = World.parse(JSON.parse(await readFile(files.world, 'utf8')));
    const changed = [
      ...now.filter((id) => !broken.has(id)),
      ...[...broken].filter((id) => !now.includes(id)),
    ];
    for (const id of changed) {
      const breaks = now.includes(id);
      if (breaks) broken.add(id);
      else broken.delete(id);
      monitored.says(id, ...(breaks ? [condition(id, 'fan-failed', 'fan', Date.now())] : []));
    }
  };
  await look();
  const times = { now: Date.now, steady: () => performance.now() };
  const alerting = createAlerting({
    ...times,
    db,
    conditions: monitored,
    rules: testRules,
    causesOf: () => ({ causes: [] }),
    agentPlaces: () => [],
    heldBy: () => null,
    pollNow: async (ids) => new Map(ids.map((id) => [id, null])),
    sites: {
      now: async () => new SiteGraph({ devices: [], network: [], power: [] }),
      impact: () => Promise.reject(new Error('nobody looks at incidents here')),
    },
    onCommit: () => () => undefined,
    onChange: () => undefined,
    onError,
  });
  const delivery = createDelivery({
    outside: outgoingToLoopback(),
    db,
    secretBox,
    publicUrl: 'https://rackhaus.example.de',
    incidents: alerting.incidents,
    now: Date.now,
    onError,
  });
  const onCall = createOnCall({
    ...times,
    db,
    incidents: alerting.incidents,
    delivery,
    interrupted: () => false,
    onCommit: () => () => undefined,
    publicUrl: null,
    onError,
  });
  await alerting.start();
  delivery.start();
  onCall.start();
  process.stdout.write('running\n');
  setInterval(
    () => look().catch((error: unknown) => onError('the world could not be read', error)),
    readEveryMs,
  );
}
