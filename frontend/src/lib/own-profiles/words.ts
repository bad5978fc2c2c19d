import type { ProfilePreview, ProfileRow, ProfileTextProblem } from '@rackhaus/config/contract';
import { m } from '../paraglide/messages.js';

export const sourceWords: Readonly<Record<ProfileRow['source'], () => string>> = {
  shipped: m.prof_source_shipped,
  own: m.prof_source_own,
  replaced: m.prof_source_replaced,
  inactive: m.prof_source_inactive,
};

const wanted: Readonly<Record<string, () => string>> = {
  string: m.prof_want_string,
  number: m.prof_want_number,
  int: m.prof_want_number,
  array: m.prof_want_array,
  record: m.prof_want_object,
  object: m.prof_want_object,
  tuple: m.prof_want_array,
  boolean: m.prof_want_boolean,
};

/** Sentences for what the loader says, by the pattern of its words; their groups are what is named. */
const sentences: readonly (readonly [RegExp, (one: string, two: string) => string])[] = [
  [/^(.+): there is no column "(.+)"$/, (group, name) => m.prof_msg_no_column({ group, name })],
  [/^unknown key "(.+)"$/, (name) => m.prof_msg_unknown_key({ name })],
  [/^includes "(.+)", which does not exist$/, (name) => m.prof_msg_no_include({ name })],
  [/^includes itself/, () => m.prof_msg_self()],
  [/^id "(.+)" is used twice$/, (name) => m.prof_msg_twice({ name })],
  [/^"(.*)" is not in the metric catalogue$/, (name) => m.prof_msg_metric({ name })],
  [/has no state "(.+)"$/, (name) => m.prof_msg_state({ name })],
  [/received undefined$/, () => m.prof_msg_missing()],
  [/^Invalid input: expected (\w+)/, (type) => m.prof_msg_type({ wanted: (wanted[type] ?? (() => type))() })],
  [/^must be an OID/, () => m.prof_msg_oid()],
  [/not a regular expression$/, () => m.prof_msg_regex()],
  [/^the pattern (looks|refers)/, () => m.prof_msg_pattern_looks()],
  [/^the pattern (takes|repeats|was not|is longer)/, () => m.prof_msg_pattern_slow()],
  [/^must be kebab-case/, () => m.prof_msg_kebab()],
  [/^needs either "column" or "formula"/, () => m.prof_msg_column_or_formula()],
  [/^is longer than/, () => m.prof_msg_too_long()],
];

/** What is wrong in a text, in the language of the interface; what has no sentence is said as the loader says it. */
export function problemWords({ message }: Pick<ProfileTextProblem, 'message'>): string {
  for (const [pattern, words] of sentences) {
    const match = pattern.exec(message);
    if (match) return words(match[1] ?? '', match[2] ?? '');
  }
  return message;
}

/** Why a profile could not be tried; null: it was. */
export function previewProblem({ agent, outcome, detail }: ProfilePreview): string | null {
  if (agent === null) return m.prof_try_no_agent();
  switch (outcome) {
    case null:
      return m.prof_try_no_answer({ agent });
    case 'answers':
      return null;
    case 'silent':
    case 'unreachable':
    case 'unknown-host':
      return m.prof_try_silent();
    case 'broken':
      return m.prof_try_broken({ agent, detail: detail ?? '' });
    case 'not-allowed':
      return m.prof_try_not_allowed({ agent });
    default:
      return m.prof_try_failed({ detail: detail ?? outcome });
  }
}
