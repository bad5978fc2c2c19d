import { describe, expect, test } from 'vitest';
import { townHallInventory } from '../../inventory/testing.ts';
import type { FoundCause } from '../parts.ts';
import { loadFacts } from './facts.ts';
import { type Broken, condition, TestSite } from './testing.ts';

const { db, inventory } = await townHallInventory();
const facts = await loadFacts(db);
const monitored = new Set(
  (await db.selectFrom('device_monitoring').select('device_id').execute()).map((row) => row.device_id),
);
const idOf = (name: string): number => {
  for (const [id, device] of facts.devices) if (device.name === name) return id;
  throw new Error(`there is no device "${name}"`);
};
const cableOf = (label: string): number => {
  for (const [id, known] of facts.cables) if (known === label) return id;
  throw new Error(`there is no cable "${label}"`);
};
const site = await inventory.sites.now();
const town = new TestSite({ site, facts, monitored, agentAt: idOf('monitor') });
const names = (ids: readonly number[]) => ids.map((id) => facts.devices.get(id)?.name ?? `#${id}`).toSorted();
const nameOf = (id: number) => names([id])[0] ?? '';
const keyOf = (name: string) =>
  site.power.connections.some(({ from }) => from === idOf(name))
    ? `power:${idOf(name)}`
    : `device:${idOf(name)}/reachability`;

function causes(broken: Broken): readonly FoundCause[] {
  const seen = town.see(broken);
  const found = town.causes(seen);
  // Whatever does not answer belongs to a cause, and to one only.
  const claimed = found.flatMap(({ conditionIds }) => conditionIds);
  expect(new Set(claimed).size).toBe(claimed.length);
  for (const id of seen.unreachable) expect(claimed).toContain(`${id}/unreachable/`);
  return found;
}

describe('one device', () => {
  /** What cannot be told apart from outside: the switch is the only thing fed by the UPS that the network shows. */
  const looksLike: Readonly<Record<string, string>> = { 'USV alt': 'sw-alt-1', 'USV GES': 'sw-ges-1' };
  const devices = [...facts.devices.entries()]
    .filter(([id, { role, name }]) => (monitored.has(id) || role === 'pdu') && name !== 'monitor')
    .map(([id, { name }]) => [name, id] as const);

  test.each(devices)('%s', (name, id) => {
    const found = causes({ devices: [id] });
    const expected = looksLike[name] ?? name;
    expect(found.map(({ key }) => key)).toEqual([keyOf(expected)]);
    expect(found[0]?.cause.name).toBe(expected);
    expect(found[0]?.affected).not.toContain(idOf(expected));
    if (expected !== name) expect(found[0]?.cause.also.map(({ de }) => de).join()).toContain(name);
  });

  test('the one that the agent runs on says so, and not that everything is down', () => {
    const [cause, ...more] = causes({ devices: [idOf('monitor')] });
    expect(more).toEqual([]);
    expect(cause).toMatchObject({ key: 'agent:1', cause: { kind: 'agent', deviceId: idOf('monitor') } });
    expect(cause?.affected.length).toBeGreaterThan(35);
  });

  test('the core switch takes along what hangs on it alone', () => {
    const [cause] = causes({ devices: [idOf('core-1')] });
    expect(names(cause?.affected ?? [])).toEqual(['USV GES', 'fw-ges', 'sw-ges-1']);
  });
});

