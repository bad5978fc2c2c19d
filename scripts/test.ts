import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ensureFrontendBuilt } from './frontend-build.ts';
import { root } from './supervisor.ts';

// Everything: unit tests, then system and browser tests with real servers. Ends with one line that counts them.
const output = join(root, 'test', 'output');
const summary = join(output, 'summary.txt');

/** Debian package to a file that it brings. */
const packages = {
  chromium: '/usr/bin/chromium',
  'dovecot-imapd': '/usr/sbin/dovecot',
  'fonts-dejavu-core': '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf',
  fping: '/usr/bin/fping',
  influxdb: '/usr/bin/influxd',
  iproute2: '/usr/sbin/ip',
  'iputils-ping': '/usr/bin/ping',
  'ldap-utils': '/usr/bin/ldapmodify',
  'libnss3-tools': '/usr/bin/certutil',
  lldpd: '/usr/sbin/lldpd',
  'nut-server': '/usr/sbin/upsd',
  'openssh-client': '/usr/bin/ssh',
  'openssh-server': '/usr/sbin/sshd',
  openssl: '/usr/bin/openssl',
  'poppler-utils': '/usr/bin/pdftoppm',
  'prometheus-snmp-exporter': '/usr/bin/prometheus-snmp-exporter',
  slapd: '/usr/sbin/slapd',
  snmp: '/usr/bin/snmpget',
  snmpd: '/usr/sbin/snmpd',
  socat: '/usr/bin/socat',
  systemd: '/usr/bin/systemd-analyze',
  'victoria-metrics': '/usr/bin/victoria-metrics',
};

function isThere(file: string): boolean {
  // iproute2 and ping moved between /bin, /sbin and /usr over Debian's releases.
  return existsSync(file) || existsSync(file.replace('/usr/', '/'));
}

function installPackages(): void {
  const missing = Object.entries(packages)
    .filter(([, file]) => !isThere(file))
    .map(([name]) => name);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    process.stderr.write(`Missing packages: ${missing.join(' ')}. The suites that need them will fail.\n`);
    return;
  }
  process.stderr.write(`Installing ${missing.join(' ')} …\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Debian's would listen for everybody; tests start their own.
  spawnSync('debconf-set-selections', { env, input: 'slapd slapd/no_configuration boolean true\n' });
  const apt = (...args: string[]) =>
    spawnSync('apt-get', ['-qq', ...args], { env, stdio: ['ignore', 'ignore', 2] }).status === 0;
  if (!apt('update') || !apt('install', '-y', '--no-install-recommends', ...missing)) {
    process.stderr.write(`Could not install ${missing.join(' ')}. The suites that need them will fail.\n`);
  }
}

const Report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numFailedTestSuites: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});

function runVitest(name: string, config: string): { passed: number; failed: number; skipped: number } {
  const report = join(output, `${name}.json`);
  const result = spawnSync(
    join(root, 'node_modules', '.bin', 'vitest'),
    ['run', '--config', config, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, RACKHAUS_FULL_TEST: '1' } },
  );
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
  const counts = Report.parse(JSON.parse(readFileSync(report, 'utf8')));
  // A file that could not even be loaded has no test in it and would go uncounted.
  const brokenFiles = counts.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  let failed = counts.numFailedTests + brokenFiles;
  // An unhandled error fails the run though every test passed.
  if (result.status !== 0 && failed === 0) failed = 1;
  return { passed: counts.numPassedTests, failed, skipped: counts.numPendingTests };
}

rmSync(output, { recursive: true, force: true });
mkdirSync(output, { recursive: true });
installPackages();
ensureFrontendBuilt();
const runs = [runVitest('unit', 'vitest.config.ts'), runVitest('system', 'test/vitest.config.ts')];
const sum = (key: 'passed' | 'failed' | 'skipped') => runs.reduce((total, run) => total + run[key], 0);
const line = `tests: ${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped\n`;
writeFileSync(summary, line);
process.stdout.write(line);
process.exit(sum('failed') === 0 && sum('passed') > 0 ? 0 : 1);
