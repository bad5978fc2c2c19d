import { describe, expect, it } from 'vitest';
import { readTesterCsv } from './tester-csv.ts';

describe('the list of a cable tester', () => {
  it('is read as LinkWare writes it', () => {
    const text = [
      'Cable ID,Date & Time,Limit,Summary,Length (m),Insertion Loss (dB),NEXT Margin (dB),Model',
      'A-01,11/22/2026 10:31:00 AM,TIA Cat 6A Perm. Link,PASS,18.4,7.1,5.2,DSX-5000',
      '"A-02",2026-11-22 10:35,TIA Cat 6A Perm. Link,FAIL,91,20.3,-0.4,DSX-5000',
    ].join('\r\n');
    expect(readTesterCsv(text)).toEqual([
      {
        line: 2,
        label: 'A-01',
        testedOn: '2026-11-22',
        tester: 'DSX-5000',
        limit: 'TIA Cat 6A Perm. Link',
        passed: true,
        lengthM: 18.4,
        lossDb: 7.1,
        marginDb: 5.2,
      },
      expect.objectContaining({ line: 3, label: 'A-02', passed: false, lengthM: 91, marginDb: -0.4 }),
    ]);
  });
  it('is read in German, with feet, and where the result is not clear, that is said', () => {
    const [one, two] = readTesterCsv(
      'Kabel;Datum;Ergebnis;Länge (ft);Dämpfung\nA-03;22.11.2026;bestanden;100;1,25\nA-04;;*;;\n',
    );
    expect(one).toMatchObject({
      label: 'A-03',
      testedOn: '2026-11-22',
      passed: true,
      lengthM: 30.48,
      lossDb: 1.25,
    });
    expect(two).toMatchObject({ label: 'A-04', passed: null, lengthM: null });
  });
  it('says when it is no such list', () => {
    expect(() => readTesterCsv('a,b\n1,2')).toThrow(/cable/);
  });
});
