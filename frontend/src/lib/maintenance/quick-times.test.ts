import { describe, expect, it } from 'vitest';
import { timeAt, toField } from '../oncall/zoned.ts';
import { nextHour, tonight, weekend } from './quick-times.ts';

const zone = 'Europe/Berlin';
const at = (day: string, clock: string) => timeAt(day, clock, zone);
const said = ({ from, until }: { from: number; until: number }) => [
  toField(from, zone),
  toField(until, zone),
];

describe('quick choices of a time', () => {
  it('is the hour that begins now', () => {
    expect(said(nextHour(at('2026-11-24', '10:03') + 12_345))).toEqual([
      '2026-11-24T10:03',
      '2026-11-24T11:05',
    ]);
  });
  it.each([
    ['2026-11-24', '10:03', '2026-11-24T20:00', '2026-11-25T06:00'],
    ['2026-11-24', '22:30', '2026-11-24T22:30', '2026-11-25T06:00'],
    ['2026-11-24', '02:30', '2026-11-24T02:30', '2026-11-24T06:00'],
  ])('is the night of %s %s', (day, clock, from, until) => {
    expect(said(tonight(at(day, clock), zone))).toEqual([from, until]);
  });
  it.each([
    ['2026-11-24', '2026-11-28T00:00', '2026-11-30T06:00'],
    ['2026-11-28', '2026-11-28T10:00', '2026-11-30T06:00'],
    ['2026-11-29', '2026-11-29T10:00', '2026-11-30T06:00'],
    ['2026-10-23', '2026-10-24T00:00', '2026-10-26T06:00'],
  ])('is the weekend of %s', (day, from, until) => {
    expect(said(weekend(at(day, '10:00'), zone))).toEqual([from, until]);
  });
});
