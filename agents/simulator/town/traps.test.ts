import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeOid } from '../snmp/oid.ts';
import { varBind } from '../snmp/store.ts';
import { integer, objectId } from '../snmp/value.ts';
import { smallTown } from './fixture.ts';
import { Simulation } from './simulation.ts';
import { parseTarget } from './traps.ts';

const receiver = createSocket('udp4');
const received: { from: string; bytes: Buffer }[] = [];
let simulation: Simulation;

beforeAll(async () => {
  receiver.on('message', (bytes: Buffer, { address: from }: RemoteInfo) => received.push({ from, bytes }));
  receiver.bind(0, '127.0.0.1');
  await once(receiver, 'listening');
  simulation = new Simulation({
    town: smallTown('127.77.252'),
    now: Date.now,
    runAgent: null,
    agentAt: 'core',
    trapTarget: { address: '127.0.0.1', port: receiver.address().port },
  });
});
afterAll(async () => {
  await simulation.stop();
  receiver.close();
});

/** Whether a trap from an address holds an object with this value. */
const holds = (from: string, oid: string, value: Uint8Array) => () =>
  received.some(
    (one) => one.from === from && one.bytes.includes(Buffer.from(varBind(encodeOid(oid), value))),
  );

const trapOid = '1.3.6.1.6.3.1.1.4.1.0';

it('a switch tells of its links from its own address, and one that is cut off is not heard', async () => {
  simulation.add({ kind: 'unplug-cable', target: 'core/1/1/9' });
  await expect.poll(holds('127.77.252.1', trapOid, objectId('1.3.6.1.6.3.1.1.5.3'))).toBe(true);
  expect(holds('127.77.252.1', '1.3.6.1.2.1.2.2.1.1.9', integer(9))()).toBe(true);
  expect(holds('127.77.252.1', '1.3.6.1.2.1.2.2.1.8.9', integer(2))()).toBe(true);
  expect(received.map(({ from }) => from)).toEqual(['127.77.252.1']);

  simulation.removeAll();
  await expect.poll(holds('127.77.252.2', trapOid, objectId('1.3.6.1.6.3.1.1.5.4'))).toBe(true);
  await expect.poll(holds('127.77.252.1', '1.3.6.1.2.1.2.2.1.8.9', integer(1))).toBe(true);
  expect(received).toHaveLength(3);
});

it.each(['127.0.0.1', '127.0.0.1:0', '127.0.0.1:70000', 'host:1162'])(
  'a target such as %s is refused',
  (text) => {
    expect(() => parseTarget(text, 'traps')).toThrow(`"${text}" is no target for traps`);
    expect(() => parseTarget(text, 'messages')).toThrow(`"${text}" is no target for messages`);
  },
);
