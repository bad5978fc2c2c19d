import { describe, expect, it } from 'vitest';
import { forgetLink, storedPath, storedToken, storeLink } from './stored-link.ts';
import { nextRoom, Tour } from './tour.svelte.ts';

const rooms = [
  { id: 1, name: 'a' },
  { id: 5, name: 'b' },
  { id: 9, name: 'c' },
];

describe('nextRoom', () => {
  it('goes round both ways', () => {
    expect(nextRoom(rooms, 9, 1)?.id).toBe(1);
    expect(nextRoom(rooms, 1, -1)?.id).toBe(9);
    expect(nextRoom(rooms, null, 1)?.id).toBe(1);
    expect(nextRoom([], 1, 1)).toBeNull();
  });
});

function walk(home: string, paused = false) {
  const screen = { now: 0, path: home, went: [] as string[] };
  const tour = new Tour({
    rooms: () => rooms,
    current: () => Number(/^\/rooms\/(\d+)$/.exec(screen.path)?.[1] ?? Number.NaN) || null,
    home,
    isHome: () => screen.path === home,
    go: (path) => {
      screen.path = path;
      screen.went.push(path);
    },
    now: () => screen.now,
    paused,
  });
  const run = (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      screen.now += 1_000;
      tour.tick();
    }
  };
  return { screen, tour, run };
}

describe('Tour', () => {
  it('shows each room for half a minute', () => {
    const { screen, run } = walk('/rooms');
    run(92);
    expect(screen.went).toEqual(['/rooms/1', '/rooms/5', '/rooms/9', '/rooms/1']);
  });
  it('stands still while paused, and while somebody uses the screen', () => {
    const { screen, tour, run } = walk('/rooms');
    run(1);
    tour.toggle();
    run(120);
    expect(screen.went).toEqual(['/rooms/1']);
    tour.toggle();
    tour.touched();
    run(59);
    expect(screen.went).toEqual(['/rooms/1']);
    run(2);
    expect(screen.went).toEqual(['/rooms/1', '/rooms/5']);
  });
  it('leads back to the one page of a link', () => {
    const { screen, tour, run } = walk('/rooms/5');
    run(100);
    expect(screen.went).toEqual([]);
    screen.path = '/devices/3';
    tour.touched();
    run(59);
    expect(screen.went).toEqual([]);
    run(2);
    expect(screen.path).toBe('/rooms/5');
  });
});

describe('the stored link', () => {
  it('is kept until it is forgotten', () => {
    const values = new Map<string, string>();
    const storage = {
      getItem: (key: string) => values.get(key) ?? null,
      setItem: (key: string, value: string) => void values.set(key, value),
      removeItem: (key: string) => void values.delete(key),
    };
    expect([storedToken(storage), storedPath(storage)]).toEqual([null, '/rooms']);
    storeLink(storage, 'secret', '/rooms/4');
    expect([storedToken(storage), storedPath(storage)]).toEqual(['secret', '/rooms/4']);
    forgetLink(storage);
    expect(storedToken(storage)).toBeNull();
  });
});
