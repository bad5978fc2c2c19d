import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Allowance } from './allowance.ts';
import { Framing, longestMessage } from './framing.ts';
import { parseMessage } from './parse.ts';

const received = Date.UTC(2026, 10, 23, 9, 30, 0);
const parse = (text: string) => parseMessage(Buffer.from(text), received);

describe('what devices write', () => {
  const cases: [name: string, line: string, expected: Partial<ReturnType<typeof parse>>][] = [
    [
      'RFC 5424 with structured data and a byte order mark',
      '<165>1 2026-11-23T09:29:59.003Z mymachine.example.com evntslog 12 ID47 [exampleSDID@32473 iut="3" eventSource="App \\"x\\" \\]"] \u{feff}An application event log entry…',
      {
        facility: 20,
        severity: 5,
        host: 'mymachine.example.com',
        app: 'evntslog',
        process: '12',
        mnemonic: 'ID47',
        data: '[exampleSDID@32473 iut="3" eventSource="App \\"x\\" \\]"]',
        text: 'An application event log entry…',
        deviceTime: received - 997,
      },
    ],
    [
      'RFC 5424 with nothing but a header',
      '<34>1 - - - - - -',
      { facility: 4, severity: 2, host: null, app: null, deviceTime: null, text: '', data: null },
    ],
    [
      'RFC 3164',
      "<34>Nov 23 09:29:15 mymachine su[77]: 'su root' failed for lonvick on /dev/pts/8",
      {
        host: 'mymachine',
        app: 'su',
        process: '77',
        severity: 2,
        text: "'su root' failed for lonvick on /dev/pts/8",
      },
    ],
    [
      'a counter, a name, a clock that is not set',
      '<189>123: core-sw-1: *Mar  1 00:00:01.123: %SYS-5-CONFIG_I: Configured from console by vty0 (10.1.1.5)',
      {
        host: 'core-sw-1',
        deviceTime: null,
        mnemonic: 'SYS-5-CONFIG_I',
        severity: 5,
        text: 'Configured from console by vty0 (10.1.1.5)',
      },
    ],
    [
      'counter and sequence number, a zone',
      '<187>45: 000046: Nov 23 10:29:59.500 CET: %LINK-3-UPDOWN: Interface GigabitEthernet1/0/24, changed state to down',
      { deviceTime: received - 500, mnemonic: 'LINK-3-UPDOWN', host: null },
    ],
    [
      'a year first',
      '<189>: 2026 Nov 23 09:29:59 UTC: %ETHPORT-5-IF_DOWN_LINK_FAILURE: Interface Ethernet1/1 is down',
      {
        mnemonic: 'ETHPORT-5-IF_DOWN_LINK_FAILURE',
        text: 'Interface Ethernet1/1 is down',
        deviceTime: received - 1000,
      },
    ],
    [
      'a year behind the day, with a name',
      '<166>Nov 23 2026 09:29:59 asa-1 : %ASA-6-302013: Built inbound TCP connection',
      { host: 'asa-1', mnemonic: 'ASA-6-302013', deviceTime: received - 1000 },
    ],
    [
      'an event number and a program',
      '<14>Nov 23 09:29:59 10.0.0.1 00076 ports: port 1 is now on-line',
      { host: '10.0.0.1', mnemonic: '00076', app: 'ports', text: 'port 1 is now on-line' },
    ],
    [
      'a word in capitals behind the program',
      '<28>Nov 23 09:29:59 ex2300 mgd[1234]: UI_COMMIT: User root requested commit',
      { app: 'mgd', process: '1234', mnemonic: 'UI_COMMIT', text: 'User root requested commit' },
    ],
    [
      'name=value pairs',
      '<189>date=2026-11-23 time=09:29:59 devname="FG-100" devid="FG100" logid="0100032002" type="event" level="alert" tz="+0000" msg="login failed"',
      { host: 'FG-100', app: 'event', mnemonic: '0100032002', severity: 5, deviceTime: received - 1000 },
    ],
    [
      'pairs without a priority',
      'date=2026-11-23 time=09:29:59 devname="FG-100" type="event" level="alert" msg="x"',
      { severity: 1, facility: null },
    ],
    [
      'topics',
      'interface,info ether1 link up (speed 1G, full duplex)',
      { app: 'interface', severity: 6, text: 'ether1 link up (speed 1G, full duplex)' },
    ],
    [
      'no name of a host',
      '<13>Nov 23 09:29:59 kernel: eth0 link down',
      { host: null, app: 'kernel', text: 'eth0 link down' },
    ],
    [
      'an ISO time with a zone',
      '<30>2026-11-23T10:29:59.123+01:00 nas-1 smartd[5]: Device: /dev/sda',
      { host: 'nas-1', app: 'smartd', deviceTime: received - 877 },
    ],
    [
      'nothing but text',
      'Something happened: nobody knows',
      { text: 'Something happened: nobody knows', severity: null },
    ],
    [
      'RFC 5424 with figures down to nanoseconds, a zone without colon',
      '<14>1 2026-11-23T10:29:59.123456789+0100 nas-1 app 12 - - text',
      { host: 'nas-1', app: 'app', process: '12', deviceTime: received - 877, text: 'text' },
    ],
    [
      'RFC 5424 without the data that it asks for',
      '<14>1 2026-11-23T09:29:59Z ap-3 hostapd 77 - wlan0: STA connected',
      { host: 'ap-3', app: 'hostapd', process: '77', data: null, text: 'wlan0: STA connected' },
    ],
    [
      'RFC 5424 whose data were cut',
      '<14>1 2026-11-23T09:29:59Z fw app - - [a@1 b="c"][d@1 e="very lo',
      { host: 'fw', app: 'app', data: '[a@1 b="c"][d@1 e="very lo', text: '' },
    ],
    [
      'RFC 5424: brackets, quotes and backslashes in values, an element without any, none escaped in the text',
      String.raw`<14>1 2026-11-23T09:29:59Z fw app - - [x@1][y@1 p="\\" q="\]\\\]" r="\\\""] [not data] "text" \\`,
      {
        data: String.raw`[x@1][y@1 p="\\" q="\]\\\]" r="\\\""]`,
        text: String.raw`[not data] "text" \\`,
      },
    ],
    [
      'RFC 5424: a value in brackets that never ends is text when it is no data',
      '<14>1 2026-11-23T09:29:59Z fw app - - [  1.234] eth0: [up',
      { data: null, text: '[  1.234] eth0: [up' },
    ],
    [
      'a time in seconds behind the version',
      '<134>1 1795426199.250111222 MX84 events dhcp lease of ip 10.0.0.7',
      { host: 'MX84', deviceTime: received - 750, text: 'events dhcp lease of ip 10.0.0.7' },
    ],
    [
      'a day of the week and the year at the end',
      '<13>Mon Nov 23 09:29:59 2026 cmc-1 alarm: door open',
      { host: 'cmc-1', app: 'alarm', deviceTime: received - 1000, text: 'door open' },
    ],
    [
      'a byte order mark before the priority',
      '\u{feff}<13>Nov 23 09:29:59 sw1 fan: ok',
      { host: 'sw1', app: 'fan', severity: 5 },
    ],
    [
      'a byte order mark before the text of RFC 3164',
      '<13>Nov  3 09:29:59 sw1 fan: \u{feff}Lüfter',
      { text: 'Lüfter', deviceTime: Date.UTC(2026, 10, 3, 9, 29, 59) },
    ],
    [
      'a day of a year that has it not',
      '<13>Feb 30 09:29:59 sw1 fan: ok',
      { host: 'sw1', deviceTime: null, text: 'ok' },
    ],
    ['a priority that there is not', '<999>hello', { severity: null, text: '<999>hello' }],
  ];
  test.each(cases)('%s', (_, line, expected) => {
    expect(parse(line)).toMatchObject(expected);
  });

  test('takes the nearest year where none is given', () => {
    const newYear = Date.UTC(2027, 0, 1, 0, 0, 30);
    const written = parseMessage(Buffer.from('<13>Dec 31 23:59:59 sw1 a: b'), newYear);
    expect(written.deviceTime).toBe(Date.UTC(2026, 11, 31, 23, 59, 59));
  });

  test('reads Western European letters where it is not UTF-8', () => {
    const text = parseMessage(
      Buffer.from('<13>Nov 23 09:29:59 sw1 fan: L\u00fcfter ausgefallen', 'latin1'),
      received,
    ).text;
    expect(text).toBe('Lüfter ausgefallen');
  });

  test('takes a byte order mark for none also where the rest is not UTF-8', () => {
    const mark = Buffer.from([0xef, 0xbb, 0xbf]);
    const written = [
      Buffer.from('<13>Nov 23 09:29:59 sw1 fan: '),
      mark,
      Buffer.from('L\u00fcfter', 'latin1'),
    ];
    expect(parseMessage(Buffer.concat(written), received).text).toBe('Lüfter');
  });

  test('keeps the letters of a text that was cut within one', () => {
    const framing = new Framing();
    const [cut] = framing.push(Buffer.from(`<13>Nov 23 09:29:59 sw fan: x${'ü'.repeat(longestMessage)}\n`));
    expect(cut).toHaveLength(longestMessage);
    for (const bytes of [cut, cut?.subarray(0, -1)])
      expect(parseMessage(bytes ?? Buffer.of(), received).text.slice(0, 5)).toBe('xüüüü');
  });

  test('never throws, and keeps within bounds, whatever comes', () => {
    const pieces = fc.oneof(
      fc.string(),
      fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
      fc.constantFrom(
        '<189>',
        '1 ',
        'Nov 23 09:29:59 ',
        '*Mar  1 00:00:01.123: ',
        '%SYS-5-X: ',
        '[a b="',
        '"]',
        ': ',
        'a=b ',
      ),
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), fc.boolean(), (parts, latin) => {
        const parsed = parseMessage(Buffer.from(parts.join(''), latin ? 'latin1' : 'utf8'), received);
        expect(parsed.text.length).toBeLessThanOrEqual(8192);
        for (const name of ['app', 'process', 'mnemonic'] as const)
          expect(parsed[name]?.length ?? 0).toBeLessThanOrEqual(128);
        expect(parsed.severity ?? 0).toBeLessThanOrEqual(7);
        expect(parsed.deviceTime === null || Number.isInteger(parsed.deviceTime)).toBe(true);
        expect(parsed.text).not.toMatch(/\p{Cc}/u);
      }),
      { numRuns: 150 },
    );
  });

  test('takes no long time over a line made to take it', () => {
    for (const bad of [
      'a-'.repeat(4000),
      'a='.repeat(4000),
      `<13>${'A_'.repeat(4000)}`,
      `<13>${'%A-'.repeat(2700)}`,
      'a,'.repeat(4000),
    ]) {
      // The shortest of a few: the machine may be busy with something else, but not each time.
      const took = Array.from({ length: 5 }, () => {
        const began = performance.now();
        parse(bad);
        return performance.now() - began;
      });
      expect(Math.min(...took)).toBeLessThan(100);
    }
  });
});

