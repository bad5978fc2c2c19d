import type { Drafts } from './drafts.ts';
import type { AgentFacts } from './facts.ts';
import { eachNeighbour, neighboursOf } from './picture.ts';
import { Standing } from './sight.ts';
import { cablesFrom } from './ways.ts';
import { texts, words } from './words.ts';

/** Fewer devices than these say nothing about an agent whose place is not documented. */
const enoughToTell = 3;

/**
 * Agents that are silent or do not reach their own gateway, and agents that see nothing of what is around them: then it is their own way into the network that is
 * interrupted, and nothing can be said of what lies behind it.
 */
export function findAgents(drafts: Drafts): void {
  const { known } = drafts;
  for (const condition of known.input.conditions) {
    const sign = drafts.signOf(condition);
    if (sign !== 'agent-silent' && sign !== 'agent-offline') continue;
    // Who has no network sees everything dead; of whom nothing is heard, nothing is heard of what it polls.
    const suffers = sign === 'agent-silent' ? Standing.silent : Standing.dead;
    const agent = known.agents.find(({ name }) => name === condition.entity);
    if (agent === undefined) continue;
    // Not the device that it runs on: that may be well.
    const number = drafts.add(`agent:${agent.id}`, { kind: 'agent', name: agent.name });
    drafts.claim(number, condition.id);
    for (let node = 1; node <= known.picture.size; node++)
      if (drafts.state[node] === suffers && known.polledBy(drafts.id(node)) === agent.id)
        drafts.give(node, number);
  }
  for (const agent of known.agents) findCutOff(drafts, agent);
}

function findCutOff(drafts: Drafts, agent: AgentFacts): void {
  const { picture, polledBy, site } = { ...drafts.known, site: drafts.known.picture.site };
  const home = agent.deviceId === null ? undefined : site.node(agent.deviceId);
  const hasWay = home !== undefined && neighboursOf(picture.network, home).length > 0;
  const around = hasWay ? connectedWith(drafts, home) : null;
  const dead: number[] = [];
  for (let node = 1; node <= picture.size; node++) {
    const state = drafts.state[node];
    if (node === home || (around !== null && around[node] !== 1)) continue;
    if (polledBy(drafts.id(node)) !== agent.id) continue;
    if (state === Standing.answers) return;
    if (state === Standing.dead) dead.push(node);
  }
  if (dead.length < (hasWay ? 2 : enoughToTell)) return;
  const firstHops = hasWay ? [...new Set(neighboursOf(picture.network, home))] : [];
  const only = firstHops.length === 1 ? firstHops[0] : undefined;
  const way =
    home !== undefined && only !== undefined ? cablesFrom(drafts, home, only) : { ids: [], labels: [] };
  const number = drafts.add(`agent:${agent.id}`, {
    kind: 'agent',
    name: agent.name,
    deviceId: agent.deviceId,
    linkId: way.ids[0] ?? null,
    linkLabel: way.labels[0] ?? null,
    also: texts(
      home === undefined ? null : words.agentHost(drafts.name(home)),
      only === undefined ? null : words.firstHop(drafts.name(only)),
    ),
  });
  for (const node of firstHops) drafts.recheck(number, node);
  for (const node of dead) drafts.give(node, number);
  if (home !== undefined && drafts.state[home] === Standing.dead) drafts.give(home, number);
}

/** What the documentation connects with it, whether it answers or not. */
function connectedWith(drafts: Drafts, start: number): Uint8Array {
  const { picture } = drafts.known;
  const seen = new Uint8Array(picture.size + 1);
  const queue = new Int32Array(picture.size + 1);
  let length = 0;
  queue[length++] = start;
  seen[start] = 1;
  for (let at = 0; at < length; at++) {
    const node = queue[at] ?? 0;
    if (picture.transit[node] !== 1 && node !== start) continue;
    eachNeighbour(picture.network, node, (other) => {
      if (seen[other] === 1) return;
      seen[other] = 1;
      queue[length++] = other;
    });
  }
  return seen;
}
