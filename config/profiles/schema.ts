import { z } from 'zod';
import {
  DeviceRole,
  isMetricId,
  type MetricId,
  metric,
  metricIds,
  neighbourProtocols,
} from '../contract/index.ts';
import { parseFormula } from './formula.ts';
import { PartSource, VlanSource } from './network-schema.ts';

const Oid = z
  .string()
  .regex(/^[0-2](\.(0|[1-9]\d{0,9}))+$/, 'must be an OID in numbers, without a leading dot');
const ColumnName = z.string().regex(/^[A-Za-z][A-Za-z0-9]*$/, 'must be letters and digits');

const Regex = z.string().superRefine((text, context) => {
  try {
    new RegExp(text);
  } catch {
    context.addIssue({ code: 'custom', message: `"${text}" is not a regular expression` });
  }
});

const FormulaText = z.string().superRefine((text, context) => {
  try {
    parseFormula(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
  }
});

const Metric = z
  .string()
  .meta({ enum: metricIds })
  .transform((id, context): MetricId => {
    if (isMetricId(id)) return id;
    context.addIssue({ code: 'custom', message: `"${id}" is not in the metric catalogue` });
    return z.NEVER;
  });

/** What a column must be: a number, one of several, a text, `/a pattern/`, a range, or anything but. */
const Plain = z.union([z.number(), z.string()]);
const Test = z.union([
  Plain,
  z.array(Plain).min(1),
  z.strictObject({ not: z.union([Plain, z.array(Plain).min(1)]) }),
  z.strictObject({ min: z.number().optional(), max: z.number().optional() }),
]);
const Conditions = z.record(ColumnName, Test);

/** Texts with `{column}` or `{index}` in them; the first whose parts are all there is taken. */
const Templates = z
  .union([z.string(), z.array(z.string()).min(1)])
  .transform((t) => (Array.isArray(t) ? t : [t]));

const Column = z.union([
  Oid.transform((oid) => ({ oid })),
  z.strictObject({
    oid: Oid,
    /** Changes rarely (names, types, scales): read at start, about every ten minutes, and when rows change. */
    static: z.boolean().optional(),
    /** Sent as a signed number but meant unsigned (HOST-RESOURCES-MIB hrStorageSize above 2^31). */
    unsigned: z.boolean().optional(),
    /** What of the text is used in names: its first group. */
    pattern: Regex.optional(),
    /** Read only while this other column is missing (32-bit counters beside 64-bit ones). */
    unless: ColumnName.optional(),
    /** The row in the other table: by the first or last numbers of this index, or by another column's value. */
    join: z
      .union([
        z.strictObject({ first: z.int().positive() }),
        z.strictObject({ last: z.int().positive() }),
        z.strictObject({ by: ColumnName }),
        /** Always the same row: a scalar (`at: "0"`), or what one thing says of all. */
        z.strictObject({ at: z.string().regex(/^\d+(\.\d+)*$/) }),
        /**
         * The first row whose index is this one with one more number, and whose columns in the same table have one of these
         * values (thresholds of a sensor: which of them, and on which side).
         */
        z.strictObject({ child: z.record(Oid, z.array(z.number()).min(1)) }),
      ])
      .optional(),
  }),
]);

const Value = z
  .strictObject({
    metric: Metric,
    column: ColumnName.optional(),
    /** Arithmetic over columns instead of one column. */
    formula: FormulaText.optional(),
    /** Factor to the metric's base unit; of several, the first that brings the value into `range`. */
    scale: z.union([z.number(), z.array(z.number()).min(2)]).optional(),
    range: z.tuple([z.number(), z.number()]).optional(),
    /** Column with an SI scale as in ENTITY-SENSOR-MIB (units is 9, milli 8). */
    siScale: ColumnName.optional(),
    /** Column with the number of decimal places. */
    digits: ColumnName.optional(),
    /** Column with a factor: +n multiplies, -n divides. */
    factor: ColumnName.optional(),
    /** For numbers within text: a pattern whose group is the number; with a formula, of those of its columns that are no numbers. */
    text: Regex.optional(),
    /** Raw value to the state's name in the catalogue. Values not listed are dropped, or become `otherwise`. */
    map: z.record(z.string(), z.string()).optional(),
    otherwise: z.string().optional(),
    /**
     * The MIB's own words for the raw values (its enumeration), kept beside the state. Where the column is a text, the text is
     * the word, unless it stands here.
     */
    words: z.record(z.string(), z.string().min(1)).optional(),
    /** Columns with the limits that the device itself has set, in the scale of the value. */
    limits: z
      .strictObject({
        lowCritical: ColumnName.optional(),
        lowWarning: ColumnName.optional(),
        highWarning: ColumnName.optional(),
        highCritical: ColumnName.optional(),
      })
      .optional(),
    /** Raw values that mean "none" or "not fitted". */
    drop: z.array(z.number()).optional(),
    /** A counter: the value is its change per second, times `scale`. */
    rate: z.union([z.literal(32), z.literal(64)]).optional(),
    /** A reading of sysUpTime (1/100 s): the value is that moment in ms since 1970. */
    moment: z.boolean().optional(),
    /** Time since something happened, in 1/100 s: the value is that moment in ms since 1970. */
    ago: z.boolean().optional(),
    /** A DateAndTime of a scalar: the value is how far it is ahead of the agent's clock, in seconds. */
    clock: z.boolean().optional(),
    when: Conditions.optional(),
    /** Entity of this value where it is another than the row's. */
    entity: Templates.optional(),
    /** Over all rows, for what a device has once; with an `entity`, over the rows that name the same one. */
    total: z.enum(['mean', 'max', 'min', 'sum', 'first']).optional(),
  })
  .superRefine((value, context) => {
    const issue = (message: string) => context.addIssue({ code: 'custom', message });
    if ((value.column === undefined) === (value.formula === undefined))
      issue('needs either "column" or "formula"');
    if (Array.isArray(value.scale) && !value.range) issue('several scales need a "range"');
    if (value.words && value.column === undefined) issue('"words" need a "column"');
    if (value.limits && (value.map || value.rate || value.moment || value.clock || value.total))
      issue('"limits" are for plain numbers, not for states, rates, moments and totals');
    const states = metric(value.metric).states;
    for (const name of [...Object.values(value.map ?? {}), ...(value.otherwise ? [value.otherwise] : [])]) {
      if (!states) issue(`${value.metric} has no states, so nothing can be mapped to "${name}"`);
      else if (!Object.values(states).includes(name)) issue(`${value.metric} has no state "${name}"`);
    }
  });
export type ProfileValue = z.output<typeof Value>;

/** One command: what is written, and where when it is another object than the table's own. Always an INTEGER. */
const SwitchWrite = z.union([
  z.int().transform((value) => ({ object: undefined, value })),
  z.strictObject({ object: Oid, value: z.int() }),
]);
/**
 * How the outlets that are a table's rows are switched: columns with the rows' index, and what is written there. Nothing else is ever written
 * to a device.
 */
const Switch = z
  .strictObject({
    /** Column of the commands that do not name their own. */
    object: Oid.optional(),
    on: SwitchWrite,
    off: SwitchWrite,
    /** Off, and on again by itself. */
    cycle: SwitchWrite.optional(),
    /**
     * Where several units hang behind one address: which one a row belongs to, by what stays with the unit (its serial number). Compared with what
     * was shown, right before anything is written.
     */
    unit: Templates.optional(),
  })
  .transform(({ object, on, off, cycle, unit }, context) => {
    const own = (name: string, write: z.output<typeof SwitchWrite>) => {
      const column = write.object ?? object;
      if (column !== undefined) return { object: column, value: write.value };
      context.addIssue({
        code: 'custom',
        path: [name],
        message: 'needs an "object", its own or the table\'s',
      });
      return z.NEVER;
    };
    return {
      on: own('on', on),
      off: own('off', off),
      ...(cycle === undefined ? {} : { cycle: own('cycle', cycle) }),
      ...(unit === undefined ? {} : { unit }),
    };
  });
export type ProfileSwitch = z.output<typeof Switch>;

const PlainTable = z.strictObject({
  id: z.string().min(1),
  columns: z.record(ColumnName, Column),
  /** Name of what a row is about; equal names are told apart by their index. */
  entity: Templates.default(['{index}']),
  /** The device's own words for it, where they differ. */
  label: Templates.optional(),
  where: Conditions.optional(),
  values: z.array(Value).default([]),
  /**
   * Instance that changes when the table does: the table is read at a refresh and when this is another, not at each poll. Where
   * the device does not have it, at a refresh only.
   */
  changed: Oid.optional(),
  /** Column that changes when a row's counters begin anew (ifCounterDiscontinuityTime). */
  discontinuity: ColumnName.optional(),
  /** Highest possible rate of a row's counters with `scale` applied; a 32-bit wrap above it is a reset. */
  fastest: FormulaText.optional(),
  /** The rows are the device's ports; their columns for the inventory. */
  port: z
    .strictObject({
      description: ColumnName.optional(),
      alias: ColumnName.optional(),
      mac: ColumnName.optional(),
      type: ColumnName.optional(),
    })
    .optional(),
  /** The rows are outlets that can be switched. */
  switch: Switch.optional(),
});
const Table = PlainTable.superRefine((table, context) => {
  if (table.switch === undefined) return;
  const issue = (message: string) => context.addIssue({ code: 'custom', path: ['switch'], message });
  const state = table.values.find(({ metric: id }) => id === 'outlet.state');
  // After a switching it is read what the outlet says then.
  if (state?.column === undefined || state.entity !== undefined)
    issue('needs a value "outlet.state" with a column, of the row\'s own name');
  const column: z.output<typeof Column> | undefined = table.columns[state?.column ?? ''];
  const join = column !== undefined && 'join' in column ? column.join : undefined;
  // Of that there may be several rows: which one it was read from is not known any more when it is asked again.
  if (join !== undefined && 'child' in join) issue('needs an "outlet.state" that is not joined by "child"');
});
export type ProfileTable = z.output<typeof Table>;

const Scalars = z.strictObject({
  id: z.string().min(1),
  /** Instances, so most end in .0. */
  objects: z.record(ColumnName, Oid),
  entity: Templates.default(['']),
  where: Conditions.optional(),
  values: z.array(Value),
});
export type ProfileScalars = z.output<typeof Scalars>;

/** Where one fact of the identity comes from; the first source that gives something wins. */
const Source = z.union([
  z.strictObject({ value: z.string() }),
  /** A pattern over sysDescr; its first group (or `as` with $1 …) is the fact. */
  z.strictObject({ sysDescr: Regex, as: z.string().optional() }),
  z.strictObject({ oid: Oid, pattern: Regex.optional(), as: z.string().optional() }),
  /** Several scalars that make one fact: all must be there, and stand in `as` with $1 …. */
  z.strictObject({ oids: z.array(Oid).min(2).max(9), as: z.string() }),
  /** The first row of a table that has a text (and meets `where`: OID of a column to its value). */
  z.strictObject({
    column: Oid,
    where: z.strictObject({ column: Oid, is: z.number() }).optional(),
    pattern: Regex.optional(),
    as: z.string().optional(),
  }),
  /** By sysObjectID: longest fitting prefix. */
  z.strictObject({ sysObjectId: z.record(Oid, z.string()) }),
]);
export type ProfileSource = z.output<typeof Source>;
const Sources = z.array(Source);

const Match = z.strictObject({
  /** sysObjectID lies at or below one of these. */
  sysObjectId: z.array(Oid).min(1).optional(),
  sysDescr: Regex.optional(),
  /** The device answers each of these: an instance, or anything below it. */
  exists: z.array(Oid).min(1).optional(),
});
export type ProfileMatch = z.output<typeof Match>;

const Neighbours = z.strictObject({
  protocol: z.enum(neighbourProtocols).default('lldp'),
  /** Changes when a neighbour comes or goes, so that the tables are read only then. */
  changed: Oid.optional(),
  /** Columns of the neighbours' table, index timeMark.localPort.number (or localPort.number). */
  remote: z.strictObject({
    chassisSubtype: Oid.optional(),
    chassis: Oid.optional(),
    portSubtype: Oid.optional(),
    port: Oid,
    portDescription: Oid.optional(),
    name: Oid.optional(),
    description: Oid.optional(),
    /** Its management address as octets. */
    address: Oid.optional(),
  }),
  /**
   * Columns of a table whose index goes on behind that of the neighbours' table with a management address: family (1 IPv4,
   * 2 IPv6), number of octets, octets. The first that answers counts.
   */
  addresses: z.array(Oid).default([]),
  /** Columns of the own ports' table, index localPort. Without it the local port is an ifIndex. */
  local: z.strictObject({ portSubtype: Oid.optional(), port: Oid, description: Oid.optional() }).optional(),
  /** Bridge port to ifIndex. */
  bridgePort: Oid.optional(),
  localPortPosition: z.int().min(0).default(1),
});
export type ProfileNeighbours = z.output<typeof Neighbours>;

const Line = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\r\n]*$/, 'must be one line');
/** How the configuration of a device is read over SSH, at its command line. */
const Configuration = z.strictObject({
  /** What is asked before there is a prompt, such as a menu or whether a notice was read, and what is said to it. */
  greeting: z.array(z.strictObject({ asks: Regex, answer: Line })).default([]),
  /** Sent where the prompt ends in ">", with the password for all commands where it is asked for. */
  enable: Line.optional(),
  /** What keeps the device from asking for a key at each page. */
  setup: z.array(Line).default([]),
  /** Each one's answer is part of the configuration; of several in a list, that of the first which the device knows. */
  show: z.array(z.union([Line, z.array(Line).min(1).max(5)])).min(1),
  /** Ends the session. */
  end: Line.default('exit'),
  /** What the device waits with; the usual ones (#, >, $, % at the end of a line) need not be given. */
  prompt: Regex.optional(),
  /** Lines that change by themselves, such as times: left out of what is kept. */
  ignore: z.array(Regex).default([]),
  /** Stretches of lines that change by themselves, with their first and last line. A configuration in which one has no end is not taken over. */
  ignoreBlocks: z.array(z.strictObject({ begins: Regex, ends: Regex })).default([]),
  /** Secrets: their first group is masked when a configuration is shown. Usual ones (password, secret, community …) need not be given. */
  secrets: z.array(Regex).default([]),
  /** What is another each time that it is shown although nothing was changed, such as passwords encrypted anew: the first group is not compared. Where it holds the first line of a key in PEM, the whole key. */
  varying: z.array(Regex).default([]),
});
export type ProfileConfiguration = z.output<typeof Configuration>;

