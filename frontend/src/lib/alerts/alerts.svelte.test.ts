import type { ChannelView, IncidentDelivery } from '@rackhaus/config/contract';
import { incidentEventKinds, noticeKinds } from '@rackhaus/config/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Api } from '../api/api.ts';
import { alarmOf } from './alarm.ts';
import { narrowed } from './open-incidents.ts';
import { PushDevice } from './push.svelte.ts';
import { browserName, type PushBrowser, type Subscription } from './push-browser.ts';
import { planReadings, readingsWindow } from './readings.ts';
import { snoozeOffers } from './snooze-times.ts';
import { Sound, type TonePlayer } from './sound.svelte.ts';
import { storyLines } from './story.ts';
import { event, incident } from './testing.ts';
import { channelWords, eventWords, markWords, noticeWords, resultWords, titleWords } from './words.ts';

const now = Date.UTC(2026, 10, 20, 9);
const hourMs = 3_600_000;

describe('the words of an incident', () => {
  it('name the cause and count what hangs on it', () => {
    expect(titleWords(incident(1, 'critical'))).toBe('core-1 antwortet nicht, 23 Geräte betroffen');
    expect(titleWords(incident(1, 'critical', { affected: 0 }))).toBe('core-1 antwortet nicht');
  });
  it('say each mark, and none of them once it is over', () => {
    const all = {
      drill: true,
      heldBy: { id: 1, name: 'Umbau' },
      snoozedUntil: now + hourMs,
      flapping: true,
      unknown: true,
    };
    expect(markWords(incident(1, 'warning', all), now)).toHaveLength(5);
    expect(markWords(incident(1, 'warning', { ...all, state: 'resolved' }), now)).toEqual(['Übung']);
    expect(markWords(incident(1, 'warning', { snoozedUntil: now - 1 }), now)).toEqual([]);
  });
  it('have a sentence for every kind of event and notice', () => {
    for (const kind of incidentEventKinds) expect(eventWords(event(1, kind)), kind).toMatch(/\S/);
    for (const kind of noticeKinds) expect(noticeWords(kind), kind).not.toBe(kind);
    expect(channelWords('sms')).toBe('SMS');
  });
  it('tell how a message fared', () => {
    const told = (state: IncidentDelivery['state'], receiptAt: number | null, late = false) =>
      resultWords({ state, receiptAt, late }, now);
    expect(told('sent', null)).toBe('gesendet');
    expect(told('sent', now, true)).toMatch(/^angekommen .*, verspätet$/);
    expect(told('failed', null)).toBe('nicht zugestellt');
  });
});

describe('the list', () => {
  it('finds by words in either language, place and severity', () => {
    const all = [incident(1, 'critical'), incident(2, 'warning', { place: 'Bücherei', siteId: 2 })];
    const find = (filter: Partial<Parameters<typeof narrowed>[1]>) =>
      narrowed(all, { search: '', severity: '', siteId: null, ...filter }).map(({ id }) => id);
    expect(find({ search: 'CORE answer' })).toEqual([1, 2]);
    expect(find({ search: 'büch' })).toEqual([2]);
    expect(find({ severity: 'critical' })).toEqual([1]);
    expect(find({ siteId: 2 })).toEqual([2]);
  });
  it('offers to put off until the next working morning', () => {
    const friday = new Date(2026, 10, 20, 16).getTime();
    const morning = new Date(snoozeOffers(friday).at(-1)?.until ?? 0);
    expect([morning.getDay(), morning.getHours()]).toEqual([1, 7]);
  });
});

