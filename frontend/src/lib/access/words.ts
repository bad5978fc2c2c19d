import type { ApiProblem } from '../api/api.ts';
import { explain } from '../api/explain.ts';
import { m } from '../paraglide/messages.js';

/** What is wrong with a new password, as far as this browser can tell before asking. */
export function passwordTooShort(password: string): string | undefined {
  return password.length < 12 ? m.password_too_short() : undefined;
}

/** A refusal on the way in, or of something about one's own account, in words. */
export function accessProblem(problem: ApiProblem): string {
  switch (problem.reason) {
    case 'password-common':
      return m.account_password_common();
    case 'password-name':
      return m.account_password_name();
    case 'password-wrong':
      return m.account_password_wrong();
    case 'code-wrong':
      return m.account_code_wrong();
    case 'passkey-refused':
      return m.account_passkey_refused();
    case 'link-ended':
      return m.account_link_ended();
    case 'last-factor':
      return m.account_last_factor();
    case 'last-administrator':
      return m.people_last_administrator();
    case 'directory-unreachable':
      return m.signin_directory_unreachable();
    case 'sign-in-again':
      return m.account_confirm_elsewhere();
    case 'given-up':
      return m.account_given_up();
  }
  if (problem.fields.some(({ path }) => path === 'password') && problem.code === 'invalid')
    return m.password_too_short();
  if (problem.fields.some(({ path }) => path === 'code' || path === 'recoveryCode'))
    return m.account_code_wrong();
  return explain(problem);
}
