import { Framing, longestMessage, parseMessage } from '@rackhaus/agents/syslog';
import { framed, syslogMessage } from '@rackhaus/backend/audit-syslog';
import { type AuditEntry, auditActions } from '@rackhaus/config/contract';
import fc from 'fast-check';
import { expect, it } from 'vitest';

const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom('"', ']', '[', '\\', '=', ' ', '\n', '\r\n', '\u0085', 'ü', '🖧', '\u{feff}', '<'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 40,
});
const entries: fc.Arbitrary<AuditEntry> = fc.record({
  number: fc.integer({ min: 1 }),
  time: fc.date({ min: new Date(0), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true }).map(Number),
  kind: fc.constantFrom('sign-in', 'change', 'log'),
  action: fc.constantFrom(...Object.keys(auditActions)),
  outcome: fc.constantFrom('done', 'refused', 'failed'),
  by: fc.record({
    kind: fc.constantFrom('person', 'system'),
    id: fc.option(fc.integer()),
    name: text,
  }),
  address: fc.option(fc.oneof(fc.ipV4(), fc.ipV6())),
  subject: fc.option(fc.record({ kind: fc.constant('device'), id: fc.option(text), name: text })),
  pseudonym: fc.boolean(),
  detail: fc.dictionary(text, fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null)), { maxKeys: 5 }),
  hash: fc.stringMatching(/^[0-9a-f]{64}$/),
});

/** Structured data as RFC 5424 has them, by name of element and parameter; written anew, not with our parser's eyes. */
function valuesOf(data: string): Map<string, Map<string, string>> {
  const elements = new Map<string, Map<string, string>>();
  let rest = data;
  while (rest !== '') {
    const [opening = '', id = ''] = /^\[([!#-<>-\\^-~]{1,32})/.exec(rest) ?? [];
    expect(opening, `an element at the beginning of ${rest}`).not.toBe('');
    const values = new Map<string, string>();
    rest = rest.slice(opening.length);
    for (;;) {
      const found = /^ ([!#-<>-\\^-~]{1,32})="((?:[^"\\\]]|\\.)*)"/su.exec(rest);
      if (found === null) break;
      values.set(found[1] ?? '', (found[2] ?? '').replace(/\\(["\\\]])/g, '$1'));
      rest = rest.slice(found[0].length);
    }
    expect(rest[0], `the end of an element at ${rest}`).toBe(']');
    rest = rest.slice(1);
    elements.set(id, values);
  }
  return elements;
}

/** What a receiver keeps of a value: no control characters, no byte order marks, only whole letters. */
function kept(value: string): string {
  return value
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]/gu, ' ')
    .replaceAll('\u{feff}', '');
}

it('what the log sends is read as it was meant, however its bytes arrive', () => {
  fc.assert(
    fc.property(
      fc.array(entries, { minLength: 1, maxLength: 4 }),
      fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 30 }),
      (sent, sizes) => {
        const bytes = Buffer.concat(sent.map((entry) => framed(syslogMessage(entry, 'rathaus.example'))));
        const framing = new Framing();
        const messages: Buffer[] = [];
        let at = 0;
        for (const size of [...sizes, bytes.length]) {
          messages.push(...framing.push(bytes.subarray(at, at + size)));
          at += size;
        }
        expect(framing.end()).toEqual([]);
        expect(messages).toHaveLength(sent.length);
        for (const [index, entry] of sent.entries()) {
          const message = messages[index] ?? Buffer.of();
          expect(message.length).toBeLessThan(longestMessage);
          const parsed = parseMessage(message, Date.now());
          expect(parsed).toMatchObject({
            facility: 13,
            severity: { done: 6, refused: 4, failed: 3 }[entry.outcome],
            host: 'rathaus.example',
            app: 'rackhaus',
            process: String(process.pid),
            mnemonic: entry.action,
            deviceTime: entry.time,
          });
          const who = entry.by.name === '' ? entry.by.kind : entry.by.name;
          expect(parsed.text).toBe(kept(`${entry.action} ${entry.outcome} by ${who}`).trim());
          const values = valuesOf(parsed.data ?? '');
          const own = values.get('rackhaus@32473');
          expect(Object.fromEntries(own ?? [])).toEqual({
            number: String(entry.number),
            kind: entry.kind,
            action: entry.action,
            outcome: entry.outcome,
            by: entry.by.kind,
            ...(entry.by.id === null ? {} : { byId: String(entry.by.id) }),
            ...(entry.by.name === '' ? {} : { byName: kept(entry.by.name) }),
            ...(entry.address === null ? {} : { address: entry.address }),
            ...(entry.subject === null ? {} : { subject: entry.subject.kind }),
            ...(entry.subject?.id == null ? {} : { subjectId: kept(entry.subject.id) }),
            ...(!entry.subject?.name ? {} : { subjectName: kept(entry.subject.name) }),
            hash: entry.hash,
          });
          expect([...values.keys()]).toEqual(
            Object.keys(entry.detail).length === 0 ? ['rackhaus@32473'] : ['rackhaus@32473', 'detail@32473'],
          );
          // Names that are none are made some, and may fall together.
          const details = [...(values.get('detail@32473')?.values() ?? [])];
          const meant = Object.values(entry.detail).map((value) => kept(String(value)));
          for (const value of details) expect(meant).toContain(value);
        }
      },
    ),
    { numRuns: 300 },
  );
});

it('keeps what it can of an entry that is longer than a message may be', () => {
  const entry: AuditEntry = {
    number: 1,
    time: Date.UTC(2026, 10, 23),
    kind: 'change',
    action: 'change',
    outcome: 'done',
    by: { kind: 'person', id: 1, name: 'Meike' },
    address: null,
    subject: null,
    pseudonym: false,
    detail: { text: 'ü'.repeat(longestMessage) },
    hash: 'ab',
  };
  const [message, ...others] = new Framing().push(framed(syslogMessage(entry, 'rathaus')));
  expect(others).toEqual([]);
  const parsed = parseMessage(message ?? Buffer.of(), Date.now());
  expect(parsed).toMatchObject({ app: 'rackhaus', mnemonic: 'change', severity: 6 });
  expect(parsed.data).toMatch(/^\[rackhaus@32473 number="1" .*\]\[detail@32473 text="ü+$/);
});
