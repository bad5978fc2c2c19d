import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReplySize } from './reply-size.ts';

const columns = fc.integer({ min: 1, max: 40 });
const bytesPerValue = fc.integer({ min: 12, max: 200 });

/** Asks a device that bears so many bytes, again and again; returns the size of each request and whether it was answered. */
function ask(options: {
  size: ReplySize;
  bears: number;
  columns: number;
  bytesPerValue: number;
  times: number;
}): { bytes: number; answered: boolean; least: boolean }[] {
  const { size, bears, columns, bytesPerValue } = options;
  return Array.from({ length: options.times }, () => {
    const repetitions = size.repetitions(columns, bytesPerValue);
    const bytes = repetitions * columns * bytesPerValue;
    const answered = bytes <= bears;
    if (answered) size.came(true);
    else size.shrink(columns, repetitions, bytesPerValue);
    return { bytes, answered, least: repetitions === 1 };
  });
}

describe('ReplySize', () => {
  it('begins with what fits one frame of 1,400 bytes', () => {
    fc.assert(
      fc.property(columns, bytesPerValue, (width, bytes) => {
        const repetitions = new ReplySize().repetitions(width, bytes);
        expect(repetitions === 1 || repetitions * width * bytes <= 1400).toBe(true);
      }),
    );
  });

  it('finds what a device bears within a few requests, and seldom asks for more afterwards', () => {
    fc.assert(
      fc.property(columns, bytesPerValue, fc.integer({ min: 100, max: 20_000 }), (width, bytes, bears) => {
        const asked = ask({ size: new ReplySize(), bears, columns: width, bytesPerValue: bytes, times: 600 });
        const tooMuch = asked.slice(20).filter(({ answered, least }) => !answered && !least);
        // The ceiling rises again every 200 answers, and each time costs a few requests.
        expect(tooMuch.length).toBeLessThanOrEqual(15);
      }),
    );
  });

  it('halves at least when an answer does not come, grows by 1.6 at most, and asks for one row at least', () => {
    fc.assert(
      fc.property(
        columns,
        bytesPerValue,
        fc.array(fc.boolean(), { maxLength: 300 }),
        (width, bytes, answers) => {
          const size = new ReplySize();
          for (const answered of answers) {
            const before = size.repetitions(width, bytes);
            expect(before).toBeGreaterThanOrEqual(1);
            if (answered) size.came(true);
            else size.shrink(width, before, bytes);
            const after = size.repetitions(width, bytes);
            if (answered) expect(after).toBeLessThanOrEqual(Math.ceil(before * 1.6) + 1);
            else expect(after).toBeLessThanOrEqual(Math.max(1, before / 2));
          }
        },
      ),
    );
  });

  it('does not grow while a device cuts its answers short', () => {
    const size = new ReplySize();
    const before = size.repetitions(12, 20);
    for (let n = 0; n < 100; n++) size.came(false);
    expect(size.repetitions(12, 20)).toBe(before);
  });
});