describe('one cable', () => {
  const connections = [...site.network.connections];
  const cables = [...new Set(connections.flatMap(({ cables: ids }) => ids))].map(
    (id) => [facts.cables.get(id) ?? '', id] as const,
  );

  test.each(cables)('%s', (label, id) => {
    const ends = connections.filter(({ cables: ids }) => ids.includes(id));
    const seen = town.see({ cables: [id] });
    const found = causes({ cables: [id] });
    if (seen.conditions.length === 0) return expect(found).toEqual([]);
    // Two ways through one trunk, both between devices that answer on another way: a fault each.
    const ways = ends.filter(({ from, to }) => seen.answering.has(from) && seen.answering.has(to)).length;
    expect(found).toHaveLength(Math.max(1, ways));
    const [cause] = found;
    const said = `${cause?.cause.linkLabel} ${cause?.cause.also.map(({ de }) => de).join(' ')}`;
    // It is named, first or among what else it could be.
    expect(said).toContain(label);
    if (cause?.cause.kind !== 'link')
      expect(ends.flatMap(({ from, to }) => [from, to]).map(nameOf)).toEqual(
        expect.arrayContaining(label === 'LWL-T1' ? [] : [cause?.cause.name]),
      );
  });

  test('of a PDU that feeds on is the cause itself: the PDU runs', () => {
    const [cause] = causes({ cables: [cableOf('K-0071')] });
    expect(cause?.cause).toMatchObject({ kind: 'link', name: 'acc-ug-2 – PDU 2A' });
  });

  test('both uplinks of the agent that has three: nothing is lost', () => {
    const found = causes({ cables: [cableOf('K-0051'), cableOf('K-0052')] });
    expect(found.map(({ cause }) => cause.linkLabel)).toEqual(['K-0051', 'K-0052']);
  });

  test('all uplinks of the agent', () => {
    const found = causes({ cables: [cableOf('K-0051'), cableOf('K-0052'), cableOf('K-0077')] });
    expect(found.map(({ key }) => key)).toEqual(['agent:1']);
  });
});

describe('two at once stay two', () => {
  test.each([
    ['core-1', 'acc-ug-2'],
    ['acc-ug-1', 'host-2'],
    ['core-1', 'core-2'],
    ['firewall-a', 'PDU 2B'],
    ['USV B', 'acc-2og-1'],
    ['acc-ug-3', 'acc-1og-1'],
    ['Raumsensor', 'Klima'],
    ['san-1', 'hotspot-bahnhof'],
    ['sw-gru-1', 'sw-bue-1'],
  ])('%s and %s', (a, b) => {
    expect(
      causes({ devices: [idOf(a), idOf(b)] })
        .map(({ key }) => key)
        .toSorted(),
    ).toEqual([keyOf(a), keyOf(b)].toSorted());
  });

  test('what both PDUs fed is dark because of them', () => {
    const found = causes({ devices: [idOf('PDU 2A'), idOf('PDU 2B')] });
    expect(found.map(({ key }) => key).toSorted()).toEqual([keyOf('PDU 2A'), keyOf('PDU 2B')].toSorted());
    expect(names(found.flatMap(({ affected }) => affected))).toEqual(
      expect.arrayContaining(['host-1', 'host-2', 'host-3', 'san-1', 'storage-1', 'nas-sicherung']),
    );
  });
});

