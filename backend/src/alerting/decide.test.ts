import { expect, it } from 'vitest';
import { acknowledge, resolveByHand, snooze } from './acts.ts';
import { condition, found, Story } from './testing.ts';

const chief = { userId: 1, name: 'Meike', via: 'Web' };
const water = condition(5, 'water', 'Boden');

it('tells of water at once, and when it is over after a calm', () => {
  const story = new Story().sees(water);
  expect(story.states).toEqual({ 'room:1/water': 'open' });
  expect(story.notices).toEqual(['opened 1']);
  story.passes(60).sees().passes(29);
  expect(story.notices).toEqual(['opened 1']);
  story.passes(2);
  expect(story.notices).toEqual(['opened 1', 'resolved 1']);
  expect(story.states).toEqual({});
  expect(story.events).toEqual(['began 1', 'opened 1', 'resolved 1']);
});

it('waits with what does not answer until it was read again, and tells nobody when it answers then', () => {
  const story = new Story().sees(condition(1, 'unreachable'));
  expect(story.states).toEqual({ 'device:1/reachability': 'pending' });
  story.passes(3).sees().passes(1);
  expect(story.states).toEqual({});
  expect(story.notices).toEqual([]);
  story.sees(condition(1, 'unreachable')).verifies();
  expect(story.notices).toEqual(['opened 2']);
});

it('believes it after eight seconds, whether it could be read again or not', () => {
  const story = new Story().sees(condition(1, 'unreachable')).passes(7);
  expect(story.notices).toEqual([]);
  story.passes(1);
  expect(story.notices).toEqual(['opened 1']);
});

it('is one incident with one page for a core switch and all behind it', () => {
  const story = new Story();
  const ids = [1, 2, 3, 4].map((id) => condition(id, 'unreachable'));
  story.causes = [
    found(
      1,
      ids.map(({ id }) => id),
      [2, 3, 4],
    ),
  ];
  story.sees(...ids).verifies();
  expect(story.states).toEqual({ 'device:1/reachability': 'open' });
  expect(story.notices).toEqual(['opened 1']);
  expect([...story.one('device:1/reachability').members.values()].map(({ role }) => role)).toEqual([
    'cause',
    'affected',
    'affected',
    'affected',
  ]);
});

it('keeps its name when the cause is well again before what hung on it', () => {
  const story = new Story();
  const [core, behind] = [1, 2].map((id) => condition(id, 'unreachable'));
  if (core === undefined || behind === undefined) throw new Error('two conditions');
  story.causes = [found(1, [core.id, behind.id], [2])];
  story.sees(core, behind).verifies();
  const { title } = story.one('device:1/reachability');
  story.passes(30).sees(behind).passes(3);
  expect(story.one('device:1/reachability').title).toEqual(title);
});

it('makes the incident of a child that of the cause when it turns out to lie higher up: no second page', () => {
  const story = new Story().sees(condition(2, 'unreachable'), condition(3, 'unreachable')).verifies();
  expect(story.notices).toEqual(['opened 1', 'opened 2']);
  const ids = [1, 2, 3].map((id) => condition(id, 'unreachable'));
  story.causes = [
    found(
      1,
      ids.map(({ id }) => id),
      [2, 3],
    ),
  ];
  story.sees(...ids).passes(20);
  expect(story.states).toEqual({ 'device:1/reachability': 'open' });
  expect(story.one('device:1/reachability')).toMatchObject({ id: 1, title: { de: 'd1: unreachable' } });
  expect(story.events.slice(-4)).toEqual(['cause 2 d1', 'resolved 2', 'cause 1 d1', 'joined 1 d1, d3']);
  const part = 'resolved 2 Gehört jetzt zu: d1: unreachable';
  expect(story.notices).toEqual(['opened 1', 'opened 2', part]);
  story.causes = [];
  story.sees().passes(40);
  expect(story.notices).toEqual(['opened 1', 'opened 2', part, 'resolved 1']);
});

it('does not tell again of a cause that was still looked into when its child was known already', () => {
  const story = new Story().sees(condition(2, 'unreachable')).verifies();
  const ids = [1, 2].map((id) => condition(id, 'unreachable'));
  story.sees(...ids);
  expect(story.states).toEqual({ 'device:2/reachability': 'open', 'device:1/reachability': 'pending' });
  story.causes = [
    found(
      1,
      ids.map(({ id }) => id),
      [2],
    ),
  ];
  story.passes(20);
  expect(story.states).toEqual({ 'device:1/reachability': 'open' });
  expect(story.notices).toEqual(['opened 1']);
});

