import { z } from 'zod';
import { linkKinds, linkMedia, linkStatuses, polarities } from '../cable-kinds.ts';
import * as f from './fields.ts';

const lanesOf = z.array(z.int().min(1).max(1000)).min(1).max(144);
/**
 * Which lane of which connector leads where. `a`, `b`: lanes of each connector of a side, connectors counted from 1.
 * `pairs`: connector and lane of side a, connector and lane of side b. A lane in no pair is dark.
 */
export const LaneMap = z
  .strictObject({
    a: lanesOf,
    b: lanesOf,
    pairs: z
      .array(z.tuple([z.int().min(1), z.int().min(1), z.int().min(1), z.int().min(1)]))
      .min(1)
      .max(4000),
  })
  .superRefine(({ a, b, pairs }, context) => {
    const seen = new Set<string>();
    for (const [index, [ca, la, cb, lb]] of pairs.entries()) {
      const known = la <= (a[ca - 1] ?? 0) && lb <= (b[cb - 1] ?? 0);
      const keys = [`a${ca}.${la}`, `b${cb}.${lb}`];
      if (!known)
        context.addIssue({
          code: 'custom',
          path: ['pairs', index],
          message: 'names a lane that is not there',
        });
      else if (keys.some((key) => seen.has(key)))
        context.addIssue({
          code: 'custom',
          path: ['pairs', index],
          message: 'uses a lane for the second time',
        });
      for (const key of keys) seen.add(key);
    }
  });
export type LaneMap = z.infer<typeof LaneMap>;

/** A cable. Its ends are `link-end` records; one that hangs open, or lies in a cupboard, has fewer. */
export const LinkFields = z.strictObject({
  kind: f.choice(linkKinds, 'patch', { list: true }),
  status: f.choice(linkStatuses, 'installed', { list: true }),
  /** Unique among cables that have one. */
  label: f.text(100, { list: true }),
  /** What is written on the ends, where it is not the label itself. */
  labelA: f.text(100),
  labelB: f.text(100),
  medium: f.optionalChoice(linkMedia, { list: true }),
  color: f.text(40, { list: true }),
  lengthM: f.optionalNumber({ min: 0.01, max: 100_000, unit: 'm', list: true }),
  /** Set when an end has moved to another place and nobody has looked since: length and route may be others. */
  toCheck: f.flag(false),
  /** Trays, shafts and ducts that it runs through. */
  route: f.text(500),
  /** null: all ports of a side act together, one port to one port carries everything. */
  laneMap: f.json(LaneMap.nullable(), null),
  polarity: f.optionalChoice(polarities),
  /** Fibres or pairs in it. */
  strands: f.optionalInteger({ min: 1, max: 1000 }),
  provider: f.text(200),
  /** The provider's number of the line. */
  circuit: f.text(200),
  installedOn: f.date(),
  installedBy: f.text(200),
  /** Acceptance (INF.12.A6). */
  acceptedOn: f.date(),
  acceptedBy: f.text(200),
  /** Last inspection by hand (INF.12.A12). */
  inspectedOn: f.date(),
  inspectedBy: f.text(200),
  /** Where a cord without ends lies. */
  roomId: f.optionalRef('room'),
  place: f.text(200),
  notes: f.longText(),
});
export const LinkEndFields = z.strictObject({
  linkId: f.ref('link', { fixed: true, list: true }),
  side: f.choice(['a', 'b'], 'a', { fixed: true, list: true }),
  /** Which connector of its side, from 1: as in the lane map. */
  connector: f.integer({ min: 1, max: 144, initial: 1, fixed: true }),
  portId: f.ref('port', { list: true }),
  /** Of a jack: a cord in front, an installed cable behind. */
  portSide: f.choice(['front', 'rear'], 'front', { list: true }),
});

/** What a tester measured of a permanent link; the report itself is an attachment. */
export const CableTestFields = z.strictObject({
  linkId: f.ref('link', { fixed: true, list: true }),
  testedOn: f.date({ list: true }),
  tester: f.text(200, { list: true }),
  /** What it was held against, "EN 50173-1 Class EA PL". */
  limit: f.text(200, { list: true }),
  passed: f.flag(true, { list: true }),
  lengthM: f.optionalNumber({ min: 0, max: 100_000, unit: 'm', list: true }),
  /** Insertion loss in dB, the worst pair or fibre. */
  lossDb: f.optionalNumber({ min: 0, max: 1000, list: true }),
  /** Worst margin of near-end crosstalk in dB; below zero is a failure. */
  marginDb: f.optionalNumber({ min: -1000, max: 1000, list: true }),
  notes: f.longText(),
});

/**
 * How cables of a kind are labelled: `{0000}` is the running number with as many digits, and `{site}`, `{room}`, `{rack}`,
 * `{unit}`, `{port}` are those of end a, with a `2` (`{rack2}`) those of end b (TIA-606: `{rack}-{unit}:{port}/{rack2}-{unit2}:{port2}`).
 */
export const LabelSchemeFields = z.strictObject({
  linkKind: f.choice(linkKinds, 'patch', { fixed: true, list: true }),
  template: f.name({
    pattern: /^([^{}]|\{(0{1,8}|(site|room|rack|unit|port)2?)\})+$/,
    hint: 'may hold {0000}, {site}, {room}, {rack}, {unit}, {port} and the same with a 2',
    max: 100,
  }),
});
