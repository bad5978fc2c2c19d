import fc from 'fast-check';
import { expect, it } from 'vitest';
import { acknowledge, resolveByHand } from './acts.ts';
import type { FoundCause } from './parts.ts';
import { condition, found, Story } from './testing.ts';

const rules = ['unreachable', 'water', 'fan-failed', 'room-warm', 'room-hot', 'uplink-down'] as const;
const devices = [1, 2, 3, 4];
const chief = { userId: 1, name: 'Meike', via: 'Web' };

type Step =
  | { do: 'see'; what: readonly (readonly [number, (typeof rules)[number]])[]; cause: boolean }
  | { do: 'pass'; seconds: number }
  | { do: 'silent'; device: number }
  | { do: 'hold'; on: boolean }
  | { do: 'verify' }
  | { do: 'restart' }
  | { do: 'acknowledge' | 'resolve'; index: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('see' as const),
      what: fc.array(fc.tuple(fc.constantFrom(...devices), fc.constantFrom(...rules)), { maxLength: 8 }),
      cause: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pass' as const), seconds: fc.nat(150) }) },
  fc.record({ do: fc.constant('silent' as const), device: fc.constantFrom(...devices) }),
  fc.record({ do: fc.constant('hold' as const), on: fc.boolean() }),
  fc.record({ do: fc.constant('verify' as const) }),
  fc.record({ do: fc.constant('restart' as const) }),
  fc.record({ do: fc.constantFrom('acknowledge' as const, 'resolve' as const), index: fc.nat(5) }),
);

/** The first of them that cannot be reached is the cause of all others that cannot. */
function causeOf(story: Story): FoundCause[] {
  const dead = [...story.conditions.values()].filter(({ rule }) => rule === 'unreachable');
  const ids = dead.map(({ deviceId }) => deviceId).sort((a, b) => a - b);
  const [first] = ids;
  if (first === undefined || ids.length < 2) return [];
  return [
    found(
      first,
      dead.map(({ id }) => id),
      ids.slice(1),
    ),
  ];
}

function take(story: Story, step: Step): void {
  switch (step.do) {
    case 'see': {
      const all = new Map(step.what.map(([device, rule]) => [`${device}/${rule}`, condition(device, rule)]));
      // Of what cannot be reached nothing else is said.
      const dead = new Set(step.what.flatMap(([device, rule]) => (rule === 'unreachable' ? [device] : [])));
      const said = [...all.values()].filter(
        ({ deviceId, rule }) => rule === 'unreachable' || !dead.has(deviceId),
      );
      for (const device of devices) story.standings.set(device, 'answers');
      story.conditions = new Map(said.map((each) => [each.id, each]));
      story.causes = step.cause ? causeOf(story) : [];
      story.sees(...said);
      break;
    }
    case 'pass':
      story.passes(step.seconds);
      break;
    case 'silent':
      story.standings.set(step.device, 'silent');
      story.look();
      break;
    case 'hold':
      story.heldBy = () => (step.on ? { id: 1, name: 'Umbau' } : null);
      story.look();
      break;
    case 'verify':
      story.verifies();
      break;
    case 'restart':
      story.restart();
      break;
    default: {
      const incident = [...story.open.values()][step.index];
      if (incident === undefined) return;
      const act = step.do === 'acknowledge' ? acknowledge(chief) : resolveByHand(chief, null);
      const change = act(incident, story.time);
      story.apply(change === null ? [] : [change]);
    }
  }
}

it('tells the beginning and the end of each fault once, whatever happens in whatever order', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const story = new Story();
      for (const each of steps) {
        take(story, each);
        // Deciding again from the same changes nothing.
        expect(story.decided(story.look().known, story.world, story.time)).toEqual([]);
        for (const incident of story.open.values()) {
          expect(incident.state).not.toBe('resolved');
          if (incident.told) expect(incident.openedAt).not.toBeNull();
        }
      }
      story.heldBy = () => null;
      story.causes = [];
      for (const device of devices) story.standings.set(device, 'answers');
      story.sees().passes(900);
      expect(story.states).toEqual({});
      const of = Map.groupBy(
        story.notices.filter((notice) => /^(opened|resolved)/.test(notice)),
        (notice) => notice.split(' ')[1],
      );
      for (const told of of.values()) {
        const kinds = told.map((notice) => notice.split(' ')[0]);
        expect(kinds).toEqual(kinds.map((_, index) => (index % 2 === 0 ? 'opened' : 'resolved')));
        expect(kinds.length % 2).toBe(0);
      }
      const before = story.notices.length;
      story.restart();
      story.passes(300);
      expect(story.notices).toHaveLength(before);
    }),
    { numRuns: 150 },
  );
});
