import { PowerDevice, type PowerSource } from '@rackhaus/config/contract';
import { describe, expect, it } from 'vitest';
import { type Cord, PowerCords, type PowerPort } from './cords.ts';
import { Draws, failoverOf } from './draws.ts';
import { measuredOf, type Rated } from './measured.ts';
import { remarkOf } from './remark.ts';
import { verdictOf } from './verdict.ts';

/** A drawing of cords: `'UPS A' -> 'PDU A'`, each into the next inlet of its target. */
function drawn(lines: readonly string[], spareInlets: readonly string[] = []): PowerCords {
  const names = [...new Set([...lines.flatMap((line) => line.split(' > ')), ...spareInlets])];
  const ports: PowerPort[] = [];
  const port = (name: string, kind: PowerPort['kind']): PowerPort => {
    const deviceId = names.indexOf(name) + 1;
    const number = ports.filter((each) => each.deviceId === deviceId && each.kind === kind).length + 1;
    const made: PowerPort = { id: ports.length + 1, deviceId, kind, name: `${number}` };
    ports.push(made);
    return made;
  };
  const cords = lines.map((line, index): Cord => {
    const [from = '', to = ''] = line.split(' > ');
    const cable = { id: index + 1, label: `S-${index + 1}` };
    return { cable, outlet: port(from, 'power-outlet'), inlet: port(to, 'inlet') };
  });
  for (const name of spareInlets) port(name, 'inlet');
  const role = (name: string) => (name.startsWith('UPS') ? 'ups' : name.startsWith('PDU') ? 'pdu' : 'server');
  return new PowerCords({
    devices: names.map((name, index) => ({ id: index + 1, name, role: role(name) })),
    ports,
    cords,
  });
}
const idOf = (cords: PowerCords, name: string) =>
  [...cords.devices.values()].find((device) => device.name === name)?.id ?? 0;

describe('chain', () => {
  const cases: { lines: string[]; spare?: string[]; of: string; chains: string[] }[] = [
    { lines: ['UPS A > PDU A', 'PDU A > S'], of: 'S', chains: ['PDU A < UPS A documented'] },
    { lines: ['PDU A > S'], of: 'S', spare: ['PDU A'], chains: ['PDU A open'] },
    { lines: ['PDU A > S'], of: 'S', chains: ['PDU A documented'] },
    { lines: ['UPS A > S'], of: 'S', spare: ['S'], chains: ['UPS A documented', ' open'] },
    { lines: ['PDU A > PDU B', 'PDU B > PDU A', 'PDU B > S'], of: 'S', chains: ['PDU B < PDU A open'] },
  ];
  it.each(cases)('of $of in $lines', ({ lines, spare, of, chains }) => {
    const cords = drawn(lines, spare);
    expect(
      cords
        .chains(idOf(cords, of))
        .map(({ chain, end }) => `${chain.map(({ name }) => name).join(' < ')} ${end}`),
    ).toEqual(chains);
  });
});

describe('verdict', () => {
  const inlet = (chain: number[], end: 'documented' | 'open' = 'documented') => ({
    portId: 1,
    name: 'PSU',
    chain: chain.map((deviceId) => ({ deviceId, name: '', role: 'pdu', outlet: '1', cable: null })),
    end,
  });
  const cases: { name: string; inlets: ReturnType<typeof inlet>[]; single: number[]; is: string }[] = [
    { name: 'two strands', inlets: [inlet([1, 2]), inlet([3, 4])], single: [], is: 'redundant' },
    { name: 'two strips on one UPS', inlets: [inlet([1, 2]), inlet([3, 2])], single: [2], is: 'same-source' },
    { name: 'one supply', inlets: [inlet([1, 2])], single: [1, 2], is: 'one-supply' },
    { name: 'no cord', inlets: [inlet([], 'open'), inlet([], 'open')], single: [], is: 'unknown' },
    { name: 'one of two cords', inlets: [inlet([1, 2]), inlet([], 'open')], single: [1, 2], is: 'unknown' },
    {
      name: 'two strips of unknown feed',
      inlets: [inlet([1], 'open'), inlet([3], 'open')],
      single: [],
      is: 'unknown',
    },
    {
      name: 'two known strands and a third unknown',
      inlets: [inlet([1]), inlet([3]), inlet([], 'open')],
      single: [],
      is: 'redundant',
    },
    {
      name: 'behind a transfer switch, whose other inlet leads elsewhere',
      inlets: [inlet([5, 2]), inlet([1, 2])],
      single: [],
      is: 'redundant',
    },
  ];
  it.each(cases)('$name: $is', ({ inlets, single, is }) => {
    expect(PowerDevice.shape.verdict.parse(verdictOf(inlets, single))).toBe(is);
  });
});

