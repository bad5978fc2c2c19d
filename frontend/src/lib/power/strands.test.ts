import type { PowerDevice, PowerInlet, PowerSource } from '@rackhaus/config/contract';
import { expect, test } from 'vitest';
import { addressOf, goneOf } from './gone.ts';
import { drawingOf } from './strands.ts';

const names = new Map<string, number>();
const idOf = (name: string) => {
  const id = names.get(name) ?? names.size + 1;
  names.set(name, id);
  return id;
};
/** `'PDU 1A/3, USV A/1'`: an inlet and what is above it. */
const inlet = (chain: string, index: number): PowerInlet => ({
  portId: index + 1,
  name: `PSU ${index + 1}`,
  end: 'documented',
  chain: chain
    .split(', ')
    .filter((part) => part !== '')
    .map((part) => {
      const [name = '', outlet = ''] = part.split('/');
      return { deviceId: idOf(name), name, role: 'pdu', outlet, cable: null };
    }),
});
const source = (name: string, ...chains: string[]): PowerSource => ({
  id: idOf(name),
  name,
  role: 'pdu',
  place: '',
  room: null,
  monitored: false,
  inlets: chains.map(inlet),
  outlets: 8,
  feeds: 0,
  watts: null,
  load: null,
  limitWatts: null,
  limitFrom: null,
  wattsFrom: null,
  phases: [],
  failoverWatts: null,
  redundantFeeds: 0,
  runtimeSeconds: null,
  failoverRuntimeSeconds: null,
  onBattery: false,
  cordsChanged: null,
  remark: 'unknown',
});
const device = (name: string, ...chains: string[]): PowerDevice => ({
  id: idOf(name),
  name,
  role: 'server',
  place: '',
  room: null,
  inlets: chains.map(inlet),
  verdict: 'unknown',
  single: [],
});
const said = (drawing: ReturnType<typeof drawingOf>) =>
  drawing.blocks.map(({ left, right, groups }) => ({
    strands: [left, ...right].map(({ letter, root }) => `${letter}: ${root.name}`),
    groups: groups.map((group) => [
      group.left.map((each) => each.name).join(),
      group.devices
        .map(({ device: { name }, left: l, right: r }) => `${l.length} ${name} ${r.length}`)
        .join(),
      group.right.map((each) => each.name).join(),
    ]),
  }));

test('devices stand between the strips that they share, strands left and right', () => {
  const view = {
    sources: [
      source('USV B'),
      source('PDU 1B', 'USV B/1'),
      source('USV A'),
      source('PDU 1A', 'USV A/1'),
      source('PDU 2A', 'USV A/2'),
    ],
    devices: [
      device('core', 'PDU 1A/1, USV A/1', 'PDU 1B/1, USV B/1'),
      device('router', 'PDU 1A/2, USV A/1'),
      device('loose', '', ''),
    ],
  };
  const drawing = drawingOf(view);
  expect(said(drawing)).toEqual([
    {
      strands: ['A: USV A', 'B: USV B'],
      groups: [
        ['PDU 1A', '1 core 1,1 router 0', 'PDU 1B'],
        ['PDU 2A', '', ''],
      ],
    },
  ]);
  expect(drawing.loose.map(({ name }) => name)).toEqual(['loose']);
});

test('what has nothing in common is drawn apart, the larger first', () => {
  const view = {
    sources: [source('Leiste'), source('USV alt')],
    devices: [
      device('one', 'Leiste/1'),
      device('two', 'USV alt/1', 'USV alt/2'),
      device('three', 'USV alt/3'),
    ],
  };
  expect(said(drawingOf(view))).toEqual([
    { strands: ['A: USV alt'], groups: [['', '2 two 0,1 three 0', '']] },
    { strands: ['A: Leiste'], groups: [['', '1 one 0', '']] },
  ]);
});

test('an address says where to look and what is thought away', () => {
  const address = addressOf({ kind: 'room', id: 3 }, { kind: 'cable', id: 7 });
  expect(address).toBe('/power?room=3&cable=7');
  expect(goneOf(new URL(address, 'http://x').searchParams)).toEqual({ kind: 'cable', id: 7 });
  expect(goneOf(new URLSearchParams('device=x'))).toBeNull();
});
