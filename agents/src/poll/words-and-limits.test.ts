import { Profile, type ProfileSet, profileSet } from '@rackhaus/config/profiles';
import { afterEach, describe, expect, it } from 'vitest';
import { LiveStore, snmpValue } from '../../simulator/index.ts';
import { pollDevice } from '../testing/polled-device.ts';
import { valueKey } from './device-poller.ts';

const { integer, objectId, octets, timeTicks } = snmpValue;
const root = '1.3.6.1.4.1.99999';
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const ups = {
  id: 'example-ups',
  title: 'Example UPS',
  match: [{ sysObjectId: [`${root}.1`] }],
  tables: [
    {
      id: 'probes',
      columns: { tenths: `${root}.2.1.1`, highest: `${root}.2.1.2`, state: `${root}.2.1.3` },
      entity: ['Probe {index}'],
      values: [
        { metric: 'sensor.temperature', column: 'tenths', scale: 0.1, limits: { highCritical: 'highest' } },
        {
          metric: 'sensor.state',
          column: 'state',
          map: { 1: 'ok', 2: 'warning', 3: 'warning' },
          words: { 1: 'normal', 2: 'replaceSoon', 3: 'replaceNow' },
        },
      ],
    },
  ],
};
const everything = { id: 'everything', title: 'Everything', priority: -100, match: [{}] };
const other = {
  id: 'other-ups',
  title: 'Other UPS',
  match: [{ sysObjectId: [`${root}.1`], exists: [`${root}.77.0`] }, { sysDescr: 'UPS' }],
};

function setOf(...inputs: object[]): ProfileSet {
  const profiles = inputs.map((input) => Profile.parse(input));
  return profileSet(new Map(profiles.map((profile) => [profile.id, profile])));
}

async function serve(state: () => number, profiles: ProfileSet) {
  const store = new LiveStore([
    { oid: '1.3.6.1.2.1.1.1.0', value: octets('A UPS') },
    { oid: '1.3.6.1.2.1.1.2.0', value: objectId(`${root}.1`) },
    { oid: '1.3.6.1.2.1.1.3.0', value: timeTicks(1000) },
    { oid: `${root}.2.1.1.1`, value: integer(213) },
    { oid: `${root}.2.1.2.1`, value: integer(350) },
    { oid: `${root}.2.1.3.1`, value: () => integer(state()) },
  ]);
  const { poller, close } = await pollDevice({ serving: { store }, profiles, traced: true });
  closing.push(close);
  return poller;
}

describe("a device's own words and limits", () => {
  it('are told at first, and words again when they are others, though the state is the same', async () => {
    let state = 2;
    const poller = await serve(() => state, setOf(ups, everything));
    const poll = () => poller.poll(new AbortController().signal);
    const probe = (await poll()).observation?.entities[0];
    expect(probe).toMatchObject({ kind: 'sensor', entity: 'Probe 1', words: { state: 'replaceSoon' } });
    expect(probe?.limits?.temperature?.highCritical).toBe(35);
    expect((await poll()).observation).toBeNull();
    state = 3;
    const later = await poll();
    expect(later.observation?.entities[0]?.words).toEqual({ state: 'replaceNow' });
    expect((await poll()).observation).toBeNull();
  });

  it('and where each value came from is known to who asks', async () => {
    const poller = await serve(() => 1, setOf(ups, everything));
    const { origins } = await poller.poll(new AbortController().signal);
    expect(origins?.get(valueKey('sensor.temperature', 'Probe 1'))).toEqual([`${root}.2.1.1.1`]);
  });
});

describe('the choice of a profile', () => {
  it('says by what it was made, and why others lost', async () => {
    const poller = await serve(() => 1, setOf(ups, everything, other));
    await poller.poll(new AbortController().signal);
    expect(poller.choice?.profile?.id).toBe('example-ups');
    expect(poller.choice?.by).toBe(`sysObjectID at or below ${root}.1`);
    expect(poller.choice?.others).toEqual([
      {
        profile: 'other-ups',
        by: `sysObjectID at or below ${root}.1, there is ${root}.77.0`,
        why: `there is nothing at ${root}.77.0`,
      },
      {
        profile: 'everything',
        by: 'fits every device',
        why: 'has priority -100, example-ups 0',
      },
    ]);
  });
});
