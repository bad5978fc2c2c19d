import { expect, it } from 'vitest';
import { PortNames } from './port-names.ts';

const numbered = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: first + index, name: String(index + 1), label: null }));
const names = new PortNames([
  { name: 'A', ports: numbered(100, 24) },
  { name: 'A 1', ports: numbered(200, 3) },
  { name: '2.14-1', ports: numbered(300, 2) },
  {
    name: 'sw1',
    ports: [
      { id: 400, name: '1/1/4', label: 'PP-07' },
      { id: 401, name: 'SFP+ 1', label: null },
    ],
  },
  { name: 'Solo', ports: [{ id: 500, name: 'eth0', label: null }] },
]);

it.each([
  ['A:12', 111],
  ['a 12', 111],
  ['A-12', 111],
  ['A/07', 106],
  ['A12', 111],
  ['Feld A 12', 111],
  ['Patchfeld A, Port 12', 111],
  ['A: Port 12', 111],
  ['A 1:2', 201],
  ['2.14-1:2', 301],
  ['Dose 2.14-1 / 2', 301],
  ['SW1 1/1/4', 400],
  ['sw1 Port 1/1/4', 400],
  ['sw1:SFP+ 1', 401],
  ['PP-07', 400],
  ['Solo', 500],
])('%s', (text, id) => expect(names.find(text)?.id).toBe(id));

it.each(['AB', 'A', 'A:25', 'sw2:1/1/4', '2.14-1', ''])('finds nothing for "%s"', (text) =>
  expect(names.find(text)).toBeUndefined(),
);

it('proposes what may be meant', () => {
  expect(names.proposal('sw1:1/1/5')).toBe('sw1:1/1/4');
  expect(names.proposal('swl:1/1/4')).toBe('sw1:1/1/4');
  expect(names.proposal('etwas ganz anderes')).toBeNull();
});
