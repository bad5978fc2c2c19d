import type { Database } from '../database/tables.ts';

/** Everybody who may sign in, or was invited to, by name. */
export async function listUsers(db: Database) {
  const [rows, sites] = await Promise.all([
    db
      .selectFrom('users')
      .leftJoin('account_links', 'account_links.user_id', 'users.id')
      .select([
        'users.id as id',
        'users.name as name',
        'users.role as role',
        'users.disabled as disabled',
        'users.created_at as createdAt',
        'users.every_site as everySite',
        'users.may_switch as maySwitch',
        'users.source as source',
        'users.password_hash as hash',
        'users.last_sign_in_at as lastSignInAt',
        'account_links.kind as linkKind',
        'account_links.expires_at as linkUntil',
      ])
      .orderBy('users.name_key')
      .execute(),
    db.selectFrom('user_sites').selectAll().orderBy('site_id').execute(),
  ]);
  const users = rows.map(({ everySite, hash, linkKind, linkUntil, disabled, maySwitch, ...row }) => ({
    ...row,
    maySwitch: maySwitch === 1,
    disabled: disabled !== 0,
    siteIds:
      everySite === 1 ? null : sites.filter((each) => each.user_id === row.id).map((each) => each.site_id),
    hasPassword: hash !== '',
    invitedUntil: linkKind === 'invitation' ? linkUntil : null,
    resetUntil: linkKind === 'reset' ? linkUntil : null,
  }));
  return { users };
}
