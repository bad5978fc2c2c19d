import { type Dominators, dominators } from './dominators.ts';
import { type FlowGraph, flowGraph, reversed } from './flow-graph.ts';

/** One connection of two devices: a network path through cables and panels, or a power cord. */
export interface Connection {
  /** Of a power cord: who supplies. */
  readonly from: number;
  readonly to: number;
  readonly cables: readonly number[];
  /** Ports on the way, those at both ends included. */
  readonly ports: readonly number[];
  /** Devices on the way that only lead on: panels. */
  readonly through: readonly number[];
}

export interface SiteDevice {
  readonly id: number;
  /** Traffic of others passes through it: a switch, not a server with two cards. */
  readonly transit: boolean;
  /** Where the network comes from, for those around it: a firewall, a router, the end of a provider's line. */
  readonly networkSource: boolean;
  /** A cable from it leaves what is documented: a provider's line. */
  readonly line?: boolean;
  /** It has power without that a documented cord brings it. */
  readonly powerSource: boolean;
}

/** What has been taken out. */
export interface Gone {
  readonly devices: ReadonlySet<number>;
  readonly cables: ReadonlySet<number>;
  readonly ports: ReadonlySet<number>;
}

/** One of the two nets over the same devices: node 0 is where it comes from, then devices, then connections. */
export interface Net {
  readonly graph: FlowGraph;
  /** The same the other way round. */
  readonly back: FlowGraph;
  readonly connections: readonly Connection[];
  readonly whole: Dominators;
}

/** Devices, how they are connected, and how they are fed. What asks of it lies in impact.ts. */
export class SiteGraph {
  readonly devices: readonly SiteDevice[];
  readonly network: Net;
  readonly power: Net;
  readonly #index: ReadonlyMap<number, number>;

  constructor(given: {
    devices: readonly SiteDevice[];
    network: readonly Connection[];
    power: readonly Connection[];
  }) {
    this.devices = given.devices;
    this.#index = new Map(given.devices.map((device, index) => [device.id, index + 1]));
    this.network = this.#net(given.network, (device) => device.networkSource, 'both');
    this.power = this.#net(given.power, (device) => device.powerSource, 'forth');
  }

  /** The device's node in both nets. */
  node(deviceId: number): number | undefined {
    return this.#index.get(deviceId);
  }

  /** Marks what is not there. */
  gone(net: Net, gone: Gone): Uint8Array {
    const mask = new Uint8Array(net.graph.size);
    for (const id of gone.devices) {
      const node = this.#index.get(id);
      if (node !== undefined) mask[node] = 1;
    }
    const first = this.devices.length + 1;
    for (const [index, { cables, ports, through }] of net.connections.entries())
      if (
        cables.some((id) => gone.cables.has(id)) ||
        ports.some((id) => gone.ports.has(id)) ||
        through.some((id) => gone.devices.has(id))
      )
        mask[first + index] = 1;
    return mask;
  }

  #net(
    connections: readonly Connection[],
    isSource: (device: SiteDevice) => boolean,
    direction: 'forth' | 'both',
  ): Net {
    const from: number[] = [];
    const to: number[] = [];
    const edge = (a: number, b: number) => {
      from.push(a);
      to.push(b);
    };
    const leads = (node: number) => direction === 'forth' || this.devices[node - 1]?.transit === true;
    for (const [index, device] of this.devices.entries()) if (isSource(device)) edge(0, index + 1);
    const first = this.devices.length + 1;
    for (const [index, connection] of connections.entries()) {
      const a = this.#index.get(connection.from);
      const b = this.#index.get(connection.to);
      if (a === undefined || b === undefined) continue;
      // A connection is a node of its own: two cables side by side are two ways.
      const own = first + index;
      edge(own, b);
      if (leads(a)) edge(a, own);
      if (direction === 'forth') continue;
      edge(own, a);
      if (leads(b)) edge(b, own);
    }
    const graph = flowGraph(first + connections.length, from, to);
    const back = reversed(graph);
    return { graph, back, connections, whole: dominators(graph, 0, new Uint8Array(graph.size), back) };
  }
}
