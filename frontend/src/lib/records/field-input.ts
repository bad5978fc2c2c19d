import type { FieldMeta } from '@rackhaus/config/contract';
import type { z } from 'zod';
import { m } from '../paraglide/messages.js';
import { numberText, readNumber } from './numbers.ts';

/** What an input of a form holds: text for most, a number for a reference, true or false for a flag. */
export type FieldInput = string | number | boolean | null;

/** A field of a kind as the contract declares it. */
export interface Field {
  readonly schema: z.ZodType;
  readonly meta: FieldMeta;
}

/** What the input shows for a value. Money is in euros. Lists are lines or separated by commas. */
export function toInput({ meta }: Field, value: unknown): FieldInput {
  switch (meta.type) {
    case 'flag':
      return value === true;
    case 'ref':
      return typeof value === 'number' ? value : null;
    case 'integer':
    case 'number':
    case 'time':
      if (typeof value !== 'number') return '';
      return meta.unit === 'ct' ? numberText(value / 100, 2) : numberText(value);
    case 'json':
      if (!Array.isArray(value)) return JSON.stringify(value ?? null, null, 2);
      if (value.every((one) => typeof one === 'number')) return value.join(', ');
      return value.every((one) => typeof one === 'string')
        ? value.join('\n')
        : JSON.stringify(value, null, 2);
    default:
      return typeof value === 'string' ? value : '';
  }
}

export type ReadField =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly sentence: string };

/** Reads an input by the contract. What is wrong is a sentence for people. */
export function readInput({ schema, meta }: Field, input: FieldInput): ReadField {
  const raw = rawValue(meta, input);
  if (!raw.ok) return raw;
  const parsed = schema.safeParse(raw.value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const [issue] = parsed.error.issues;
  return {
    ok: false,
    sentence: issue === undefined ? m.record_invalid_empty() : issueSentence(meta, issue, raw.value),
  };
}

function rawValue(meta: FieldMeta, input: FieldInput): ReadField {
  switch (meta.type) {
    case 'flag':
    case 'ref':
      return { ok: true, value: input };
    case 'integer':
    case 'number':
    case 'time': {
      const text = String(input ?? '').trim();
      if (text === '') return { ok: true, value: null };
      const value = readNumber(text);
      if (value === undefined) return { ok: false, sentence: m.record_invalid_number() };
      return { ok: true, value: meta.unit === 'ct' ? Math.round(value * 100) : value };
    }
    case 'date':
    case 'choice':
      return { ok: true, value: input === '' ? null : input };
    case 'json':
      return jsonValue(meta, String(input ?? ''));
    default:
      return { ok: true, value: String(input ?? '') };
  }
}

/** By what a new record has: numbers by commas, lines of text, or JSON. */
function jsonValue(meta: FieldMeta, text: string): ReadField {
  const { initial } = meta;
  if (Array.isArray(initial) && initial.length === 0) {
    const parts = text.split(/[\s,;]+/).filter((part) => part !== '');
    const numbers = parts.map(Number);
    return numbers.every(Number.isInteger)
      ? { ok: true, value: numbers }
      : { ok: false, sentence: m.record_invalid_ports() };
  }
  if (Array.isArray(initial) && initial.every((one) => typeof one === 'string'))
    return { ok: true, value: text.split('\n').filter((line) => line.trim() !== '') };
  try {
    const value: unknown = JSON.parse(text);
    return { ok: true, value };
  } catch (error) {
    return {
      ok: false,
      sentence: m.record_invalid_json({ message: error instanceof Error ? error.message : '' }),
    };
  }
}

/** Hints of the contract in the reader's language. */
const hints: Readonly<Record<string, () => string>> = {
  'must be one line without control characters': m.record_invalid_line,
  'must not contain ":"': m.record_invalid_colon,
  'must not contain "/"': m.record_invalid_slash,
  'must be a MAC address such as 00:1a:2b:3c:4d:5e': m.record_invalid_mac,
  'must be a network such as 10.1.2.0/24': m.record_invalid_network,
  'must be an IP address such as 10.1.2.3': m.record_invalid_ip,
  'must be an IP address or a host name': m.record_invalid_host,
  'must be a day such as 2026-11-22': m.record_invalid_date,
};

function issueSentence(meta: FieldMeta, issue: z.core.$ZodIssue, value: unknown): string {
  if (value === null || value === '')
    return meta.type === 'ref' || meta.type === 'choice'
      ? m.record_invalid_choose()
      : m.record_invalid_empty();
  if (meta.type === 'json')
    return Array.isArray(meta.initial) && meta.initial.length === 0
      ? m.record_invalid_ports()
      : m.record_invalid_lines();
  const shown = (limit: number | bigint) =>
    numberText(Number(limit) / (meta.unit === 'ct' ? 100 : 1), meta.unit === 'ct' ? 2 : undefined);
  const known = hints[issue.message];
  if (known) return known();
  if (issue.code === 'too_small' && typeof value === 'number')
    return m.record_invalid_min({ min: shown(issue.minimum) });
  if (issue.code === 'too_big')
    return typeof value === 'number'
      ? m.record_invalid_max({ max: shown(issue.maximum) })
      : m.record_invalid_long({ max: Number(issue.maximum) });
  if (issue.code === 'invalid_type' && meta.type === 'integer') return m.record_invalid_whole();
  return m.record_invalid_other({ message: issue.message });
}
