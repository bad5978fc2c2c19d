import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SwitchedFile } from './switched-file.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rackhaus-switched-'));
  path = join(folder, 'switched.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('knows after a restart what was begun', () => {
  new SwitchedFile(path).add('one');
  expect(new SwitchedFile(path).has('one')).toBe(true);
  expect(new SwitchedFile(path).has('other')).toBe(false);
  expect(() => new SwitchedFile(path).add('one')).toThrow('was begun before');
});

it('does not grow for ever, and forgets the oldest first', () => {
  const file = new SwitchedFile(path);
  writeFileSync(path, JSON.stringify(Array.from({ length: 500 }, (_, index) => `order ${index}`)));
  file.add('newest');
  expect(file.has('order 0')).toBe(false);
  expect(file.has('order 1')).toBe(true);
  expect(file.has('newest')).toBe(true);
});

it('says that it cannot be said, where the file is not what was written, and leaves it', () => {
  for (const broken of ['', '{', '{"one":1}', '[1]']) {
    writeFileSync(path, broken);
    const file = new SwitchedFile(path);
    expect(() => file.has('one'), broken).toThrow();
    expect(() => file.add('one'), broken).toThrow();
    expect(readFileSync(path, 'utf8')).toBe(broken);
  }
});
