import { afterEach, beforeEach, expect, it } from 'vitest';
import { defaultSettings, type OpenSettings } from '../../settings/settings.ts';
import { type EmulatedModem, startModem } from './emulator.ts';
import { Modem } from './modem.ts';
import type { Received } from './pdu.ts';

let emulated: EmulatedModem;
let modem: Modem;
let pin: string | null;
let received: Received[];
let errors: unknown[];
beforeEach(async () => {
  emulated = await startModem();
  pin = null;
  received = [];
  errors = [];
  modem = new Modem({
    open: async (): Promise<OpenSettings> => ({
      settings: { ...defaultSettings, sms: { by: 'modem', device: emulated.device, deviceId: null } },
      secrets: { mailPassword: null, mailboxPassword: null, smsPin: pin, smsToken: null },
    }),
    onReceived: async (message) => void received.push(message),
    onError: (error) => errors.push(error),
  });
});
afterEach(async () => {
  await modem.stop();
  await emulated.close();
});

const number = '+4917012345678';
/** "K7" from +4917012345678. */
const answer = '00040D91947110325476F800006220112150004002CB1B';

it('sends texts, long ones in parts, one after the other', async () => {
  const outcomes = await Promise.all([
    modem.send(number, 'Kritisch: core-1 antwortet nicht. Serverraum neu.'),
    modem.send(number, 'ä'.repeat(400)),
  ]);
  expect(outcomes).toEqual([{ kind: 'sent' }, { kind: 'sent' }]);
  expect(emulated.state.sent).toHaveLength(4);
  expect(emulated.state.commands.filter((command) => command === 'ATE0')).toHaveLength(1);
});

it('unlocks the card, and tries a wrong PIN once only: three would lock it for good', async () => {
  emulated.state.pin = '1234';
  emulated.state.isLocked = true;
  pin = '9999';
  expect(await modem.send(number, 'a')).toMatchObject({
    kind: 'later',
    error: expect.stringContaining('+CME ERROR: 16'),
  });
  expect(await modem.send(number, 'a')).toMatchObject({
    kind: 'later',
    error: expect.stringContaining('PIN'),
  });
  expect(emulated.state.commands.filter((command) => command.startsWith('AT+CPIN='))).toHaveLength(1);
  pin = '1234';
  expect(await modem.send(number, 'a')).toEqual({ kind: 'sent' });
});

it('tells what the network refuses for good from what may work later', async () => {
  emulated.state.refuses = [1, 38];
  expect(await modem.send(number, 'a')).toMatchObject({ kind: 'refused' });
  expect(await modem.send(number, 'a')).toMatchObject({
    kind: 'later',
    error: expect.stringContaining('38'),
  });
  expect(await modem.send(number, 'a')).toEqual({ kind: 'sent' });
});

it('restarts a modem that hangs, and sends then', async () => {
  expect(await modem.send(number, 'a')).toEqual({ kind: 'sent' });
  emulated.state.hangs = 'until-restart';
  modem.look();
  await expect.poll(() => errors.length, { timeout: 30_000 }).toBe(1);
  expect(await modem.send(number, 'b')).toEqual({ kind: 'sent' });
  expect(emulated.state.restarts).toBe(1);
}, 60_000);

it('says so where there is no modem, or none that answers', async () => {
  emulated.state.hangs = 'dead';
  expect(await modem.send(number, 'a')).toMatchObject({
    kind: 'later',
    error: expect.stringContaining('not answered'),
  });
  await emulated.close();
  expect(await modem.send(number, 'a')).toMatchObject({ kind: 'later' });
}, 60_000);

it('reads what comes in, by notice and by looking, and deletes it then', async () => {
  emulated.receive(answer, true);
  modem.start();
  await expect.poll(() => received.length, { timeout: 10_000 }).toBe(1);
  emulated.receive(answer);
  await expect.poll(() => received.length, { timeout: 10_000 }).toBe(2);
  expect(received).toEqual([
    { from: number, text: 'K7' },
    { from: number, text: 'K7' },
  ]);
  await expect.poll(() => emulated.state.stored.size).toBe(0);
  expect(errors).toEqual([]);
});
