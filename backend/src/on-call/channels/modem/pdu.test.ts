import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromSeptets, pack, plainMarks, toSeptets, unpack } from './gsm7.ts';
import { fromDeliver, toSubmit } from './pdu.ts';

it('writes a message as a known one is written', () => {
  // "hellohello", of every explanation of the format.
  expect(toSubmit('+46708251358', 'hellohello', 0)).toEqual([
    { hex: '0011000B916407281553F80000A70AE8329BFD4697D9EC37', length: 23 },
  ]);
});

it('reads a message as a known one is read', () => {
  expect(fromDeliver('07917283010010F5040BC87238880900F10000993092516195800AE8329BFD4697D9EC37')).toEqual({
    from: '27838890001',
    text: 'hellohello',
  });
  // A name as its sender, and a report of delivery, which is no message.
  expect(fromDeliver('00040CD0D2B09B5C0683EE0000623011920000000548656C')).toMatchObject({
    from: expect.any(String),
  });
  expect(fromDeliver('00060B911234')).toBeNull();
});

it('keeps umlauts in the alphabet of phones, and takes two octets for what that has not', () => {
  expect(toSubmit('+49170', 'Grüße: „USV“ – 3 €', 1)[0]?.hex.slice(18, 20)).toBe('00');
  expect(toSubmit('+49170', 'Čeština 🔥', 1)[0]?.hex.slice(18, 20)).toBe('08');
  expect(plainMarks('„USV“ – aus…')).toBe('"USV" - aus...');
});

it('packs what it unpacks, wherever it begins', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 127 }), { maxLength: 160 }),
      fc.integer({ min: 0, max: 6 }),
      (septets, fill) => {
        expect(unpack(pack(septets, fill), septets.length, fill)).toEqual(septets);
      },
    ),
  );
});

it('loses no character, however long the text and whatever it holds', () => {
  const text = fc.string({ unit: fc.constantFrom(...'abc äöüß€{}[]~|^\\\n@', '🔥', 'č'), maxLength: 700 });
  fc.assert(
    fc.property(text, (whole) => {
      const parts = toSubmit('+4917012345678', whole, 7);
      const read = parts.map(({ hex, length }) => {
        expect(hex.length / 2).toBe(length + 1);
        const octets = Buffer.from(hex, 'hex');
        // 00 · first octet · reference · 14 digits: length, type, 7 octets · PID · DCS · validity · length
        const [joined, coding, userLength] = [octets[1] === 0x51, octets[13], octets[15] ?? 0];
        const user = octets.subarray(16);
        expect(user.length).toBeLessThanOrEqual(140);
        if (coding === 0) {
          const septets = unpack(user, userLength, 0);
          return fromSeptets(joined ? septets.slice(7) : septets);
        }
        expect(user.length).toBe(userLength);
        // Each part by itself is readable: no character is cut in two.
        return new TextDecoder('utf-16be', { fatal: true, ignoreBOM: true }).decode(
          user.subarray(joined ? 6 : 0),
        );
      });
      expect(read.join('')).toBe(whole);
      if (parts.length > 1)
        for (const [i, part] of parts.entries())
          expect(part.hex.slice(32, 44)).toBe(
            `05000307${[parts.length, i + 1].map((n) => n.toString(16).padStart(2, '0').toUpperCase()).join('')}`,
          );
    }),
  );
});

it('has every character of the alphabet once', () => {
  const all = fromSeptets(Array.from({ length: 128 }, (_, i) => i).filter((i) => i !== 27));
  expect(all).toHaveLength(127);
  expect(toSeptets(all)?.flat()).toEqual(Array.from({ length: 128 }, (_, i) => i).filter((i) => i !== 27));
});
