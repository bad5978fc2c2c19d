import {
  type AuditAction,
  type AuditEntry,
  type AuditKind,
  type AuditOutcome,
  Role,
} from '@rackhaus/config/contract';
import { roleWord } from '../access/roles.ts';
import { m } from '../paraglide/messages.js';
import { getLocale } from '../paraglide/runtime.js';

const actions: Readonly<Record<AuditAction, () => string>> = {
  'sign-in': m.audit_action_sign_in,
  'second-factor': m.audit_action_second_factor,
  'sign-in.locked': m.audit_action_sign_in_locked,
  'sign-out': m.audit_action_sign_out,
  'session.ended': m.audit_action_session_ended,
  'kiosk.opened': m.audit_action_kiosk_opened,
  access: m.audit_action_access,
  'access.more': m.audit_action_access_more,
  'account.made': m.audit_action_account_made,
  'account.changed': m.audit_action_account_changed,
  'account.disabled': m.audit_action_account_disabled,
  'account.enabled': m.audit_action_account_enabled,
  'account.deleted': m.audit_action_account_deleted,
  'account.invited': m.audit_action_account_invited,
  'account.reset': m.audit_action_account_reset,
  'account.password': m.audit_action_account_password,
  'account.factor': m.audit_action_account_factor,
  'source.changed': m.audit_action_source_changed,
  'source.tested': m.audit_action_source_tested,
  'agent.made': m.audit_action_agent_made,
  'agent.changed': m.audit_action_agent_changed,
  'agent.enrolled': m.audit_action_agent_enrolled,
  'agent.key': m.audit_action_agent_key,
  'agent.revoked': m.audit_action_agent_revoked,
  'token.made': m.audit_action_token_made,
  'token.changed': m.audit_action_token_changed,
  'token.revoked': m.audit_action_token_revoked,
  'kiosk.made': m.audit_action_kiosk_made,
  'kiosk.changed': m.audit_action_kiosk_changed,
  'kiosk.revoked': m.audit_action_kiosk_revoked,
  'feed.made': m.audit_action_feed_made,
  'feed.changed': m.audit_action_feed_changed,
  'feed.key': m.audit_action_feed_key,
  'feed.revoked': m.audit_action_feed_revoked,
  'credential.handed-out': m.audit_action_credential_handed_out,
  'credential.tested': m.audit_action_credential_tested,
  'credential.changed': m.audit_action_credential_changed,
  'secrets.rotated': m.audit_action_secrets_rotated,
  change: m.audit_action_change,
  import: m.audit_action_import,
  order: m.audit_action_order,
  drift: m.audit_action_drift,
  discovery: m.audit_action_discovery,
  incident: m.audit_action_incident,
  'outlet.ordered': m.audit_action_outlet_ordered,
  'outlet.switched': m.audit_action_outlet_switched,
  'outlet.locked': m.audit_action_outlet_locked,
  'outlet.unlocked': m.audit_action_outlet_unlocked,
  drill: m.audit_action_drill,
  status: m.audit_action_status,
  'on-call': m.audit_action_on_call,
  'settings.changed': m.audit_action_settings_changed,
  'channel.changed': m.audit_action_channel_changed,
  'channel.tested': m.audit_action_channel_tested,
  'outgoing.changed': m.audit_action_outgoing_changed,
  'protection.changed': m.audit_action_protection_changed,
  'profile.changed': m.audit_action_profile_changed,
  simulator: m.audit_action_simulator,
  request: m.audit_action_request,
  'server.started': m.audit_action_server_started,
  export: m.audit_action_export,
  download: m.audit_action_download,
  print: m.audit_action_print,
  backup: m.audit_action_backup,
  'log.exported': m.audit_action_log_exported,
  'log.checked': m.audit_action_log_checked,
  'log.retention': m.audit_action_log_retention,
  'log.trimmed': m.audit_action_log_trimmed,
  'log.forwarding': m.audit_action_log_forwarding,
  'log.shortened': m.audit_action_log_shortened,
  'log.key': m.audit_action_log_key,
};
const kinds: Readonly<Record<AuditKind, () => string>> = {
  'sign-in': m.audit_kind_sign_in,
  refusal: m.audit_kind_refusal,
  account: m.audit_kind_account,
  machine: m.audit_kind_machine,
  credential: m.audit_kind_credential,
  change: m.audit_kind_change,
  deed: m.audit_kind_deed,
  settings: m.audit_kind_settings,
  export: m.audit_kind_export,
  log: m.audit_kind_log,
};
const outcomes: Readonly<Record<AuditOutcome, () => string>> = {
  done: m.audit_outcome_done,
  refused: m.audit_outcome_refused,
  failed: m.audit_outcome_failed,
};
const words: ReadonlyMap<string, () => string> = new Map(Object.entries(actions));
const details: Readonly<Record<string, () => string>> = {
  route: m.audit_detail_route,
  reason: m.audit_detail_reason,
  repeats: m.audit_detail_repeats,
  further: m.audit_detail_further,
  change: m.audit_detail_change,
  source: m.audit_detail_source,
  target: m.audit_detail_target,
  credential: m.audit_detail_credential,
  result: m.audit_detail_result,
  what: m.audit_detail_what,
  method: m.audit_detail_method,
  format: m.audit_detail_format,
  role: m.audit_detail_role,
  sites: m.audit_detail_sites,
  by: m.audit_detail_by,
  enabled: m.audit_detail_enabled,
  host: m.audit_detail_host,
  port: m.audit_detail_port,
  tls: m.audit_detail_tls,
  device: m.audit_detail_device,
  devices: m.audit_detail_devices,
  deleted: m.audit_detail_deleted,
  pseudonyms: m.audit_detail_pseudonyms,
  first: m.audit_detail_first,
  replaced: m.audit_detail_replaced,
  removed: m.audit_detail_removed,
  command: m.audit_detail_command,
  sealed: m.audit_detail_sealed,
  step: m.audit_detail_step,
  kind: m.audit_detail_kind,
  added: m.audit_detail_added,
  keys: m.audit_detail_keys,
  version: m.audit_detail_version,
};
/** What an entry can be about. */
const subjects: Readonly<Record<string, () => string>> = {
  user: m.audit_subject_user,
  agent: m.audit_subject_agent,
  kiosk: m.audit_subject_kiosk,
  feed: m.audit_subject_feed,
  channel: m.audit_subject_channel,
  order: m.audit_subject_order,
  incident: m.audit_subject_incident,
  discovery: m.audit_subject_discovery,
  drill: m.audit_subject_drill,
  status: m.audit_subject_status,
  rota: m.audit_subject_rota,
  device: m.audit_subject_device,
  rack: m.audit_subject_rack,
  room: m.audit_subject_room,
  credential: m.audit_subject_credential,
  check: m.audit_subject_check,
  profile: m.audit_subject_profile,
  'shell-login': m.audit_subject_shell_login,
  'sign-in-source': m.audit_subject_sign_in_source,
};
/** What can have been done, as the detail `what` says it. */
const deeds: Readonly<Record<string, () => string>> = {
  made: m.audit_what_made,
  changed: m.audit_what_changed,
  secret: m.audit_what_secret,
  deleted: m.audit_what_deleted,
  restored: m.audit_what_restored,
  saved: m.audit_what_saved,
  activated: m.audit_what_activated,
  deactivated: m.audit_what_deactivated,
  'host-keys': m.audit_what_host_keys,
  configuration: m.audit_what_configuration,
};

