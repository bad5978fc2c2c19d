import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AgentNow, decideStandIns, returnMs, takeOverMs } from './stand-ins.ts';

const well = { heard: true, silentMs: 1000, wellMs: 3_600_000, standInId: null, standIns: 0 };
const a: AgentNow = { ...well, id: 1, standbyId: 2 };
const b: AgentNow = { ...well, id: 2, standbyId: null };
const silent = { silentMs: takeOverMs, wellMs: 0 };

const decided = (...agents: readonly AgentNow[]) => Object.fromEntries(decideStandIns(agents));

describe('decideStandIns', () => {
  it('leaves all as it is while all are well', () => {
    expect(decided(a, b)).toEqual({});
  });

  it('hands over when an agent falls silent, and not before', () => {
    expect(decided({ ...a, ...silent }, b)).toEqual({ 1: 2 });
    expect(decided({ ...a, silentMs: takeOverMs - 1, wellMs: 0 }, b)).toEqual({});
    expect(decided({ ...a, ...silent, standbyId: null }, b)).toEqual({});
  });

  it('hands over to nobody who fell silent at the same time, or was never heard', () => {
    expect(decided({ ...a, ...silent }, { ...b, silentMs: takeOverMs - 5000 })).toEqual({});
    expect(decided({ ...a, ...silent }, { ...b, heard: false, silentMs: 100 })).toEqual({});
  });

  it('gives agents their time after a start of the server', () => {
    expect(decided({ ...a, heard: false, silentMs: returnMs - 1, wellMs: 0 }, b)).toEqual({});
    expect(decided({ ...a, heard: false, silentMs: returnMs, wellMs: 0 }, b)).toEqual({ 1: 2 });
  });

  it('gives back after ten seconds, and later to one that comes and goes', () => {
    const stoodIn = { ...a, standInId: 2, standIns: 1 };
    expect(decided({ ...stoodIn, wellMs: 9999 }, b)).toEqual({});
    expect(decided({ ...stoodIn, wellMs: 10_000 }, b)).toEqual({ 1: null });
    expect(decided({ ...stoodIn, standIns: 3, wellMs: 89_999 }, b)).toEqual({});
    expect(decided({ ...stoodIn, standIns: 3, wellMs: 90_000 }, b)).toEqual({ 1: null });
    expect(decided({ ...stoodIn, standIns: 50, wellMs: 300_000 }, b)).toEqual({ 1: null });
  });

  it('gives back at once when the one that stood in is gone, silent or not wanted any more', () => {
    const stoodIn = { ...a, standInId: 2, standIns: 3, wellMs: 0 };
    expect(decided(stoodIn)).toEqual({ 1: null });
    expect(decided(stoodIn, { ...b, ...silent })).toEqual({ 1: null });
    expect(decided({ ...stoodIn, standbyId: null }, b)).toEqual({ 1: null });
  });

  it('keeps two that stand in for each other apart', () => {
    const circle = { ...b, standbyId: 1 };
    expect(decided({ ...a, ...silent }, circle)).toEqual({ 1: 2 });
    expect(decided({ ...a, ...silent, standInId: 2 }, circle)).toEqual({});
    expect(decided({ ...a, ...silent, standInId: 2 }, { ...circle, ...silent })).toEqual({});
  });

  it('hands nothing to an agent itself, to one that is not there, or to one that is silent', () => {
    const some = fc.record({
      id: fc.integer({ min: 1, max: 4 }),
      standbyId: fc.option(fc.integer({ min: 1, max: 5 })),
      heard: fc.boolean(),
      silentMs: fc.integer({ min: 0, max: 60_000 }),
      wellMs: fc.integer({ min: 0, max: 600_000 }),
      standInId: fc.option(fc.integer({ min: 1, max: 5 })),
      standIns: fc.integer({ min: 0, max: 9 }),
    });
    fc.assert(
      fc.property(fc.uniqueArray(some, { selector: ({ id }) => id }), (agents) => {
        for (const [id, by] of decideStandIns(agents)) {
          if (by === null) continue;
          const standby = agents.find((agent) => agent.id === by);
          expect(by).not.toBe(id);
          expect(standby).toMatchObject({ heard: true });
          expect(standby?.silentMs).toBeLessThan(takeOverMs);
        }
      }),
    );
  });
});
