import fc from 'fast-check';
import { expect, it } from 'vitest';
import { comparedText, keptText, maskedLines, openStretch, readingOf } from './masking.ts';

const none = readingOf(undefined);
const mask = (secret: string) => `‹••• ${secret.length}›`;
const lineOf = (line: string) => maskedLines(`${line}\n`, none, mask).lines[0];
const secret = fc.stringMatching(/^[A-Za-z0-9+/.]{8,24}$/).map((text) => `X${text}`);

it.each([
  (s: string) => `username admin privilege 15 secret 9 ${s}`,
  (s: string) => `enable password 7 ${s}`,
  (s: string) => ` wpa-psk ascii 0 ${s}`,
  (s: string) => `snmp-server community ${s} RO`,
  (s: string) => `snmp-server host 10.0.0.1 version 2c ${s}`,
  (s: string) => `snmp-agent community read cipher ${s}`,
  (s: string) => `set snmp community ${s} authorization read-only`.replace('community ', 'community '),
  (s: string) => `radius-server host 10.0.0.2 key 7 ${s}`,
  (s: string) => ` key 7 ${s}`,
  (s: string) => `ip ospf message-digest-key 1 md5 7 ${s}`,
  (s: string) => `crypto isakmp key ${s} address 10.0.0.3`,
  (s: string) => `    set password ENC ${s}`,
  (s: string) => `    set psksecret "${s} mit Leerzeichen"`,
  (s: string) => `/ppp secret add name=a password=${s} profile=b`,
  (s: string) => `set system root-authentication encrypted-password "$6$${s}"`,
  (s: string) => ` local-user admin password cipher ${s}`,
  (s: string) => `snmp-server user u g v3 auth sha ${s} priv aes 128 ${s}x`,
  (s: string) => `something new $6$salt$${s}`,
  (s: string) => `snmp-server host 10.0.0.1 ${s}`,
  (s: string) => `snmp-server host 10.0.0.1 vrf Mgmt traps version 2c ${s}  bgp`,
  (s: string) => `snmp-server host 10.0.0.1 community ${s} trap-level critical`,
  (s: string) => `snmp-server mib community-map ${s} context vlan-1`,
  (s: string) => `ntp authentication-key 1 md5 ${s} 7`,
  (s: string) => `ntp authentication-key 1 sha1 0 ${s}`,
  (s: string) => `radius server a\n key ${s}`.split('\n')[1] ?? '',
])('never shows a secret in the usual places: %#', (line) => {
  fc.assert(
    fc.property(secret, (word) => {
      expect(lineOf(line(word))).not.toContain(word);
    }),
    { numRuns: 50 },
  );
});

it('leaves every other line as it is', () => {
  for (const line of [
    'service password-encryption',
    'interface GigabitEthernet1/0/1',
    ' description Schlüssel für Büro 12',
    'no ip http server',
    'ip ssh version 2',
    'spanning-tree mode rapid-pvst',
    ' switchport access vlan 40',
    'aaa authentication login default local',
    'key chain EIGRP',
    ' key 1',
    'snmp-server host 10.0.0.1 version 3 priv monitoring',
  ])
    expect(lineOf(line)).toBe(line);
});

it('masks all of a private key', () => {
  const text = ['a', '-----BEGIN RSA PRIVATE KEY-----', 'MIIE', 'abcd', '-----END RSA PRIVATE KEY-----', 'b'];
  const { lines, secrets } = maskedLines(`${text.join('\n')}\n`, none, mask);
  expect(lines).toEqual(['a', text[1], '‹••• 4›', '‹••• 4›', expect.stringContaining('‹•••'), 'b']);
  expect(secrets).toBe(3);
});

it('masks what a profile says besides, and compares without what varies', () => {
  const reading = readingOf({
    setup: [],
    show: ['show'],
    end: 'exit',
    greeting: [],
    ignore: ['^! Last change'],
    ignoreBlocks: [],
    secrets: ['^token (\\S+)'],
    varying: ['\\bENC (\\S+)'],
  });
  const kept = keptText('! Last change 10:00\ntoken abc  \nset x ENC one\n\n', reading);
  expect(kept).toBe('token abc\nset x ENC one\n');
  expect(maskedLines(kept, reading, mask).lines).toEqual(['token ‹••• 3›', 'set x ENC ‹•••›']);
  expect(comparedText(kept, reading)).toBe(comparedText('token abc\nset x ENC two\n', reading));
  expect(comparedText(kept, reading)).not.toBe(comparedText('token abd\nset x ENC one\n', reading));
});

