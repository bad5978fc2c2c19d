import { Profile, profileSet } from '@rackhaus/config/profiles';
import { afterAll, expect, it } from 'vitest';
import { LiveStore, snmpValue } from '../../simulator/index.ts';
import { LinesPoller } from '../testing/lines-poller.ts';
import { pollDevice } from '../testing/polled-device.ts';

const root = '1.3.6.1.4.1.99999';
const module = Profile.parse({
  id: 'modules',
  title: 'Modules',
  match: [{}],
  tables: [
    {
      id: 'modules',
      columns: { name: `${root}.1`, received: `${root}.2`, sent: `${root}.3`, heat: `${root}.4` },
      entity: ['{name} module', 'Module {index}'],
      values: [
        { metric: 'sensor.opticalPower', column: 'received', entity: ['{name} receive power'] },
        { metric: 'sensor.opticalPower', column: 'sent', entity: ['{name} transmit power'] },
        { metric: 'sensor.temperature', column: 'heat', entity: ['{name} heat'] },
      ],
    },
  ],
});
const lines = new LinesPoller(profileSet(new Map([[module.id, module]])));
afterAll(() => lines.close());

it('keeps values of one row apart whose names come from a column that the device leaves out', async () => {
  const { values } = await lines.poll('Switch', [
    `${root}.1.1|4|xe-0/0/1`,
    ...[1, 2].flatMap((row) => [`${root}.2.${row}|2|-3`, `${root}.3.${row}|2|-2`, `${root}.4.${row}|2|40`]),
  ]);
  expect(values).toMatchObject({
    'sensor.opticalPower xe-0/0/1 receive power': -3,
    'sensor.opticalPower xe-0/0/1 transmit power': -2,
    'sensor.temperature xe-0/0/1 heat': 40,
    'sensor.opticalPower Module 2 receive power': -3,
    'sensor.opticalPower Module 2 transmit power': -2,
    // Nothing else of the row is a temperature.
    'sensor.temperature Module 2': 40,
  });
});

it('keeps values of two rows apart that name the same thing, under the same names from poll to poll', async () => {
  const { integer, octets, timeTicks } = snmpValue;
  let first = 2147483647;
  const store = new LiveStore([
    { oid: '1.3.6.1.2.1.1.3.0', value: timeTicks(1000) },
    ...[1, 2, 3].map((row) => ({
      oid: `${root}.1.${row}`,
      value: octets(row < 3 ? 'xe-0/0/1' : 'xe-0/0/3'),
    })),
    { oid: `${root}.4.1`, value: () => integer(first) },
    { oid: `${root}.4.2`, value: integer(42) },
    { oid: `${root}.4.3`, value: integer(43) },
  ]);
  const { poll, close } = await pollDevice({
    serving: { store },
    profiles: profileSet(new Map([[module.id, module]])),
  });
  const temperatures = async () =>
    (await poll()).readings.flatMap(({ kind, entity, values }) =>
      kind === 'sensor' ? [[entity, values.temperature]] : [],
    );
  try {
    expect(await temperatures()).toEqual([
      ['xe-0/0/1 heat', 42],
      ['xe-0/0/3 heat', 43],
    ]);
    first = 41;
    expect(await temperatures()).toEqual([
      ['xe-0/0/1 heat (xe-0/0/1 module)', 41],
      ['xe-0/0/1 heat', 42],
      ['xe-0/0/3 heat', 43],
    ]);
  } finally {
    await close();
  }
});
