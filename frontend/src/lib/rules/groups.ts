import { isMetricId, type RuleView } from '@rackhaus/config/contract';
import { inLanguage } from '../live/words.ts';
import { metricName } from '../metrics/names.ts';
import { m } from '../paraglide/messages.js';
import { optionName } from '../records/names.ts';

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
    const text = `${titleOf(rule)} ${inLanguage(rule.when)} ${adviceOf(rule)} ${groupWord(rule.group)}`;
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

type Worded = Pick<RuleView, 'title'> & Partial<Pick<RuleView, 'metric' | 'roles'>>;

/**
 * A rule's title without the name of a device: "{device}: {entity} über {limit}" is "Temperatur über 27 °C". Where a rule is known by
 * its title only, what is missing is left out.
 */
export function titleOf(rule: Worded): string {
  return general(inLanguage(rule.title), rule);
}

/** What to do, of no certain place. */
export function adviceOf(rule: RuleView): string {
  return general(inLanguage(rule.advice), rule);
}

function general(text: string, { metric, roles }: Worded): string {
  const entity = metric != null && isMetricId(metric) ? metricName(metric) : m.rules_reading();
  const [role, other] = roles ?? [];
  const device =
    role !== undefined && other === undefined ? optionName('device', 'role', role) : m.rules_device();
  const plain = text
    .replaceAll(' ({place})', '')
    .replace(/^\{device\}: /, '')
    .replaceAll(': {device}, {entity}', '')
    .replaceAll(/ (?:von|of) \{entity\}/g, '')
    .replaceAll(/([^\s:]+) \{entity\}/g, '$1')
    .replaceAll('{entity}', entity)
    .replaceAll('{device}', device)
    .replaceAll(/[,:]? \{place\}/g, '');
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}
