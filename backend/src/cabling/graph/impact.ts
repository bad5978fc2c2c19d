import { type Dominators, dominators, dominatorsOf } from './dominators.ts';
import type { Gone, SiteGraph } from './site-graph.ts';

export type Loss = 'network' | 'power' | 'redundancy';

/**
 * What devices lose when something is gone, by device id. `power`: every chain of cords from a source is interrupted (any one of
 * several supplies is enough). `network`: no way to where the network comes from is left, because of what is gone or because
 * what is on the way has no power. `redundancy`: it hangs on one cable now, and did not before. What is gone itself is
 * left out, and so is what had neither before.
 */
export function impactOf(site: SiteGraph, gone: Gone): Map<number, Loss> {
  const power = dominators(site.power.graph, 0, site.gone(site.power, gone), site.power.back);
  const dark = new Set(gone.devices);
  const losses = new Map<number, Loss>();
  for (const [index, { id }] of site.devices.entries())
    if (lost(site.power.whole, power, index + 1) && !gone.devices.has(id)) {
      dark.add(id);
      losses.set(id, 'power');
    }
  const network = dominators(
    site.network.graph,
    0,
    site.gone(site.network, { ...gone, devices: dark }),
    site.network.back,
  );
  for (const [index, { id }] of site.devices.entries()) {
    if (gone.devices.has(id) || losses.has(id)) continue;
    const node = index + 1;
    if (lost(site.network.whole, network, node)) losses.set(id, 'network');
    else if (
      (hangs(site, network, node) && !hangs(site, site.network.whole, node)) ||
      (hangs(site, power, node) && !hangs(site, site.power.whole, node))
    )
      losses.set(id, 'redundancy');
  }
  return losses;
}

/** What a device loses between two states of the site. */
export function impactBetween(before: SiteGraph, after: SiteGraph): Map<number, Loss> {
  const losses = new Map<number, Loss>();
  for (const { id } of before.devices) {
    const was = before.node(id);
    const is = after.node(id);
    if (was === undefined || is === undefined) continue;
    const nets = (['power', 'network'] as const).map((name) => ({
      name,
      was: before[name].whole,
      is: after[name].whole,
    }));
    const gone = nets.find((net) => lostBetween(net.was, was, net.is, is));
    if (gone !== undefined) losses.set(id, gone.name);
    else if (nets.some((net) => hangs(after, net.is, is) && !hangs(before, net.was, was)))
      losses.set(id, 'redundancy');
  }
  return losses;
}

/** Devices each of which alone, when it is gone, leaves a device without power; nearest first. */
export function singleSupplies(site: SiteGraph, deviceId: number): number[] {
  const node = site.node(deviceId);
  if (node === undefined) return [];
  return dominatorsOf(site.power.whole, 0, node).flatMap((each) => {
    const device = site.devices[each - 1];
    return device === undefined ? [] : [device.id];
  });
}

/** Whether there is any chain of cords from a source to the device. */
export function isFed(site: SiteGraph, deviceId: number): boolean {
  const node = site.node(deviceId);
  return node !== undefined && (site.power.whole.immediate[node] ?? -1) >= 0;
}

/** What every way to the device passes last is a cable: it has no other. */
function hangs(site: SiteGraph, { immediate }: Dominators, node: number): boolean {
  return (immediate[node] ?? -1) > site.devices.length;
}

function lost(before: Dominators, after: Dominators, node: number): boolean {
  return lostBetween(before, node, after, node);
}

function lostBetween(before: Dominators, was: number, after: Dominators, is: number): boolean {
  return (before.immediate[was] ?? -1) >= 0 && (after.immediate[is] ?? -1) < 0;
}
