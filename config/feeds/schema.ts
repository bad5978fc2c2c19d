import { z } from 'zod';
import { type EntityKind, isMetricId, type MetricId, metric } from '../contract/index.ts';

const MetricName = z.custom<MetricId>((id) => typeof id === 'string' && isMetricId(id), {
  error: (issue) => `"${String(issue.input)}" is not in the metric catalogue`,
});

/** A value or several of them, by tag. `*`: any value. */
const Tags = z.record(z.string().min(1), z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]));
export type Tags = z.output<typeof Tags>;

/** Kinds of which a device has one, without a name. */
const nameless: readonly EntityKind[] = ['device', 'ups', 'agent'];
export function isNameless(kind: EntityKind): boolean {
  return nameless.includes(kind);
}

/** What one field becomes: `value * factor / of`, for counters its change per second, with `inverse` that taken from 1. */
export const FeedValue = z
  .strictObject({
    /** The field; or the tag whose text names a state. */
    field: z.string().min(1).optional(),
    tag: z.string().min(1).optional(),
    metric: MetricName,
    /** Name of the entity, `{tag}` filled in; left out: as its measurement says. */
    entity: z.string().min(1).optional(),
    factor: z
      .number()
      .refine((factor) => factor !== 0, 'must not be 0')
      .default(1),
    inverse: z.boolean().default(false),
    /** Another field of the same line by which it is divided: 0 there gives no value. */
    of: z.string().min(1).optional(),
    /** A counter: its change per second. When it goes back there is no value. */
    rate: z.boolean().default(false),
    /**
     * Words and the states that they mean, the first that occurs counts. A number is its digits, a truth value `true` or `false`.
     */
    states: z.record(z.string(), z.string()).optional(),
    /** Bits of a number and the states that they mean, the first that is set counts; `0`: none of them is. */
    bits: z.record(z.string().regex(/^(0|0x[0-9a-f]+)$/, 'must be 0 or 0x…'), z.string()).optional(),
  })
  .superRefine((value, context) => {
    const problem = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if ((value.field === undefined) === (value.tag === undefined))
      problem('field', 'either field or tag is needed');
    if (!isMetricId(value.metric)) return;
    const { states } = metric(value.metric);
    for (const key of ['states', 'bits'] as const) {
      const words = value[key];
      if (words === undefined) continue;
      if (states === undefined) problem(key, `${value.metric} has no states`);
      for (const name of Object.values(words))
        if (states !== undefined && !Object.values(states).includes(name))
          problem(key, `"${name}" is not a state of ${value.metric}`);
    }
    const asState = value.states !== undefined || value.bits !== undefined;
    if (states !== undefined && !asState) problem('states', `${value.metric} has states: say which`);
    if (value.tag !== undefined && value.states === undefined) problem('states', 'a tag needs states');
    if (asState && (value.rate || value.inverse || value.of !== undefined || value.factor !== 1))
      problem('states', 'a state is not reckoned with');
  });
export type FeedValue = z.output<typeof FeedValue>;

export const FeedMeasurement = z
  .strictObject({
    measurement: z.string().min(1),
    /** Only lines with these tags. */
    where: Tags.default({}),
    /** Not lines with one of these. */
    except: Tags.default({}),
    /** Name of the entity, `{tag}` filled in; a line without such a tag gives no value. */
    entity: z.string().min(1).optional(),
    values: z.array(FeedValue).min(1),
  })
  .superRefine((of, context) => {
    for (const [index, value] of of.values.entries()) {
      if (!isMetricId(value.metric)) continue;
      const { kind } = metric(value.metric);
      const named = (value.entity ?? of.entity) !== undefined;
      if (!named && !isNameless(kind))
        context.addIssue({
          code: 'custom',
          path: ['values', index, 'entity'],
          message: `a ${kind} needs the name of an entity`,
        });
      if (value.entity !== undefined && isNameless(kind))
        context.addIssue({
          code: 'custom',
          path: ['values', index, 'entity'],
          message: `a ${kind} has no name`,
        });
    }
  });
export type FeedMeasurement = z.output<typeof FeedMeasurement>;

/**
 * By what a line is known to be about something: names and the tags that hold them, so that two kinds of line that call the
 * same thing differently meet. Those that are missing are left out; where all are missing, the next one is asked.
 */
export const FeedSource = z.strictObject({
  measurements: z.array(z.string().min(1)).min(1).optional(),
  where: Tags.default({}),
  tags: z
    .record(z.string().min(1), z.string().min(1))
    .refine((tags) => Object.keys(tags).length > 0, 'needs at least one tag'),
  /** The tag that people know it by, where that is not the first of `tags`. */
  label: z.string().min(1).optional(),
});
export type FeedSource = z.output<typeof FeedSource>;

/** What the lines of one program mean. */
export const FeedTemplate = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/, 'must be lower case letters, digits and hyphens'),
  /** The program, as people know it. */
  name: z.string().min(1),
  /** Lines with these tags are this program's and no other's; left out: any that is not claimed by another. */
  where: Tags.default({}),
  /** The first that fits says what a line is about. */
  sources: z.array(FeedSource).min(1),
  measurements: z.array(FeedMeasurement).min(1),
});
export type FeedTemplate = z.output<typeof FeedTemplate>;
