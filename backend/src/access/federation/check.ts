import type { LdapSettings, OidcSettings, SignInCheck, SignInCheckStep } from '@rackhaus/config/contract';
import type { Outgoing } from '../../outgoing/outgoing.ts';
import { LdapError, type LdapTrouble } from './ldap-connection.ts';
import { idOf, isDisabled, LdapDirectory } from './ldap-directory.ts';
import { mayBePlain, OidcError, OidcProvider, type OidcTrouble } from './oidc-client.ts';
import { grantFor } from './rules.ts';

type Step = SignInCheckStep['step'];
type Reason = NonNullable<SignInCheckStep['reason']>;

/** Tries settings step by step; the first step that fails is the last. */
export async function checkSettings(
  check: SignInCheck,
  deps: { secret: string | null; outgoing: Outgoing; now: number },
): Promise<SignInCheckStep[]> {
  const steps: SignInCheckStep[] = [];
  const done = (step: Step, detail: string, more: Partial<SignInCheckStep> = {}) =>
    steps.push({ step, outcome: 'done', detail, ...more });
  const failed = (step: Step, reason: Reason, detail: string) =>
    steps.push({ step, outcome: 'failed', reason, detail });
  const { settings } = check;
  const report = {
    done,
    failed,
    absent: (step: Step) => steps.push({ step, outcome: 'not-there', detail: '' }),
  };
  if (settings.kind === 'oidc') await checkOidc(settings, deps, report);
  else await checkLdap(settings, check, deps, report);
  return steps;
}

interface Report {
  done(step: Step, detail: string, more?: Partial<SignInCheckStep>): void;
  failed(step: Step, reason: Reason, detail: string): void;
  absent(step: Step): void;
}

const oidcReasons: Partial<Record<OidcTrouble, Reason>> = {
  unreachable: 'unreachable',
  certificate: 'certificate',
  'not-allowed': 'not-allowed',
};

async function checkOidc(
  settings: OidcSettings,
  deps: { secret: string | null; outgoing: Outgoing },
  report: Report,
): Promise<void> {
  const issuer = new URL(settings.issuer);
  if (issuer.protocol !== 'https:' && !mayBePlain(issuer))
    return report.failed('discovery', 'not-https', issuer.origin);
  let step: Step = 'discovery';
  try {
    const provider = await OidcProvider.discover({ settings, ...deps });
    report.done('discovery', settings.issuer);
    step = 'keys';
    const { keys, logout } = await provider.describe(deps.outgoing);
    report.done('keys', String(keys));
    if (logout) report.done('logout', '');
    else report.absent('logout');
  } catch (error) {
    if (!(error instanceof OidcError)) throw error;
    report.failed(step, oidcReasons[error.trouble] ?? 'not-a-provider', error.message);
  }
}

/** At which step a connection that does not come about ends. */
const stepOf: Partial<Record<LdapTrouble, Step>> = {
  unreachable: 'reach',
  'not-allowed': 'reach',
  certificate: 'tls',
  'no-tls': 'tls',
};

async function checkLdap(
  settings: LdapSettings,
  check: SignInCheck,
  deps: { secret: string | null; outgoing: Outgoing; now: number },
  report: Report,
): Promise<void> {
  let directory: LdapDirectory;
  try {
    directory = await LdapDirectory.open({ settings, ...deps });
  } catch (error) {
    if (!(error instanceof LdapError)) throw error;
    if (stepOf[error.trouble] === 'tls') report.done('reach', settings.servers.join(', '));
    return report.failed(stepOf[error.trouble] ?? 'reach', error.trouble, error.message);
  }
  try {
    report.done('reach', directory.server);
    report.done('tls', directory.server);
    await checkPerson(directory, settings, check, deps.now, report);
  } finally {
    await directory.close();
  }
}

async function checkPerson(
  directory: LdapDirectory,
  settings: LdapSettings,
  check: SignInCheck,
  now: number,
  report: Report,
): Promise<void> {
  const name = check.person ?? '';
  const password = check.password ?? '';
  const searching = settings.bind.how === 'search';
  let step: Step = 'bind';
  try {
    if (searching) {
      await directory.bindOwn();
      report.done('bind', '');
    } else if (name === '' || password === '') {
      // Only who signs in can ask anything.
      return report.absent('bind');
    } else {
      step = 'person';
      await directory.bindAs(name, password, null);
      report.done('person', name);
    }
    if (name === '') return report.absent('search');
    step = 'search';
    const entry = await directory.find(name);
    if (entry === null) return report.failed('search', 'nobody', name);
    report.done('search', entry.dn);
    step = 'person';
    if (!(await directory.isOwn(entry, name))) return report.failed('person', 'several', entry.dn);
    if (idOf(entry) === null) return report.failed('person', 'no-id', entry.dn);
    const shown = directory.nameOf(entry);
    if (shown === null) return report.failed('person', 'no-name', settings.nameAttribute);
    if (isDisabled(entry, now)) return report.failed('person', 'disabled', shown);
    if (searching && password !== '') {
      await directory.bindAs(name, password, entry);
      await directory.bindOwn();
    }
    if (searching) report.done('person', shown);
    step = 'groups';
    const groups = await directory.groupsOf(entry);
    report.done('groups', String(groups.length), { groups: groups.slice(0, 200) });
    const grant = grantFor(groups, check.rules, 'ldap');
    if (grant === null) report.failed('rules', 'no-group', '');
    else report.done('rules', '', { role: grant.role });
  } catch (error) {
    if (!(error instanceof LdapError)) throw error;
    const reason = error.trouble === 'credentials' && step === 'person' ? 'password' : error.trouble;
    report.failed(step, reason, error.message);
  }
}
