import { afterEach, beforeEach, expect, it } from 'vitest';
import { type EmulatedModem, startModem } from '../channels/modem/emulator.ts';
import { toSubmit } from '../channels/modem/pdu.ts';
import { defaultSettings } from '../settings/settings.ts';
import { isSameNumber } from './replies.ts';
import { firstFree } from './reply-code.ts';
import { startTestDelivery, type TestDelivery } from './testing.ts';
import { understand } from './understand.ts';

let test: TestDelivery;
let modem: EmulatedModem;
beforeEach(async () => {
  modem = await startModem();
  test = await startTestDelivery();
  await test.delivery.settings.write(
    { ...defaultSettings, sms: { by: 'modem', device: modem.device, deviceId: null } },
    {},
    'Admin',
  );
});
afterEach(async () => {
  await test.remove();
  await modem.close();
});

/** An SMS as it comes in: what was sent, with the sender in place of the receiver. */
function incoming(from: string, text: string): string {
  const { hex } = toSubmit(from, text, 0)[0] ?? { hex: '' };
  // 00 11 MR | address | PID DCS VP → 00 04 | address | PID DCS SCTS
  const addressEnd = 6 + 4 + Math.ceil(from.replace('+', '').length / 2) * 2;
  const address = hex.slice(6, addressEnd);
  const coding = hex.slice(addressEnd, addressEnd + 4);
  return `0004${address}${coding}62112201420040${hex.slice(addressEnd + 6)}`;
}
async function code(incident: number): Promise<string> {
  const row = await test.db
    .selectFrom('deliveries')
    .select('reply_code')
    .where('incident_id', '=', incident)
    .executeTakeFirstOrThrow();
  return row.reply_code ?? '';
}
const number = '+4917012345678';
const taken = () => test.acknowledged.map(({ incidentId, actor }) => [incidentId, actor.via]);

it('takes "ok" where one thing is open, asks back where several are, and takes the code', async () => {
  const channel = await test.channel({ kind: 'sms', number });
  const first = await test.incident('core-1');
  await test.tell(channel, first, 'opened');
  await test.settled();
  expect(modem.state.sent.length).toBeGreaterThan(0);
  // Of somebody else: nothing.
  modem.receive(incoming('+4915199999999', `ok ${await code(first)}`));
  modem.receive(incoming(number, 'OK!'));
  await expect.poll(taken).toEqual([[first, 'SMS']]);
  expect(test.acknowledged[0]?.actor).toEqual({ userId: test.userId, name: 'Anna', via: 'SMS' });

  const [second, third] = [await test.incident('USV-A'), await test.incident('USV-B')];
  await test.tell(channel, second, 'opened');
  await test.tell(channel, third, 'opened');
  await test.settled();
  const before = modem.state.sent.length;
  modem.receive(incoming(number, 'ok'));
  await expect.poll(() => modem.state.sent.length).toBeGreaterThan(before);
  expect(taken()).toHaveLength(1);
  modem.receive(incoming(number, `${(await code(third)).toLowerCase()} bin dran`));
  await expect.poll(taken).toEqual([
    [first, 'SMS'],
    [third, 'SMS'],
  ]);
  expect(test.errors).toEqual([]);
});

it('takes the answer to a test as its receipt', async () => {
  const channel = await test.channel({ kind: 'sms', number });
  const delivery = await test.tell(channel, null, 'test');
  await test.settled();
  modem.receive(incoming(number, 'Ok, angekommen'));
  await expect
    .poll(async () => {
      const row = await test.db
        .selectFrom('deliveries')
        .select('receipt_at')
        .where('id', '=', delivery)
        .executeTakeFirstOrThrow();
      return row.receipt_at;
    })
    .toBe(test.clock.now);
});

it('understands a clear yes and codes that wait, and nothing else', () => {
  const codes = new Set(['K7', 'M3']);
  expect(understand('k7', codes)).toEqual({ codes: ['K7'], yes: false });
  expect(understand('Ja, M3 und K7.', codes)).toEqual({ codes: ['M3', 'K7'], yes: true });
  for (const yes of ['ok', 'OK.', ' Okay danke', 'ja', 'Übernommen!', 'yes'])
    expect(understand(yes, codes).yes, yes).toBe(true);
  for (const no of [
    'Jahrgang',
    'okapi',
    'nein',
    'was ist los?',
    'K8',
    'XK7X',
    '> ok\n> K7',
    'Nein danke\n\nAm 1. schrieb Rackhaus:\nok K7',
  ])
    expect(understand(no, codes), no).toEqual({ codes: [], yes: false });
});

it('knows a number however a network writes it, and no other', () => {
  for (const same of ['+4917012345678', '004917012345678', '017012345678'])
    expect(isSameNumber(number, same), same).toBe(true);
  for (const other of ['+4917012345679', '+17012345678', '12345678901', '5678', 'Telekom', ''])
    expect(isSameNumber(number, other), other).toBe(false);
});

it('gives each incident a code of its own, short as long as few are open', () => {
  const open = new Set<string>();
  for (let incident = 1; incident <= 1500; incident++) {
    const next = firstFree(incident, open);
    expect(open.has(next)).toBe(false);
    open.add(next);
  }
  expect([...open].slice(0, 144).every((each) => each.length === 2)).toBe(true);
  expect(Math.max(...[...open].map((each) => each.length))).toBe(4);
});