describe('framing', () => {
  const lines = ['<13>one', '<13>zwei ü', '<34>1 - - - - - - drei'];
  const counted = lines.map((line) => `${Buffer.byteLength(line)} ${line}`).join('');
  const cut = lines.map((line) => `${line}\n`).join('');

  test.each([
    ['lengths', counted],
    ['line ends', cut],
    ['both', `${counted}${cut}${counted}`],
  ])('cuts at %s however the bytes come', (_, stream) => {
    const bytes = Buffer.from(stream);
    const expected = stream === counted || stream === cut ? lines : [...lines, ...lines, ...lines];
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 60 }), (sizes) => {
        const framing = new Framing();
        const found: string[] = [];
        let at = 0;
        for (const size of [...sizes, bytes.length]) {
          found.push(...framing.push(bytes.subarray(at, at + size)).map(String));
          at += size;
        }
        found.push(...framing.end().map(String));
        expect(found).toEqual(expected);
      }),
    );
  });

  test('takes a line end behind what was counted, and NUL and CR at the end of lines', () => {
    const framing = new Framing();
    const found = framing.push(Buffer.from('7 <13>one\n9 <13>zwei\n\r\n<13>drei\r\n<13>vier\0'));
    expect(found.map((bytes) => parseMessage(bytes, received).text).filter((text) => text !== '')).toEqual([
      'one',
      'zwei',
      'drei',
      'vier',
    ]);
  });

  test('cuts off what is too long, and finds the next', () => {
    const framing = new Framing();
    const long = 'x'.repeat(3 * longestMessage);
    const found = framing.push(Buffer.from(`${long}\n<13>next\n${long.length} <${long.slice(1)}9 <13>after`));
    expect(found.map(String)).toEqual([
      long.slice(0, longestMessage),
      '<13>next',
      `<${long.slice(0, longestMessage - 1)}`,
      '<13>after'.slice(0, 9),
    ]);
  });
});

test('takes so many of a sender, counts the rest, and lets others in', () => {
  const allowance = new Allowance();
  let taken = 0;
  for (let index = 0; index < 5000; index++) if (allowance.take('10.0.0.1', 0)) taken++;
  expect(taken).toBe(2000);
  expect(allowance.take('10.0.0.2', 0)).toBe(true);
  expect(allowance.collect(0)).toEqual([{ address: '10.0.0.1', dropped: 3000 }]);
  expect(allowance.collect(0)).toEqual([]);
  expect(allowance.take('10.0.0.1', 1000)).toBe(true);
});
