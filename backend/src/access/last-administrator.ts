import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';

/** Whether there is an administrator left who can sign in here, with a password. */
export async function hasLocalAdministrator(tx: Database): Promise<boolean> {
  const row = await tx
    .selectFrom('users')
    .select('id')
    .where('role', '=', 'administrator')
    .where('disabled', '=', 0)
    .where('source', '=', 'local')
    .where('password_hash', '!=', '')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Why somebody has to stay what they are. */
export function lastAdministrator(): AppError {
  return new AppError(
    'conflict',
    'This is the last administrator with a password here: somebody has to be able to sign in.',
    undefined,
    { reason: 'last-administrator' },
  );
}
