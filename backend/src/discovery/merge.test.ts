import { type FoundByAgent, noIdentity } from '@rackhaus/config/contract';
import { describe, expect, it } from 'vitest';
import { type KnownMarks, knownAs } from './known.ts';
import { realSerial, type SameCandidate, sameDevice } from './merge.ts';
import { nextTime } from './repeat.ts';

const candidate: SameCandidate = {
  id: 1,
  address: '10.0.0.1',
  addresses: ['10.0.0.1', '10.0.1.1'],
  serial: 'SG12345',
  engineId: '80001f88',
  objectId: '1.3.6.1.4.1.9.1.1',
  name: 'core',
};
const answer = (
  address: string,
  said: { serial?: string | null; engineId?: string | null; addresses?: string[]; name?: string } | null,
): Pick<FoundByAgent, 'address' | 'said'> => ({
  address,
  said: said && {
    credential: 1,
    engineId: said.engineId === undefined ? '80001f88' : said.engineId,
    identity: {
      ...noIdentity,
      serial: said.serial === undefined ? 'SG12345' : said.serial,
      name: said.name ?? 'core',
      objectId: '1.3.6.1.4.1.9.1.1',
    },
    profile: 'generic',
    kinds: [],
    ports: [],
    addresses: said.addresses ?? [],
    neighbours: [],
  },
});

describe('an answer is of the same device', () => {
  it.each([
    ['at the same address, whatever it says', answer('10.0.0.1', { serial: 'OTHER99', name: 'x' }), 1],
    ['at another address that both name', answer('10.0.1.1', { addresses: ['10.0.0.1'] }), 1],
    ['with the same serial number, engine, kind and name: it has moved', answer('10.0.9.9', {}), 1],
    ['not with the engine of another', answer('10.0.9.9', { engineId: 'ffff' }), null],
    [
      'not with another serial number, though the engine is the same',
      answer('10.0.9.9', { serial: 'SG99999' }),
      null,
    ],
    ['not without any serial number', answer('10.0.9.9', { serial: null }), null],
    ['when only a ping came from another address of it', answer('10.0.1.1', null), 1],
    ['not when only a ping came from elsewhere', answer('10.0.9.9', null), null],
  ])('%s', (_, found, expected) => {
    expect(sameDevice([candidate], found)?.id ?? null).toBe(expected);
  });

  it('takes for a serial number only what can tell devices apart', () => {
    for (const text of [null, '', '0', '000000', '0123456789', 'N/A', 'To be filled by O.E.M.', 'None'])
      expect(realSerial(text)).toBeNull();
    expect(realSerial(' SG12345 ')).toBe('SG12345');
  });
});

describe('a found device is known', () => {
  const marks: KnownMarks = {
    addresses: new Map([
      ['10.0.0.1', 7],
      ['192.168.1.1', 8],
      ['10.0.0.9', null],
    ]),
    serials: new Map([['SG12345', 9]]),
    serialOf: new Map([[8, 'ZZ1']]),
    names: new Map([['printer.example', 10]]),
    byMac: (mac) => (mac === '00:11:22:33:44:55' ? 11 : null),
  };
  const found = (values: Partial<Parameters<typeof knownAs>[0]>) => ({
    address: '10.9.9.9',
    addresses: '[]',
    serial: null,
    mac: null,
    said: null,
    host_name: null,
    ...values,
  });
  it.each([
    ['by its address', found({ address: '10.0.0.1' }), { deviceId: 7, by: 'address' }],
    ['by another address of its own', found({ addresses: '["10.0.0.1"]' }), { deviceId: 7, by: 'address' }],
    [
      'not by an address that makers give, when the serial number differs',
      found({ addresses: '["192.168.1.1"]', serial: 'AB99' }),
      null,
    ],
    ['not by an address that two have', found({ address: '10.0.0.9' }), null],
    [
      'by its serial number, however it is written',
      found({ serial: 'sg-12345' }),
      { deviceId: 9, by: 'serial' },
    ],
    ['by its MAC address', found({ mac: '00:11:22:33:44:55' }), { deviceId: 11, by: 'mac' }],
    [
      'by the name at which it is polled',
      found({ host_name: 'Printer.example' }),
      { deviceId: 10, by: 'name' },
    ],
    ['not by nothing', found({}), null],
  ])('%s', (_, row, expected) => {
    expect(knownAs(row, marks)).toEqual(expected);
  });
});

it('a repetition comes at its time of day, on its day of the week', () => {
  const monday = new Date(2026, 10, 23, 8, 0).getTime();
  expect(nextTime({ every: 'never' }, monday)).toBeNull();
  expect(nextTime({ every: 'day', at: '09:30' }, monday)).toBe(new Date(2026, 10, 23, 9, 30).getTime());
  expect(nextTime({ every: 'day', at: '08:00' }, monday)).toBe(new Date(2026, 10, 24, 8, 0).getTime());
  expect(nextTime({ every: 'week', weekday: 1, at: '08:00' }, monday)).toBe(
    new Date(2026, 10, 30, 8, 0).getTime(),
  );
  expect(nextTime({ every: 'week', weekday: 7, at: '02:00' }, monday)).toBe(
    new Date(2026, 10, 29, 2, 0).getTime(),
  );
});
