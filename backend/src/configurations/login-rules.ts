import type { LoginRule } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';

/** Says for which devices a login is. @throws AppError conflict: the same devices have another one; invalid: there is no such site */
export async function setRules(tx: Database, id: number, rules: readonly LoginRule[]): Promise<void> {
  await tx.deleteFrom('shell_login_rules').where('login_id', '=', id).execute();
  const others = await tx
    .selectFrom('shell_login_rules as r')
    .innerJoin('shell_logins as l', 'l.id', 'r.login_id')
    .select(['r.site_id', 'r.role', 'l.name'])
    .execute();
  const seen = new Set<string>();
  for (const [index, { siteId, role }] of rules.entries()) {
    const problem = (message: string, reason: string) =>
      new AppError('conflict', message, [{ path: `rules.${index}`, message }], { reason });
    const key = `${siteId} ${role}`;
    if (seen.has(key)) throw problem('This rule is there twice.', 'rule-twice');
    seen.add(key);
    const taken = others.find((other) => other.site_id === siteId && other.role === role);
    if (taken !== undefined)
      throw problem(`The login "${taken.name}" is for the same devices already.`, 'rule-taken');
    if (siteId !== null) {
      const site = await tx.selectFrom('sites').select('id').where('id', '=', siteId).executeTakeFirst();
      if (site === undefined) {
        const message = `There is no site ${siteId}.`;
        throw new AppError('invalid', message, [{ path: `rules.${index}.siteId`, message }]);
      }
    }
    await tx.insertInto('shell_login_rules').values({ login_id: id, site_id: siteId, role }).execute();
  }
}
