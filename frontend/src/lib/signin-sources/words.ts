import type { SignInCheckStep, SignInRefusal } from '@rackhaus/config/contract';
import type { ApiProblem } from '../api/api.ts';
import { explain } from '../api/explain.ts';
import { m } from '../paraglide/messages.js';

/** Stands for the name that somebody signs in with. */
export const placeholder = '{name}';

/** What would be right in a field, where the server refused what is in it; paths as the server names them. */
const fields: readonly [path: RegExp, words: () => string][] = [
  [/^name$/, m.signin_invalid_name],
  [/^settings\.issuer$/, m.signin_invalid_issuer],
  [/^settings\.clientId$/, m.signin_invalid_client_id],
  [/^secret$/, m.signin_invalid_secret],
  [/^settings\.caCertificate$/, m.signin_invalid_ca],
  [/^settings\.servers/, m.signin_invalid_servers],
  [/^settings\.bind\.pattern$/, () => m.signin_invalid_pattern({ placeholder })],
  [/^settings\.filter$/, () => m.signin_invalid_filter({ placeholder })],
  [/^rules/, m.signin_invalid_rules],
  [/^settings\./, m.signin_invalid_needed],
];

/** What is wrong with a field; undefined when nothing is. `path` may be the beginning of what the server names. */
export function fieldWords(problem: ApiProblem | null, path: string): string | undefined {
  if (problem?.reason === 'taken') return path === 'name' ? m.signin_invalid_taken() : undefined;
  const found = problem?.fields.find((field) => field.path === path || field.path.startsWith(`${path}.`));
  if (found === undefined) return undefined;
  return fields.find(([pattern]) => pattern.test(found.path))?.[1]() ?? found.message;
}

/** What is wrong with the form as a whole; null when its fields say it. */
export function wholeWords(problem: ApiProblem | null): string | null {
  if (problem === null || problem.reason === 'taken') return null;
  const known = problem.fields.some(({ path }) => fields.some(([pattern]) => pattern.test(path)));
  return known ? null : explain(problem);
}

const steps: Record<SignInCheckStep['step'], () => string> = {
  reach: m.signin_step_reach,
  tls: m.signin_step_tls,
  bind: m.signin_step_bind,
  search: m.signin_step_search,
  person: m.signin_step_person,
  groups: m.signin_step_groups,
  rules: m.signin_step_rules,
  discovery: m.signin_step_discovery,
  keys: m.signin_step_keys,
  logout: m.signin_step_logout,
};
export function stepWord(step: SignInCheckStep['step']): string {
  return steps[step]();
}

const reasons: Record<NonNullable<SignInCheckStep['reason']>, () => string> = {
  unreachable: m.signin_reason_unreachable,
  'not-allowed': m.signin_reason_not_allowed,
  certificate: m.signin_reason_certificate,
  'no-tls': m.signin_reason_no_tls,
  credentials: m.signin_reason_credentials,
  base: m.signin_reason_base,
  nobody: m.signin_reason_nobody,
  several: m.signin_reason_several,
  password: m.signin_reason_password,
  disabled: m.signin_reason_disabled,
  'no-id': m.signin_reason_no_id,
  'no-name': m.signin_reason_no_name,
  'no-group': m.signin_reason_no_group,
  'not-https': m.signin_reason_not_https,
  'wrong-issuer': m.signin_reason_not_a_provider,
  'not-a-provider': m.signin_reason_not_a_provider,
  other: m.signin_reason_other,
};
export function reasonWords(reason: NonNullable<SignInCheckStep['reason']>): string {
  return reasons[reason]();
}

export function refusalWords(reason: SignInRefusal['reason']): string {
  switch (reason) {
    case 'no-group':
      return m.signin_refusal_no_group();
    case 'name-taken':
      return m.signin_refusal_name_taken();
    case 'not-strong':
      return m.signin_refusal_not_strong();
    case 'too-many-groups':
      return m.signin_refusal_too_many();
  }
}

const outcomes: Readonly<Record<string, () => string>> = {
  'no-group': m.signin_no_group,
  'name-taken': m.signin_name_taken,
  'not-strong': m.signin_not_strong,
  'too-many-groups': m.signin_too_many_groups,
  'directory-unreachable': m.signin_directory_unreachable,
  'provider-unreachable': m.signin_unreachable,
  'provider-certificate': m.signin_unreachable,
  'provider-not-allowed': m.signin_unreachable,
  'provider-refused': m.signin_refused,
  'provider-again': m.signin_again,
  'provider-untrusted': m.signin_untrusted,
  'provider-misconfigured': m.signin_misconfigured,
};

/** Why signing in elsewhere did not work; null where that is not the reason. */
export function elsewhereProblem(problem: ApiProblem): string | null {
  return problem.reason === undefined ? null : (outcomes[problem.reason]?.() ?? null);
}
