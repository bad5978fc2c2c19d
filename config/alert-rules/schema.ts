import { z } from 'zod';
import {
  BilingualText,
  DeviceRole,
  type EntityKind,
  entityKinds,
  isMetricId,
  type MetricId,
  metric,
  Severity,
} from '../contract/index.ts';
import { Duration, inOrder, limitOf, When } from './when.ts';

const MetricName = z.custom<MetricId>((id) => typeof id === 'string' && isMetricId(id), {
  error: (issue) => `"${String(issue.input)}" is not in the metric catalogue`,
});

/**
 * What a rule's fault is of: faults of one family at one place are one incident. `reachability` is that something cannot be
 * asked at all.
 */
export const ruleFamilies = [
  'reachability',
  'agent',
  'link',
  'power',
  'hardware',
  'storage',
  'climate',
  'water',
  'access',
  'fire',
  'service',
  'sensor',
] as const;
export type RuleFamily = (typeof ruleFamilies)[number];

/** Numbers that are made of several metrics. `use`: of a port's speed, the busier direction. `documentedSpeed`: of what both ends can do. */
export const ruleShares = ['use', 'documentedSpeed'] as const;

const placeholders: readonly string[] = ['{device}', '{entity}', '{place}', '{limit}', '{within}'];
/** Of limits that the device itself has set. */
const ofLimits: readonly string[] = ['{reading}', '{beyond}'];

/** For which metric each share stands. */
const shareOf = { use: 'port.rx', documentedSpeed: 'port.speed' } as const;

/**
 * One thing that asks for attention, as data: what, when, for how long, how severe, what to tell people. Of several rules on
 * the same metric of an entity only the most severe shows. `{device}`, `{entity}`, `{place}`, `{limit}` and `{within}` are
 * filled in; of `beyond` also `{reading}` (what is measured, and how much) and `{beyond}` (over or under which limit).
 */
export const AlertRule = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9-]+$/, 'must be lower case letters, digits and hyphens'),
    family: z.enum(ruleFamilies),
    /** What an incident of it is about; the room or site of the device, or the port, sensor … alone. */
    groupBy: z.enum(['device', 'room', 'site', 'entity']).default('device'),
    /** What it looks at. Left out: whatever the device has limits of its own for (`beyond`). */
    metric: MetricName.optional(),
    /** Of `beyond`: metrics whose fault other rules tell by something else. */
    exceptMetrics: z.array(MetricName).min(1).optional(),
    /** A share in the place of the metric's own value. */
    share: z.enum(ruleShares).optional(),
    when: When,
    /** States that other metrics of the same entity must have too. */
    where: z.record(z.string(), z.string()).default({}),
    /** How long it has to hold before anything is said; seconds after it is read. */
    for: Duration.default(0),
    /** How long a condition is only shown before it becomes an incident, in seconds: for what is usual for a while, an open door. */
    tellAfter: Duration.default(0),
    severity: Severity,
    /** infrastructure: only ports whose other end is a monitored device, by the documentation. */
    scope: z.enum(['all', 'infrastructure']).default('all'),
    /** Only devices of these roles; left out: all. */
    roles: z.array(DeviceRole).min(1).optional(),
    /** Only entities whose name holds one of these words, or none of these; case does not matter. */
    names: z.array(z.string().min(2)).min(1).optional(),
    exceptNames: z.array(z.string().min(2)).min(1).optional(),
    /**
     * Not when the device at the other end cannot be reached itself: that is said already. It is asked first: the rule holds
     * only once that device has answered after the fault began.
     */
    unlessFarEndUnreachable: z.boolean().default(false),
    title: BilingualText,
    advice: BilingualText,
  })
  .superRefine((rule, context) => {
    const problem = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    for (const text of [rule.title, rule.advice]) {
      const known = 'beyond' in rule.when ? [...placeholders, ...ofLimits] : placeholders;
      for (const [placeholder] of `${text.de} ${text.en}`.matchAll(/\{[^}]*\}/g))
        if (!known.includes(placeholder)) problem('title', `${placeholder} is not known`);
    }
    if ('beyond' in rule.when) {
      if (rule.metric !== undefined) problem('metric', 'is what the device has limits for: leave it out');
      if (rule.share !== undefined || Object.keys(rule.where).length > 0)
        problem('when', 'limits of the device are for values alone: neither "share" nor "where"');
      return;
    }
    if (rule.exceptMetrics) problem('exceptMetrics', 'is for limits of the device');
    if (rule.metric === undefined) return problem('metric', 'is missing');
    if (!isMetricId(rule.metric)) return;
    const { states, kind } = metric(rule.metric);
    if ('is' in rule.when) {
      for (const name of [rule.when.is].flat())
        if (!Object.values(states ?? {}).includes(name))
          problem('when', `"${name}" is not a state of ${rule.metric}`);
    } else if ('silentSeconds' in rule.when) {
      if (kind !== 'agent' && kind !== 'device') problem('when', 'silentSeconds is for agents and devices');
    } else if (states && !('changes' in rule.when)) problem('when', `${rule.metric} has states: use "is"`);
    const limit = limitOf(rule.when);
    if (limit && !inOrder(limit)) problem('when', 'what ends it must not be beyond what begins it');
    if (rule.share !== undefined && shareOf[rule.share] !== rule.metric)
      problem('share', `"${rule.share}" belongs to ${shareOf[rule.share]}`);
    for (const [id, name] of Object.entries(rule.where)) {
      if (!isMetricId(id) || metric(id).kind !== kind)
        problem('where', `"${id}" is not a metric of a ${kind}`);
      else if (!Object.values(metric(id).states ?? {}).includes(name))
        problem('where', `"${name}" is not a state of ${id}`);
    }
  });
export type AlertRule = z.output<typeof AlertRule>;

/** What devices tell limits of: not of themselves and their ports, and nothing that they do not tell themselves. */
const limitedKinds: readonly EntityKind[] = entityKinds.filter(
  (kind) => !['device', 'port', 'service', 'agent'].includes(kind),
);

/** The kinds of entities that a rule looks at. */
export function kindsOf(rule: AlertRule): readonly EntityKind[] {
  return rule.metric === undefined ? limitedKinds : [metric(rule.metric).kind];
}

export const AlertRuleFile = z.strictObject({ rules: z.array(AlertRule) });
