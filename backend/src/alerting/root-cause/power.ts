import type { BilingualText, Condition } from '@rackhaus/config/contract';
import { reachable } from '../../cabling/graph/flow-graph.ts';
import type { Drafts } from './drafts.ts';
import { commonWay, nearEnds } from './near.ts';
import { eachNeighbour, neighboursOf } from './picture.ts';
import { type Sight, Standing } from './sight.ts';
import { texts, words } from './words.ts';

/** UPS of one site that lose their mains within this time have lost it together. */
const togetherMs = 60_000;
/** A supply is blamed when it explains as many things as this. */
const enough = 2;

/**
 * UPS on battery: each is a cause, and all of a site's together are that site's mains. What such a UPS had said last counts also
 * when it does not answer any more: its battery is empty then. Returns the cause of each such UPS by node.
 */
export function findOnBattery(drafts: Drafts): ReadonlyMap<number, number> {
  const { known, state } = drafts;
  const begun = new Map<number, Condition>();
  for (const condition of [...known.lastWords, ...known.input.conditions])
    if (drafts.signOf(condition) === 'on-battery') {
      const node = known.picture.site.node(condition.deviceId);
      const isCurrent = !known.lastWords.includes(condition);
      if (node !== undefined && (isCurrent || state[node] === Standing.dead)) begun.set(node, condition);
    }
  const bySite = Map.groupBy(begun, ([node]) => drafts.fact(node)?.siteId ?? 0);
  const causes = new Map<number, number>();
  for (const [siteId, list] of bySite) {
    const times = list.map(([, condition]) => condition.since);
    const together =
      list.length >= 2 &&
      list.length === upsAt(drafts, siteId) &&
      Math.max(...times) - Math.min(...times) <= togetherMs;
    for (const [node, condition] of list) {
      const number = together
        ? drafts.add(`site:${siteId}/mains`, {
            kind: 'mains',
            name: known.facts.sites.get(siteId) ?? '',
            also: [],
          })
        : drafts.add(`power:${drafts.id(node)}`, {
            kind: 'power',
            name: drafts.name(node),
            deviceId: drafts.id(node),
            also: [words.fuse()],
          });
      causes.set(node, number);
      drafts.recheck(number, node);
      if (state[node] === Standing.dead) drafts.give(node, number);
      else {
        drafts.claim(number, condition.id);
        for (const other of drafts.conditionsOf(drafts.id(node)))
          if (drafts.signOf(other) === 'battery' || drafts.signOf(other) === 'no-output')
            drafts.claim(number, other.id);
      }
    }
  }
  return causes;
}

function upsAt(drafts: Drafts, siteId: number): number {
  let count = 0;
  for (let node = 1; node <= drafts.known.picture.size; node++)
    if (drafts.state[node] !== Standing.unmonitored) {
      const fact = drafts.fact(node);
      if (fact?.role === 'ups' && fact.siteId === siteId) count++;
    }
  return count;
}

/**
 * Finds supplies (UPS, PDU) that explain several dead devices at once: everything that has power only through them is dead, and
 * they do not answer, say that they supply nothing, or are not watched. Gives them what they explain, and then all that
 * has lost its last feed.
 */
