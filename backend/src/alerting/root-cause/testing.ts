import type { Condition } from '@rackhaus/config/contract';
import { reachable } from '../../cabling/graph/flow-graph.ts';
import type { SiteGraph } from '../../cabling/graph/site-graph.ts';
import type { FoundCause } from '../parts.ts';
import { explain } from './causes-of.ts';
import type { CauseFacts } from './facts.ts';
import { eachNeighbour, type Picture, pictureOf } from './picture.ts';
import type { Sign } from './signs.ts';

/** What is broken in a test, by ids. */
export interface Broken {
  readonly devices?: readonly number[];
  readonly cables?: readonly number[];
}

export const testSigns: ReadonlyMap<string, Sign> = new Map([
  ['uplink-down', 'link'],
  ['supply-failed', 'supply'],
  ['ups-on-battery', 'on-battery'],
  ['ups-no-output', 'no-output'],
  ['agent-silent', 'agent-silent'],
  ['agent-offline', 'agent-offline'],
  ['device-silent', 'device-silent'],
]);

export function condition(rule: string, deviceId: number, entity: string, since = 1000): Condition {
  const title = { de: rule, en: rule };
  return {
    id: `${deviceId}/${rule}/${entity}`,
    rule,
    deviceId,
    deviceName: `${deviceId}`,
    place: '',
    roomId: null,
    entity,
    severity: 'critical',
    title,
    advice: title,
    since,
  };
}

/** A documented site and an agent in it: says what the agent would see when something breaks, and what is made of that. */
export class TestSite {
  readonly site: SiteGraph;
  readonly picture: Picture;
  readonly facts: CauseFacts;
  readonly monitored: ReadonlySet<number>;
  readonly agentAt: number;
  readonly #beyond: ReadonlySet<number>;

  constructor(given: {
    site: SiteGraph;
    facts: CauseFacts;
    monitored: ReadonlySet<number>;
    agentAt: number;
  }) {
    this.site = given.site;
    this.picture = pictureOf(given.site);
    this.facts = given.facts;
    this.monitored = given.monitored;
    this.agentAt = given.agentAt;
    // What no documented way leads to answers over the internet.
    const near = this.#walk(
      () => true,
      () => true,
    );
    this.#beyond = new Set(this.site.devices.flatMap((_, index) => (near.has(index + 1) ? [] : [index + 1])));
  }

  /** What the agent sees then: who has power, who is reached, which ports are dark, which supplies have failed. */
  see(broken: Broken, more: readonly Condition[] = []) {
    const { site, facts } = this;
    const gone = {
      devices: new Set(broken.devices),
      cables: new Set(broken.cables),
      ports: new Set<number>(),
    };
    const noCord = site.gone(site.power, gone);
    const noCable = site.gone(site.network, gone);
    const lit = reachable(site.power.graph, 0, noCord);
    const first = site.devices.length + 1;
    const runs = (id: number) => {
      const node = site.node(id) ?? 0;
      return !gone.devices.has(id) && (lit[node] === 1 || (site.power.whole.immediate[node] ?? -1) < 0);
    };
    const reached = runs(this.agentAt)
      ? this.#walk(
          (node) => runs(this.picture.ids[node] ?? 0),
          (connection) => noCable[first + connection] !== 1,
        )
      : new Set<number>();
    const unreachable = new Set<number>();
    const answering = new Set<number>();
    for (const id of this.monitored) {
      const node = site.node(id) ?? 0;
      (runs(id) && (reached.has(node) || this.#beyond.has(node)) ? answering : unreachable).add(id);
    }
    const portsDown = new Set<number>();
    const conditions = [...more];
    for (const [index, { from, to, ports }] of site.network.connections.entries()) {
      if (noCable[first + index] !== 1 && runs(from) && runs(to)) continue;
      for (const portId of ports) {
        const port = facts.ports.get(portId);
        if (port === undefined || !answering.has(port.deviceId)) continue;
        portsDown.add(portId);
        // As the rule has it: only where the far end answers.
        const far = port.deviceId === from ? to : port.deviceId === to ? from : 0;
        if (answering.has(far)) conditions.push(condition('uplink-down', port.deviceId, port.name));
      }
    }
    for (const [index, { from, to }] of site.power.connections.entries())
      if ((noCord[first + index] === 1 || !runs(from)) && answering.has(to))
        conditions.push(condition('supply-failed', to, `supply ${index}`));
    for (const id of unreachable) conditions.push(condition('unreachable', id, ''));
    return {
      site,
      unreachable,
      silent: new Set<number>(),
      answering,
      portsDown,
      conditions,
      from: [this.agentAt],
    };
  }

  causes(seen: ReturnType<TestSite['see']>, lastWords: readonly Condition[] = []): readonly FoundCause[] {
    return explain({
      picture: this.picture,
      facts: this.facts,
      agents: [{ id: 1, name: 'local', deviceId: this.agentAt }],
      polledBy: () => 1,
      signs: testSigns,
      lastWords,
      input: seen,
    }).causes;
  }

  #walk(passes: (node: number) => boolean, leads: (connection: number) => boolean): Set<number> {
    const { picture } = this;
    const home = this.site.node(this.agentAt) ?? 0;
    const found = new Set([home]);
    for (const node of found)
      if (picture.transit[node] === 1 || node === home)
        eachNeighbour(picture.network, node, (other, connection) => {
          if (leads(connection) && passes(other)) found.add(other);
        });
    return found;
  }
}
