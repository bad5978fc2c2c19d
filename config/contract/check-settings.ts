import { z } from 'zod';
import { type MetricId, metricIds } from './metrics.ts';

/** What is asked otherwise than by SNMP. */
export const checkKinds = ['http', 'tcp', 'dns', 'nut', 'redfish', 'modbus'] as const;
export type CheckKind = (typeof checkKinds)[number];

/** An address or a name; null: that of the device. */
const Host = z
  .string()
  .trim()
  .max(253, 'must be at most 253 characters')
  .regex(/^[A-Za-z0-9][A-Za-z0-9.:_-]*$/, 'must be an IP address or a host name')
  .nullable()
  .default(null);
const port = (initial?: number) => {
  const schema = z.int('must be a port between 1 and 65535').min(1).max(65_535);
  return initial === undefined ? schema : schema.default(initial);
};
const Text = z
  .string()
  .max(500, 'must be at most 500 characters')
  .transform((value) => (value === '' ? null : value))
  .nullable()
  .default(null);
const timeoutSeconds = z
  .number()
  .min(1, 'must be at least 1')
  .max(30, 'must be at most 30 seconds')
  .default(10);

/**
 * Whose certificate is taken. `public`: one of the authorities that this machine trusts has signed it, or the one that node was
 * given; `authority`: the one in `authority`; `pinned`: it is exactly this one; `any`: nobody looks.
 */
export const trustModes = ['public', 'authority', 'pinned', 'any'] as const;
const tls = {
  trust: z.enum(trustModes).default('public'),
  /** Certificates in PEM. */
  authority: z
    .string()
    .max(20_000, 'must be at most 20,000 characters')
    .regex(/^\s*(-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=]+-----END CERTIFICATE-----\s*)*$/, {
      message: 'must be certificates in PEM: -----BEGIN CERTIFICATE----- …',
    })
    .transform((value) => (value.trim() === '' ? null : value.trim()))
    .nullable()
    .default(null),
  /** SHA-256 of the certificate, 64 hexadecimal digits. */
  fingerprint: z
    .string()
    .max(200)
    .transform((value) => value.replaceAll(/[\s:]/g, '').toLowerCase())
    .pipe(
      z.string().regex(/^([0-9a-f]{64})?$/, 'must be the SHA-256 of a certificate, 64 hexadecimal digits'),
    )
    .transform((value) => (value === '' ? null : value))
    .nullable()
    .default(null),
};

export const httpMethods = ['GET', 'HEAD'] as const;
export const HttpSettings = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: 'must be an address such as https://archiv.example/' })
    .max(2000, 'must be at most 2000 characters')
    .refine((value) => {
      const { username, password } = new URL(value);
      return username === '' && password === '';
    }, 'must not hold a user or a password: they have fields of their own'),
  method: z.enum(httpMethods).default('GET'),
  /** Which ones are right; none: any from 200 to 299, and redirects where they are not followed. */
  status: z.array(z.int().min(100).max(599)).max(20).default([]),
  /** Must be in the body. */
  contains: Text,
  /** Must not be in the body. */
  lacks: Text,
  followRedirects: z.boolean().default(true),
  /** Its certificate must hold so much longer; null: only that it has not expired. */
  certificateDays: z.int().min(1).max(365).nullable().default(null),
  timeoutSeconds,
  ...tls,
});
export const TcpSettings = z.strictObject({
  host: Host,
  port: port(),
  /** Must be in what the server says first. */
  banner: Text,
  /** Whether TLS is spoken from the first byte. */
  tls: z.boolean().default(false),
  timeoutSeconds,
  ...tls,
});
export const dnsTypes = ['A', 'AAAA', 'MX', 'TXT', 'SOA', 'PTR'] as const;
export const DnsSettings = z.strictObject({
  /** Which server is asked. */
  host: Host,
  port: port(53),
  /** For PTR an IP address will do. */
  name: z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(253, 'must be at most 253 characters')
    .regex(/^[\p{L}\p{N}._:-]+$/u, 'must be a name such as www.example.de'),
  type: z.enum(dnsTypes).default('A'),
  /** All of them must be in the answer; none: any answer is right. */
  expected: z.array(z.string().trim().min(1).max(500)).max(20).default([]),
  timeoutSeconds,
});
export const NutSettings = z.strictObject({
  host: Host,
  port: port(3493),
  /** As upsd calls it; null: it has only one. */
  ups: z
    .string()
    .trim()
    .max(100)
    .regex(/^[A-Za-z0-9._-]*$/, 'must be the name of the UPS as upsd knows it')
    .transform((value) => (value === '' ? null : value))
    .nullable()
    .default(null),
  /** `offered`: TLS where upsd can do it. */
  encryption: z.enum(['offered', 'required', 'none']).default('offered'),
  timeoutSeconds,
  ...tls,
});
export const RedfishSettings = z.strictObject({
  host: Host,
  port: port(443),
  timeoutSeconds: z.number().min(5).max(120, 'must be at most 120 seconds').default(60),
  ...tls,
});

