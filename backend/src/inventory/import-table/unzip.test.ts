import { expect, it } from 'vitest';
import { unzip, zipStored } from './unzip.ts';

const archive = zipStored(
  new Map([
    ['a.yaml', new Uint8Array(600)],
    ['b.png', new Uint8Array(5000)],
    ['c.yaml', new Uint8Array(600)],
  ]),
);
const isYaml = (name: string) => name.endsWith('.yaml');

it('unpacks what is wanted, and counts nothing else', () => {
  const files = unzip(archive, { totalBytes: 1200, files: 2 }, isYaml);
  expect([...files].map(([name, bytes]) => [name, bytes.length])).toEqual([
    ['a.yaml', 600],
    ['c.yaml', 600],
  ]);
});

it('refuses what would be more than it may be, before it unpacks it', () => {
  const tooLarge = expect.objectContaining({ reason: 'too-large-unpacked' });
  expect(() => unzip(archive, { totalBytes: 1199, files: 9 }, isYaml)).toThrow(tooLarge);
  expect(() => unzip(archive, { totalBytes: 9999, files: 1 }, isYaml)).toThrow(tooLarge);
});

it('refuses what is no archive', () => {
  expect(() => unzip(archive.slice(0, 700), { totalBytes: 9999, files: 9 }, isYaml)).toThrow(
    expect.objectContaining({ reason: 'not-a-table' }),
  );
});
