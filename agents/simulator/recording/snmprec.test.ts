import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareOids, decodeOid, encodeOid } from '../snmp/oid.ts';
import type { RecordedStore } from '../snmp/store.ts';
import { loadRecording, parseSnmprec } from './snmprec.ts';

function encodedValue(store: RecordedStore, oid: string): string | undefined {
  const bytes = encodeOid(oid);
  const index = store.exact(bytes, 0, bytes.length);
  if (index < 0) return undefined;
  const out = new Uint8Array(2000);
  const end = store.write(index, out, 0, out.length);
  return Buffer.from(out.subarray(0, end))
    .subarray(4 + bytes.length)
    .toString('hex');
}

describe('a recording', () => {
  const recording = parseSnmprec(
    Buffer.from(
      [
        '1.3.6.1.2.1.1.10.0|4|later',
        '.1.3.6.1.2.1.1.9.0|4x|00ff',
        '1.3.6.1.2.1.1.1.0|4|first|with|bars',
        '1.3.6.1.2.1.1.1.0|4|second',
        '',
        '# a comment',
        '1.3.6.1.2.1.4.20.1.2.10.xx.0|2|13',
        'rest of a value that had a line break',
        '1.3.6.1.2.1.4.1|64x|0a000001',
        '1.3.6.1.2.1.4.2|40|10.0.0.2',
        '1.3.6.1.2.1.4.3|4e|a\\x41\\n',
        '1.3.6.1.2.1.4.4|4xx|4142',
        '1.3.6.1.2.1.4.5|68x|9f7804',
        '1.3.6.1.2.1.4.6|70|18446744073709551615',
        '1.3.6.1.2.1.4.7|65|-1',
        '1.3.6.1.2.1.4.8|4:writecache|value=ESX, 1',
        '1.3.6.1.2.1.4.9|2:numeric|min=1,max=2,wrap=1,initial=2',
        '1.3.6.1.2.1.4.10|2|many\r',
      ].join('\n'),
    ),
  );

  it('is sorted, with the last of duplicates, and tells what it left out', () => {
    expect(recording.duplicates).toBe(1);
    expect(recording.skipped.map((line) => line.line)).toEqual([7, 8, 18]);
    expect(decodeOid(recording.store.oid(0))).toBe('1.3.6.1.2.1.1.1.0');
    expect(decodeOid(recording.store.oid(2))).toBe('1.3.6.1.2.1.1.10.0');
    expect(encodedValue(recording.store, '1.3.6.1.2.1.1.1.0')).toBe(
      `0406${Buffer.from('second').toString('hex')}`,
    );
  });

  it('reads every kind of tag', () => {
    const at = (last: string) => encodedValue(recording.store, `1.3.6.1.2.1.${last}`);
    expect(at('1.9.0')).toBe('040200ff');
    expect(at('4.1')).toBe('40040a000001');
    expect(at('4.2')).toBe('40040a000002');
    expect(at('4.3')).toBe('040361410a');
    expect(at('4.4')).toBe('04024142');
    expect(at('4.5')).toBe('44039f7804');
    expect(at('4.6')).toBe('460900ffffffffffffffff');
    expect(at('4.7')).toBe('410500ffffffff');
    expect(at('4.8')).toBe(`0406${Buffer.from('ESX, 1').toString('hex')}`);
    expect(at('4.9')).toBe('020102');
  });
});

describe('real recordings', () => {
  const folder = join(import.meta.dirname, '../../../../shared/recordings');
  if (!existsSync(folder)) {
    console.warn(`${folder} is absent: recorded devices are not tested`);
    it.skip('are all readable', () => {});
    return;
  }
  const files = readdirSync(folder).filter((name) => name.endsWith('.snmprec'));

  it.each(files)('%s is readable and sorted', async (name) => {
    const { store, skipped } = await loadRecording(join(folder, name));
    expect(store.size).toBeGreaterThan(0);
    expect(skipped.length).toBeLessThanOrEqual(18);
    for (let index = 1; index < store.size; index++) {
      const [before, here] = [store.oid(index - 1), store.oid(index)];
      if (compareOids(before, 0, before.length, here, 0, here.length) >= 0)
        expect.fail(`${decodeOid(here)} comes after ${decodeOid(before)}`);
    }
  });

  it('finds the views of other communities beside a recording', async () => {
    const { contexts } = await loadRecording(join(folder, 'ios_c3560.snmprec'));
    expect([...contexts.keys()]).toContain('178');
  });
});
