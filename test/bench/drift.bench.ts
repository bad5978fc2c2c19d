import {
  compare,
  Directory,
  KnownCables,
  type KnownDevice,
  seenByPort,
  wayFrom,
} from '@rackhaus/backend/drift';
import type { Observation, Sightings } from '@rackhaus/config/contract';
import { type Figure, median } from './figure.ts';

const switches = 600;
const ports = 48;
/** Of each switch: ports to other switches, which introduce themselves. Behind all others is a PC, known by its MAC address. */
const uplinks = 4;
/** Every so many cords is plugged in elsewhere. */
const movedEach = 100;
const rounds = 15;
const warmUpRounds = 5;

/**
 * What it costs to compare what 600 switches of 48 ports say with what is documented: who introduces himself where, whose MAC
 * addresses are where, what differs. `drift-anew`: after the documentation has changed, with who is who and where each way leads
 * (to PCs through panel and outlet) worked out anew besides. Reading the database is not in it.
 */
export async function run(): Promise<readonly Figure[]> {
  const town = build();
  const known = prepare(town);
  return [
    measure('drift', 200, () => check(town, once(town, known))),
    measure('drift-anew', 500, () => check(town, once(town, prepare(town)))),
  ];
}

function measure(name: string, atMost: number, work: () => void): Figure {
  const costs: number[] = [];
  for (let round = 0; round < warmUpRounds + rounds; round++) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    if (round >= warmUpRounds) costs.push((user + system) / 1000);
  }
  return { name, value: median(costs), unit: 'ms-cpu', atMost };
}

function check(town: Town, { verdicts, findings }: ReturnType<typeof once>): void {
  let confirmed = 0;
  for (const { verdict } of verdicts.values()) if (verdict === 'confirmed') confirmed++;
  if (confirmed !== town.confirmed || findings.length !== town.wrong)
    throw new Error(
      `${confirmed} confirmed and ${findings.length} findings, not ${town.confirmed} and ${town.wrong}`,
    );
}

function prepare({ devices, graph, observations, watched }: Town) {
  const directory = new Directory({ devices, observations });
  return { directory, ways: new Map(watched.map((id) => [id, wayFrom(graph, id)])) };
}

type Town = ReturnType<typeof build>;

function once(
  { observations, sightings, watched, ownerOf }: Town,
  { directory, ways }: ReturnType<typeof prepare>,
) {
  const none = { kind: 'none', cables: [] } as const;
  const way = (portId: number) => ways.get(portId) ?? none;
  const deviceOf = (portId: number) => ownerOf.get(portId) ?? null;
  const seen = seenByPort({
    observations,
    sightings,
    directory,
    passesOn: (deviceId) => deviceId <= switches,
    documentedFar: (portId) => {
      const to = way(portId);
      return to.kind === 'device' ? deviceOf(to.far) : null;
    },
    heardAt: () => 1,
    link: () => undefined,
  });
  return compare({
    ports: watched,
    way,
    deviceOf,
    seen,
    link: () => undefined,
    isIdentified: (deviceId) => directory.isIdentified(deviceId),
    hasMac: () => true,
    now: 1,
    darkMs: 1,
  });
}

