import type { RuleView } from '@rackhaus/config/contract';
import { inLanguage } from '../live/words.ts';
import { m } from '../paraglide/messages.js';

/** What a group of rules is called: the file in which they are. */
export function groupWord(group: string): string {
  switch (group) {
    case 'reachability':
      return m.rules_group_reachability();
    case 'network':
      return m.rules_group_network();
    case 'power':
      return m.rules_group_power();
    case 'environment':
      return m.rules_group_environment();
    case 'hardware':
      return m.rules_group_hardware();
    case 'services':
      return m.rules_group_services();
    case 'rackhaus':
      return m.rules_group_rackhaus();
    default:
      return group;
  }
}

const order = ['reachability', 'network', 'power', 'environment', 'hardware', 'services', 'rackhaus'];

/** What of the rules is looked at. */
export const shows = ['all', 'active', 'recent', 'changed'] as const;
export type Show = (typeof shows)[number];

export function showWord(show: Show): string {
  switch (show) {
    case 'all':
      return m.rules_show_all();
    case 'active':
      return m.rules_show_active();
    case 'recent':
      return m.rules_show_recent();
    case 'changed':
      return m.rules_show_changed();
  }
}

/** Rules that fit, by their groups. */
export function grouped(
  rules: readonly RuleView[],
  search: string,
  show: Show,
): { group: string; rules: RuleView[] }[] {
  const words = search.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const fitting = rules.filter((rule) => {
    const text = `${titleOf(rule)} ${inLanguage(rule.when)} ${inLanguage(rule.advice)} ${groupWord(rule.group)}`;
    const lower = text.toLowerCase();
    return (
      words.every((word) => lower.includes(word)) &&
      (show !== 'active' || rule.active > 0) &&
      (show !== 'recent' || rule.recent > 0) &&
      (show !== 'changed' || rule.limits.length > 0)
    );
  });
  const groups = [...new Set(fitting.map(({ group }) => group))];
  return groups
    .toSorted((a, b) => order.indexOf(a) - order.indexOf(b))
    .map((group) => ({ group, rules: fitting.filter((rule) => rule.group === group) }));
}

/** A rule's title without the name of a device: "{device}: Netzteil ausgefallen" is "Netzteil ausgefallen". */
export function titleOf({ title }: Pick<RuleView, 'title'>): string {
  const text = inLanguage(title)
    .replaceAll(/^\{(device|place)\}[:,]?\s*/g, '')
    .replaceAll(/\s*\{(device|entity|place|limit|within)\}/g, ' …');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
