import { join, resolve } from 'node:path';
import { z } from 'zod';
import { parseNetwork } from '../contract/ip-networks.ts';
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
      'Needed behind a proxy, e.g. https://rackhaus.example.de. With https, cookies are sent over https only, and a proxy on this machine is believed.',
    schema: url.transform((text) => new URL(text).origin),
    default: null,
  }),
  tls: setting<'off' | 'self-signed'>({
    env: 'TLS',
    title: 'Encryption without a certificate of your own',
    description:
      'self-signed makes a certificate in the data folder once and shows its fingerprint. Left out where TLS_CERT_FILE is set, or a proxy encrypts.',
    schema: z.enum(['off', 'self-signed'], 'must be off or self-signed'),
    default: 'off',
  }),
  tlsCertFile: setting<string | null>({
    env: 'TLS_CERT_FILE',
    title: 'Certificate',
    description:
      "File (PEM) with the server's certificate and those of its issuers behind it. A new one is taken over without a restart.",
    schema: z.string().min(1),
    default: null,
  }),
  tlsKeyFile: setting<string | null>({
    env: 'TLS_KEY_FILE',
    title: 'Key of the certificate',
    description: 'File (PEM, without passphrase) that not everybody on the machine may read.',
    schema: z.string().min(1),
    default: null,
  }),
  redirectPort: setting<number | null>({
    env: 'REDIRECT_PORT',
    title: 'Port without encryption',
    description: 'With a certificate: a further port, e.g. 80, that leads browsers to the encrypted one.',
    schema: wholeNumber(0, 65535),
    default: null,
  }),
  trustProxy: setting({
    env: 'TRUST_PROXY',
    title: 'Proxies to believe',
    description:
      'Addresses or networks, separated by commas, whose X-Forwarded-For and X-Forwarded-Proto are believed, e.g. 10.1.1.5. Left out: loopback when PUBLIC_URL begins with https:// and there is no certificate here, else none.',
    schema: z.string(),
    default: '',
  }),
  outgoingNetworks: setting({
    env: 'OUTGOING_NETWORKS',
    title: 'Networks to connect to',
    description:
      'Private networks or addresses, separated by commas, to which webhooks, imports and the like may connect, e.g. 10.1.0.0/16. Administrators add others on the page "Protection".',
    schema: z.string(),
    default: '',
  }),
  store: setting<'embedded' | 'influx' | 'victoria'>({
    env: 'STORE',
    title: 'Measurement store',
    description:
      'embedded keeps measurements in the data folder; influx in an InfluxDB server; victoria in a VictoriaMetrics.',
    schema: z.enum(['embedded', 'influx', 'victoria'], 'must be embedded, influx or victoria'),
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
  victoriaUrl: setting<string | null>({
    env: 'VICTORIA_URL',
    title: 'VictoriaMetrics: address',
    description:
      'Needed when the store is victoria, e.g. http://127.0.0.1:8428; in a cluster that of vmselect, or of a proxy before all.',
    schema: url,
    default: null,
  }),
  victoriaInsertUrl: setting<string | null>({
    env: 'VICTORIA_INSERT_URL',
    title: 'VictoriaMetrics: address for writing',
    description: 'That of vminsert, where it is another than VICTORIA_URL.',
    schema: url,
    default: null,
  }),
  victoriaAccount: setting<string | null>({
    env: 'VICTORIA_ACCOUNT',
    title: 'VictoriaMetrics: tenant of a cluster',
    description: 'accountID or accountID:projectID, e.g. 0. Left out for a single node.',
    // A YAML file may give it as a number.
    schema: z.coerce
      .string()
      .regex(/^\d{1,10}(:\d{1,10})?$/, 'must be a number, or two with a colon between them'),
    default: null,
  }),
  victoriaUser: setting({
    env: 'VICTORIA_USER',
    title: 'VictoriaMetrics: user',
    description: 'Left out when the server asks for none, or for a token.',
    schema: z.string(),
    default: '',
  }),
  victoriaPassword: setting<Secret | null>({
    env: 'VICTORIA_PASSWORD',
    title: 'VictoriaMetrics: password',
    description: 'Password of the user; without a user it is sent as a bearer token.',
    schema: secret(),
    default: null,
  }),
  polledNetworks: setting<string[]>({
    env: 'POLLED_NETWORKS',
    title: 'Networks to poll',
    description:
      'Networks in which devices may be polled besides those of the interface, separated by commas, e.g. 10.0.0.0/8,fd00::/8.',
    schema: z.string().transform((text, context) => {
      const networks = text.split(/[\s,]+/).filter((one) => one !== '');
      const wrong = networks.find((one) => parseNetwork(one) === null);
      if (wrong === undefined) return networks;
      context.addIssue({
        code: 'custom',
        message: 'must be networks like 10.0.0.0/8, with zeros behind the prefix',
      });
      return z.NEVER;
    }),
    default: [],
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
  if (values.store === 'victoria' && values.victoriaUrl === null)
    throw new Error('VICTORIA_URL must be set when STORE is victoria.');
  if (values.victoriaUser !== '' && values.victoriaPassword === null)
    throw new Error('VICTORIA_PASSWORD must be set when VICTORIA_USER is.');
  if (values.simulatorUrl !== null && values.simulatorToken === null)
    throw new Error('SIMULATOR_TOKEN must be set when SIMULATOR_URL is.');
  checkTls(values);
  return {
    ...values,
    trustProxy: proxiesOf(values),
    dataDir: resolve(dataDir),
    frontendDir: resolve(values.frontendDir),
  };
}

function hasTls(values: Values<typeof backendSettings>): boolean {
  return values.tls === 'self-signed' || values.tlsCertFile !== null;
}

function checkTls(values: Values<typeof backendSettings>): void {
  const { tls, tlsCertFile, tlsKeyFile, redirectPort, publicUrl, port } = values;
  if ((tlsCertFile === null) !== (tlsKeyFile === null))
    throw new Error(
      tlsKeyFile === null
        ? 'TLS_KEY_FILE must be set when TLS_CERT_FILE is.'
        : 'TLS_CERT_FILE must be set when TLS_KEY_FILE is.',
    );
  if (tls === 'self-signed' && tlsCertFile !== null)
    throw new Error('TLS=self-signed and TLS_CERT_FILE exclude each other: please leave one out.');
  if (redirectPort !== null && !hasTls(values))
    throw new Error(
      'REDIRECT_PORT needs a certificate: set TLS_CERT_FILE and TLS_KEY_FILE, or TLS=self-signed.',
    );
  if (redirectPort !== null && redirectPort !== 0 && redirectPort === port)
    throw new Error('REDIRECT_PORT must be another port than PORT.');
  if (hasTls(values) && publicUrl?.startsWith('http:'))
    throw new Error('PUBLIC_URL must begin with https:// when this server has a certificate.');
}

/** Behind an encrypting proxy on this machine, PUBLIC_URL alone is enough. */
function proxiesOf(values: Values<typeof backendSettings>): string {
  const { trustProxy, publicUrl } = values;
  if (trustProxy !== '' || !publicUrl?.startsWith('https:') || hasTls(values)) return trustProxy;
  return 'loopback';
}
