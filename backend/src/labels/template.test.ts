import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf, codeUrl, readCode } from './codes.ts';
import { checkTemplate, fillTemplate } from './template.ts';
import { type End, tiaName } from './tia.ts';

describe('templates', () => {
  it('fill in what is known and drop lines that stay empty', () => {
    const lines = ['{name}', 'SN {serial}', '{rack} · HE {u}', '{tag}', '{n:4}'];
    const values = { name: 'core-1', serial: '', rack: 'Schrank 1', u: '38', tag: '', n: '17' };
    expect(fillTemplate(lines, values)).toEqual(['core-1', 'SN', 'Schrank 1 · HE 38', '0017']);
    expect(fillTemplate(['{room} · {rack}'], { room: 'Büro', rack: '' })).toEqual(['Büro']);
  });

  it('name a placeholder that there is not, and what there is', () => {
    expect(() => checkTemplate(['{name}', 'x {colour}'], ['name', 'n'])).toThrow(
      'Line 2 of the template: {colour} is not a placeholder here; there are {name}, {n}.',
    );
    expect(() => checkTemplate(['{name'], ['name'])).toThrow('a brace without its other half');
    expect(() => checkTemplate(['{name} {n:4}'], ['name', 'n'])).not.toThrow();
  });
});

describe('names by TIA-606', () => {
  const panel: End = {
    owner: 'device',
    name: 'B',
    port: '7',
    rack: 'AB03',
    position: 12,
    room: 'Serverraum',
    roomNumber: '1A',
    floor: '1. Obergeschoss',
  };
  const outlet: End = { ...panel, owner: 'outlet', name: '1.01-1', port: '1', rack: null, position: null };
  const other: End = { ...panel, name: 'C', rack: 'AB07', position: 30 };

  it('are the same at both ends of a horizontal link', () => {
    expect(tiaName(panel, outlet)).toBe('1A-B07');
    expect(tiaName(outlet, panel)).toBe('1A-B07');
  });
  it('begin with the near end between racks', () => {
    expect(tiaName(panel, other)).toBe('AB03-12:07/AB07-30:07');
    expect(tiaName(other, panel)).toBe('AB07-30:07/AB03-12:07');
  });
  it('take the floor when the room has no number', () => {
    const floor = (name: string) => tiaName({ ...panel, roomNumber: null, floor: name }, outlet);
    expect(floor('1. Obergeschoss')).toBe('1-B07');
    expect(floor('Erdgeschoss')).toBe('0-B07');
    expect(floor('Untergeschoss')).toBe('U-B07');
    expect(floor('2. UG')).toBe('U2-B07');
    expect(floor('Dachboden')).toBe('B07');
  });
});

describe('short codes', () => {
  it('come back as what they were made of', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('rack', 'device', 'port', 'link', 'outlet', 'room'),
        fc.integer({ min: 1, max: 2 ** 49 - 1 }),
        (kind, id) => {
          expect(readCode(codeOf(kind, id))).toEqual({ kind, id });
          expect(readCode(codeOf(kind, id).toLowerCase())).toEqual({ kind, id });
        },
      ),
    );
  });
  it('are read as people mistake them', () => {
    expect(codeOf('device', 32)).toBe('d10');
    expect(readCode('DIO')).toEqual({ kind: 'device', id: 32 });
  });
  it.each(['', 'd', 'x12', 'dU', 'd0', 'd-1', 'dZZZZZZZZZZZ'])('%j is none', (code) => {
    expect(readCode(code)).toBeNull();
  });
  it('need the letters of a QR code only', () => {
    expect(codeUrl('https://rack-haus.example.de:8443', 'd3K7')).toMatch(/^[0-9A-Z $%*+\-./:]+$/);
  });
});