/** One YAML file of this folder: a device family, or a part that families include. */
export const Profile = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be kebab-case'),
  title: z.string().min(1),
  /** What such devices are used as, proposed for those that are found; left out: by what they measure and how many ports they have. */
  role: DeviceRole.optional(),
  /** Parts whose scalars, tables, neighbours and identity this family has as well. */
  includes: z.array(z.string()).default([]),
  /** One of these must fit for the family to be chosen by itself; a part has none. */
  match: z.array(Match).default([]),
  /** Beats how exactly the match fits; 0 unless two families would both fit. */
  priority: z.int().default(0),
  identity: z
    .strictObject({
      os: Sources.default([]),
      vendor: Sources.default([]),
      model: Sources.default([]),
      serial: Sources.default([]),
      firmware: Sources.default([]),
    })
    .prefault({}),
  scalars: z.array(Scalars).default([]),
  tables: z.array(Table).default([]),
  neighbours: z.array(Neighbours).default([]),
  /**
   * The device keeps a bridge for each VLAN and shows it to the community `name@vlan` (v1, v2c) or in the context
   * `vlan-N` (v3). `vlans`: a column whose index ends with the VLAN's number; VLANs to be left out are none of users'.
   */
  bridgePerVlan: z.strictObject({ vlans: Oid, except: z.array(z.int()).default([]) }).optional(),
  configuration: Configuration.optional(),
  /** Read at a refresh only, as the parts. */
  vlans: z.array(VlanSource).default([]),
  parts: z.array(PartSource).default([]),
});
export type Profile = z.output<typeof Profile>;
