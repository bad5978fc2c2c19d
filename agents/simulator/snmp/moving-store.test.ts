import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MovingStore } from './moving-store.ts';
import { decodeOid, encodeOid } from './oid.ts';
import { LiveStore, type OidStore } from './store.ts';
import { integer } from './value.ts';

const storeOf = (numbers: Iterable<number>) =>
  new LiveStore([...numbers].map((number) => ({ oid: `1.3.6.${number}`, value: integer(number) })));

/** All that a walk from an OID finds, and whether that OID itself is there. */
function walk(store: OidStore, from: number): { found: string[]; exact: boolean } {
  const oid = encodeOid(`1.3.6.${from}`);
  const found: string[] = [];
  for (let at = store.after(oid, 0, oid.length); at < store.size; at = store.following(at)) {
    const out = new Uint8Array(50);
    const end = store.write(at, out, 0, out.length);
    found.push(`${decodeOid(store.oid(at))} ${Buffer.from(out.subarray(0, end)).toString('hex')}`);
  }
  return { found, exact: store.exact(oid, 0, oid.length) >= 0 };
}

const some = fc.uniqueArray(fc.nat({ max: 60 }));

describe('MovingStore', () => {
  it('answers as one store of all entries would, before and after a change', () => {
    fc.assert(
      fc.property(some, some, some, fc.nat({ max: 61 }), (fixed, first, second, from) => {
        let version = 0;
        const rows = () => (version === 0 ? first : second).filter((number) => !fixed.includes(number));
        const store = new MovingStore({
          fixed: storeOf(fixed),
          moving: () => storeOf(rows()),
          version: () => version,
        });
        expect(walk(store, from)).toEqual(walk(storeOf([...fixed, ...rows()]), from));
        version = 1;
        expect(walk(store, from)).toEqual(walk(storeOf([...fixed, ...rows()]), from));
      }),
    );
  });

  it('makes the moving part only once for each version', () => {
    let made = 0;
    const store = new MovingStore({
      fixed: storeOf([1]),
      moving: () => {
        made++;
        return storeOf([2]);
      },
      version: () => 7,
    });
    walk(store, 0);
    walk(store, 0);
    expect(made).toBe(1);
  });
});
