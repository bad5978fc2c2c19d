import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';

const folder = join(import.meta.dirname, '..', '..', 'frontend', 'messages');
const File = z.record(z.string(), z.unknown());

function keysOf(language: string): { file: string; key: string }[] {
  return readdirSync(join(folder, language)).flatMap((file) =>
    Object.keys(File.parse(JSON.parse(readFileSync(join(folder, language, file), 'utf8'))))
      .filter((key) => key !== '$schema')
      .map((key) => ({
        file,
        key,
      })),
  );
}

it.each(['de', 'en'])('every message of %s stands in one file', (language) => {
  const twice = Map.groupBy(keysOf(language), ({ key }) => key);
  expect([...twice.values()].filter((each) => each.length > 1)).toEqual([]);
});

it('German and English have the same messages in the same files', () => {
  const sorted = (language: string) =>
    keysOf(language)
      .map(({ file, key }) => `${file} ${key}`)
      .toSorted();
  expect(sorted('de')).toEqual(sorted('en'));
});