it('leaves out stretches that change by themselves, and compares no key that is encrypted anew each time', () => {
  const reading = readingOf({
    greeting: [],
    setup: [],
    show: ['show'],
    end: 'exit',
    ignore: [],
    ignoreBlocks: [{ begins: '<revision>', ends: '</revision>' }],
    secrets: [],
    varying: ['(-----BEGIN ENCRYPTED PRIVATE KEY-----)'],
  });
  const text = (key: string, more = '') =>
    keptText(
      `<a/>\n<revision>\n<time>1</time>\n</revision>\nset private-key "-----BEGIN ENCRYPTED PRIVATE KEY-----\n${key}\n-----END ENCRYPTED PRIVATE KEY-----"\n<b/>${more}\n`,
      reading,
    );
  const kept = text('MIIE\nabcd');
  expect(kept).not.toMatch(/revision|time/);
  expect(comparedText(kept, reading)).toBe(comparedText(text('MIIF\nefgh\nijkl'), reading));
  expect(comparedText(kept, reading)).not.toBe(comparedText(text('MIIE\nabcd', '<c/>'), reading));
  expect(maskedLines(kept, reading, mask).lines).toEqual([
    '<a/>',
    'set private-key "‹•••›',
    '‹•••›',
    '‹•••›',
    '‹•••›',
    '<b/>',
  ]);
});

it('keeps a stretch whose last line never comes, and says so without a word of the text', () => {
  const reading = readingOf({
    greeting: [],
    setup: [],
    show: ['show'],
    end: 'exit',
    ignore: ['^time'],
    ignoreBlocks: [
      { begins: '^names', ends: '^end$' },
      { begins: '^one line', ends: 'line$' },
    ],
    secrets: [],
    varying: [],
  });
  const whole = 'a\nnames\nx\ntime 1\nend\none line\nb\n';
  expect(keptText(whole, reading)).toBe('a\nb\n');
  expect(openStretch(whole, reading)).toBeNull();
  const cut = 'a\none line\nnames of geheim\nx\ntime 1\none line\nb\n';
  expect(keptText(cut, reading)).toBe('a\nnames of geheim\nx\nb\n');
  expect(openStretch(cut, reading)).toBe('what begins in line 3 by /^names/ is not ended by /^end$/');
});

it('loses no line between those that are left out, wherever they begin and end', () => {
  const reading = readingOf({
    greeting: [],
    setup: [],
    show: ['show'],
    end: 'exit',
    ignore: [],
    ignoreBlocks: [{ begins: '^<', ends: '>$' }],
    secrets: [],
    varying: [],
  });
  fc.assert(
    fc.property(fc.array(fc.constantFrom('<', '>', '<>', 'a', 'b'), { minLength: 1 }), (lines) => {
      const text = `a\n${lines.join('\n')}\nb`;
      const kept = keptText(text, reading);
      // Once no end follows any more, everything is kept.
      const last = lines.findLastIndex((line) => line.endsWith('>'));
      expect(kept.endsWith(['', ...lines.slice(last + 1), 'b\n'].join('\n'))).toBe(true);
      expect(openStretch(text, reading) === null).toBe(!lines.slice(last + 1).includes('<'));
    }),
  );
});

it('masks a secret to its end that is longer than patterns look', () => {
  const reading = readingOf({
    greeting: [],
    setup: [],
    show: ['show'],
    end: 'exit',
    ignore: [],
    ignoreBlocks: [],
    secrets: ['<prv>([^<]+)'],
    varying: [],
  });
  const { lines } = maskedLines(`<prv>${'QUJD'.repeat(1000)}</prv>\n`, reading, mask);
  expect(lines[0]).not.toContain('QUJD');
});

it('never leaves the group of a pattern, and never changes a line in which none fits', () => {
  const reading = readingOf({
    setup: [],
    show: ['show'],
    end: 'exit',
    greeting: [],
    ignore: [],
    ignoreBlocks: [],
    secrets: ['^geheim (\\S+)'],
    varying: [],
  });
  const plain = fc.stringMatching(/^[a-z0-9 /.]{0,30}$/).filter((line) => lineOf(line) === line);
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          plain,
          secret.map((word) => `geheim ${word}`),
        ),
      ),
      (lines) => {
        const text = lines.map((line) => line.trimEnd()).filter((line) => !line.startsWith('geheim /'));
        const masked = maskedLines(`${text.join('\n')}\n`, reading, () => '‹••• 0000›').lines;
        text.forEach((line, index) => {
          expect(masked[index]).toBe(line.startsWith('geheim X') ? 'geheim ‹••• 0000›' : line);
        });
      },
    ),
  );
});
