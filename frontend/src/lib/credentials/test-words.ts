import type { CredentialTestReply } from '@rackhaus/config/contract';
import { quantities } from '../format/index.ts';
import { m } from '../paraglide/messages.js';

/** What came of a test, in sentences for people: the first says it, the others add to it. */
export function testSentences(reply: CredentialTestReply): string[] {
  const more = [
    ...(reply.serial === null ? [] : [m.cred_test_serial({ serial: reply.serial })]),
    ...(reply.firmware === null ? [] : [m.cred_test_firmware({ firmware: reply.firmware })]),
  ].join(', ');
  return [first(reply), ...pingSentence(reply), ...(more === '' ? [] : [more])];
}

function first({ outcome, message, ms, device }: CredentialTestReply): string {
  switch (outcome) {
    case 'answers': {
      const time = `${quantities.number(ms ?? 0)}\u202fms`;
      return device === null ? m.cred_test_answers_plain({ time }) : m.cred_test_answers({ device, time });
    }
    case 'silent':
      return m.cred_test_silent();
    case 'wrong-user':
      return m.cred_test_wrong_user();
    case 'wrong-key':
      return m.cred_test_wrong_key();
    case 'wrong-privacy':
      return m.cred_test_wrong_privacy();
    case 'wrong-level':
      return m.cred_test_wrong_level();
    case 'no-access':
      return m.cred_test_no_access();
    case 'refused':
      return m.cred_test_refused({ message });
    case 'not-allowed':
      return m.machines_networks_not_asked();
    case 'unknown-host':
      return m.cred_test_unknown_host();
    case 'unreachable':
      return m.cred_test_unreachable();
    case 'no-agent':
      return m.cred_test_no_agent();
    case 'no-credentials':
      return m.cred_test_no_credentials();
  }
}

function pingSentence({ outcome, pings }: CredentialTestReply): string[] {
  if (outcome !== 'silent' || pings === null) return [];
  return [pings ? m.cred_test_silent_pings() : m.cred_test_silent_no_ping()];
}
