import { Profile } from '@rackhaus/config/profiles';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Shell, speak } from './dialogue.ts';
import { terminalText } from './terminal-text.ts';

function configured(configuration: object) {
  const how = Profile.parse({ id: 'x', title: 'x', configuration }).configuration;
  if (how === undefined) throw new Error('there is no configuration');
  return how;
}
const how = configured({ setup: ['no page'], show: ['show running-config'] });

/** A device that answers each line, in pieces of these lengths. */
function device(
  answers: Readonly<Record<string, readonly string[]>>,
  lengths: readonly number[],
  greeting: string,
): Shell {
  const asked = new Map<string, number>();
  let waiting = greeting;
  let piece = 0;
  let quiet = 0;
  return {
    read: async () => {
      const length = lengths[piece++ % lengths.length] ?? 1;
      const came = waiting.slice(0, length);
      quiet = came === '' ? quiet + 1 : 0;
      if (quiet > 1) throw new Error('waits for ever');
      waiting = waiting.slice(length);
      return came;
    },
    write: (text) => {
      const times = asked.get(text) ?? 0;
      asked.set(text, times + 1);
      waiting += answers[text]?.[times] ?? '';
    },
  };
}

describe('speaking with a command line', () => {
  const configuration = 'hostname a\ninterface 1\n   name "Büro # 1"\n   exit\nsw1# is no prompt here\nend';
  const crlf = (text: string) => text.replaceAll('\n', '\r\n');
  const plain = {
    'no page\n': ['no page\r\nsw1# '],
    'show running-config\n': [`show running-config\r\n\r\n${crlf(configuration)}\r\n\r\nsw1# `],
  };

  it('understands the answer in whatever pieces it comes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }), async (lengths) => {
        const shell = device(plain, lengths, '\r\nWelcome # here >\r\nsw1# ');
        // A device that has said all there is says nothing: that is when a prompt is one.
        expect(await speak(shell, how, null)).toBe(`${configuration}\n`);
      }),
      { numRuns: 200 },
    );
  });

  it('understands one that moves the cursor about and waits for a key (ProCurve)', async () => {
    const prompt = '\u001b[1;24r\u001b[24;1H\u001b[2K\u001b[24;1Hsw1# \u001b[?25h';
    const pager = '-- MORE --, next page: Space, next line: Enter, quit: Control-C';
    const shell = device(
      {
        ' ': [
          `\u001b[2J${prompt}`,
          `\r${' '.repeat(pager.length)}\r\u001b[24;1H\u001b[2Kvlan 2\r\n${prompt}`,
        ],
        'no page\n': [`no page\u001b[24;1H\r\n${prompt}`],
        'show running-config\n': [`show running-config\u001b[24;20H\r\n\r\n\u001b[2Kvlan 1\r\n${pager}`],
      },
      [7],
      'Copyright\r\nPress any key to continue',
    );
    const text = await speak(shell, how, null);
    expect(text.split('\n').map((line) => line.trim())).toEqual(['vlan 1', 'vlan 2', '']);
  });

  it('answers what is asked before there is a prompt, and only that (a menu, a shell behind it)', async () => {
    const menu = configured({
      greeting: [
        { asks: 'accept\\? $', answer: 'yes' },
        { asks: '^Enter an option: $', answer: '8' },
      ],
      prompt: '^root@fw:~ # $',
      show: ['cat /conf/config.xml'],
    });
    const answers = {
      '8\n': ['8\r\n\r\nroot@fw:~ # '],
      'cat /conf/config.xml\n': [
        'cat /conf/config.xml\r\n<?xml version="1.0"?>\r\n<a>Enter an option: </a>\r\nroot@fw:~ # ',
      ],
    };
    const text = '<?xml version="1.0"?>\n<a>Enter an option: </a>\n';
    const asks = '  0) Logout\r\n  8) Shell\r\n\r\nEnter an option: ';
    expect(await speak(device(answers, [5], asks), menu, null)).toBe(text);
    expect(await speak(device(answers, [90], 'root@fw:~ # '), menu, null)).toBe(text);
  });

  it('knows a prompt that counts and says what is not saved', async () => {
    const shell = device(
      {
        'no page\n': ['no page\r\n* Slot-1 sw.lib.2 # '],
        'show running-config\n': ['show running-config\r\nvlan 1\r\n* Slot-1 sw.lib.3 # '],
      },
      [11],
      'Slot-1 sw.lib.1 # ',
    );
    expect(await speak(shell, how, null)).toBe('vlan 1\n');
  });

  it('takes the first of several commands that the device knows', async () => {
    const several = configured({ show: [['show | grep .', 'show full', 'show']] });
    const shell = device(
      {
        'show | grep .\n': [
          "show | grep .\r\ncommand parse error before '|'\r\nCommand fail. Return code -61\r\nfw # ",
        ],
        'show full\n': ['show full\r\nconfig system\r\nend\r\nfw # '],
      },
      [13],
      'fw # ',
    );
    expect(await speak(shell, several, null)).toBe('config system\nend\n');
  });

  it('asks for all commands also where no password is known, and says so when one is wanted', async () => {
    const enabling = configured({ enable: 'enable', show: ['show running-config'] });
    const shown = ['show running-config\r\nvlan 1\r\nsw# '];
    const free = device({ 'enable\n': ['enable\r\nsw# '], 'show running-config\n': shown }, [9], 'sw> ');
    expect(await speak(free, enabling, null)).toBe('vlan 1\n');
    const asked = ['enable\r\nPassword: '];
    const refusing = device(
      {
        'enable\n': asked,
        '\n': ['\r\nPassword: ', '\r\n% Bad secrets\r\nsw> '],
        'show running-config\n': ['show running-config\r\n% Invalid input detected\r\nsw> '],
      },
      [9],
      'sw> ',
    );
    await expect(speak(refusing, enabling, null)).rejects.toMatchObject({ outcome: 'wrong-enable' });
    // Somebody who may not do everything may still be shown it.
    const allowed = device(
      {
        'enable\n': asked,
        '\n': ['\r\n% Bad secrets\r\nsw> '],
        'show running-config\n': ['show running-config\r\nvlan 1\r\nsw> '],
      },
      [9],
      'sw> ',
    );
    expect(await speak(allowed, enabling, null)).toBe('vlan 1\n');
    const wrong = device({ 'enable\n': asked, 'falsch\n': ['\r\nPassword: '] }, [9], 'sw> ');
    await expect(speak(wrong, enabling, 'falsch')).rejects.toMatchObject({ outcome: 'wrong-enable' });
  });

  it('says what the device said when it does not know the command', async () => {
    const shell = device(
      { ...plain, 'show running-config\n': ['show running-config\r\n% Invalid input detected\r\nsw1# '] },
      [9],
      'sw1# ',
    );
    await expect(speak(shell, how, null)).rejects.toMatchObject({
      outcome: 'not-understood',
      message: expect.stringContaining('Invalid input'),
    });
  });
});

describe('text of a terminal', () => {
  it('is what a person would have read', () => {
    expect(terminalText('a\u001b[31mb\u001b[0m\r\nno\b\byes\r\n --More-- \r          \rnext')).toBe(
      'ab\nyes\nnext',
    );
  });

  it('is any text without control characters as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const harmless = text.replaceAll(/\p{Cc}/gu, '');
        expect(terminalText(harmless)).toBe(harmless);
      }),
    );
  });
});