/** What was done; an action of a newer server by its own name. */
export function actionWord(action: string): string {
  return words.get(action)?.() ?? action;
}
/** What was done, and to what. */
export function whatWords({ action, subject }: Pick<AuditEntry, 'action' | 'subject'>): string {
  return subject === null || subject.name === ''
    ? actionWord(action)
    : `${actionWord(action)}: ${subject.name}`;
}
/** What it was done to, with what that is; of what a newer server knows, its name. */
export function subjectWords({ kind, name }: NonNullable<AuditEntry['subject']>): string {
  const word = subjects[kind]?.();
  return word === undefined ? name : m.audit_subject_named({ name, kind: word });
}
export function auditKindWord(kind: AuditKind): string {
  return kinds[kind]();
}
export function outcomeWord(outcome: AuditOutcome): string {
  return outcomes[outcome]();
}
/** What a detail is; one without a word by its own name. */
export function detailWord(name: string): string {
  return details[name]?.() ?? name;
}

/** What a detail says, in people's words where it is of a kind that they know. */
export function detailValue(name: string, value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? m.audit_value_yes() : m.audit_value_no();
  if (name === 'sites' && value === 'all') return m.audit_value_all_sites();
  const deed = name === 'what' ? deeds[String(value)] : undefined;
  if (deed !== undefined) return deed();
  const role = name === 'role' ? Role.safeParse(value) : null;
  return role?.success ? roleWord(role.data) : String(value);
}

/** Who did it, in people's words. */
export function whoWords({ by, pseudonym }: Pick<AuditEntry, 'by' | 'pseudonym'>): string {
  switch (by.kind) {
    case 'nobody':
      return m.audit_by_nobody();
    case 'system':
      return by.name === '' ? m.audit_by_system() : `${m.audit_by_system()} (${by.name})`;
    case 'agent':
      return m.audit_by_agent({ name: by.name });
    case 'token':
      return m.audit_by_token({ name: by.name });
    case 'kiosk':
      return m.audit_by_kiosk({ name: by.name });
    case 'person':
      return pseudonym ? m.audit_pseudonym({ name: by.name }) : by.name;
  }
}

/** How often a refusal was repeated since the row before; empty for a row of its own. */
export function repeatWords({ detail }: Pick<AuditEntry, 'detail'>): string {
  if (typeof detail.repeats === 'number') return m.audit_repeats({ count: detail.repeats });
  return typeof detail.further === 'number' ? m.audit_further({ count: detail.further }) : '';
}

const locale = getLocale() === 'de' ? 'de-DE' : 'en-GB';
const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });
const brief = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'medium' });

export function exactTime(time: number): string {
  return exact.format(time);
}
export function briefTime(time: number): string {
  return brief.format(time);
}
