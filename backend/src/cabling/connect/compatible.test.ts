import { linkKinds, portKinds, portShapes } from '@rackhaus/config/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connectorRemark, type FitEnd, type LinkKind, usualKind, usualSide, whyNot } from './compatible.ts';

type What = FitEnd['port']['kind'] | 'jack' | 'jack-rear';
function end(what: What, shape: FitEnd['port']['shape'] = null): FitEnd {
  const jack = what === 'jack' || what === 'jack-rear';
  return {
    port: { name: what, kind: jack ? 'front' : what, twoSided: jack, shape },
    side: what === 'jack-rear' ? 'rear' : 'front',
  };
}

const cases: readonly (readonly [LinkKind, What, What, string | null])[] = [
  ['patch', 'network', 'network', null],
  ['patch', 'network', 'jack', null],
  ['patch', 'jack', 'jack', null],
  ['patch', 'front', 'network', null],
  ['permanent', 'jack-rear', 'jack-rear', null],
  ['permanent', 'rear', 'rear', null],
  ['permanent', 'jack-rear', 'network', null],
  ['provider', 'network', 'jack-rear', null],
  ['power', 'power-outlet', 'inlet', null],
  ['console', 'console', 'console', null],
  ['console', 'console', 'jack', null],
  ['patch', 'console', 'front', null],
  ['power', 'power-outlet', 'power-outlet', 'outlet-and-outlet'],
  ['power', 'inlet', 'inlet', 'inlet-and-inlet'],
  ['power', 'inlet', 'network', 'power-and-data'],
  ['patch', 'power-outlet', 'jack', 'power-and-data'],
  ['patch', 'power-outlet', 'inlet', 'kind-and-ports'],
  ['power', 'network', 'network', 'kind-and-ports'],
  ['patch', 'console', 'network', 'console-and-network'],
  ['console', 'network', 'network', 'kind-and-ports'],
  ['patch', 'jack-rear', 'network', 'cord-behind'],
  ['permanent', 'jack', 'jack-rear', 'link-in-front'],
];

describe('what may be joined', () => {
  it.each(cases)('%s from %s to %s: %s', (kind, one, other, why) => {
    for (const [a, b] of [
      [one, other],
      [other, one],
    ] as const) {
      const remark = whyNot(kind, end(a), end(b));
      expect(remark?.values.why ?? null).toBe(why);
    }
  });

  it('says where a port has no rear side', () => {
    const behind: FitEnd = { ...end('network'), side: 'rear' };
    expect(whyNot('patch', behind, end('network'))?.code).toBe('no-rear-side');
  });

  const anyEnd = fc
    .tuple(
      fc.constantFrom(...portKinds),
      fc.boolean(),
      fc.constantFrom('front' as const, 'rear' as const),
      fc.option(fc.constantFrom(...portShapes)),
    )
    .map(
      ([kind, jack, side, shape]): FitEnd => ({
        port: { name: kind, kind, twoSided: jack && kind === 'front', shape },
        side,
      }),
    );
  it('is the same from both ends', () => {
    fc.assert(
      fc.property(fc.constantFrom(...linkKinds), anyEnd, anyEnd, (kind, a, b) => {
        expect(whyNot(kind, a, b) === null).toBe(whyNot(kind, b, a) === null);
        if (whyNot(kind, a, b) === null)
          expect(connectorRemark(kind, a, b)?.code).toBe(connectorRemark(kind, b, a)?.code);
      }),
    );
  });
  it('proposes a kind that goes where any does', () => {
    fc.assert(
      fc.property(anyEnd, anyEnd, (a, b) => {
        const kinds = linkKinds.filter((kind) => kind !== 'provider' && whyNot(kind, a, b) === null);
        if (kinds.length > 0) expect(kinds).toContain(usualKind(a, b));
      }),
    );
  });
  it('puts what is installed behind a jack', () => {
    expect([usualSide('permanent', { twoSided: true }), usualSide('patch', { twoSided: true })]).toEqual([
      'rear',
      'front',
    ]);
    expect(usualSide('permanent', { twoSided: false })).toBe('front');
  });
});

describe('connectors', () => {
  it.each([
    ['patch', 'rj45', 'rj45', null],
    ['patch', 'sfp', 'lc', null],
    ['patch', 'rj45', 'lc', 'fibre-and-copper'],
    ['patch', 'sc', 'lc', 'connectors-differ'],
    ['patch', 'rj45', null, null],
    ['console', 'rj45', 'serial', null],
  ] as const)('%s from %s to %s: %s', (kind, one, other, code) => {
    const remark = connectorRemark(kind, end('network', one), end('network', other));
    expect(remark?.code ?? null).toBe(code);
  });
  it.each([
    ['iec-c13', 'iec-c14', null],
    ['iec-c19', 'iec-c20', null],
    ['iec-c13', 'iec-c20', 'connectors-differ'],
    ['schuko', 'iec-c14', null],
  ] as const)('a power cord from %s to %s: %s', (outlet, inlet, code) => {
    expect(connectorRemark('power', end('power-outlet', outlet), end('inlet', inlet))?.code ?? null).toBe(
      code,
    );
  });
});
