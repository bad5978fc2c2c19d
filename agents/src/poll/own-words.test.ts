import { Profile, profileSet } from '@rackhaus/config/profiles';
import { afterAll, expect, it } from 'vitest';
import { LinesPoller } from '../testing/lines-poller.ts';

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
