import { describe, expect, it } from 'vitest';
import { searchPorts } from './port-search.ts';

const port = (owner: string, name: string, room = 'Rathaus/Serverraum') => ({
  target: `${owner}/${name}`,
  name: `${owner} ${name}`,
  room,
  power: false,
  cableTo: null,
});
const ports = [
  port('core-1', '1/1/2'),
  port('core-1', '1/1/12'),
  port('core-1', '1/1/1'),
  port('0.01-1', '1', 'Rathaus/0.01 Bürgerbüro'),
];
const names = (typed: string, of = ports) => searchPorts(of, typed).found.map(({ name }) => name);

describe('searchPorts', () => {
  it('lists ports in the order that people count', () => {
    expect(names('core')).toEqual(['core-1 1/1/1', 'core-1 1/1/2', 'core-1 1/1/12']);
  });
  it('takes the exact name first, in both ways to write it', () => {
    expect(names('core-1 1/1/1')).toEqual(['core-1 1/1/1', 'core-1 1/1/12']);
    expect(names('core-1/1/1/12')[0]).toBe('core-1 1/1/12');
  });
  it('finds by room, in any order of words', () => {
    expect(names('bürger 0.01')).toEqual(['0.01-1 1']);
  });
  it('says how many more there are', () => {
    const many = Array.from({ length: 50 }, (_, at) => port('sw', `${at}`));
    expect(searchPorts(many, '')).toMatchObject({ found: { length: 40 }, more: 10 });
    expect(searchPorts(ports, 'nothing')).toEqual({ found: [], more: 0 });
  });
});
