import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Seen } from '../drift/seen.ts';
import type { Way } from '../drift/ways.ts';
import { decide, type StepDone, type Witness } from './decide.ts';

const doneAt = 10_000_000;
const to = (far: number): Way => ({ kind: 'device', far, cables: [] });
const open: Way = { kind: 'open', end: 9, cables: [] };
const seen = (text: string, source: Seen['source'] = 'lldp'): Seen => ({
  portId: 1,
  source,
  deviceId: null,
  farPortId: null,
  text,
  time: doneAt,
});
const at = (over: Partial<Witness>): Witness => ({
  portId: 1,
  way: to(2),
  link: undefined,
  seen: [],
  right: null,
  wrong: null,
  leftOver: false,
  ...over,
});
const up = { up: true, since: doneAt - 4000 };
const down = { up: false, since: doneAt - 4000 };
const longUp = { up: true, since: 0 };
const longDown = { up: false, since: 0 };

describe.each<{ name: string; deed: StepDone['deed']; witnesses: Witness[]; now: string; end: string }>([
  {
    name: 'the right neighbour',
    deed: 'plug',
    witnesses: [at({ link: up, right: seen('b') })],
    now: 'proven',
    end: 'proven',
  },
  {
    name: 'the right MAC address, from a port that says nothing of its link',
    deed: 'plug',
    witnesses: [at({ right: seen('m', 'fdb') })],
    now: 'proven',
    end: 'proven',
  },
  {
    name: 'another neighbour',
    deed: 'plug',
    witnesses: [at({ link: up, wrong: seen('c') })],
    now: 'contradicted',
    end: 'contradicted',
  },
  {
    name: 'one end says right, the other wrong',
    deed: 'plug',
    witnesses: [
      at({ link: up, right: seen('b') }),
      at({ portId: 2, way: to(1), link: up, wrong: seen('c') }),
    ],
    now: 'contradicted',
    end: 'contradicted',
  },
  {
    name: 'the neighbour of before, not forgotten yet',
    deed: 'plug',
    witnesses: [at({ link: up, wrong: seen('c'), leftOver: true })],
    now: 'waiting',
    end: 'unproven',
  },
  {
    name: 'the neighbour of before, and nothing was touched',
    deed: 'plug',
    witnesses: [at({ link: longUp, wrong: seen('c'), leftOver: true })],
    now: 'waiting',
    end: 'contradicted',
  },
  {
    name: 'a link, and nobody introduces himself',
    deed: 'plug',
    witnesses: [at({ link: up })],
    now: 'waiting',
    end: 'unproven',
  },
  {
    name: 'a link at both ends at once',
    deed: 'plug',
    witnesses: [at({ link: up }), at({ portId: 2, way: to(1), link: up })],
    now: 'waiting',
    end: 'proven',
  },
  {
    name: 'links at both ends for long',
    deed: 'plug',
    witnesses: [at({ link: longUp }), at({ portId: 2, way: to(1), link: longUp })],
    now: 'waiting',
    end: 'unproven',
  },
  { name: 'no link', deed: 'plug', witnesses: [at({ link: longDown })], now: 'waiting', end: 'unproven' },
  { name: 'nobody', deed: 'plug', witnesses: [], now: 'waiting', end: 'unproven' },
  {
    name: 'unplugged: the link went down',
    deed: 'unplug',
    witnesses: [at({ way: open, link: down })],
    now: 'proven',
    end: 'proven',
  },
  {
    name: 'unplugged: it was down before',
    deed: 'unplug',
    witnesses: [at({ way: open, link: longDown })],
    now: 'waiting',
    end: 'unproven',
  },
  {
    name: 'unplugged: still there',
    deed: 'unplug',
    witnesses: [at({ way: open, link: longUp, seen: [seen('b')] })],
    now: 'waiting',
    end: 'contradicted',
  },
  {
    name: 'unplugged: a link that nobody uses',
    deed: 'unplug',
    witnesses: [at({ way: open, link: longUp })],
    now: 'waiting',
    end: 'unproven',
  },
])('$name', ({ deed, witnesses, now, end }) => {
  test(`is ${now} at first`, () => expect(decide({ deed, doneAt, witnesses, final: false }).proof).toBe(now));
  test(`is ${end} in the end`, () =>
    expect(decide({ deed, doneAt, witnesses, final: true }).proof).toBe(end));
});

test('without a known neighbour nothing is proven but by links that change; in the end it is always decided', () => {
  const witness = fc.record({
    portId: fc.integer({ min: 1, max: 3 }),
    way: fc.constantFrom<Way>(to(1), to(2), open, { kind: 'none', cables: [] }),
    link: fc.constantFrom(undefined, longUp, longDown),
    seen: fc.constantFrom([], [seen('x')]),
    right: fc.constant(null),
    wrong: fc.constantFrom(null, seen('x')),
    leftOver: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.constantFrom('plug', 'unplug'),
      fc.array(witness),
      fc.boolean(),
      (deed, witnesses, final) => {
        const { proof } = decide({ deed, doneAt, witnesses, final });
        expect(proof).not.toBe('proven');
        if (final) expect(proof).not.toBe('waiting');
      },
    ),
  );
});
