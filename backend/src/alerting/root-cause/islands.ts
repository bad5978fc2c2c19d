import type { Drafts } from './drafts.ts';
import { eachNeighbour, neighboursOf } from './picture.ts';
import { Standing } from './sight.ts';
import { texts, words } from './words.ts';

/** Dead devices that no documented way connects with what is reached: another site behind a line, or without cabling. */
export function findIslands(drafts: Drafts): void {
  const islands = islandsOf(drafts);
  const bySite = Map.groupBy(islands, ([first]) => drafts.fact(first ?? 0)?.siteId ?? 0);
  for (const [siteId, list] of bySite) {
    if (list.length >= 2 && isAllDead(drafts, (node) => drafts.fact(node)?.siteId === siteId)) {
      const sources = list.flat().filter((node) => isSource(drafts, node));
      const name = drafts.known.facts.sites.get(siteId) ?? '';
      const number = drafts.add(`site:${siteId}/reachability`, {
        kind: 'link',
        name,
        deviceId: sources.length === 1 && sources[0] !== undefined ? drafts.id(sources[0]) : null,
        also: [words.siteDark(name)],
      });
      for (const node of list.flat()) {
        drafts.give(node, number);
        drafts.recheck(number, node);
      }
      continue;
    }
    const byRoom = Map.groupBy(list, ([first]) => drafts.fact(first ?? 0)?.roomId ?? 0);
    for (const [roomId, inRoom] of byRoom) {
      const loose = inRoom
        .flat()
        .filter((node) => neighboursOf(drafts.known.picture.network, node).length === 0);
      const together =
        loose.length >= 2 && isAllDead(drafts, (node) => isLooseIn(drafts, node, roomId)) ? roomId : null;
      for (const island of inRoom) blameIsland(drafts, island, together);
    }
  }
}

function blameIsland(drafts: Drafts, island: readonly number[], roomId: number | null): void {
  const root = rootOf(drafts, island);
  if (root === undefined) return;
  const { rooms, sites } = drafts.known.facts;
  const siteId = drafts.fact(root)?.siteId ?? 0;
  const number =
    roomId !== null && island.length === 1
      ? drafts.add(`room:${roomId}/reachability`, {
          kind: 'link',
          name: rooms.get(roomId) ?? '',
          also: [words.siteDark(rooms.get(roomId) ?? '')],
        })
      : drafts.add(drafts.keyOf(root), {
          kind: 'device',
          name: drafts.name(root),
          deviceId: drafts.id(root),
          also: texts(island.length > 1 ? words.lineTo(sites.get(siteId) ?? '') : null),
        });
  drafts.recheck(number, root);
  for (const node of island) drafts.give(node, number);
}

/** Dead nodes without an owner, by what connects them. */
function islandsOf(drafts: Drafts): number[][] {
  const { picture } = drafts.known;
  const seen = new Uint8Array(picture.size + 1);
  const islands: number[][] = [];
  for (let start = 1; start <= picture.size; start++) {
    if (drafts.state[start] !== Standing.dead || drafts.owner[start] !== 0 || seen[start] === 1) continue;
    const island = [start];
    seen[start] = 1;
    for (const node of island)
      eachNeighbour(picture.network, node, (other) => {
        if (seen[other] === 1 || drafts.owner[other] !== 0) return;
        if (drafts.state[other] !== Standing.dead && drafts.state[other] !== Standing.unmonitored) return;
        seen[other] = 1;
        island.push(other);
      });
    islands.push(island);
  }
  return islands;
}

/** Where its network comes from; else what has the most connections. */
function rootOf(drafts: Drafts, island: readonly number[]): number | undefined {
  const dead = island.filter((node) => drafts.state[node] === Standing.dead);
  const degree = (node: number) => neighboursOf(drafts.known.picture.network, node).length;
  const rank = (node: number) => {
    const role = drafts.fact(node)?.role;
    if (role === 'router') return 3;
    if (role === 'firewall') return 2;
    return isSource(drafts, node) ? 1 : 0;
  };
  return dead.toSorted((a, b) => rank(b) - rank(a) || degree(b) - degree(a) || a - b)[0];
}

function isSource(drafts: Drafts, node: number): boolean {
  return (
    drafts.known.picture.site.devices[node - 1]?.networkSource === true &&
    neighboursOf(drafts.known.picture.network, node).length > 0
  );
}

function isLooseIn(drafts: Drafts, node: number, roomId: number): boolean {
  return (
    drafts.fact(node)?.roomId === roomId && neighboursOf(drafts.known.picture.network, node).length === 0
  );
}

function isAllDead(drafts: Drafts, among: (node: number) => boolean): boolean {
  for (let node = 1; node <= drafts.known.picture.size; node++) {
    const state = drafts.state[node];
    if ((state === Standing.answers || state === Standing.silent) && among(node)) return false;
  }
  return true;
}
