import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openSerial } from './serial.ts';

/** What the emulated modem does; to be changed while it runs. */
export interface ModemState {
  pin: string | null;
  isLocked: boolean;
  isRegistered: boolean;
  /** Says nothing any more, until it is restarted; `dead`: not even then. */
  hangs: 'no' | 'until-restart' | 'dead';
  /** Refuses the next messages with these numbers. */
  refuses: number[];
  readonly sent: { length: number; hex: string }[];
  readonly stored: Map<number, string>;
  readonly commands: string[];
  restarts: number;
}

/** A GSM modem at the end of a pseudo-terminal: echo, prompts, errors, messages that come in. For tests. */
export interface EmulatedModem {
  readonly device: string;
  readonly state: ModemState;
  /** A message comes in (SMS-DELIVER, hexadecimal), and is told of unless `quietly`. */
  receive(pdu: string, quietly?: boolean): void;
  close(): Promise<void>;
}

export async function startModem(): Promise<EmulatedModem> {
  // Settings take a device below /dev only.
  const folder = await mkdtemp('/dev/shm/rackhaus-modem-');
  const [device, far] = [join(folder, 'ttyModem'), join(folder, 'far')];
  const socat = spawn('socat', [`pty,raw,echo=0,link=${device}`, `pty,raw,echo=0,link=${far}`], {
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) => {
    socat.once('exit', () => resolve());
    socat.once('error', () => resolve());
  });
  for (let tries = 0; !(existsSync(device) && existsSync(far)); tries++) {
    if (tries > 1000 || socat.exitCode !== null) throw new Error('socat has not made a pair of terminals.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const state: ModemState = {
    pin: null,
    isLocked: false,
    isRegistered: true,
    hangs: 'no',
    refuses: [],
    sent: [],
    stored: new Map(),
    commands: [],
    restarts: 0,
  };
  let echo = true;
  let buffer = '';
  let awaited: number | null = null;
  let nextIndex = 1;
  const port = await openSerial(far, { data: (text) => read(text), end: () => undefined });
  const say = (...lines: string[]) => port.write(lines.map((line) => `\r\n${line}\r\n`).join(''));

  function read(text: string): void {
    for (const character of text) {
      if (awaited !== null) body(character);
      else if (character === '\u001b') buffer = '';
      else if (character === '\r') {
        const command = buffer;
        buffer = '';
        if (echo && state.hangs === 'no') port.write(`${command}\r`);
        if (command !== '') answer(command);
      } else if (character !== '\n') buffer += character;
    }
  }

  function body(character: string): void {
    if (character === '\u001b') {
      awaited = null;
      buffer = '';
      return;
    }
    if (character !== '\u001a') {
      buffer += character;
      return;
    }
    const [hex, length] = [buffer, awaited ?? 0];
    buffer = '';
    awaited = null;
    if (state.hangs !== 'no') return;
    const refused = state.refuses.shift();
    // What real modems do with a wrong length.
    if (hex.length / 2 !== length + 1) say('+CMS ERROR: 304');
    else if (refused !== undefined) say(`+CMS ERROR: ${refused}`);
    else {
      state.sent.push({ length, hex });
      say(`+CMGS: ${state.sent.length}`, 'OK');
    }
  }

  function answer(command: string): void {
    state.commands.push(command);
    if (command === 'AT+CFUN=1,1' && state.hangs !== 'dead') {
      state.restarts++;
      state.hangs = 'no';
      echo = true;
      say('OK');
      return;
    }
    if (state.hangs === 'dead' || (state.hangs === 'until-restart' && command !== 'AT')) return;
    if (command === 'ATE0') echo = false;
    const pin = /^AT\+CPIN="(.*)"$/.exec(command)?.[1];
    const length = /^AT\+CMGS=(\d+)$/.exec(command)?.[1];
    const deleted = /^AT\+CMGD=(\d+)$/.exec(command)?.[1];
    if (command === 'AT+CPIN?') say(state.isLocked ? '+CPIN: SIM PIN' : '+CPIN: READY', 'OK');
    else if (pin !== undefined) {
      state.isLocked = pin !== state.pin;
      say(state.isLocked ? '+CME ERROR: 16' : 'OK');
    } else if (command === 'AT+CREG?') say(`+CREG: 0,${state.isRegistered ? 1 : 2}`, 'OK');
    else if (length !== undefined) {
      awaited = Number(length);
      port.write('\r\n> ');
    } else if (command === 'AT+CMGL=4')
      say(
        ...[...state.stored].flatMap(([index, pdu]) => [`+CMGL: ${index},0,,${pdu.length / 2 - 1}`, pdu]),
        'OK',
      );
    else if (deleted !== undefined) {
      state.stored.delete(Number(deleted));
      say('OK');
    } else if (/^(AT|ATE0|AT\+CMEE=1|AT\+CMGF=0|AT\+CNMI=2,1,0,0,0)$/.test(command)) say('OK');
    else say('ERROR');
  }

  return {
    device,
    state,
    receive(pdu, quietly = false) {
      const index = nextIndex++;
      state.stored.set(index, pdu);
      if (!quietly) say(`+CMTI: "SM",${index}`);
    },
    async close() {
      port.close();
      socat.kill();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
