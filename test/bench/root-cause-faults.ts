import type { FaultKind } from '@rackhaus/config/contract';

/** What has to be named, by what an incident says of its cause. */
export interface Expected {
  readonly kinds: readonly string[];
  /** Any of them. */
  readonly names: readonly string[];
  /** A cable that has to be named: as the cause, or as what else it could be. */
  readonly cable?: string;
}

/** What is broken at once, and the causes that it has. */
export interface TownFault {
  readonly title: string;
  readonly faults: readonly { readonly kind: FaultKind; readonly target: string }[];
  /** The agent's process is halted instead. */
  readonly haltAgent?: boolean;
  readonly expected: readonly Expected[];
  /** Warming up takes its time. */
  readonly slow?: boolean;
}

const dies = (name: string, kinds: readonly string[] = ['device']): TownFault => ({
  title: `${name} dies`,
  faults: [{ kind: 'kill-device', target: name }],
  expected: [{ kinds, names: [name] }],
});
const supplyDies = (name: string) => dies(name, ['power']);
const unplugged = (target: string, expected: Expected): TownFault => ({
  title: `${target} unplugged`,
  faults: [{ kind: 'unplug-cable', target }],
  expected: [expected],
});
const both = (a: TownFault, b: TownFault): TownFault => ({
  title: `${a.title}, ${b.title}`,
  faults: [...a.faults, ...b.faults],
  expected: [...a.expected, ...b.expected],
});
const senses = (kind: FaultKind, sensor: string, room: string): TownFault => ({
  title: `${kind} at ${sensor}`,
  faults: [{ kind, target: sensor }],
  expected: [{ kinds: ['device', 'room'], names: [sensor, room] }],
});
const cutMains = (...names: string[]) => names.map((target) => ({ kind: 'cut-mains' as const, target }));

export const single: readonly TownFault[] = [
  ...[
    'core-1',
    'core-2',
    'acc-ug-1',
    'acc-ug-2',
    'acc-ug-3',
    'acc-2og-1',
    'sw-alt-1',
    'firewall-a',
    'san-1',
    'host-1',
    'storage-1',
    'nas-sicherung',
    'sw-bue-1',
  ].map((name) => dies(name)),
  ...['USV A', 'USV B', 'PDU 1A', 'PDU 2B', 'Leiste 1. OG'].map(supplyDies),
  unplugged('acc-ug-1/1/1/49', { kinds: ['link'], names: ['core-1 – acc-ug-1'], cable: 'K-0003' }),
  unplugged('host-1/eno1', { kinds: ['link'], names: ['core-1 – host-1'], cable: 'K-0031' }),
  unplugged('PDU 2A/vmac0', { kinds: ['link'], names: ['acc-ug-2 – PDU 2A'], cable: 'K-0071' }),
  unplugged('USV A/eth0', { kinds: ['link'], names: ['acc-ug-3 – USV A'], cable: 'K-0086' }),
  unplugged('core-1/1/1/8', { kinds: ['device', 'link'], names: ['sw-ges-1'], cable: 'K-0021' }),
  {
    title: "the agent's uplinks unplugged",
    faults: ['eno1', 'eno2', 'iLO'].map((port) => ({ kind: 'unplug-cable', target: `monitor/${port}` })),
    expected: [{ kinds: ['agent'], names: ['local'] }],
  },
  {
    title: 'the agent halts',
    faults: [],
    haltAgent: true,
    expected: [{ kinds: ['agent'], names: ['local'] }],
  },
  {
    title: 'mains of the town hall cut',
    faults: cutMains('USV A', 'USV B', 'USV alt'),
    expected: [{ kinds: ['mains'], names: ['Rathaus'] }],
  },
  {
    title: 'mains of one UPS cut',
    faults: cutMains('USV GES'),
    expected: [{ kinds: ['power'], names: ['USV GES'] }],
  },
  senses('leak-water', 'Raumsensor', 'Serverraum neu'),
  senses('leak-water', 'Klima alt', 'Serverraum alt'),
  {
    title: 'a disk fills',
    faults: [{ kind: 'fill-disk', target: 'host-2' }],
    expected: [{ kinds: ['device'], names: ['host-2'] }],
  },
];

export const double: readonly TownFault[] = [
  both(dies('core-1'), dies('acc-ug-2')),
  both(dies('acc-ug-1'), dies('host-2')),
  both(dies('firewall-b'), supplyDies('PDU 2A')),
  both(supplyDies('USV B'), dies('acc-2og-1')),
  both(dies('host-3'), senses('leak-water', 'Raumsensor', 'Serverraum neu')),
  both(dies('hotspot-dorfmitte'), dies('sw-gru-1')),
  both(
    dies('d3-archiv'),
    unplugged('core-1/1/1/7', { kinds: ['link'], names: ['core-1 – acc-2og-1'], cable: 'K-0017' }),
  ),
  both(dies('router-vdsl'), dies('Raumsensor')),
  both(dies('ap-eg-1'), dies('altakten')),
  {
    title: 'a room warms up while the access point of another floor dies',
    faults: [
      { kind: 'heat-room', target: 'Rathaus/Serverraum alt' },
      { kind: 'kill-device', target: 'ap-2og-1' },
    ],
    expected: [
      { kinds: ['room', 'device'], names: ['Serverraum alt', 'Klima alt'] },
      { kinds: ['device'], names: ['ap-2og-1'] },
    ],
    slow: true,
  },
];
