import type { CheckKind, CheckOutcome, CheckState, CheckView, HealthState } from '@rackhaus/config/contract';
import type { ApiProblem } from '../api/api.ts';
import { m } from '../paraglide/messages.js';
import { problemSentence } from '../records/problem-sentence.ts';

/** What came of a check, in a sentence. */
export function outcomeSentence(outcome: CheckOutcome | 'no-agent', detail: string | null): string {
  const text = detail ?? '';
  switch (outcome) {
    case 'ok':
      return m.check_ok();
    case 'unknown-host':
      return m.check_unknown_host();
    case 'not-allowed':
      return m.check_not_allowed();
    case 'no-route':
      return m.check_no_route();
    case 'refused':
      return m.check_refused();
    case 'timeout':
      return m.check_timeout();
    case 'closed':
      return m.check_closed();
    case 'no-tls':
      return m.check_no_tls({ detail: text });
    case 'certificate-expired':
      return m.check_certificate_expired({ day: day(text) });
    case 'certificate-soon':
      return m.check_certificate_soon({ day: day(text) });
    case 'certificate-not-yet':
      return m.check_certificate_not_yet();
    case 'certificate-untrusted':
      return m.check_certificate_untrusted({ issuer: text });
    case 'certificate-name':
      return m.check_certificate_name({ names: text });
    case 'certificate-changed':
      return m.check_certificate_changed();
    case 'status':
      return m.check_status({ status: text });
    case 'redirects':
      return m.check_redirects();
    case 'text-missing':
      return m.check_text_missing({ text });
    case 'text-found':
      return m.check_text_found({ text });
    case 'wrong-password':
      return m.check_wrong_password();
    case 'no-name':
      return m.check_no_name();
    case 'no-records':
      return m.check_no_records();
    case 'wrong-answer':
      return m.check_wrong_answer({ answer: text });
    case 'server-failed':
      return m.check_server_failed({ code: text });
    case 'no-ups':
      return text === '' ? m.check_no_ups() : m.check_no_ups_but({ names: text });
    case 'stale':
      return m.check_stale();
    case 'protocol':
      return m.check_protocol({ detail: text });
    case 'device-error':
      return m.check_device_error({ detail: text });
    case 'failed':
      return m.check_failed({ detail: text });
    case 'no-agent':
      return m.check_no_agent();
  }
}

function day(iso: string): string {
  return /^\d{4}-\d\d-\d\d$/.test(iso) ? new Date(`${iso}T12:00:00Z`).toLocaleDateString() : iso;
}

/** How a check stands, in a word. */
export function stateWords(state: CheckState): { readonly state: HealthState; readonly text: string } {
  switch (state) {
    case 'ok':
      return { state: 'ok', text: m.check_state_ok() };
    case 'fails':
      return { state: 'critical', text: m.check_state_fails() };
    case 'unknown':
      return { state: 'unknown', text: m.check_state_unknown() };
    case 'waiting':
      return { state: 'unknown', text: m.check_state_waiting() };
    case 'off':
      return { state: 'unmonitored', text: m.check_state_off() };
  }
}

/** What is checked, in short: an address, a port, a name. */
export function targetText({ kind, settings }: Pick<CheckView, 'kind' | 'settings'>): string {
  const of = (name: string) => {
    const value = settings[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  const host = of('host');
  switch (kind) {
    case 'http':
      return of('url');
    case 'dns':
      return `${of('name')} (${of('type')})`;
    case 'nut':
      return [of('ups'), host].filter((part) => part !== '').join(' · ');
    default:
      return host === '' ? m.check_port({ port: of('port') }) : `${host}:${of('port')}`;
  }
}

export const kindWords: Readonly<Record<CheckKind, () => string>> = {
  http: m.check_kind_http,
  tcp: m.check_kind_tcp,
  dns: m.check_kind_dns,
  nut: m.check_kind_nut,
  redfish: m.check_kind_redfish,
  modbus: m.check_kind_modbus,
};

/** Why a check was refused. */
export function checkProblem(problem: ApiProblem): string {
  if (problem.reason === 'secret-needed') return m.check_problem_secret();
  if (problem.reason === 'check-settings') return m.check_problem_settings();
  if (problem.reason === 'check-without-address') return m.check_problem_address();
  return problemSentence(problem, 'check');
}
