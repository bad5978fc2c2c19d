import { impactOf } from '@rackhaus/backend/impact';
import { type Connection, SiteGraph } from '@rackhaus/backend/site-graph';
import { type Figure, percentile } from './figure.ts';

const municipalities = 60;
const switchesEach = 26;
const hostsPerSwitch = 63;

/**
 * What fails, asked of a whole district: 100,000 devices, each municipality with two cores, switches on both, what is plugged into
 * them, and power from two UPS. CPU time of one question about a core, a UPS or an uplink.
 */
export async function run(): Promise<readonly Figure[]> {
  const { site, questions } = district();
  const costs: number[] = [];
  for (let round = 0; round < 5; round++)
    for (const { devices, cables } of questions) {
      const before = process.cpuUsage();
      const losses = impactOf(site, {
        devices: new Set(devices),
        cables: new Set(cables),
        ports: new Set(),
      });
      const { user, system } = process.cpuUsage(before);
      if (losses.size === 0) throw new Error('nothing failed');
      if (round > 0) costs.push((user + system) / 1000);
    }
  return [{ name: 'impact', value: percentile(costs, 0.5), unit: 'ms', atMost: 60 }];
}

function district() {
  const network: Connection[] = [];
  const power: Connection[] = [];
  const questions: { devices: number[]; cables: number[] }[] = [];
  let ids = 0;
  let cables = 0;
  const transit = new Set<number>();
  const networkSources = new Set<number>();
  const device = () => ++ids;
  const join = (list: Connection[], from: number, to: number) => {
    cables++;
    list.push({ from, to, cables: [cables], ports: [cables * 2, cables * 2 + 1], through: [] });
    return cables;
  };
  for (let m = 0; m < municipalities; m++) {
    const firewall = device();
    const cores = [device(), device()];
    const supplies = [device(), device()];
    networkSources.add(firewall);
    for (const one of [firewall, ...cores]) transit.add(one);
    for (const core of cores) join(network, firewall, core);
    let uplink = 0;
    for (let s = 0; s < switchesEach; s++) {
      const access = device();
      transit.add(access);
      for (const core of cores) uplink = join(network, core, access);
      for (const supply of supplies) join(power, supply, access);
      for (let h = 0; h < hostsPerSwitch; h++) {
        const host = device();
        join(network, access, host);
        join(power, supplies[h % 2] ?? 0, host);
      }
    }
    if (m % 10 === 0)
      questions.push(
        { devices: [cores[0] ?? 0], cables: [] },
        { devices: [supplies[0] ?? 0], cables: [] },
        { devices: [], cables: [uplink] },
      );
  }
  const fed = new Set(power.map((cord) => cord.to));
  const site = new SiteGraph({
    devices: Array.from({ length: ids }, (_, index) => ({
      id: index + 1,
      transit: transit.has(index + 1),
      networkSource: networkSources.has(index + 1),
      powerSource: !fed.has(index + 1),
    })),
    network,
    power,
  });
  return { site, questions };
}
