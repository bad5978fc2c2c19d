import type { DeviceView } from '@rackhaus/config/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planCharts } from './chart-plan.ts';
import { filterPorts, portRows, portState, sortPorts, usedColumns } from './port-rows.ts';
import { lineGroups, ownMemory } from './power.ts';
import { rowWindow } from './row-window.ts';
import { countRows, type EntityReading, searchSensors, sensorGroups, wrongFirst } from './sensor-groups.ts';
import { saysNothing, vendorWords } from './words.ts';

type Port = DeviceView['ports'][number];
const port = (name: string, more: Partial<Port> = {}): Port => ({
  id: null,
  name,
  kind: 'network',
  documented: true,
  observed: true,
  alias: null,
  mac: null,
  farEnd: null,
  neighbour: null,
  ...more,
});
const farEnd = { kind: 'device' as const, id: 7, name: 'Panel A', portId: 9, portName: '12' };

describe('portState', () => {
  it.each([
    [undefined, 'unknown'],
    [{ admin: 2, oper: 1 }, 'disabled'],
    [{ admin: 1, oper: 1 }, 'up'],
    [{ oper: 7 }, 'down'],
    [{ oper: 1, poe: 4 }, 'fault'],
    [{ rx: 3 }, 'unknown'],
  ] as const)('%j is %s', (values, state) => {
    expect(portState(values)).toBe(state);
  });
});

describe('the ports table', () => {
  const rows = portRows(
    [
      port('1/1/10', { alias: 'Drucker' }),
      port('1/1/9', { farEnd }),
      port('1/1/1'),
      port('con', { kind: 'console' }),
    ],
    new Set(['network']),
    true,
    (name) =>
      name === '1/1/10'
        ? { oper: 1, rx: 5, rxErrors: 1, txDiscards: 2 }
        : name === '1/1/9'
          ? { oper: 2, rx: 9 }
          : undefined,
  );
  const names = (sorted: readonly { name: string }[]) => sorted.map(({ name }) => name);

  it('has network ports only and adds up what went wrong', () => {
    expect(names(rows)).toEqual(['1/1/10', '1/1/9', '1/1/1']);
    expect(rows.map(({ errors }) => errors)).toEqual([3, null, null]);
  });
  it('says nothing of ports whose device is silent', () => {
    const [row] = portRows([port('1')], new Set(['network']), false, () => ({ oper: 1, rx: 5 }));
    expect(row).toMatchObject({ state: 'unknown', rx: null, metrics: ['oper', 'rx'] });
  });
  it('sorts names as people count, and the unknown last both ways', () => {
    expect(names(sortPorts(rows, { column: 'name', descending: false }, 'de'))).toEqual([
      '1/1/1',
      '1/1/9',
      '1/1/10',
    ]);
    expect(names(sortPorts(rows, { column: 'rx', descending: true }, 'de'))).toEqual([
      '1/1/9',
      '1/1/10',
      '1/1/1',
    ]);
    expect(names(sortPorts(rows, { column: 'rx', descending: false }, 'de'))).toEqual([
      '1/1/10',
      '1/1/9',
      '1/1/1',
    ]);
    expect(names(sortPorts(rows, null, 'de'))).toEqual(names(rows));
  });
  it('finds by any word of what is shown', () => {
    expect(names(filterPorts(rows, 'DRUCK', 'all', 'de'))).toEqual(['1/1/10']);
    expect(names(filterPorts(rows, 'panel 12', 'all', 'de'))).toEqual(['1/1/9']);
    expect(names(filterPorts(rows, '', 'unknown', 'de'))).toEqual(['1/1/1']);
  });
  it('leaves out columns that say nothing', () => {
    expect(usedColumns(rows)).toEqual(['name', 'state', 'rx', 'errors', 'farEnd']);
  });
});

describe('rowWindow', () => {
  it('covers what is in view and keeps the length of the whole', () => {
    fc.assert(
      fc.property(
        fc.nat(2000),
        fc.option(fc.nat(2000), { nil: null }),
        fc.nat(100_000),
        fc.integer({ min: 1, max: 2000 }),
        (count, wanted, scroll, viewHeight) => {
          const open = wanted !== null && wanted < count ? wanted : null;
          const openHeight = open === null ? 0 : 400;
          const whole = count * 40 + openHeight;
          const scrollTop = Math.min(scroll, Math.max(0, whole - viewHeight));
          const view = rowWindow({ count, rowHeight: 40, open, openHeight, scrollTop, viewHeight, spare: 2 });
          const shown =
            (view.end - view.first) * 40 +
            (open !== null && open >= view.first && open < view.end ? openHeight : 0);
          expect(view.before + shown + view.after).toBe(whole);
          expect(view.before).toBeLessThanOrEqual(scrollTop);
          expect(view.before + shown).toBeGreaterThanOrEqual(Math.min(scrollTop + viewHeight, whole));
        },
      ),
    );
  });
});

const reading = (
  kind: EntityReading['kind'],
  entity: string,
  values: Record<string, number>,
): EntityReading => ({
  kind,
  entity,
  time: 0,
  values,
});

