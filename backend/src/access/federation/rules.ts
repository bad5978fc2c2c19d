import type { GivenRole, GroupRule, SignInSettings } from '@rackhaus/config/contract';
import { mayActAs } from '../admit.ts';
import { commonName, dnKey, isFullName, textKey } from './dn.ts';

/** What an account gets because of its groups. */
export interface Grant {
  readonly role: GivenRole;
  /** null: all sites */
  readonly siteIds: readonly number[] | null;
}

/**
 * What these groups come to: the highest role of all rules that match, with the sites of the rules that give just this role (a lesser
 * role elsewhere must not widen it). null when no rule matches: nobody gets in without one.
 */
export function grantFor(
  groups: readonly string[],
  rules: readonly GroupRule[],
  kind: SignInSettings['kind'],
): Grant | null {
  const keys = new Set(groups.flatMap((group) => keysOf(group, kind)));
  const matching = rules.filter(({ group }) => keys.has(wantedBy(group, kind)));
  const [first] = matching;
  if (first === undefined) return null;
  const role = matching.reduce((best, rule) => (mayActAs(rule.role, best) ? rule.role : best), first.role);
  if (role === 'administrator') return { role, siteIds: null };
  const giving = matching.filter((rule) => rule.role === role);
  if (giving.some((rule) => rule.siteIds === null)) return { role, siteIds: null };
  const siteIds = new Set(giving.flatMap((rule) => rule.siteIds ?? []));
  return { role, siteIds: [...siteIds].sort((a, b) => a - b) };
}

/** A full name and what something is called are told apart: a group may be called like the full name of another. */
function keysOf(group: string, kind: SignInSettings['kind']): string[] {
  if (kind === 'oidc') return [group];
  const name = commonName(group);
  return [`dn ${dnKey(group)}`, ...(name === null ? [] : [`cn ${textKey(name)}`])];
}

function wantedBy(group: string, kind: SignInSettings['kind']): string {
  if (kind === 'oidc') return group;
  return isFullName(group) ? `dn ${dnKey(group)}` : `cn ${textKey(group)}`;
}
