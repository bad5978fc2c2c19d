import { z } from 'zod';
import { type MetricId, metric, metricIds } from '../contract/metrics.ts';

const Metric = z
  .string()
  .refine((id): id is MetricId => metricIds.some((known) => known === id), 'is not in the metric catalogue');
const Flags = z.string().regex(/^[A-Z]+$/, 'must be flags of ups.status such as OB');

/** What a state of the catalogue is called. */
const stateOf = (id: MetricId) =>
  z.string().refine((name) => Object.values(metric(id).states ?? {}).includes(name), `is no state of ${id}`);

/** What the variables of NUT mean (networkupstools.org, "NUT command and variable naming scheme"; RFC 9271). */
export const NutTemplate = z.strictObject({
  identity: z.strictObject({
    vendor: z.array(z.string()),
    model: z.array(z.string()),
    serial: z.array(z.string()),
    firmware: z.array(z.string()),
    description: z.array(z.string()),
  }),
  /** Flags of ups.status: the first that is there counts. */
  source: z.array(z.strictObject({ flag: Flags, is: stateOf('ups.source') })).min(1),
  battery: z.array(z.strictObject({ flag: Flags, is: stateOf('ups.battery') })).min(1),
  replaceBattery: Flags,
  /** Flags that ask for attention, as a sensor of this name. */
  alarms: z.strictObject({
    entity: z.string(),
    flags: z.array(z.strictObject({ flag: Flags, is: stateOf('sensor.state') })),
    /** Where the UPS says in words what is wrong. */
    text: z.string(),
  }),
  /** ups.test.result by patterns, the first that fits. */
  test: z.strictObject({
    variable: z.string(),
    results: z.array(z.strictObject({ matches: z.string(), is: stateOf('ups.test') })),
  }),
  /** The first variable that is there counts. */
  values: z.array(
    z.strictObject({
      variable: z.union([z.string(), z.array(z.string())]),
      metric: Metric,
      entity: z.string().default(''),
      scale: z.number().default(1),
      /** Values that mean "not known". */
      drop: z.array(z.number()).default([]),
      /** Variables with what it may be at least and at most, as the device itself says. */
      limits: z
        .strictObject({
          lowCritical: z.string().optional(),
          lowWarning: z.string().optional(),
          highWarning: z.string().optional(),
          highCritical: z.string().optional(),
        })
        .optional(),
    }),
  ),
});
export type NutTemplate = z.output<typeof NutTemplate>;
