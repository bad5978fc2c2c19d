import {
  type LiveItem,
  liveItemKey,
  type StreamPosition,
  type ViewName,
  type ViewUpdate,
} from '@rackhaus/config/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LiveState } from '../monitoring/live-state.ts';
import { tell, testDevice } from '../monitoring/testing.ts';
import { RuleBook } from '../rules/rule-book.ts';
import { LiveHub } from './hub.ts';
import { Views } from './views.ts';

const views: readonly ViewName[] = ['room:1', 'room:2', 'rack:1', 'device:1', 'device:2', 'port:101'];

/** What a screen does with updates, as the contract says. */
class Screen {
  readonly items = new Map<string, LiveItem>();
  position: StreamPosition | null = null;
  connected = false;

  take(update: ViewUpdate): void {
    if (update.full) this.items.clear();
    for (const item of update.items) this.items.set(liveItemKey(item), item);
    this.position = update.position;
  }
}

type Step =
  | { what: 'reading'; device: number; entity: string; value: number; age: number }
  | { what: 'connect' | 'disconnect'; screen: number }
  | { what: 'flush' }
  | { what: 'later'; ms: number }
  | { what: 'devices'; ids: readonly number[]; room: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      what: fc.constant('reading' as const),
      device: fc.integer({ min: 1, max: 3 }),
      entity: fc.constantFrom('1', '2', ''),
      value: fc.integer({ min: 0, max: 2 }),
      age: fc.integer({ min: 0, max: 9000 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constantFrom('connect' as const, 'disconnect' as const),
      screen: fc.nat(11),
    }),
  },
  { weight: 4, arbitrary: fc.constant({ what: 'flush' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constant('later' as const), ms: fc.constantFrom(1000, 20_000, 70_000) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('devices' as const),
      ids: fc.uniqueArray(fc.integer({ min: 1, max: 3 })),
      room: fc.integer({ min: 1, max: 2 }),
    }),
  },
);

/** Rooms and racks do not promise when a device was last heard. */
const shown = (view: ViewName, items: Iterable<LiveItem>) =>
  [...items]
    .map((item) => (item.type === 'device' && /^(room|rack)/.test(view) ? { ...item, lastSeen: null } : item))
    .sort((a, b) => (liveItemKey(a) < liveItemKey(b) ? -1 : 1));

describe('live hub', () => {
  it('brings every screen to the picture that a new one gets, whatever it missed', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let now = 1_800_000_000_000;
        const live = new LiveState({ rules: new RuleBook([]), now: () => now });
        let revision = 0;
        const all = new Views({ live, overview: () => [], revision: () => revision });
        const screens = [...views, ...views].map((view) => ({ view, screen: new Screen() }));
        const hub = new LiveHub({
          views: all,
          epoch: 'e',
          now: () => now,
          send: (update) => {
            for (const { view, screen } of screens)
              if (view === update.view && screen.connected) screen.take(structuredClone(update));
          },
        });
        live.onChange((change) => hub.changed(change));
        live.setDevices([testDevice(1), testDevice(2, { roomId: 2 })]);

        const connect = (index: number) => {
          const entry = screens[index];
          if (!entry || entry.screen.connected) return;
          entry.screen.take(structuredClone(hub.watch(entry.view, entry.screen.position)));
          entry.screen.connected = true;
        };
        const take = (s: Extract<Step, { what: 'reading' }>) => {
          const values = s.entity === '' ? { reachable: Math.min(1, s.value) } : { oper: s.value + 1 };
          const kind = s.entity === '' ? 'device' : 'port';
          tell(live, [{ deviceId: s.device, kind, entity: s.entity, time: now - s.age, values }]);
        };
        for (const s of steps) {
          if (s.what === 'flush') hub.flush();
          else if (s.what === 'reading') take(s);
          else if (s.what === 'later') {
            now += s.ms;
            live.tick();
          } else if (s.what === 'connect') connect(s.screen);
          else if (s.what === 'disconnect') {
            const entry = screens[s.screen];
            if (entry?.screen.connected) hub.unwatch(entry.view);
            if (entry) entry.screen.connected = false;
          } else if (s.what === 'devices') {
            live.setDevices(s.ids.map((id) => testDevice(id, { roomId: s.room })));
            revision++;
            hub.everythingChanged();
          }
        }
        for (const index of screens.keys()) connect(index);
        hub.flush();
        for (const { view, screen } of screens)
          expect(shown(view, screen.items.values())).toEqual(shown(view, all.all(view, null)));
        hub.stop();
      }),
      { numRuns: 300 },
    );
  });
});