describe('failover', () => {
  const strands = ['UPS A > PDU A', 'UPS B > PDU B', 'PDU A > S', 'PDU B > S', 'PDU B > T'];
  const cases: {
    name: string;
    watts: Record<string, number>;
    outlets?: Record<string, number>;
    supplies?: Record<string, number>;
    of: string;
    is: { watts: number | null; shared: number };
  }[] = [
    {
      name: 'outlets are measured',
      watts: { 'UPS A': 400, 'PDU A': 400, 'PDU B': 700 },
      outlets: { 'PDU B/1': 450 },
      of: 'UPS A',
      is: { watts: 850, shared: 1 },
    },
    {
      name: 'the device says what it draws',
      watts: { 'UPS A': 400, 'PDU B': 700, S: 800 },
      of: 'UPS A',
      is: { watts: 800, shared: 1 },
    },
    {
      name: 'only the PDU measures: cords share by what supplies may draw',
      watts: { 'UPS A': 400, 'PDU B': 900 },
      supplies: { S: 800, T: 400 },
      of: 'UPS A',
      is: { watts: 1000, shared: 1 },
    },
    {
      name: 'what hangs on the other source alone stays there',
      watts: { 'UPS B': 700, 'PDU A': 400 },
      of: 'UPS B',
      is: { watts: 1100, shared: 1 },
    },
    {
      name: 'the other side is not known',
      watts: { 'UPS A': 400 },
      of: 'UPS A',
      is: { watts: null, shared: 1 },
    },
    { name: 'itself is not known', watts: { 'PDU B': 700 }, of: 'UPS A', is: { watts: null, shared: 1 } },
    {
      name: 'the other source gives nothing: all is carried already',
      watts: { 'UPS A': 800, 'PDU B': 0, S: 800 },
      of: 'UPS A',
      is: { watts: 800, shared: 1 },
    },
  ];
  it.each(cases)('$name', ({ watts, outlets = {}, supplies = {}, of, is }) => {
    const cords = drawn(strands);
    const name = (id: number) => cords.devices.get(id)?.name ?? '';
    const draws = new Draws({
      cords,
      measured: {
        device: (id) => watts[name(id)] ?? null,
        outlet: (id, outlet) => outlets[`${name(id)}/${outlet}`] ?? null,
        supply: (id) => supplies[name(id)] ?? null,
      },
    });
    expect(failoverOf(idOf(cords, of), cords, draws)).toEqual(is);
  });

  it('adds up what hangs on a strip that measures nothing', () => {
    const cords = drawn(['PDU > S', 'PDU > T']);
    const known = new Map([
      [idOf(cords, 'S'), 100],
      [idOf(cords, 'T'), 50],
    ]);
    const measured = {
      device: (id: number) => known.get(id) ?? null,
      outlet: () => null,
      supply: () => null,
    };
    expect(new Draws({ cords, measured }).ofSource(idOf(cords, 'PDU'))).toBe(150);
    known.delete(idOf(cords, 'T'));
    expect(new Draws({ cords, measured }).ofSource(idOf(cords, 'PDU'))).toBeNull();
  });
});

describe('what a source measures', () => {
  const pdu: Rated = { inletWatts: 3680, outputWatts: null, phases: 1 };
  const ups: Rated = { inletWatts: 5400, outputWatts: 4500, phases: 1 };
  const unsaid: Rated = { inletWatts: null, outputWatts: null, phases: 1 };
  const device = (power: number) => ({ kind: 'device', entity: '', values: { power } });
  it('holds a PDU against what its plug may draw', () => {
    const phase = { kind: 'line', entity: 'Phase 1', values: { current: 8, power: 1840 } };
    const bank = { kind: 'line', entity: 'Bank 1', values: { current: 5 } };
    expect(measuredOf('pdu', [device(1840), phase, bank], pdu)).toMatchObject({
      watts: 1840,
      load: 0.5,
      limitWatts: 3680,
      limitFrom: 'type',
      phases: [
        { name: 'Phase 1', amperes: 8, limitAmperes: 16 },
        { name: 'Bank 1', amperes: 5, limitAmperes: null },
      ],
    });
  });
  it('holds a UPS against what it gives, not what it draws', () => {
    const line = { kind: 'line', entity: 'Output 1', values: { power: 900 } };
    const input = { kind: 'line', entity: 'Input 1', values: { power: 960, current: 4 } };
    const values = { load: 0.2, runtime: 1800, source: 5 };
    expect(measuredOf('ups', [{ kind: 'ups', entity: '', values }, line, input], ups)).toMatchObject({
      watts: 900,
      load: 0.2,
      limitWatts: 4500,
      runtimeSeconds: 1800,
      onBattery: true,
      phases: [],
    });
  });
  it('takes the limit from the load that a UPS reports when its type says nothing', () => {
    const load = (value: number) => ({ kind: 'ups', entity: '', values: { load: value } });
    expect(measuredOf('ups', [device(990), load(0.22)], unsaid)).toMatchObject({
      limitWatts: 4500,
      limitFrom: 'reported',
    });
    expect(measuredOf('ups', [device(90), load(0.02)], unsaid)).toMatchObject({ limitWatts: null });
  });
  it('knows nothing of what says nothing', () => {
    expect(measuredOf('pdu', [], pdu)).toMatchObject({ watts: null, load: null, phases: [] });
  });
});

describe('remark', () => {
  const well = { watts: 500, load: 0.5, limitWatts: 1000, phases: [], failoverWatts: 900 };
  const cases: [string, Partial<Parameters<typeof remarkOf>[0]>, PowerSource['remark']][] = [
    ['all within', {}, 'well'],
    ['more than allowed', { watts: 1100, failoverWatts: 1100 }, 'over-limit'],
    ['one phase', { phases: [{ name: '1', amperes: 17, limitAmperes: 16 }] }, 'over-limit'],
    ['alone', { failoverWatts: 1100 }, 'over-limit-on-failover'],
    ['nothing measured', { watts: null, load: null, failoverWatts: null }, 'unknown'],
    ['no limit', { limitWatts: null }, 'unknown'],
    ['other side unknown', { failoverWatts: null }, 'unknown'],
  ];
  it.each(cases)('%s', (_, part, remark) => {
    expect(remarkOf({ ...well, ...part })).toBe(remark);
  });
});