export function findSupplies(drafts: Drafts, sight: Sight, onBattery: ReadonlyMap<number, number>): void {
  withoutUps(drafts, sight);
  const { picture } = drafts.known;
  const frontier = new Uint8Array(picture.size + 1);
  for (const node of sight.frontier) if (drafts.owner[node] === 0) frontier[node] = 1;
  const { alive, open } = countBelow(drafts, frontier);
  const lost = lostSupplies(drafts);
  const dry = new Set<number>();
  for (const node of picture.supplyOrder)
    if (onBattery.has(node) || saysNoOutput(drafts, node)) dry.add(node);

  const candidates: { node: number; score: number; depth: number }[] = [];
  for (const [depth, node] of picture.supplyOrder.entries()) {
    if (neighboursOf(picture.feeds, node).length === 0 || (alive[node] ?? 0) > 0) continue;
    const isDry = dry.has(node);
    if (drafts.state[node] === Standing.answers && !isDry) continue;
    if (drafts.state[node] === Standing.silent) continue;
    const score = (open[node] ?? 0) + (frontier[node] ?? 0) + (lost.get(node) ?? 0);
    if (score >= enough || (isDry && score >= 1)) candidates.push({ node, score, depth });
  }
  // Leaves stand first in the order: of two that explain the same, the nearer one.
  candidates.sort((a, b) => b.score - a.score || a.depth - b.depth);
  const done = new Uint8Array(picture.size + 1);
  for (const { node } of candidates) {
    const explained = below(drafts, node).filter((each) => frontier[each] === 1 && done[each] === 0);
    const lostHere = done[node] === 1 ? 0 : (lost.get(node) ?? 0);
    if (explained.length + lostHere < enough && !(dry.has(node) && explained.length >= 1)) continue;
    const number = onBattery.get(node) ?? blame(drafts, node, commonCable(drafts, sight, explained));
    for (const each of below(drafts, node)) {
      done[each] = 1;
      if (drafts.state[each] === Standing.dead) drafts.give(each, number);
    }
    if (drafts.state[node] === Standing.unmonitored) drafts.give(node, number);
  }
  darken(drafts, frontier, alive);
  claimLost(drafts);
}

/** Cables that would explain the same. */
function commonCable(drafts: Drafts, sight: Sight, nodes: readonly number[]): BilingualText | null {
  const { labels } = commonWay(
    drafts,
    nodes.flatMap((node) => nearEnds(drafts, sight, node)),
  );
  return labels.length > 0 ? words.cable(labels) : null;
}

function blame(drafts: Drafts, node: number, other: BilingualText | null = null): number {
  const number = drafts.add(`power:${drafts.id(node)}`, {
    kind: 'power',
    name: drafts.name(node),
    deviceId: drafts.id(node),
    also: texts(words.fuse(), other),
  });
  for (const feeder of neighboursOf(drafts.known.picture.fedBy, node)) drafts.recheck(number, feeder);
  for (const fed of neighboursOf(drafts.known.picture.feeds, node)) drafts.recheck(number, fed);
  return number;
}

function saysNoOutput(drafts: Drafts, node: number): boolean {
  return (
    drafts.state[node] === Standing.answers &&
    drafts.conditionsOf(drafts.id(node)).some((condition) => drafts.signOf(condition) === 'no-output')
  );
}

/** By node: how many answer that have power only through it, and how many of the frontier. */
export function countBelow(drafts: Drafts, frontier: Uint8Array) {
  const { picture } = drafts.known;
  const alive = new Int32Array(picture.size + 1);
  const open = new Int32Array(picture.size + 1);
  for (const node of picture.supplyOrder) {
    const above = picture.supply[node] ?? 0;
    if (above === 0) continue;
    alive[above] =
      (alive[above] ?? 0) + (alive[node] ?? 0) + (drafts.state[node] === Standing.answers ? 1 : 0);
    open[above] = (open[above] ?? 0) + (open[node] ?? 0) + (frontier[node] ?? 0);
  }
  return { alive, open };
}

/** A node and all that have power only through it. */
function below(drafts: Drafts, node: number): number[] {
  const found = [node];
  for (const each of found)
    for (const next of neighboursOf(drafts.known.picture.supplied, each)) found.push(next);
  return found;
}

/** By supply: how many devices that go on running say that one of their power supplies has failed. */
function lostSupplies(drafts: Drafts): ReadonlyMap<number, number> {
  const { picture } = drafts.known;
  const lost = new Map<number, number>();
  for (const node of failedSupplies(drafts)) {
    const above = new Set<number>();
    for (const feeder of neighboursOf(picture.fedBy, node))
      for (let at = feeder; at > 0 && !above.has(at); at = picture.supply[at] ?? 0) above.add(at);
    for (const each of above) lost.set(each, (lost.get(each) ?? 0) + 1);
  }
  return lost;
}

