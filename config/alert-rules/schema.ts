import { z } from 'zod';
import { BilingualText, DeviceRole, isMetricId, type MetricId, metric, Severity } from '../contract/index.ts';

const MetricName = z.custom<MetricId>((id) => typeof id === 'string' && isMetricId(id), {
  error: (issue) => `"${String(issue.input)}" is not in the metric catalogue`,
});

/** When a rule holds. Limits have a second, calmer one at which it ends, so that a value on the edge does not flicker. */
const When = z.union([
  /** A state by its name in the catalogue, or several. */
  z.strictObject({ is: z.union([z.string(), z.array(z.string()).min(1)]) }),
  z.strictObject({ above: z.number(), clearBelow: z.number() }),
  z.strictObject({ below: z.number(), clearAbove: z.number() }),
  /** For agents: nothing heard for this long. */
  z.strictObject({ silentSeconds: z.number().positive() }),
]);
export type When = z.infer<typeof When>;

/**
 * One thing that asks for attention, as data: what, when, how severe, what to tell people. Of several rules on the same
 * metric of an entity only the most severe shows. `{device}`, `{entity}`, `{place}` and `{limit}` are filled in.
 */
export const AlertRule = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9-]+$/, 'must be lower case letters, digits and hyphens'),
    metric: MetricName,
    when: When,
    /** States that other metrics of the same entity must have too. */
    where: z.record(z.string(), z.string()).default({}),
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
    if (!isMetricId(rule.metric)) return;
    const { states, kind } = metric(rule.metric);
    if ('is' in rule.when) {
      for (const name of [rule.when.is].flat())
        if (!Object.values(states ?? {}).includes(name))
          problem('when', `"${name}" is not a state of ${rule.metric}`);
    } else if ('silentSeconds' in rule.when) {
      if (kind !== 'agent') problem('when', 'silentSeconds is for agents');
    } else if (states) problem('when', `${rule.metric} has states: use "is"`);
    if ('above' in rule.when && rule.when.clearBelow > rule.when.above)
      problem('when', 'clearBelow must not be higher than above');
    if ('below' in rule.when && rule.when.clearAbove < rule.when.below)
      problem('when', 'clearAbove must not be lower than below');
    for (const [id, name] of Object.entries(rule.where)) {
      if (!isMetricId(id) || metric(id).kind !== kind)
        problem('where', `"${id}" is not a metric of a ${kind}`);
      else if (!Object.values(metric(id).states ?? {}).includes(name))
        problem('where', `"${name}" is not a state of ${id}`);
    }
    for (const text of [rule.title, rule.advice]) {
      for (const [placeholder] of `${text.de} ${text.en}`.matchAll(/\{[^}]*\}/g))
        if (!['{device}', '{entity}', '{place}', '{limit}'].includes(placeholder))
          problem('title', `${placeholder} is not known`);
    }
  });
export type AlertRule = z.infer<typeof AlertRule>;

export const AlertRuleFile = z.strictObject({ rules: z.array(AlertRule) });
