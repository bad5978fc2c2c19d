import { loadBackendSettings } from '@rackhaus/config/settings';
import { createAccess } from './access/access.ts';
import { recommendedCost } from './access/passwords.ts';
import { openSecretBox } from './access/secret-box.ts';
import { nameKey } from './access/tokens.ts';
import { bySystem } from './audit/note.ts';
import { openAudit } from './audit/open.ts';
import { dataFiles } from './data-files.ts';
import { openDatabase } from './database/open.ts';
import { createLog } from './log.ts';

const usage = `npm run accounts -- rescue NAME

For an administrator who cannot sign in any more: removes the second factor of this account, signs it out everywhere and shows a link
with which a new password is set, once and within 24 hours. The server may run meanwhile.
`;

/**
 * Whoever may write into the data folder can change the database anyhow; this does it in a way that is noted.
 * `node backend/src/accounts-command.ts rescue NAME`, with DATA_DIR. @returns what to show @throws Error with a sentence for people
 */
export async function accountsCommand(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const [command, name, ...more] = args;
  if (command !== 'rescue' || name === undefined || more.length > 0) throw new Error(usage);
  const { dataDir, publicUrl } = await loadBackendSettings(env);
  const files = dataFiles(dataDir);
  const db = await openDatabase(files.database);
  try {
    const audit = await openAudit({ db, files, log: createLog('warn') });
    const { users, sessions, secondFactors, accountLinks } = createAccess({
      db,
      audit,
      secretBox: await openSecretBox(files.secretKey),
      now: Date.now,
      publicUrl,
      demo: false,
      passwordCost: recommendedCost,
    });
    const list = (await users.list()).users.filter(
      ({ role, source }) => role === 'administrator' && source === 'local',
    );
    const user = list.find((one) => nameKey(one.name) === nameKey(name));
    if (user === undefined)
      throw new Error(
        `No administrator with a password here is called "${name}". There are: ${list.map((one) => one.name).join(', ') || 'none'}.`,
      );
    if (user.disabled) throw new Error(`${user.name} is disabled; another administrator can enable it.`);
    await secondFactors.removeAll(user.id);
    await sessions.endAll(user.id, null);
    const { token, kind } = await accountLinks.make(user.id, user.hasPassword);
    const subject = { kind: 'user', id: user.id, name: user.name };
    const note = { outcome: 'done', by: bySystem, address: null, subject } as const;
    await audit.note({ ...note, action: 'account.factor', detail: { removed: 'all', command: true } });
    await audit.note({
      ...note,
      action: kind === 'invitation' ? 'account.invited' : 'account.reset',
      detail: { command: true },
    });
    const at = `/invitation#${token}`;
    const where = publicUrl === null ? `the address of Rackhaus with ${at} behind it` : `${publicUrl}${at}`;
    return `${user.name} is signed out everywhere and has no second factor any more. Open ${where}\nIt works once, for ${kind === 'invitation' ? '7 days' : '24 hours'}, and asks for a new password.\n`;
  } finally {
    await db.destroy();
  }
}

if (import.meta.main)
  accountsCommand(process.argv.slice(2), process.env).then(
    (text) => void process.stdout.write(text),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    },
  );
