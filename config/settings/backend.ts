import { join, resolve } from 'node:path';
import { z } from 'zod';
import {
  type Definitions,
  loadSettings,
  secret,
  setting,
  type Values,
  wholeNumber,
  yesNo,
} from './define.ts';
import type { Secret } from './secret.ts';

const repository = join(import.meta.dirname, '..', '..');
const url = z.url({ protocol: /^https?$/, error: 'must be a URL that begins with http:// or https://' });

/** Where everything is kept. Only from the environment, because the settings file lies in it. */
export const dataDirSetting = setting({
  env: 'DATA_DIR',
  title: 'Data folder',
  description: 'Database, measurements, keys and settings.yaml lie here. Back up this folder as a whole.',
  onlyFromEnvironment: true,
  schema: z.string(),
  default: './data',
});

export const backendSettings = {
  port: setting({
    env: 'PORT',
    title: 'Port',
    description: 'TCP port of the web interface and of the API; 0 takes any free one.',
    schema: wholeNumber(0, 65535),
    default: 8080,
  }),
  host: setting({
    env: 'HOST',
    title: 'Address to listen on',
    description: '127.0.0.1 serves this machine only; 0.0.0.0 serves the network.',
    schema: z.string().min(1),
    default: '127.0.0.1',
  }),
  publicUrl: setting<string | null>({
    env: 'PUBLIC_URL',
    title: 'Address that people use',
    description:
      'Needed behind a proxy, e.g. https://rackhaus.example.de. With https, cookies are sent over https only.',
    schema: url.transform((text) => new URL(text).origin),
    default: null,
  }),
  trustProxy: setting({
    env: 'TRUST_PROXY',
    title: 'Proxies to believe',
    description:
      'Addresses or networks, separated by commas, whose X-Forwarded-For and X-Forwarded-Proto are believed, e.g. loopback.',
    schema: z.string(),
    default: '',
  }),
  store: setting<'embedded' | 'influx'>({
    env: 'STORE',
    title: 'Measurement store',
    description: 'embedded keeps measurements in the data folder; influx in an InfluxDB server.',
    schema: z.enum(['embedded', 'influx'], 'must be embedded or influx'),
    default: 'embedded',
  }),
  influxUrl: setting<string | null>({
    env: 'INFLUX_URL',
    title: 'InfluxDB: address',
    description: 'Needed when the store is influx, e.g. http://127.0.0.1:8086.',
    schema: url,
    default: null,
  }),
  influxDatabase: setting({
    env: 'INFLUX_DATABASE',
    title: 'InfluxDB: database',
    description: 'Name of the database (1.x) or of the mapped bucket (2.x, 3.x).',
    schema: z.string().regex(/^[A-Za-z0-9_.-]+$/, 'must consist of letters, digits, ".", "_" and "-"'),
    default: 'rackhaus',
  }),
  influxUser: setting({
    env: 'INFLUX_USER',
    title: 'InfluxDB: user',
    description: 'Left out when the server asks for none.',
    schema: z.string(),
    default: '',
  }),
  influxPassword: setting<Secret | null>({
    env: 'INFLUX_PASSWORD',
    title: 'InfluxDB: password',
    description: 'Password (1.x) or token (2.x, 3.x).',
    schema: secret(),
    default: null,
  }),
  simulatorUrl: setting<string | null>({
    env: 'SIMULATOR_URL',
    title: 'Simulator (demo)',
    description: 'Address of the control of the device simulator. When set, the simulator panel is shown.',
    schema: url,
    default: null,
  }),
  simulatorToken: setting<Secret | null>({
    env: 'SIMULATOR_TOKEN',
    title: 'Simulator (demo): token',
    description: 'What the simulator asks for.',
    schema: secret(),
    default: null,
  }),
  frontendDir: setting({
    env: 'FRONTEND_DIR',
    title: 'Built interface',
    description: 'Folder with the files that browsers load.',
    schema: z.string().min(1),
    default: join(repository, 'frontend', 'build'),
  }),
  logLevel: setting<'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'>({
    env: 'RACKHAUS_LOG_LEVEL',
    title: 'Log level',
    description: 'Logs are written to stderr as lines of JSON. debug also logs requests that only read.',
    schema: z.enum(
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      'must be one of fatal, error, warn, info, debug, trace, silent',
    ),
    default: 'info',
  }),
  checkReplies: setting({
    env: 'RACKHAUS_CHECK_REPLIES',
    title: 'Check own replies',
    description:
      'Checks every reply against the API description before it is sent. For development and tests.',
    schema: yesNo(),
    default: false,
  }),
} satisfies Definitions;

export interface BackendSettings extends Values<typeof backendSettings> {
  /** Absolute path. */
  dataDir: string;
}

/**
 * The backend's settings from the environment and `<DATA_DIR>/settings.yaml`.
 * @throws Error that says what is wrong where; without values, which may be secrets.
 */
export async function loadBackendSettings(
  env: Readonly<Record<string, string | undefined>>,
): Promise<BackendSettings> {
  const { dataDir } = await loadSettings({ dataDir: dataDirSetting }, { env });
  const values = await loadSettings(backendSettings, { env, file: join(dataDir, 'settings.yaml') });
  if (values.store === 'influx' && values.influxUrl === null)
    throw new Error('INFLUX_URL must be set when STORE is influx.');
  if (values.simulatorUrl !== null && values.simulatorToken === null)
    throw new Error('SIMULATOR_TOKEN must be set when SIMULATOR_URL is.');
  return { ...values, dataDir: resolve(dataDir), frontendDir: resolve(values.frontendDir) };
}
