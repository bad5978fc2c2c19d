import type { LiveItem } from '@rackhaus/config/contract';
import { flushSync } from 'svelte';
import { describe, expect, it } from 'vitest';
import { LiveStore, readingKey } from './store.svelte.ts';

const device = (id: number, state: 'ok' | 'warning'): LiveItem => ({
  type: 'device',
  id,
  state,
  since: null,
  conditions: [],
  headline: {},
  lastSeen: null,
});
const port = (id: number, state: 'up' | 'down'): LiveItem => ({
  type: 'port',
  id,
  deviceId: 1,
  state,
  speed: null,
  use: null,
});

describe('the store of a view', () => {
  it('takes changes item by item', () => {
    const store = new LiveStore();
    expect(store.arrived).toBe(false);
    store.apply({ full: true, items: [device(1, 'ok'), device(2, 'ok'), port(7, 'up')] });
    store.apply({ full: false, items: [device(2, 'warning')] });
    expect(store.arrived).toBe(true);
    expect(store.devices.get(1)?.state).toBe('ok');
    expect(store.devices.get(2)?.state).toBe('warning');
    expect(store.ports.get(7)?.state).toBe('up');
  });

  it('forgets with a full update what is not in it', () => {
    const store = new LiveStore();
    store.apply({ full: true, items: [device(1, 'ok'), device(2, 'ok'), port(7, 'up')] });
    store.apply({ full: true, items: [device(2, 'ok')] });
    expect([...store.devices.keys()]).toEqual([2]);
    expect(store.ports.size).toBe(0);
  });

  it('redraws only what shows the changed item', () => {
    const store = new LiveStore();
    store.apply({ full: true, items: [port(1, 'up'), port(2, 'up')] });
    const drawn = { one: 0, two: 0 };
    const stop = $effect.root(() => {
      $effect(() => {
        void store.ports.get(1);
        drawn.one++;
      });
      $effect(() => {
        void store.ports.get(2);
        drawn.two++;
      });
    });
    flushSync();
    store.apply({ full: false, items: [port(2, 'down')] });
    flushSync();
    expect(drawn).toEqual({ one: 1, two: 2 });
    stop();
  });

  it('keys readings by device, kind and entity, and counts revisions', () => {
    const store = new LiveStore();
    const values = { rx: 1 };
    store.apply({
      full: false,
      items: [
        { type: 'reading', deviceId: 3, kind: 'port', entity: '1/1/1', time: 1, values },
        { type: 'inventory', view: 'room:1', revision: 4 },
      ],
    });
    expect(store.readings.get(readingKey(3, 'port', '1/1/1'))?.values).toEqual(values);
    expect(store.revision).toBe(4);
  });
});
