import { hostname } from 'node:os';
import { parseArgs } from 'node:util';
import { loadBackendSettings } from '@rackhaus/config/settings';
import { readHead } from './audit/head.ts';
import { openAuditKey } from './audit/key.ts';
import { bySystem } from './audit/note.ts';
import { openAudit } from './audit/open.ts';
import { timeOf, walkLog } from './audit/read.ts';
import { jsonLine } from './audit/routes.ts';
import { syslogMessage } from './audit/syslog-message.ts';
import { type Broken, verifyLog } from './audit/verify.ts';
import { dataFiles } from './data-files.ts';
import { openDatabase } from './database/open.ts';
import { createLog } from './log.ts';

const usage = `npm run audit -- verify
npm run audit -- export [--from TIME] [--to TIME] [--format json|syslog]

verify  checks the whole chain of the log; exit code 1 when it does not hold
export  writes the log to standard output, oldest first; TIME is like 2026-11-23 or 2026-11-23T08:00:00Z
`;

const reasons: Readonly<Record<Broken, string>> = {
  changed: 'is not as it was written',
  missing: 'is missing',
  people: 'does not name who it named when it was written',
  cut: 'is missing, and all after it: the file audit.head says that the log has been longer. Either rows were cut off, or a backup was restored',
};

/** `node backend/src/audit-command.ts`, with DATA_DIR; a backend may run meanwhile. @returns the exit code */
export async function auditCommand(
  args: readonly string[],
  options: { env: NodeJS.ProcessEnv; write: (text: string) => Promise<void> | void },
): Promise<number> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      from: { type: 'string' },
      to: { type: 'string' },
      format: { type: 'string', default: 'json' },
    },
  });
  const [command, ...more] = positionals;
  if (more.length > 0 || (command !== 'verify' && command !== 'export')) throw new Error(usage);
  const files = dataFiles((await loadBackendSettings(options.env)).dataDir);
  const db = await openDatabase(files.database);
  try {
    if (command === 'verify') {
      const key = await openAuditKey(files.auditKey);
      // Before the rows are read: a server that runs meanwhile only adds some.
      const head = await readHead(files.auditHead);
      const found = await verifyLog({ db, key: key.chain, head });
      if (found.intact) {
        await options.write(
          `The chain holds: ${found.rows} rows, the last is number ${found.last}; ${found.deleted} were deleted when their time was over.\n`,
        );
        return 0;
      }
      const time = found.time === null ? '' : ` of ${new Date(found.time).toISOString()}`;
      await options.write(
        `The chain is broken: number ${found.number}${time} ${reasons[found.why]}. The ${found.rows} rows before it hold.\n`,
      );
      return 1;
    }
    if (values.format !== 'json' && values.format !== 'syslog')
      throw new Error(`--format is "${values.format}"; it must be json or syslog.`);
    const from = values.from === undefined ? undefined : timeOf(values.from, '--from');
    const to = values.to === undefined ? undefined : timeOf(values.to, '--to');
    const audit = await openAudit({ db, files, log: createLog('warn') });
    await audit.note({
      action: 'log.exported',
      outcome: 'done',
      by: bySystem,
      address: null,
      detail: { format: values.format, command: true },
    });
    const host = hostname();
    for await (const row of walkLog(db, { from, to }))
      await options.write(values.format === 'json' ? jsonLine(row) : `${syslogMessage(row, host)}\n`);
    return 0;
  } finally {
    await db.destroy();
  }
}

/** Waits where the reader is slow. */
function toStdout(text: string): Promise<void> | void {
  if (process.stdout.write(text)) return;
  return new Promise((resolve) => process.stdout.once('drain', resolve));
}

if (import.meta.main)
  auditCommand(process.argv.slice(2), { env: process.env, write: toStdout }).then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 2;
    },
  );