it('is no second incident of a cable when what is behind it turns out to be without power', () => {
  const story = new Story();
  const behind = condition(2, 'unreachable');
  const cable = { ...found(1, [behind.id], [2], { kind: 'link' }) };
  story.causes = [{ ...cable, cause: { ...cable.cause, deviceId: null, linkId: 5 } }];
  story.sees(behind).verifies();
  expect(story.states).toEqual({ 'link:1': 'open' });
  const supply = condition(3, 'supply-failed');
  story.causes = [found(2, [behind.id, supply.id], [], { kind: 'power' })];
  story.sees(behind, supply).passes(20);
  expect(story.states).toEqual({ 'power:2': 'open' });
  expect(story.notices).toEqual(['opened 1']);
});

it('takes what is still wrong long after its cause is over for a fault of its own', () => {
  const story = new Story();
  const ids = [1, 2, 3].map((id) => condition(id, 'unreachable'));
  story.causes = [
    found(
      1,
      ids.map(({ id }) => id),
      [2, 3],
    ),
  ];
  story.sees(...ids).verifies();
  story.causes = [];
  story.sees(condition(3, 'unreachable')).passes(100);
  expect(Object.keys(story.states)).toEqual(['device:1/reachability']);
  story.passes(60);
  expect(story.states).toEqual({ 'device:3/reachability': 'open' });
  story.sees().passes(40);
  expect(story.notices).toEqual(['opened 1', 'opened 2', 'resolved 1', 'resolved 2']);
});

it('is one page when what was behind a cause is read again little by little, after the cause is well', () => {
  const story = new Story();
  const ids = Array.from({ length: 9 }, (_, index) => index + 1);
  const down = (some: readonly number[]) => some.map((id) => condition(id, 'unreachable'));
  const said = (some: readonly number[]) => down(some).map(({ id }) => id);
  story.causes = [found(1, said(ids), ids.slice(1))];
  story.sees(...down(ids)).verifies();
  // The switches 2 and 3 have not been read yet, with what hangs on them; then that neither.
  story.causes = [found(2, said([2, 4, 5, 6]), [4, 5, 6]), found(3, said([3, 7, 8, 9]), [7, 8, 9])];
  story.sees(...down(ids.slice(1))).passes(30);
  story.causes = ids.slice(3).map((id) => found(id, said([id])));
  story.sees(...down(ids.slice(3))).passes(60);
  expect(story.states).toEqual({ 'device:1/reachability': 'open' });
  // One of them stays dead.
  story.causes = [found(9, said([9]))];
  story.sees(...down([9])).passes(20);
  expect(story.notices).toEqual(['opened 1']);
  story.passes(60);
  expect(story.states).toEqual({ 'device:9/reachability': 'open' });
  expect(story.notices).toEqual(['opened 1', 'opened 2', 'resolved 1']);
});

it('says once that it has become worse', () => {
  const story = new Story().sees(condition(5, 'room-warm', 'Luft')).passes(5);
  story.sees(condition(5, 'room-hot', 'Luft')).passes(5);
  story.sees(condition(5, 'room-warm', 'Luft')).passes(5);
  story.sees(condition(5, 'room-hot', 'Luft')).passes(5);
  expect(story.notices).toEqual(['opened 1', 'worse 1']);
  expect(story.one('room:1/climate').severity).toBe('critical');
});

it('does not take silence for recovery', () => {
  const story = new Story().sees(water);
  story.standings.set(5, 'silent');
  story.passes(30);
  expect(story.one('room:1/water').unknown).toBe(false);
  story.passes(31);
  expect(story.one('room:1/water').unknown).toBe(true);
  story.sees().passes(600);
  expect(story.states).toEqual({ 'room:1/water': 'open' });
  story.standings.set(5, 'answers');
  story.passes(40);
  expect(story.notices).toEqual(['opened 1', 'resolved 1']);
  expect(story.events).toEqual(['began 1', 'opened 1', 'unknown 1', 'known 1', 'resolved 1']);
});

it('keeps what is wrong on a device that stops answering, and does not end it by that', () => {
  const story = new Story().sees(condition(5, 'fan-failed', '1')).passes(10);
  story.sees(condition(5, 'unreachable')).verifies().passes(600);
  expect(story.states).toEqual({ 'device:5/hardware': 'open', 'device:5/reachability': 'open' });
  expect(story.one('device:5/hardware').unknown).toBe(true);
});

