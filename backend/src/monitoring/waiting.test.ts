import { describe, expect, it } from 'vitest';
import { Waiting } from './waiting.ts';

describe('what waits for the store', () => {
  it('is bounded, and from half of that on those go first who have nothing waiting', async () => {
    const waiting = new Waiting({ most: 100 });
    const ends: (() => void)[] = [];
    const wait = (sender: number, values: number) =>
      waiting.during(sender, values, () => new Promise((resolve) => ends.push(resolve)));
    const works = [wait(1, 49)];
    waiting.check(1);
    works.push(wait(1, 1));
    expect(() => waiting.check(1)).toThrow('busy');
    waiting.check(2);
    works.push(wait(2, 50));
    for (const sender of [1, 2, 3]) expect(() => waiting.check(sender)).toThrow('busy');
    for (const end of ends) end();
    await Promise.all(works);
    for (const sender of [1, 2, 3]) waiting.check(sender);
  });

  it('is given free by what fails', async () => {
    const waiting = new Waiting({ most: 10 });
    await expect(waiting.during(1, 10, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    waiting.check(1);
  });
});
