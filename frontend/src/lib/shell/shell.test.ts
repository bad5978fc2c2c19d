import type { Structure } from '@rackhaus/config/contract';
import { describe, expect, it } from 'vitest';
import { safeNext } from '../access/next.ts';
import { sparkPaths } from '../ui/spark.ts';
import { roomOfRack, roomsBySite, roomsByWeight } from './rooms-by-site.ts';

describe('where to go after signing in', () => {
  it.each([
    ['/racks/3?x=1', '/racks/3?x=1'],
    [null, '/rooms'],
    ['https://elsewhere.example', '/rooms'],
    ['//elsewhere.example', '/rooms'],
    ['/\\elsewhere.example', '/rooms'],
  ])('%s leads to %s', (wanted, expected) => {
    expect(safeNext(wanted)).toBe(expected);
  });
});

describe('the navigation', () => {
  const room = (id: number, racks: number[]) => ({
    id,
    name: `Raum ${id}`,
    racks: racks.map((rack) => ({ id: rack, name: `Schrank ${rack}` })),
    devices: 1,
  });
  const structure: Structure = {
    sites: [
      {
        id: 1,
        name: 'Rathaus',
        buildings: [{ id: 2, name: 'Altbau', floors: [{ id: 3, name: 'UG', rooms: [room(4, [10, 11])] }] }],
      },
      { id: 5, name: 'Bauhof', buildings: [] },
    ],
    devices: 1,
    ports: 0,
    links: 0,
  };
  it('groups rooms by site and leaves out sites without any', () => {
    expect(roomsBySite(structure).map((site) => [site.name, site.rooms.map((each) => each.place)])).toEqual([
      ['Rathaus', ['Altbau, UG']],
    ]);
    expect(roomOfRack(structure, 11)).toBe(4);
    expect(roomOfRack(structure, 12)).toBeNull();
  });
  it('puts rooms without racks second, unless a site has no others', () => {
    const rooms = [room(1, []), room(2, [20]), room(3, [])].map((each) => ({ ...each, place: 'EG' }));
    const ids = (of: readonly { id: number }[]) => of.map(({ id }) => id);
    const { racked, others } = roomsByWeight(rooms);
    expect([ids(racked), ids(others)]).toEqual([[2], [1, 3]]);
    const outdoors = rooms.filter(({ id }) => id !== 2);
    expect(roomsByWeight(outdoors)).toEqual({ racked: outdoors, others: [] });
  });
});

describe('a small course', () => {
  it('leaves gaps open', () => {
    const { line, area } = sparkPaths([0, 1, null, 1], 30, 24);
    expect(line).toBe('M0 22L10 2M30 2');
    expect(area).toBe('M0 24L0 22L10 2V24zM30 24L30 2V24z');
  });
  it('draws nothing of nothing', () => {
    expect(sparkPaths([null, null], 30, 24)).toEqual({ line: '', area: '' });
    expect(sparkPaths([], 30, 24).line).toBe('');
  });
});
