import { setTimeout as wait } from 'node:timers/promises';
import { type AtPort, ModemError } from './at.ts';

const attempts = 3;
const answerMs = 2_000;
const registerMs = 30_000;
/** How often a modem that restarts, or looks for its network, is asked. */
const askEveryMs = 500;

/**
 * Begins a conversation: wakes the modem, restarts it where it had hung, unlocks the card, waits for the network, and sets it to
 * PDU mode with notices of what comes in.
 * @throws ModemError when the card or the network is missing; Error when the modem does not answer
 */
export async function signIn(
  at: AtPort,
  options: { pin: string | null; restart: boolean; onPinRefused: () => void },
): Promise<void> {
  at.interrupt();
  await answers(at);
  if (options.restart) {
    // Some answer, some are gone at once.
    await at.command('AT+CFUN=1,1', { timeoutMs: answerMs }).catch(() => undefined);
    await answers(at, 30);
  }
  await at.command('ATE0');
  await at.command('AT+CMEE=1');
  await unlock(at, options.pin, options.onPinRefused);
  await registered(at);
  await at.command('AT+CMGF=0');
  await at.command('AT+CNMI=2,1,0,0,0');
}

async function answers(at: AtPort, most = attempts): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await at.command('AT', { timeoutMs: answerMs });
      return;
    } catch (error) {
      // It says something, if only that it did not understand the rest of what came before.
      if (attempt >= most || !at.isOpen) throw error;
    }
  }
}

async function unlock(at: AtPort, pin: string | null, onRefused: () => void): Promise<void> {
  const [state] = await at.command('AT+CPIN?');
  if (state === '+CPIN: READY') return;
  if (state !== '+CPIN: SIM PIN') throw new ModemError(`The card of the modem is locked: ${state}.`, null);
  if (pin === null) throw new ModemError('The card of the modem needs a PIN.', null);
  try {
    await at.command(`AT+CPIN="${pin.replace(/\D/g, '')}"`, { timeoutMs: 20_000 });
  } catch (error) {
    if (error instanceof ModemError) onRefused();
    throw error;
  }
}

async function registered(at: AtPort): Promise<void> {
  const until = performance.now() + registerMs;
  for (;;) {
    const [line = ''] = await at.command('AT+CREG?');
    // At home or roaming (3GPP TS 27.007, 7.2).
    if (/^\+CREG: \d,\s*[15]\b/.test(line)) return;
    if (performance.now() > until) throw new ModemError('The modem finds no network.', null);
    await wait(askEveryMs);
  }
}
