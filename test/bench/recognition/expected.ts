import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** A module of an expected file: what was found, then what polling made of it (or that it stayed the same). */
function moduleOf<Key extends string, Row extends z.ZodType>(key: Key, row: Row) {
  const rows = z.object({ [key]: z.array(row).default([]) });
  return z.object({ discovery: rows.optional(), poller: z.union([z.string(), rows]).optional() }).optional();
}

const text = z.string().nullish();
const number = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^-?\d+(\.\d+)?$/)
      .transform(Number),
  ])
  .nullish();

const DeviceRow = z.object({ os: z.string(), hardware: text, version: text, serial: text });
export type DeviceRow = z.infer<typeof DeviceRow>;

const SensorRow = z.object({
  sensor_class: z.string(),
  /** Empty where it was made of several. */
  sensor_oid: z.string().default(''),
  sensor_index: z.union([z.string(), z.number()]).nullish(),
  sensor_descr: text,
  sensor_current: number,
  sensor_divisor: number,
  sensor_multiplier: number,
  sensor_limit: number,
  sensor_limit_warn: number,
  sensor_limit_low: number,
  sensor_limit_low_warn: number,
  state_name: text,
});
export type SensorRow = z.infer<typeof SensorRow>;

/** Radios: a list of instances as JSON, and classes of which `power` and `frequency` mean something else than in sensors. */
const WirelessRow = SensorRow.extend({
  sensor_oids: z
    .string()
    .transform((list): string => z.array(z.string()).parse(JSON.parse(list))[0] ?? '')
    .optional(),
}).transform(({ sensor_oids, ...row }) => ({
  ...row,
  sensor_class: `wireless-${row.sensor_class}`,
  sensor_oid: sensor_oids ?? row.sensor_oid,
}));

const StateRow = z.object({
  state_name: z.string(),
  state_descr: z.string(),
  state_value: z.number(),
  state_generic_value: z.number(),
});

const PortRow = z.object({
  ifIndex: z.number(),
  ifName: text,
  ifDescr: text,
  ifOperStatus: text,
  ifAdminStatus: text,
  ifSpeed: number,
  deleted: z.number().nullish(),
});
export type PortRow = z.infer<typeof PortRow>;

const LinkRow = z.object({
  protocol: text,
  remote_hostname: text,
  remote_port: text,
  ifName: text,
  ifDescr: text,
});
export type LinkRow = z.infer<typeof LinkRow>;

const ProcessorRow = z.object({ processor_oid: text, processor_descr: text, processor_usage: number });
export type ProcessorRow = z.infer<typeof ProcessorRow>;

const MempoolRow = z.object({
  mempool_descr: text,
  mempool_perc: number,
  mempool_used: number,
  mempool_total: number,
});
export type MempoolRow = z.infer<typeof MempoolRow>;

const StorageRow = z.object({
  storage_descr: text,
  storage_size: number,
  storage_used: number,
  storage_perc: number,
});
export type StorageRow = z.infer<typeof StorageRow>;

const File = z.object({
  os: moduleOf('devices', DeviceRow),
  sensors: z
    .object({
      discovery: z
        .object({ sensors: z.array(SensorRow).default([]), state_indexes: z.array(StateRow).default([]) })
        .optional(),
      poller: z.union([z.string(), z.object({ sensors: z.array(SensorRow).default([]) })]).optional(),
    })
    .optional(),
  wireless: moduleOf('wireless_sensors', WirelessRow),
  ports: moduleOf('ports', PortRow),
  processors: moduleOf('processors', ProcessorRow),
  mempools: moduleOf('mempools', MempoolRow),
  storage: moduleOf('storage', StorageRow),
  'discovery-protocols': moduleOf('links', LinkRow),
});

/** What another system expects of a recorded device. */
export interface Expected {
  readonly device: DeviceRow | null;
  readonly sensors: readonly SensorRow[];
  /** `state name` and raw value to 0 ok, 1 warning, 2 critical, 3 unknown. */
  readonly states: ReadonlyMap<string, { readonly generic: number; readonly word: string }>;
  readonly ports: readonly PortRow[];
  readonly links: readonly LinkRow[];
  readonly processors: readonly ProcessorRow[];
  readonly mempools: readonly MempoolRow[];
  readonly storage: readonly StorageRow[];
}

/** Key of {@link Expected.states}. */
export function stateKey(name: string, value: number): string {
  return `${name} ${value}`;
}

/**
 * Reads an expected file. What was polled counts before what was only found.
 * @throws Error naming the file when it is not one.
 */
export async function readExpected(file: string): Promise<Expected> {
  const parsed = File.safeParse(JSON.parse(await readFile(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`);
  const { data } = parsed;
  return {
    device: lastOf(data.os, 'devices')[0] ?? null,
    sensors: [...lastOf(data.sensors, 'sensors'), ...lastOf(data.wireless, 'wireless_sensors')],
    states: new Map(
      (data.sensors?.discovery?.state_indexes ?? []).map((row) => [
        stateKey(row.state_name, row.state_value),
        { generic: row.state_generic_value, word: row.state_descr },
      ]),
    ),
    ports: lastOf(data.ports, 'ports').filter((port) => port.deleted !== 1),
    links: lastOf(data['discovery-protocols'], 'links'),
    processors: lastOf(data.processors, 'processors'),
    mempools: lastOf(data.mempools, 'mempools'),
    storage: lastOf(data.storage, 'storage'),
  };
}

type Rows<Key extends string, Row> = Partial<Record<Key, Row[]>>;

function lastOf<Key extends string, Row>(
  module:
    | { discovery?: Rows<Key, Row> | undefined; poller?: string | Rows<Key, Row> | undefined }
    | undefined,
  key: Key,
): readonly Row[] {
  const polled = typeof module?.poller === 'object' ? module.poller[key] : undefined;
  return polled && polled.length > 0 ? polled : (module?.discovery?.[key] ?? []);
}
