import {
  backendSettings,
  dataDirSetting,
  describeSettings,
  loadBackendSettings,
} from '@rackhaus/config/settings';
import { type Backend, createBackend } from './app.ts';
import { createLog } from './log.ts';

/** How long closing may take before the process ends anyway. */
const closeWithinMs = 5000;

async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    process.stdout.write(
      `Rackhaus backend. Settings come from the environment and from settings.yaml in the data folder.\n\n${describeSettings({ dataDir: dataDirSetting, ...backendSettings })}\n`,
    );
    return;
  }
  const settings = await loadBackendSettings(process.env);
  const log = createLog(settings.logLevel);
  const backend = await createBackend(settings, { log });

  const end = endOnce(backend);
  process.on('SIGTERM', () => end('SIGTERM', 0));
  process.on('SIGINT', () => end('SIGINT', 0));
  // After an error that nobody handled nothing can be vouched for: better to start anew.
  process.on('uncaughtException', (error) => end(error, 1));
  process.on('unhandledRejection', (error) => end(error, 1));

  if (backend.setupCode !== null)
    process.stdout.write(
      `To make the first administrator, please open ${backend.url} and enter this code: ${backend.setupCode}\n`,
    );
  const { certificates } = backend;
  if (certificates !== null) {
    if (certificates.source === 'self-signed')
      process.stdout.write(
        'The certificate is signed by this server itself. Please compare its fingerprint with what the browser shows:\n',
      );
    const tell = (fingerprint: string) => process.stdout.write(`certificate sha256:${fingerprint}\n`);
    tell(certificates.current.fingerprint);
    // Also for who has started this and expects exactly this certificate.
    certificates.onChange(({ fingerprint }) => tell(fingerprint));
  }
  process.stdout.write(`ready ${backend.url}\n`);

  function endOnce(running: Backend): (why: unknown, exitCode: number) => void {
    let ending = false;
    return (why, exitCode) => {
      if (exitCode === 0) log.info({ signal: why }, 'ending');
      else log.fatal({ err: why }, 'ending after an error');
      if (ending) return;
      ending = true;
      setTimeout(() => {
        log.error('closing took too long');
        process.exit(1);
      }, closeWithinMs).unref();
      running.close().then(
        () => process.exit(exitCode),
        (error: unknown) => {
          log.error({ err: error }, 'closing failed');
          process.exit(1);
        },
      );
    };
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
