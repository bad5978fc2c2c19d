import type { OrderStep } from '@rackhaus/config/contract';
import { describe, expect, it } from 'vitest';
import { verdictOf } from './match.ts';
import { readScan } from './scan.ts';
import { cableCard, portCard, spot } from './testing.ts';

const a12 = portCard({ id: 12, name: '12', owner: 'A', ownerId: 1 });
const a13 = portCard({ id: 13, name: '13', owner: 'A', ownerId: 1 });
const a07 = portCard({ id: 7, name: '07', owner: 'A', ownerId: 1, label: '2.14-1' });
const cord = cableCard({ id: 231, label: 'K-0231', labelA: 'K-0231/1' });
const other = cableCard({ id: 232, label: 'K-0232' });
const known = {
  ports: new Map([a12, a13, a07].map((port) => [port.id, port])),
  cables: new Map([cord, other].map((cable) => [cable.id, cable])),
};
type Looked = Pick<OrderStep, 'portId' | 'cable' | 'endLabel' | 'device' | 'spot'>;
const step: Looked = { portId: 12, cable: cord, endLabel: null, device: null, spot };
const verdict = (text: string, of: Looked = step) => {
  const scan = readScan(text);
  if (scan === null) throw new Error('nothing was scanned');
  return verdictOf(scan, of, known);
};

describe('a scan held against the step', () => {
  it.each(['A:12', 'a 12', 'A12', 'A-12', 'K-0231', 'k–0231', 'K-0231/1', 'http://x/Q/PC', '/q/c77'])(
    'takes %s for right',
    (text) => {
      expect(verdict(text).kind).toBe('right');
    },
  );
  it('names the wrong port before it is too late', () => {
    expect(verdict('http://x/Q/PD')).toEqual({ kind: 'wrong', port: a13, cable: null });
    expect(verdict('A13')).toEqual({ kind: 'wrong', port: a13, cable: null });
    expect(verdict('2.14-1')).toEqual({ kind: 'wrong', port: a07, cable: null });
    expect(verdict('A 7')).toEqual({ kind: 'wrong', port: a07, cable: null });
  });
  it('names the wrong cable', () => {
    expect(verdict('K-0232')).toEqual({ kind: 'wrong', port: null, cable: other });
    expect(verdict('/q/c78')).toEqual({ kind: 'wrong', port: null, cable: other });
  });
  it('says so when a port is wrong that it does not know', () => {
    expect(verdict('/q/pZZ')).toEqual({ kind: 'wrong', port: null, cable: null });
  });
  it('knows the panel, which is not yet the port', () => {
    expect(verdict('/q/d1')).toEqual({ kind: 'near' });
    expect(verdict('A')).toEqual({ kind: 'near' });
    expect(verdict('/q/d2')).toMatchObject({ kind: 'wrong' });
  });
  it('does not guess', () => {
    expect(verdict('B:12')).toMatchObject({ kind: 'unknown' });
    expect(verdict('https://maker.example/1')).toMatchObject({ kind: 'unknown' });
  });
  it('takes the device itself where a device is to be moved', () => {
    const move: Looked = { ...step, portId: null, cable: null, device: { id: 5, name: 'host-1' } };
    expect(verdict('HOST-1', move)).toEqual({ kind: 'right', by: 'device' });
    expect(verdict('/q/d5', move)).toEqual({ kind: 'right', by: 'device' });
  });
});