function build() {
  let lastPort = 0;
  let lastDevice = switches;
  let links = 0;
  const wired: ConstructorParameters<typeof KnownCables>[0] extends Iterable<infer P> ? P[] : never = [];
  const cables: ConstructorParameters<typeof KnownCables>[1] extends Iterable<infer L> ? L[] : never = [];
  const ownerOf = new Map<number, number>();
  const port = (owner: number | null) => {
    const id = ++lastPort;
    if (owner !== null) ownerOf.set(id, owner);
    wired.push({ id, endpoint: owner !== null, twoSided: owner === null, lanes: 1, wires: [] });
    return id;
  };
  const join = (a: number, b: number, sideA: 'front' | 'rear' = 'front', sideB: 'front' | 'rear' = 'front') =>
    cables.push({
      id: ++links,
      ends: [
        { side: 'a', connector: 1, portId: a, portSide: sideA },
        { side: 'b', connector: 1, portId: b, portSide: sideB },
      ],
      laneMap: null,
      provider: false,
      planned: false,
      length: null,
      toCheck: false,
    });
  const own = new Map<number, number[]>();
  for (let id = 1; id <= switches; id++)
    own.set(
      id,
      Array.from({ length: ports }, () => port(id)),
    );
  const devices: KnownDevice[] = [];
  const observations = new Map<number, Observation>();
  const sightings = new Map<number, Sightings>();
  const portOf = (device: number, index: number) => own.get(device)?.[index] ?? 0;
  let confirmed = 0;
  let wrong = 0;
  for (let id = 1; id <= switches; id++) {
    const neighbours: Observation['neighbours'] = [];
    const learned: Sightings['ports'] = [];
    for (let index = 0; index < ports; index++) {
      if (index < uplinks) {
        // A ring: the upper ports of one switch lead to the lower ports of the next.
        const forward = index < uplinks / 2;
        const other = forward ? (id % switches) + 1 : ((id + switches - 2) % switches) + 1;
        const there = (index + uplinks / 2) % uplinks;
        if (forward) join(portOf(id, index), portOf(other, there));
        neighbours.push(neighbour(nameOf(index), `sw-${other}`, nameOf(there)));
        confirmed++;
        continue;
      }
      const pc = ++lastDevice;
      const nic = port(pc);
      const [panel, outlet] = [port(null), port(null)];
      join(portOf(id, index), panel);
      join(panel, outlet, 'rear', 'rear');
      join(outlet, nic);
      const mac = macOf(pc);
      devices.push({
        id: pc,
        name: `pc-${pc}`,
        addresses: [],
        ports: [{ id: nic, name: 'LAN', label: null, mac }],
      });
      learned.push({ name: nameOf(index), count: 1, macs: [{ mac, vlan: 1 }] });
      confirmed++;
    }
    // Two PCs have been swapped.
    if (id % (movedEach / 10) === 0) {
      const [a, b] = learned;
      if (a !== undefined && b !== undefined)
        learned.splice(0, 2, { ...a, macs: b.macs }, { ...b, macs: a.macs });
      confirmed -= 2;
      wrong += 2;
    }
    devices.push({
      id,
      name: `sw-${id}.rathaus.lan`,
      addresses: [`10.0.${id >> 8}.${id & 255}`],
      ports: (own.get(id) ?? []).map((portId, index) => ({
        id: portId,
        name: nameOf(index),
        label: null,
        mac: null,
      })),
    });
    observations.set(id, observationOf(id, neighbours));
    sightings.set(id, { deviceId: id, time: 1, ports: learned, addresses: [] });
  }
  const graph = new KnownCables(wired, cables);
  const watched = [...own.values()].flat();
  return { devices, graph, observations, sightings, watched, ownerOf, confirmed, wrong };
}

const nameOf = (index: number) => `Gi1/0/${index + 1}`;
const macOf = (id: number) =>
  `00:16:3e:${[id >> 16, id >> 8, id].map((byte) => (byte & 255).toString(16).padStart(2, '0')).join(':')}`;

function neighbour(
  localPort: string,
  remoteName: string,
  remotePort: string,
): Observation['neighbours'][number] {
  return {
    localPort,
    remoteName,
    remotePort: remotePort.replace('Gi', 'GigabitEthernet'),
    remoteDescription: null,
    protocol: 'lldp',
    chassis: null,
    portDescription: null,
    managementAddress: null,
  };
}

function observationOf(deviceId: number, neighbours: Observation['neighbours']): Observation {
  return {
    deviceId,
    time: 1,
    profile: 'switch',
    identity: {
      os: null,
      vendor: null,
      model: null,
      serial: null,
      firmware: null,
      name: `sw-${deviceId}`,
      description: null,
      location: null,
    },
    ports: Array.from({ length: ports }, (_, index) => ({
      name: nameOf(index),
      ifIndex: index + 1,
      description: null,
      alias: null,
      mac: macOf(deviceId * 256 + index + 0x800000),
      type: 6,
    })),
    entities: [],
    neighbours,
  };
}
