import { loadAlertRules } from '@rackhaus/config/alert-rules';
import type { Reading } from '@rackhaus/config/contract';
import { type Connection, SiteGraph } from '../cabling/graph/site-graph.ts';
import { openDatabase } from '../database/open.ts';
import { AgentWatch } from '../monitoring/agent-watch.ts';
import { Conditions } from '../monitoring/conditions.ts';
import { LiveState } from '../monitoring/live-state.ts';
import { tell, testDevice } from '../monitoring/testing.ts';
import { RuleBook } from '../rules/rule-book.ts';
import { Engine } from './engine.ts';
import { Families } from './family.ts';
import { affectedCount } from './incident.ts';
import { explain } from './root-cause/causes-of.ts';
import { pictureOf } from './root-cause/picture.ts';
import { signsOf } from './root-cause/signs.ts';

const perSwitch = 50;
/** Servers beside the core, which go on answering. */
const beside = 10;

/** An engine behind a real live state over a district: firewall 1 with the agent, core 2, some servers at the firewall, and all others behind the core. */
export interface District {
  /** How many hang on the core. */
  readonly behind: number;
  /** The core fails, or is well again: what the agent says of the core and all behind it, in deliveries of a thousand. */
  core(answers: boolean): Promise<void>;
  /** Time passes for incidents only. */
  passes(ms: number): Promise<void>;
  /** What has been written to be told. */
  notices(): Promise<readonly { kind: string; incident: number | null }[]>;
  /** Devices that are affected now. */
  affected(): number;
  stop(): Promise<void>;
}

/** For benches: `file` is that of the database. */
export async function stormDistrict(options: { file: string; devices: number }): Promise<District> {
  const { devices: count } = options;
  const ids = Array.from({ length: count }, (_, index) => index + 1);
  const rules = await loadAlertRules();
  const book = new RuleBook(rules);
  const now = Date.now;
  const steady = () => performance.now();
  let ahead = 0;
  const db = await openDatabase(options.file);
  const live = new LiveState({ rules: book, now, elapsed: steady, agentIsWell: () => true });
  const devices = ids.map((id) => testDevice(id, { roomId: id % 100, ports: [] }));
  live.setDevices(devices);
  const site = siteOf(count);
  const picture = pictureOf(site);
  const facts = {
    devices: new Map(
      devices.map(({ id, name, role, roomId }) => [id, { name, role, siteId: 1 + (id % 60), roomId }]),
    ),
    sites: new Map<number, string>(),
    rooms: new Map<number, string>(),
    ports: new Map<number, { deviceId: number; name: string }>(),
    cables: new Map<number, string>(),
  };
  const signs = signsOf(rules);
  const agents = [{ id: 1, name: 'Agent', deviceId: 1 }];
  const engine = new Engine({
    db,
    monitored: new Conditions({ live, agents: new AgentWatch({ db, rules: book, now }) }),
    families: new Families(rules),
    causesOf: (input) => explain({ picture, facts, agents, polledBy: () => 1, signs, lastWords: [], input }),
    agentPlaces: () => [1],
    heldBy: () => null,
    // As long as a device is asked that does not answer.
    pollNow: (asked) =>
      new Promise((resolve) => {
        setTimeout(() => resolve(new Map(asked.map((id) => [id, null]))), 2000);
      }),
    documented: () => ({ site, places: new Map() }),
    now: () => now() + ahead,
    steady: () => steady() + ahead,
    onError: (message, error) => {
      throw new Error(message, { cause: error });
    },
  });
  const deliver = async (readings: readonly Reading[]) => {
    for (let from = 0; from < readings.length; from += 1000) {
      tell(live, readings.slice(from, from + 1000));
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const say = (of: readonly number[], reachable: number) =>
    deliver(
      of.map((deviceId) => ({ deviceId, kind: 'device', entity: '', time: now(), values: { reachable } })),
    );
  await say(ids, 1);
  await engine.start();
  return {
    behind: count - 2 - beside,
    core: async (answers) => {
      const isBeside = (id: number) => id === 1 || (id > 2 && id <= 2 + beside);
      await say(ids.filter(isBeside), 1);
      await say(
        ids.filter((id) => !isBeside(id)),
        answers ? 1 : 0,
      );
    },
    async passes(ms) {
      ahead += ms;
      await engine.look();
    },
    notices: () =>
      db.selectFrom('notices').select(['kind', 'incident_id as incident']).orderBy('id').execute(),
    affected: () => [...engine.open].reduce((sum, incident) => sum + affectedCount(incident), 0),
    async stop() {
      await engine.stop();
      await db.destroy();
    },
  };
}

function siteOf(count: number): SiteGraph {
  const network: Connection[] = [];
  const join = (from: number, to: number) => {
    const cable = network.length + 1;
    network.push({ from, to, cables: [cable], ports: [cable * 2, cable * 2 + 1], through: [] });
  };
  join(1, 2);
  const first = 3 + beside;
  for (let id = 3; id < first; id++) join(1, id);
  const switches = Math.ceil((count - first + 1) / (perSwitch + 1));
  for (let n = 0; n < switches; n++) join(2, first + n);
  for (let id = first + switches; id <= count; id++) join(first + ((id - first - switches) % switches), id);
  return new SiteGraph({
    devices: Array.from({ length: count }, (_, index) => ({
      id: index + 1,
      transit: index < 2 || (index + 1 >= first && index + 1 < first + switches),
      networkSource: index === 0,
      powerSource: true,
    })),
    network,
    power: [],
  });
}
