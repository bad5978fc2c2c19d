import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DeviceLimits, DeviceRole, isMetricId, metric } from '../contract/index.ts';
import { FileError, readYaml } from '../yaml/index.ts';
import { Duration } from './when.ts';

const Values = z.record(z.string(), z.union([z.number(), z.string()]));
const Held = z.array(z.string());

const Step = z.union([
  /** Values of entities by metric; the name of a state or a number. Empty name: the device itself. */
  z.strictObject({ at: Duration, read: z.record(z.string(), Values), expect: Held.optional() }),
  /** The same reading again and again, every `every` until `until`; numbers move evenly to `to`, if given. */
  z.strictObject({
    from: Duration,
    until: Duration,
    every: Duration,
    read: z.record(z.string(), Values),
    to: z.record(z.string(), Values).optional(),
    expect: Held.optional(),
  }),
  /** Time goes on and nothing is heard of the device. */
  z.strictObject({ silentUntil: Duration, expect: Held }),
]);

const noLimits = { lowCritical: null, lowWarning: null, highWarning: null, highCritical: null };

function withoutNulls(limits: unknown): unknown {
  return typeof limits === 'object' ? { ...noLimits, ...limits } : limits;
}

/** A story that rules have to tell right: readings of one device in time, and which rules hold after each. */
const Scenario = z.strictObject({
  name: z.string().min(1),
  role: DeviceRole.default('switch'),
  /** What the documentation says of port `1`. */
  port: z
    .strictObject({ infrastructure: z.boolean().default(true), documentedSpeed: z.number().optional() })
    .optional(),
  /** What the device itself takes for too much or too little, by entity and metric; `port`: whose transceiver it is. */
  own: z
    .record(
      z.string(),
      z.strictObject({
        port: z.string().optional(),
        limits: z.record(z.string(), z.preprocess(withoutNulls, DeviceLimits)),
      }),
    )
    .default({}),
  /** The story of an agent, not of a device. */
  agent: z.boolean().default(false),
  steps: z.array(Step).min(1),
});
export type Scenario = z.output<typeof Scenario>;
export type ScenarioStep = Scenario['steps'][number];

const ScenarioFile = z.strictObject({ scenarios: z.array(Scenario) });

const folderOf = join(import.meta.dirname, 'scenarios');

/** Every scenario beside the rules, by the name of its file. @throws FileError when a metric or a state does not exist. */
export async function loadScenarios(folder = folderOf): Promise<{ file: string; scenario: Scenario }[]> {
  const all: { file: string; scenario: Scenario }[] = [];
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.yaml')).sort()) {
    const { scenarios } = await readYaml(join(folder, name), ScenarioFile);
    for (const scenario of scenarios) {
      for (const message of problemsOf(scenario))
        throw new FileError(join(folder, name), [{ line: undefined, path: scenario.name, message }]);
      all.push({ file: name, scenario });
    }
  }
  return all;
}

function problemsOf({ steps, own }: Scenario): string[] {
  const limited = Object.values(own).flatMap(({ limits }) => Object.keys(limits));
  const unknown = limited
    .filter((id) => !isMetricId(id))
    .map((id) => `"${id}" is not in the metric catalogue`);
  return unknown.concat(problemsOfSteps(steps));
}

function problemsOfSteps(steps: Scenario['steps']): string[] {
  return steps
    .flatMap((step) => ('read' in step ? Object.values(step.read) : []))
    .flatMap((values) => Object.entries(values))
    .flatMap(([id, value]) => {
      if (!isMetricId(id)) return [`"${id}" is not in the metric catalogue`];
      if (typeof value === 'number' || Object.values(metric(id).states ?? {}).includes(value)) return [];
      return [`"${value}" is not a state of ${id}`];
    });
}
