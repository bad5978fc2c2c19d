import type { CheckKind } from '@rackhaus/config/contract';
import type { ApiProblem } from '../api/api.ts';
import { m } from '../paraglide/messages.js';
import { problemSentence } from '../records/problem-sentence.ts';

/**
 * What is wrong with which field, in the reader's language, by where it stands: `name`, `settings.url`, `settings.points.2.address`,
 * `secret.user`. It says what would be right.
 */
export function fieldErrors(problem: ApiProblem, kind: CheckKind): Record<string, string> {
  const own = problem.reason === undefined || problem.reason === 'check-settings';
  return Object.fromEntries(
    problem.fields.map(({ path }) => {
      const key = keyOf(path);
      if (problem.reason === 'secret-needed') return [key, m.check_wrong_secret()];
      return [key, own ? sentenceOf(key, kind) : problemSentence(problem, 'check')];
    }),
  );
}

/** The field that a path is of: the third status belongs to the field with all of them. */
function keyOf(path: string): string {
  const parts = path.replace(/^body\./, '').split('.');
  if (parts[0] === 'settings')
    return parts.slice(0, parts[1] === 'points' && parts.length > 3 ? 4 : 2).join('.');
  return parts.slice(0, parts[0] === 'secret' ? 2 : 1).join('.');
}

function sentenceOf(key: string, kind: CheckKind): string {
  const parts = key.split('.');
  const field = parts.at(-1) ?? '';
  if (parts[0] === 'settings')
    return parts[1] === 'points' && parts.length > 2 ? pointSentence(field) : settingSentence(field, kind);
  switch (field) {
    case 'name':
      return m.check_wrong_filled({ count: 100 });
    case 'intervalSeconds':
      return m.check_wrong_range({ from: 5, to: 600 });
    case 'user':
      return m.check_wrong_filled({ count: 200 });
    case 'password':
      return m.check_wrong_filled({ count: 500 });
    case 'token':
      return m.check_wrong_token();
    default:
      return m.check_wrong_other();
  }
}

function settingSentence(field: string, kind: CheckKind): string {
  switch (field) {
    case 'url':
      return m.check_wrong_url();
    case 'host':
      return m.check_wrong_host();
    case 'port':
      return m.check_wrong_range({ from: 1, to: 65_535 });
    case 'timeoutSeconds':
      return kind === 'redfish'
        ? m.check_wrong_range({ from: 5, to: 120 })
        : m.check_wrong_range({ from: 1, to: 30 });
    case 'certificateDays':
      return m.check_wrong_range({ from: 1, to: 365 });
    case 'status':
      return m.check_wrong_status();
    case 'contains':
    case 'lacks':
    case 'banner':
      return m.check_wrong_length({ count: 500 });
    case 'authority':
      return m.check_wrong_authority();
    case 'fingerprint':
      return m.check_wrong_fingerprint();
    case 'name':
      return m.check_wrong_dns_name();
    case 'expected':
      return m.check_wrong_expected();
    case 'ups':
      return m.check_wrong_ups();
    case 'unit':
      return m.check_wrong_range({ from: 0, to: 255 });
    case 'points':
      return m.check_wrong_points();
    default:
      return m.check_wrong_other();
  }
}

function pointSentence(field: string): string {
  switch (field) {
    case 'name':
      return m.check_wrong_filled({ count: 100 });
    case 'address':
      return m.check_wrong_range({ from: 0, to: 65_535 });
    case 'type':
      return m.check_wrong_point_type();
    case 'metric':
      return m.check_wrong_point_metric();
    case 'scale':
    case 'offset':
      return m.check_wrong_number();
    case 'drop':
      return m.check_wrong_numbers();
    case 'map':
      return m.check_wrong_point_states();
    default:
      return m.check_wrong_other();
  }
}