function failedSupplies(drafts: Drafts): Set<number> {
  const nodes = new Set<number>();
  for (const condition of drafts.known.input.conditions) {
    if (drafts.signOf(condition) !== 'supply') continue;
    const node = drafts.known.picture.site.node(condition.deviceId);
    if (node !== undefined && drafts.state[node] === Standing.answers) nodes.add(node);
  }
  return nodes;
}

/** What has lost its last feed to several dead supplies together belongs to the first of them. */
function darken(drafts: Drafts, frontier: Uint8Array, alive: Int32Array): void {
  const { picture } = drafts.known;
  const { graph, whole } = picture.site.power;
  const gone = new Uint8Array(graph.size);
  let any = false;
  for (let node = 1; node <= picture.size; node++) {
    if (neighboursOf(picture.feeds, node).length === 0 || (alive[node] ?? 0) > 0) continue;
    const isDead = drafts.state[node] === Standing.dead || drafts.owner[node] !== 0;
    if (!isDead || (frontier[node] !== 1 && drafts.owner[node] === 0)) continue;
    gone[node] = 1;
    any = true;
  }
  if (!any) return;
  const lit = reachable(graph, 0, gone);
  for (let node = 1; node <= picture.size; node++) {
    if (frontier[node] !== 1 || drafts.owner[node] !== 0 || gone[node] === 1) continue;
    if (lit[node] === 1 || (whole.immediate[node] ?? -1) < 0) continue;
    for (let at = neighboursOf(picture.fedBy, node)[0] ?? 0; at > 0; at = picture.supply[at] ?? 0) {
      if (gone[at] !== 1) continue;
      drafts.give(node, drafts.owner[at] || blameAlone(drafts, at));
      break;
    }
  }
}

/** Where the mains of a site are gone, so is what hangs on no UPS. */
function withoutUps(drafts: Drafts, sight: Sight): void {
  const { picture } = drafts.known;
  for (const node of sight.frontier) {
    if (drafts.owner[node] !== 0) continue;
    const number = drafts.numberOf(`site:${drafts.fact(node)?.siteId ?? 0}/mains`);
    if (number === undefined) continue;
    const above = [node];
    for (const each of above)
      for (const feeder of neighboursOf(picture.fedBy, each)) if (!above.includes(feeder)) above.push(feeder);
    if (above.every((each) => drafts.fact(each)?.role !== 'ups')) drafts.give(node, number);
  }
}

/** Dead itself, and with others the reason why what they feed is dark. */
function blameAlone(drafts: Drafts, node: number): number {
  const number = blame(drafts, node);
  drafts.give(node, number);
  return number;
}

/**
 * Failed power supplies of devices that hang on a dead supply come from that. Any other is a fault of its device, its cord, or
 * of what feeds it: that is read again first.
 */
function claimLost(drafts: Drafts): void {
  const { picture } = drafts.known;
  for (const node of failedSupplies(drafts)) {
    let number = 0;
    eachNeighbour(picture.fedBy, node, (feeder) => {
      for (let at = feeder; at > 0 && number === 0; at = picture.supply[at] ?? 0)
        number = drafts.owner[at] ?? 0;
    });
    if (number === 0) number = blameSupply(drafts, node);
    for (const condition of drafts.conditionsOf(drafts.id(node)))
      if (drafts.signOf(condition) === 'supply') drafts.claim(number, condition.id);
  }
}

function blameSupply(drafts: Drafts, node: number): number {
  const { picture, facts } = drafts.known;
  const feeders = [...new Set(neighboursOf(picture.fedBy, node))];
  const cords = picture.site.power.connections
    .filter(({ to }) => to === drafts.id(node))
    .flatMap(({ cables }) => cables.flatMap((id) => facts.cables.get(id) || []));
  const number = drafts.add(`device:${drafts.id(node)}/supply`, {
    kind: 'device',
    name: drafts.name(node),
    deviceId: drafts.id(node),
    also: texts(cords.length > 0 ? words.cord(cords) : null),
  });
  for (const feeder of feeders) drafts.recheck(number, feeder);
  return number;
}