describe('sensorGroups', () => {
  it('groups by what is measured, with the verdict of the device', () => {
    const groups = sensorGroups(
      [
        reading('sensor', 't10', { temperature: 22, state: 1 }),
        reading('sensor', 't2', { temperature: 20 }),
        reading('sensor', 'door', { door: 1 }),
        reading('fan', 'f1', { state: 2 }),
        reading('port', '1', { oper: 1 }),
      ],
      [{ kind: 'sensor', entity: 'door', label: 'Tür Schrank 1' }],
      'de',
    );
    expect(
      groups.map(({ metric, rows }) => [metric, rows.map(({ label, health }) => `${label} ${health}`)]),
    ).toEqual([
      ['sensor.temperature', ['t2 ok', 't10 warning']],
      ['sensor.door', ['Tür Schrank 1 warning']],
      ['fan.state', ['f1 critical']],
    ]);
  });

  it('tells what is not plugged in from what nobody can judge', () => {
    const said = (entity: string, word: string) =>
      ({ kind: 'sensor', entity, label: entity, words: { state: word } }) as const;
    const [states] = sensorGroups(
      [
        reading('sensor', 'c1', { state: 3 }),
        reading('sensor', 'c2', { state: 3 }),
        reading('sensor', 'c3', { state: 0 }),
      ],
      [said('c1', 'offline'), said('c2', 'sensorError'), said('c3', 'offline')],
      'de',
    );
    expect(states?.rows.map(({ absent }) => absent)).toEqual([true, false, false]);
  });
});

describe('many sensors', () => {
  const groups = sensorGroups(
    [
      reading('sensor', 'Battery', { state: 1 }),
      reading('sensor', 'Fan tray', { state: 2 }),
      reading('sensor', 'Inlet', { temperature: 21 }),
      reading('sensor', 'Outlet', { temperature: 30, state: 0 }),
    ],
    [{ kind: 'sensor', entity: 'Battery', label: '', words: { state: 'batteryNeedsReplacing' } }],
    'de',
  );
  it('begin with what is critical, then with what warns', () => {
    const rows = groups.flatMap((group) => group.rows);
    const { rows: ordered, wrong } = wrongFirst(rows);
    expect(wrong).toBe(2);
    expect(ordered.slice(0, 3).map(({ entity }) => entity)).toEqual(['Fan tray', 'Battery', 'Inlet']);
  });
  it.each([
    ['', 4],
    ['LET', 2],
    ['batteryNeeds', 1],
    ['needs replacing', 1],
    ['nothing of this', 0],
  ])('are found by name and by word: %j', (text, count) => {
    expect(countRows(searchSensors(groups, text, vendorWords))).toBe(count);
  });
});

describe("a device's own words", () => {
  it.each([
    ['noBatteryNeedsReplacing', 'no battery needs replacing'],
    ['uioNormal', 'uio normal'],
    ['below_lower-warning', 'below lower warning'],
    ['Storage Pool ONE', 'Storage Pool ONE'],
    ['PSUFailed', 'PSUFailed'],
    ['ok', 'ok'],
  ])('%s is shown as %s', (word, shown) => {
    expect(vendorWords(word)).toBe(shown);
  });
  it.each(['ok', 'uioNormal', 'OK', 'no errors', 'fully operational', 'online'])(
    '%s says nothing more',
    (word) => {
      expect(saysNothing(word)).toBe(true);
    },
  );
  it.each(['noBatteryNeedsReplacing', 'standby', 'rebuilding', 'knock'])('%s says something', (word) => {
    expect(saysNothing(word)).toBe(false);
  });
});

describe('planCharts', () => {
  it('puts together what is compared, and no more than can be told apart', () => {
    const plan = planCharts(
      [
        reading('device', '', { cpu: 0.1, memory: 0.5, reachable: 1 }),
        ...Array.from({ length: 7 }, (_, index) => reading('sensor', `t${index}`, { temperature: 20 })),
        reading('sensor', 'door', { door: 0 }),
      ],
      'de',
    );
    expect(plan.map(({ id, lines }) => [id, lines.length])).toEqual([
      ['device.cpu', 2],
      ['sensor.temperature/1', 4],
      ['sensor.temperature/2', 3],
    ]);
    expect(plan.map(({ fromZero }) => fromZero)).toEqual([true, false, false]);
  });
});

describe('ownMemory', () => {
  const areas = [
    { entity: 'Cached memory', value: 0.42 },
    { entity: 'Physical memory', value: 0.3141 },
    { entity: 'Swap space', value: 0 },
  ];

  it('is the one that fills as the device does', () => {
    const { own, others } = ownMemory(0.314, areas);
    expect(own?.entity).toBe('Physical memory');
    expect(others.map(({ entity }) => entity)).toEqual(['Cached memory', 'Swap space']);
  });
  it.each([[undefined], [0.5]])('is none of them where the device says %s', (share) => {
    expect(ownMemory(share, areas)).toEqual({ own: null, others: areas });
  });
});

describe('lineGroups', () => {
  it('knows inputs from outputs', () => {
    const groups = lineGroups(
      [
        reading('line', 'output 1', { load: 0.4 }),
        reading('line', 'input 1', { voltage: 230 }),
        reading('line', 'L1', {}),
      ],
      [],
      'de',
    );
    expect(
      [groups.input, groups.output, groups.other].map((rows) => rows.map(({ entity }) => entity)),
    ).toEqual([['input 1'], ['output 1'], ['L1']]);
  });
});
