import { unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { pack, packText } from './pack.ts';

const dropped = (path: string, text = 'a: 1') => ({ path, file: new File([text], path) });
const names = async (file: File) => Object.keys(unzipSync(new Uint8Array(await file.arrayBuffer())));

describe('what is dropped becomes one archive', () => {
  test('of a folder, type files and pictures', async () => {
    const packed = await pack([dropped('lib/a.yaml'), dropped('lib/a.front.png'), dropped('lib/README.md')]);
    expect(packed.kind).toBe('ready');
    if (packed.kind === 'ready') expect(await names(packed.file)).toEqual(['lib/a.yaml', 'lib/a.front.png']);
  });
  test('an archive goes as it is', async () => {
    const zip = dropped('types.zip');
    expect(await pack([zip])).toEqual({ kind: 'ready', file: zip.file });
  });
  test.each([
    ['nothing', [dropped('a.txt'), dropped('a.png')]],
    ['several-archives', [dropped('a.zip'), dropped('b.zip')]],
    ['several-archives', [dropped('a.zip'), dropped('b.yaml')]],
  ])('%s', async (kind, files) => {
    expect(await pack(files)).toEqual({ kind });
  });
  test('text that was typed', async () => {
    expect(await names(packText('typed.yaml', 'model: ä'))).toEqual(['typed.yaml']);
  });
});