describe('the story', () => {
  it('is in order, and gathers what joins at once', () => {
    const joined = [5, 6, 7, 8].map((id) => event(id, 'joined'));
    const lines = storyLines([event(9, 'note'), ...joined, event(2, 'began'), event(10, 'left')]);
    expect(lines.map(({ events }) => events.map(({ id }) => id))).toEqual([[2], [5, 6, 7, 8], [9], [10]]);
  });
  it('draws what has values, one chart for each metric of a device', () => {
    const of = (metric: string, entity = '', deviceId = 1) => ({ metric, entity, deviceId });
    const planned = planReadings([
      of('device.reachable'),
      of('device.ping'),
      of('sensor.temperature', 'a'),
      of('sensor.temperature', 'b'),
      of('nothing.known'),
    ]);
    expect(planned.map(({ metric, entities }) => [metric, entities])).toEqual([
      ['device.ping', ['']],
      ['sensor.temperature', ['a', 'b']],
    ]);
  });
  it('looks at the time around the beginning', () => {
    expect(readingsWindow(now - hourMs, null, now)).toEqual({
      from: now - 1.5 * hourMs,
      to: null,
      mark: now - hourMs,
    });
    const old = readingsWindow(now - 900 * hourMs, null, now);
    expect(old.to).toBe(now - 876 * hourMs);
  });
});

describe('the sound of the wall', () => {
  it('goes on for what is critical and waits, comes once for a warning, and never for what is held or put off', () => {
    const alarm = (...of: Parameters<typeof alarmOf>) => alarmOf(...of).alarm;
    expect(alarm([incident(1, 'critical')], null, now)).toBe('repeated');
    expect(alarm([incident(1, 'critical', { state: 'acknowledged' })], null, now)).toBe('none');
    expect(alarm([incident(1, 'critical', { heldBy: { id: 1, name: 'x' } })], null, now)).toBe('none');
    expect(alarm([incident(1, 'critical', { snoozedUntil: now + 1 })], null, now)).toBe('none');
    expect(alarm([incident(1, 'critical', { state: 'pending' })], null, now)).toBe('none');
    expect(alarm([incident(2, 'warning')], null, now)).toBe('none');
    const first = alarmOf([], new Set(), now);
    const second = alarmOf([incident(2, 'warning')], first.known, now);
    expect(second.alarm).toBe('once');
    expect(alarm([incident(2, 'warning')], second.known, now)).toBe('none');
  });

  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  it('repeats every 30 s until somebody takes it, and asks for a press where the browser is silent', async () => {
    let allowed = false;
    let played = 0;
    const player: TonePlayer = {
      get running() {
        return allowed;
      },
      resume: () => Promise.resolve(),
      play: () => {
        played++;
      },
      close: () => {},
    };
    const storage = new Map([['rackhaus-sound', 'on']]);
    const sound = new Sound({
      storage: {
        getItem: (key) => storage.get(key) ?? null,
        setItem: (key, value) => storage.set(key, value),
      },
      player: () => player,
      now: () => now,
    });
    sound.start();
    await vi.advanceTimersByTimeAsync(0);
    expect([sound.on, sound.blocked]).toEqual([true, true]);
    sound.follow([incident(1, 'critical')]);
    expect(played).toBe(0);
    allowed = true;
    await sound.press();
    expect([sound.blocked, played]).toEqual([false, 1]);
    await vi.advanceTimersByTimeAsync(61_000);
    expect(played).toBe(3);
    sound.follow([incident(1, 'critical', { state: 'acknowledged' })]);
    await vi.advanceTimersByTimeAsync(61_000);
    expect(played).toBe(3);
    await sound.press();
    expect([sound.on, storage.get('rackhaus-sound')]).toEqual([false, 'off']);
    sound.stop();
  });
});

