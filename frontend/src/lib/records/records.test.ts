import { fieldsOf, type RecordKind, recordKinds } from '@rackhaus/config/contract';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiProblem } from '../api/api.ts';
import { baseLocale, overwriteGetLocale } from '../paraglide/runtime.js';
import { type FieldInput, readInput, toInput } from './field-input.ts';
import { fieldGroups, formFields } from './groups.ts';
import { mergedValues, mergeFields } from './merge.ts';
import { fieldName, kindName, optionName } from './names.ts';
import { readNumber } from './numbers.ts';
import { fieldSentence, problemSentence } from './problem-sentence.ts';

const inLanguage = (language: 'de' | 'en') => overwriteGetLocale(() => language);
afterEach(() => inLanguage(baseLocale));

const field = (kind: RecordKind, name: string) => {
  const found = fieldsOf(kind).get(name);
  if (!found) throw new Error(`${kind} has no ${name}`);
  return found;
};
const reads = (kind: RecordKind, name: string, input: FieldInput) => readInput(field(kind, name), input);

describe('names', () => {
  it('are there for every kind, field and option', () => {
    for (const kind of recordKinds) {
      expect(kindName(kind)).not.toBe('');
      for (const [name, { meta }] of fieldsOf(kind)) {
        expect(fieldName(kind, name), `${kind}.${name}`).not.toBe('');
        for (const option of meta.options ?? [])
          expect(optionName(kind, name, option), `${kind}.${name}.${option}`).not.toBe('');
      }
    }
  });
});

describe('numbers as people type them', () => {
  it.each([
    ['de', '1.234,50', 1234.5],
    ['de', '12,5', 12.5],
    ['de', '12.5', 12.5],
    ['de', '1.234', 1234],
    ['en', '1,234.50', 1234.5],
    ['en', '1,234', 1234],
    ['en', '12,5', 12.5],
    ['de', '1 234', 1234],
    ['de', '-0,5', -0.5],
    ['de', 'zwölf', undefined],
    ['de', '1,2,3', undefined],
    ['de', '', undefined],
  ] as const)('%s: %s', (language, text, expected) => {
    inLanguage(language);
    expect(readNumber(text)).toBe(expected);
  });
});

describe('an input', () => {
  it.each([
    ['device', 'costCents', '1.234,50', 123_450],
    ['device', 'position', '12,5', 12.5],
    ['device', 'serial', '  ', null],
    ['device', 'warrantyUntil', '', null],
    ['device', 'warrantyUntil', '2027-01-31', '2027-01-31'],
    ['port', 'mac', '001A2B-3C4D5E', '00:1a:2b:3c:4d:5e'],
    ['monitoring', 'tcp', '22, 443', [22, 443]],
    ['label-template', 'lines', '{name}\n\n{room}', ['{name}', '{room}']],
  ] as const)('of %s.%s reads %j', (kind, name, input, value) => {
    inLanguage('de');
    expect(reads(kind, name, input)).toEqual({ ok: true, value });
  });
  it.each([
    ['device', 'name', '', /ausfüllen/],
    ['device', 'name', 'a:b', /Doppelpunkt/],
    ['device', 'typeId', null, /auswählen/],
    ['device', 'costCents', 'viel', /Zahl/],
    ['rack', 'heightU', '61', /Höchstens 60/],
    ['rack', 'heightU', '4,5', /ganze Zahl/],
    ['port', 'mac', 'xyz', /MAC/],
    ['monitoring', 'tcp', '0', /65535/],
    ['vlan', 'vid', '', /ausfüllen/],
  ] as const)('of %s.%s says of %j what is wrong', (kind, name, input, sentence) => {
    inLanguage('de');
    const read = reads(kind, name, input);
    expect(read.ok ? read.value : read.sentence).toMatch(sentence);
  });
  it('shows what it reads, whatever the value', () => {
    inLanguage('de');
    const cents = field('device', 'costCents');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000_000_000 }), (value) => {
        expect(readInput(cents, toInput(cents, value))).toEqual({ ok: true, value });
      }),
    );
  });
});

describe('forms', () => {
  it('show every field of theirs once', () => {
    for (const kind of recordKinds)
      expect(
        fieldGroups(kind)
          .flatMap((group) => group.fields)
          .toSorted(),
      ).toEqual(formFields(kind).toSorted());
  });
});

describe('two versions of one record', () => {
  const before = { a: 1, b: 1, c: [1], d: null };
  it('agree where only one side has changed something', () => {
    const merged = mergeFields(
      ['a', 'b', 'c', 'd'],
      before,
      { ...before, a: 2 },
      { ...before, b: 3, c: [1] },
    );
    expect(merged.map(({ field: name, by }) => [name, by])).toEqual([
      ['a', 'mine'],
      ['b', 'theirs'],
    ]);
    expect(mergedValues(merged, {})).toEqual({ a: 2, b: 3 });
  });
  it('wait for a decision where both have', () => {
    const merged = mergeFields(['a', 'd'], before, { a: 2, d: 'x' }, { a: 3, d: 'x' });
    expect(merged.map(({ by }) => by)).toEqual(['both', 'same']);
    expect(mergedValues(merged, {})).toBeNull();
    expect(mergedValues(merged, { a: 'theirs' })).toEqual({ a: 3, d: 'x' });
  });
});

describe('a refusal', () => {
  const refusal = new ApiProblem(
    'conflict',
    'There is already one.',
    [{ path: 'name', message: 'is taken' }],
    {
      reason: 'taken',
      blocking: [{ kind: 'device', id: 1, name: 'core-1' }],
    },
  );
  it('names what is in the way, at its field', () => {
    expect(problemSentence(refusal, 'device')).toMatch(/^Name .*core-1/);
    expect(fieldSentence(refusal, 'device', 'name')).toMatch(/core-1/);
    expect(fieldSentence(refusal, 'device', 'serial')).toBeUndefined();
  });
  it('counts what does not fit into a sentence', () => {
    const blocking = Array.from({ length: 8 }, (_, id) => ({ kind: 'port', id, name: `p${id}` }));
    const many = new ApiProblem('conflict', '', [], { reason: 'in-use', blocking });
    expect(problemSentence(many)).toMatch(/p4.*3/);
  });
  it("that has no sentence of its own says the server's", () => {
    expect(
      problemSentence(new ApiProblem('conflict', 'It is full.', [], { reason: 'never-heard-of' })),
    ).toContain('It is full.');
  });
});