export const modbusTables = ['holding', 'input', 'coil', 'discrete'] as const;
export const modbusTypes = ['int16', 'uint16', 'int32', 'uint32', 'float32', 'bit'] as const;
const modbusKinds: ReadonlySet<string> = new Set([
  'sensor',
  'fan',
  'supply',
  'ups',
  'device',
  'line',
  'storage',
]);
const isMetric = (value: string): value is MetricId => metricIds.some((id) => id === value);
const readByModbus = (id: string) => modbusKinds.has(id.split('.')[0] ?? '');
/** What a value that is read by Modbus can be. */
export const modbusMetrics: readonly MetricId[] = metricIds.filter(readByModbus);
/** One value of a device that speaks Modbus, and what it means. */
export const ModbusPoint = z
  .strictObject({
    /** What it is the value of: "Zuluft". */
    name: z.string().trim().min(1, 'must not be empty').max(100),
    table: z.enum(modbusTables).default('holding'),
    /** As in the request, from 0: register 40001 of a manual is holding 0. */
    address: z.int().min(0).max(65_535),
    type: z.enum(modbusTypes).default('int16'),
    /** Which of two registers holds the high half. */
    order: z.enum(['high-first', 'low-first']).default('high-first'),
    scale: z.number().default(1),
    offset: z.number().default(0),
    metric: z
      .string()
      .refine((value): value is MetricId => isMetric(value), 'is not a metric')
      .refine(readByModbus, 'cannot be read from a climate unit'),
    /** Raw values as names of states, for metrics that are states. */
    map: z
      .record(z.string().regex(/^-?\d+$/), z.string().max(50))
      .nullable()
      .default(null),
    /** Raw values that mean "no sensor". */
    drop: z.array(z.number()).max(20).default([]),
  })
  .refine(({ table, type }) => (table === 'coil' || table === 'discrete') === (type === 'bit'), {
    message: 'must be bit for coils and discrete inputs, and a number for registers',
    path: ['type'],
  });
export type ModbusPoint = z.output<typeof ModbusPoint>;
export const ModbusSettings = z.strictObject({
  host: Host,
  port: port(502),
  unit: z.int().min(0).max(255).default(1),
  points: z.array(ModbusPoint).min(1, 'must name at least one value').max(100),
  timeoutSeconds,
});

export const checkSettings = {
  http: HttpSettings,
  tcp: TcpSettings,
  dns: DnsSettings,
  nut: NutSettings,
  redfish: RedfishSettings,
  modbus: ModbusSettings,
} as const satisfies Record<CheckKind, z.ZodType>;
export type CheckSettings<K extends CheckKind = CheckKind> = z.output<(typeof checkSettings)[K]>;
export type TlsSettings = Pick<CheckSettings<'tcp'>, 'trust' | 'authority' | 'fingerprint'>;