describe('this device', () => {
  const subscription: Subscription = { endpoint: 'https://push.example/1', p256dh: 'p', auth: 'a' };
  const channel: ChannelView = {
    id: 7,
    version: 1,
    userId: 1,
    name: 'Chrome, Linux',
    rank: 0,
    target: 'push.example',
    settings: { kind: 'push', device: 'Chrome, Linux' },
    hasSecret: true,
    enabled: true,
    minSeverity: 'warning',
    lastSentAt: null,
    lastReceiptAt: null,
    failingSince: null,
    lastError: null,
  };
  const browser = (extra: Partial<PushBrowser> = {}): PushBrowser => ({
    secure: true,
    supported: true,
    ios: false,
    installed: false,
    name: 'Chrome, Linux',
    permission: () => 'default',
    ask: () => Promise.resolve('granted'),
    subscribe: () => Promise.resolve(subscription),
    unsubscribe: () => Promise.resolve(),
    alone: (work) => work(),
    ...extra,
  });
  const device = (of: PushBrowser, kept = new Map<string, string>()) => {
    const sent: { method: string; path: string; body: unknown }[] = [];
    const api = new Api({
      fetch: (path, init) => {
        const method = init?.method ?? 'GET';
        if (method !== 'GET')
          sent.push({ method, path: String(path), body: init?.body ? JSON.parse(String(init.body)) : null });
        if (method === 'DELETE') return Promise.resolve(new Response(null, { status: 204 }));
        return Promise.resolve(Response.json(method === 'PUT' ? channel : { publicKey: 'key' }));
      },
      onUnauthenticated: () => {},
    });
    const made = new PushDevice({
      api,
      browser: of,
      storage: {
        getItem: (key) => kept.get(key) ?? null,
        setItem: (key, value) => kept.set(key, value),
        removeItem: (key) => kept.delete(key),
      },
      user: 'frau yilmaz',
    });
    return { made, sent, kept };
  };

  it.each([
    ['insecure', browser({ secure: false, supported: false })],
    ['home-screen', browser({ supported: false, ios: true })],
    ['unsupported', browser({ supported: false })],
    ['denied', browser({ permission: () => 'denied' })],
    ['off', browser()],
    // Granted for somebody else who signs in here too.
    ['off', browser({ permission: () => 'granted' })],
  ] as const)('is %s where it is so', async (state, of) => {
    const { made } = device(of);
    await made.start();
    expect(made.state).toBe(state);
  });

  it('is switched on by a press, renewed at each opening with the address that it replaces, and switched off', async () => {
    let permission: NotificationPermission = 'default';
    const of = browser({
      permission: () => permission,
      ask: () => {
        permission = 'granted';
        return Promise.resolve(permission);
      },
    });
    const { made, sent, kept } = device(of);
    await made.start();
    expect(await made.switchOn()).toBe(true);
    expect(sent).toEqual([
      { method: 'PUT', path: '/api/push', body: { ...subscription, device: 'Chrome, Linux', before: null } },
    ]);
    const moved = { ...subscription, endpoint: 'https://push.example/2' };
    const next = device({ ...of, subscribe: () => Promise.resolve(moved) }, kept);
    await next.made.start();
    expect(next.made.state).toBe('on');
    expect(next.sent[0]?.body).toMatchObject({ endpoint: moved.endpoint, before: subscription.endpoint });
    await next.made.switchOff();
    expect([next.made.state, next.sent.at(-1)?.path, kept.size]).toEqual(['off', '/api/channels/7', 0]);
  });

  it('is not switched on again by a renewal that was under way when it was switched off', async () => {
    let turn: Promise<void> = Promise.resolve();
    const of = browser({
      permission: () => 'granted',
      alone: (work) => {
        turn = turn.then(work);
        return turn;
      },
    });
    const { made, kept } = device(of);
    await made.start();
    await made.switchOn();
    const renewing = device(of, kept);
    const off = made.switchOff();
    await Promise.all([off, renewing.made.start()]);
    expect([made.state, renewing.made.state, renewing.sent]).toEqual(['off', 'off', []]);
  });

  it('says what stood in the way: the question closed, or no push service', async () => {
    const closed = device(browser({ ask: () => Promise.resolve('default') }));
    await closed.made.start();
    await closed.made.switchOn();
    expect([closed.made.state, closed.made.failure]).toEqual(['off', 'dismissed']);
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const unreached = device(
      browser({ subscribe: () => Promise.reject(new DOMException('no', 'AbortError')) }),
    );
    await unreached.made.start();
    await unreached.made.switchOn();
    expect([unreached.made.state, unreached.made.failure]).toEqual(['off', 'service']);
    warned.mockRestore();
  });

  it('is called as a person would call it', () => {
    const android = 'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36';
    expect(browserName(android, false)).toBe('Chrome, Android');
    expect(browserName('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1', true)).toBe(
      'Safari, iPhone',
    );
  });
});