it('is one page when an agent falls silent: its devices join', () => {
  const story = new Story();
  const silent = condition(0, 'agent-silent', 'Schule');
  for (const id of [1, 2, 3]) story.standings.set(id, 'silent');
  story.causes = [
    found(0, [silent.id], [1, 2, 3], {
      key: 'agent:6',
      cause: { kind: 'agent', name: 'Schule', deviceId: null, linkId: null, linkLabel: null, also: [] },
    }),
  ];
  story.sees(silent);
  expect(story.states).toEqual({ 'agent:6': 'open' });
  expect(story.notices).toEqual(['opened 1']);
  expect(story.one('agent:6').members.size).toBe(4);
  story.causes = [];
  story.sees().passes(60);
  expect(story.states).toEqual({ 'agent:6': 'open' });
  for (const id of [1, 2, 3]) story.standings.set(id, 'answers');
  story.passes(31);
  expect(story.notices).toEqual(['opened 1', 'resolved 1']);
});

it('opens the same incident again when it comes back soon, and calls it flapping the third time', () => {
  const story = new Story();
  for (let n = 0; n < 12; n++) story.sees(water).passes(40).sees().passes(40);
  expect(story.notices).toEqual([
    'opened 1',
    'resolved 1',
    'opened 1',
    'resolved 1',
    'opened 1',
    'resolved 1',
    'opened 1',
  ]);
  expect(story.one('room:1/water').flapping).toBe(true);
  story.passes(600);
  expect(story.states).toEqual({});
  expect(story.notices.at(-1)).toBe('resolved 1');
  expect(story.events.filter((event) => /flapping|calm/.test(event))).toEqual(['flapping 1', 'calm 1']);
});

it('is another incident when it comes back later', () => {
  const story = new Story().sees(water).sees().passes(400).sees(water);
  expect(story.notices).toEqual(['opened 1', 'resolved 1', 'opened 2']);
});

it('holds what is told in a maintenance window, and tells at its end what is still wrong', () => {
  const story = new Story();
  story.heldBy = ({ deviceId }) => (deviceId === 5 ? { id: 7, name: 'Umbau' } : null);
  story.sees(water, condition(6, 'fan-failed', '2')).passes(60);
  expect(story.notices).toEqual(['opened 2']);
  expect(story.one('room:1/water').heldBy).toEqual({ id: 7, name: 'Umbau' });
  story.heldBy = () => null;
  story.passes(1);
  expect(story.notices).toEqual(['opened 2', 'opened 1']);
  expect(story.events).toContain('released 1 Umbau');
});

it('says nothing of what came and went in a maintenance window, and says what is over of what was told before', () => {
  const story = new Story().sees(water).passes(10);
  story.heldBy = () => ({ id: 7, name: 'Umbau' });
  story
    .passes(10)
    .sees(condition(6, 'fan-failed', '2'))
    .passes(60);
  expect(story.notices).toEqual(['opened 1', 'resolved 1']);
  story.sees().passes(60);
  story.heldBy = () => null;
  story.passes(10);
  expect(story.notices).toEqual(['opened 1', 'resolved 1']);
});

it('asks again when a snooze is over and the fault is not', () => {
  const story = new Story().sees(water);
  const act = snooze(chief, story.now + 60_000)(story.one('room:1/water'), story.time);
  story.apply(act === null ? [] : [act]);
  story.passes(59);
  expect(story.notices).toEqual(['opened 1']);
  story.passes(2);
  expect(story.notices).toEqual(['opened 1', 'reminder 1']);
  expect(story.events.at(-1)).toBe('woken 1');
});

it('says who has taken it, once', () => {
  const story = new Story().sees(water);
  for (let n = 0; n < 2; n++) {
    const act = acknowledge(chief)(story.one('room:1/water'), story.time);
    story.apply(act === null ? [] : [act]);
  }
  expect(story.one('room:1/water')).toMatchObject({ state: 'acknowledged', acknowledgedBy: 'Meike' });
  story.passes(100).sees().passes(40);
  expect(story.notices).toEqual(['opened 1', 'acknowledged 1', 'resolved 1']);
});

