import type { BilingualText } from '@rackhaus/config/contract';
import type { Drafts } from './drafts.ts';
import { commonWay, type NearEnd, nearEnds } from './near.ts';
import { neighboursOf } from './picture.ts';
import { countBelow } from './power.ts';
import { type Sight, Standing } from './sight.ts';
import { cablesOf } from './ways.ts';
import { texts, words } from './words.ts';

/** Every device of the frontier without an explanation is one itself: it, or the cable to it. */
export function findDead(drafts: Drafts, sight: Sight): void {
  const { alive } = countBelow(drafts, new Uint8Array(drafts.state.length));
  for (const node of sight.frontier)
    if (drafts.owner[node] === 0) drafts.give(node, blame(drafts, sight, node, (alive[node] ?? 0) > 0));
}

function blame(drafts: Drafts, sight: Sight, node: number, feedsWhatRuns: boolean): number {
  const near = nearEnds(drafts, sight, node);
  const [only] = near.length === 1 ? near : [];
  const way = commonWay(drafts, near);
  const runs =
    feedsWhatRuns || leadsOn(drafts, node) || drafts.known.input.running?.has(drafts.id(node)) === true;
  const number =
    only !== undefined && way.ids.length > 0 && runs && isDown(drafts, only.connection)
      ? blameCable(drafts, only.connection, only.neighbour, node)
      : drafts.add(drafts.keyOf(node), {
          kind: 'device',
          name: drafts.name(node),
          deviceId: drafts.id(node),
          linkId: way.ids[0] ?? null,
          linkLabel: way.labels[0] ?? null,
          also: texts(
            runs ? words.management() : null,
            cableWords(drafts, node, only, way.labels),
            runs ? null : supplyWords(drafts, node),
          ),
        });
  drafts.recheck(number, node);
  // What is above it may be dead too, and only not read since: all of the way is asked at once, not hop by hop.
  const above = near.filter(({ neighbour }) => sight.via[neighbour] !== 0);
  for (const { neighbour } of above) drafts.recheck(number, neighbour);
  for (const { neighbour } of above)
    for (let node = sight.via[neighbour] ?? 0; node !== 0; node = sight.via[node] ?? 0)
      drafts.recheck(number, node);
  for (const { neighbour } of near) drafts.recheck(number, neighbour);
  return number;
}

/** A cable that all ways to several dead devices share, and nothing else does, is what they have in common. */
export function findTrunks(drafts: Drafts, sight: Sight): void {
  const shared = new Map<number, { nodes: number[]; first: NearEnd }>();
  for (const node of sight.frontier) {
    if (drafts.owner[node] !== 0) continue;
    const near = nearEnds(drafts, sight, node);
    const [first] = near;
    if (first === undefined) continue;
    for (const cable of commonWay(drafts, near).ids) {
      const entry = shared.get(cable);
      if (entry === undefined) shared.set(cable, { nodes: [node], first });
      else entry.nodes.push(node);
    }
  }
  for (const [cable, { nodes, first }] of shared) {
    const open = nodes.filter((node) => drafts.owner[node] === 0);
    const [one] = open;
    if (open.length < 2 || one === undefined) continue;
    const number = drafts.add(`link:${cable}`, {
      kind: 'link',
      name: `${drafts.name(first.neighbour)} – ${open.map((node) => drafts.name(node)).join(', ')}`,
      linkId: cable,
      linkLabel: drafts.known.facts.cables.get(cable) || null,
    });
    for (const node of open) {
      drafts.give(node, number);
      drafts.recheck(number, node);
    }
  }
}

/** Something answers to which no other way leads. */
function leadsOn(drafts: Drafts, node: number): boolean {
  const { picture } = drafts.known;
  if (picture.transit[node] !== 1) return false;
  const around = neighboursOf(picture.network, node);
  return around.some(
    (other) =>
      drafts.state[other] === Standing.answers &&
      picture.transit[other] !== 1 &&
      neighboursOf(picture.network, other).every((next) => next === node),
  );
}

function isDown(drafts: Drafts, connection: number): boolean {
  const { ports } = drafts.known.picture.connections[connection] ?? { ports: [] };
  return ports.some((port) => drafts.known.input.portsDown.has(port));
}

/** The cable between two devices, the one at `near` first. */
export function blameCable(drafts: Drafts, connection: number, near: number, far: number): number {
  const { ids, labels } = cablesOf(drafts, connection, near);
  const number = drafts.add(`link:${ids[0] ?? 0}`, {
    kind: 'link',
    name: `${drafts.name(near)} – ${drafts.name(far)}`,
    linkId: ids[0] ?? null,
    linkLabel: labels[0] ?? null,
    also: texts(labels.length > 1 ? words.onTheWay(labels.slice(1)) : null),
  });
  drafts.recheck(number, near);
  drafts.recheck(number, far);
  return number;
}

function cableWords(
  drafts: Drafts,
  node: number,
  only: NearEnd | undefined,
  labels: readonly string[],
): BilingualText | null {
  if (labels.length > 0) return words.cable(labels);
  return only === undefined ? null : words.cableBetween(drafts.name(only.neighbour), drafts.name(node));
}

/** The nearest supply that would explain it as well; it is not known to work. */
function supplyWords(drafts: Drafts, node: number): BilingualText | null {
  const supply = drafts.known.picture.supply[node] ?? 0;
  return supply === 0 || drafts.state[supply] === Standing.answers ? null : words.supply(drafts.name(supply));
}

/** Ports that are down between devices that answer: the cable, since both run. */
export function findLinks(drafts: Drafts): void {
  const { picture, input } = drafts.known;
  const seen = new Set<number>();
  for (const port of input.portsDown)
    for (const connection of picture.connectionsAt.get(port) ?? []) {
      if (seen.has(connection)) continue;
      seen.add(connection);
      const { from, to } = picture.connections[connection] ?? { from: 0, to: 0 };
      const [a, b] = [picture.site.node(from), picture.site.node(to)];
      if (a === undefined || b === undefined) continue;
      // What leads to something dead says no more than that.
      if (drafts.state[a] === Standing.dead || drafts.state[b] === Standing.dead) continue;
      if (drafts.owner[a] !== 0 && drafts.state[a] !== Standing.answers) continue;
      if (drafts.owner[b] !== 0 && drafts.state[b] !== Standing.answers) continue;
      const conditions = drafts.linkConditions(connection);
      if (conditions.length === 0) continue;
      const number = blameCable(drafts, connection, a, b);
      for (const condition of conditions) drafts.claim(number, condition.id);
    }
}