describe('power', () => {
  const onBattery = (name: string, since = 1000) => condition('ups-on-battery', idOf(name), 'input', since);

  test('a lost supply of those with two belongs to the UPS that died', () => {
    const seen = town.see({ devices: [idOf('USV B')] });
    const [cause] = town.causes(seen);
    const lost = seen.conditions.filter(({ rule }) => rule === 'supply-failed').map(({ id }) => id);
    expect(lost.length).toBeGreaterThan(5);
    expect(cause?.conditionIds).toEqual(expect.arrayContaining(lost));
  });

  test('a cord pulled from one of two supplies is named, and what feeds it is read again', () => {
    const [cause, ...more] = causes({ cables: [cableOf('S-025')] });
    expect(more).toEqual([]);
    expect(cause).toMatchObject({ key: `device:${idOf('host-1')}/supply`, cause: { name: 'host-1' } });
    expect(cause?.cause.also[0]?.de).toBe('Auch möglich: Stromkabel S-025 oder S-026 ausgesteckt.');
    expect(names(cause?.recheck ?? [])).toEqual(['PDU 2A', 'PDU 2B', 'host-1']);
  });

  test('one UPS on battery is its own; all of the site within a minute are the mains', () => {
    expect(town.causes(town.see({}, [onBattery('USV A')])).map(({ key }) => key)).toEqual([keyOf('USV A')]);
    const siteId = facts.devices.get(idOf('USV A'))?.siteId;
    const all = [onBattery('USV A'), onBattery('USV B', 30_000), onBattery('USV alt', 59_000)];
    const [mains, ...more] = town.causes(town.see({}, all));
    expect(more).toEqual([]);
    expect(mains).toMatchObject({ key: `site:${siteId}/mains`, cause: { kind: 'mains', name: 'Rathaus' } });
    expect(mains?.conditionIds).toHaveLength(3);
    const apart = [onBattery('USV A'), onBattery('USV B', 90_000), onBattery('USV alt', 0)];
    expect(town.causes(town.see({}, apart))).toHaveLength(3);
  });

  test('without mains, what hangs on no UPS goes at once and belongs to them', () => {
    const devices = ['acc-2og-1', 'acc-1og-1', 'acc-1og-2'].map(idOf);
    const all = ['USV A', 'USV B', 'USV alt'].map((name) => onBattery(name));
    const found = town.causes(town.see({ devices }, all));
    expect(found.map(({ cause }) => cause.kind)).toEqual(expect.arrayContaining(['mains']));
    expect(found).toHaveLength(1);
  });

  test('a battery that ran empty is the cause it was before', () => {
    const found = town.causes(town.see({ devices: [idOf('USV alt')] }), [onBattery('USV alt')]);
    expect(found.map(({ key }) => key)).toEqual([keyOf('USV alt')]);
    expect(names(found[0]?.affected ?? [])).toEqual(['Klima alt', 'altakten', 'sw-alt-1']);
  });
});

describe('without a documented way', () => {
  test('hotspots fail alone, and all at once together', () => {
    const hotspots = ['hotspot-bahnhof', 'hotspot-dorfmitte', 'hotspot-hohenholte'].map(idOf);
    expect(causes({ devices: hotspots.slice(1) })).toHaveLength(2);
    const [cause, ...more] = causes({ devices: hotspots });
    expect(more).toEqual([]);
    expect(cause).toMatchObject({ cause: { name: 'Hotspots' } });
    expect(cause?.affected).toHaveLength(3);
  });

  test('a whole site is one, named by where its network begins', () => {
    const found = causes({ devices: ['sw-bue-1', 'ap-bue-1'].map(idOf) });
    expect(found.map(({ cause }) => cause.name)).toEqual(['sw-bue-1']);
    expect(found[0]?.cause.also[0]?.de).toContain('Bücherei');
  });
});

test('a silent agent takes what it polls along', () => {
  const seen = {
    ...town.see({}),
    answering: new Set<number>(),
    silent: monitored,
    conditions: [condition('agent-silent', 0, 'local'), condition('device-silent', idOf('core-1'), '')],
  };
  const [cause, ...more] = town.causes(seen);
  expect(more).toEqual([]);
  expect(cause).toMatchObject({ key: 'agent:1', cause: { kind: 'agent', name: 'local' } });
  expect(cause?.conditionIds).toHaveLength(2);
  expect(cause?.affected).toHaveLength(monitored.size);
});

test('an agent without a network says nothing of what lies behind it', () => {
  const dead = [idOf('core-1'), idOf('acc-ug-1'), idOf('d3-archiv')];
  const found = town.causes({
    ...town.see({}),
    unreachable: new Set(dead),
    answering: new Set([...monitored].filter((id) => !dead.includes(id))),
    conditions: [condition('agent-offline', 0, 'local')],
  });
  expect(found.map(({ key, affected }) => [key, affected.length])).toEqual([['agent:1', dead.length]]);
});