it('opens again what was ended by hand and is still seen', () => {
  const story = new Story().sees(water);
  const act = resolveByHand(chief, 'aufgewischt')(story.one('room:1/water'), story.time);
  story.apply(act === null ? [] : [act]);
  expect(story.states).toEqual({});
  story.look();
  expect(story.notices).toEqual(['opened 1', 'resolved 1', 'opened 1']);
  expect(story.events.at(-1)).toBe('reopened 1');
});

it('does not take it for over that a source has not reported yet', () => {
  const gap = { ...condition(0, 'on-call'), id: 'own/on-call/gap' };
  const drill = { ...condition(5, 'drill'), id: 'drill/3/drill/x' };
  const story = new Story().sees(gap, drill);
  expect(story.states).toEqual({ 'own:on-call/gap': 'open', 'drill:3': 'open' });
  for (const source of ['on-call', 'drill']) story.unreported.add(source);
  story.restart();
  story.sees().passes(600);
  expect(story.notices).toEqual(['opened 1', 'opened 2']);
  story.unreported.clear();
  story.look();
  expect(story.notices).toEqual(['opened 1', 'opened 2', 'resolved 1', 'resolved 2']);
});

it('says of each device once that it joined and left, however it comes and goes behind a dead switch', () => {
  const story = new Story();
  const down = (id: number) => condition(id, 'unreachable');
  const all = [1, 2, 3].map(down);
  story.causes = [
    found(
      1,
      all.map(({ id }) => id),
      [2, 3],
    ),
  ];
  story.sees(down(1)).verifies();
  for (let n = 0; n < 4; n++) {
    story.sees(...all).passes(10);
    for (const id of [1, 2, 3]) story.standings.set(id, 'silent');
    story.passes(10);
    story.standings.set(2, 'answers');
    story.sees(down(1), down(3)).passes(10);
  }
  const told = story.events.filter((event) => /joined|left|known/.test(event));
  expect(told).toEqual(['joined 1 d2, d3', 'left 1 d2']);
});

it('takes a clock that is set for nothing', () => {
  const story = new Story().sees(water);
  story.sees();
  const later = story.now + 3_600_000;
  const { known, world } = story;
  const times = [later, story.now - 3_600_000].map((now) => ({ now, steady: story.now + 1000 }));
  for (const time of times) expect(story.decided(known, world, time)).toEqual([]);
});

it('goes on as the incident of what the device had said by itself', () => {
  const said = { ...condition(7, 'syslog'), id: 'own/syslog/7', severity: 'critical' } as const;
  const other = { ...said, id: 'own/syslog/8', deviceId: 8 } as const;
  const story = new Story().sees(said, other);
  expect(story.states).toEqual({ 'own:syslog/7': 'open', 'own:syslog/8': 'open' });
  const fan = condition(7, 'fan-failed');
  story.sees(said, other, fan);
  expect(story.states).toEqual({ 'device:7/hardware': 'open', 'own:syslog/8': 'open' });
  story.sees(other, fan).passes(60);
  expect(story.one('device:7/hardware')).toMatchObject({ title: fan.title, severity: 'critical' });
  expect(story.notices).toEqual(['opened 1', 'opened 2']);
  story.sees(other).passes(60);
  expect(story.notices).toEqual(['opened 1', 'opened 2', 'resolved 1']);
});

it('goes on likewise when the device turns out to be the cause for others', () => {
  const said = { ...condition(1, 'syslog'), id: 'own/syslog/1', severity: 'critical' } as const;
  const story = new Story().sees(said);
  const down = [1, 2].map((id) => condition(id, 'unreachable'));
  story.causes = [
    found(
      1,
      down.map(({ id }) => id),
      [2],
    ),
  ];
  story.sees(said, ...down).passes(20);
  expect(story.states).toEqual({ 'device:1/reachability': 'open' });
  story.sees(...down).passes(200);
  expect(story.states).toEqual({ 'device:1/reachability': 'open' });
  expect(story.notices).toEqual(['opened 1']);
});

it('tells nobody of what a device says that is being worked at', () => {
  const story = new Story();
  story.heldBy = ({ deviceId }) => (deviceId === 7 ? { id: 3, name: 'Umbau' } : null);
  const said = { ...condition(7, 'syslog'), id: 'own/syslog/7', severity: 'critical' } as const;
  story.sees(said).passes(600);
  expect(story.states).toEqual({ 'own:syslog/7': 'open' });
  story.sees().passes(5);
  expect([story.states, story.notices]).toEqual([{}, []]);
});
