import { createServer } from 'node:net';
import type { LdapSettings } from '@rackhaus/config/contract';
import { expect, it, vi } from 'vitest';
import { z } from 'zod';
import { testAudit } from '../../audit/testing.ts';
import { openDatabase } from '../../database/open.ts';
import { outgoingToLoopback } from '../../outgoing/testing.ts';
import { SessionCookie } from '../session-cookie.ts';
import { Sessions } from '../sessions.ts';
import { openBox } from '../testing.ts';
import { FederatedAccounts } from './accounts.ts';
import { LdapSignIn } from './ldap.ts';
import type { LdapError } from './ldap-connection.ts';
import { Recheck } from './recheck.ts';
import { Sources } from './sources.ts';

/** A port of this machine at which nobody answers. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = z.object({ port: z.number() }).parse(server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

it('asks again and again while it runs, and lets sessions go on while the directory is away', async () => {
  const db = await openDatabase(':memory:');
  const now = Date.now;
  const sessions = new Sessions({ db, now, cookie: new SessionCookie({ https: false }) });
  const sources = new Sources({ db, secretBox: openBox, now });
  const audit = testAudit(db, now);
  const accounts = new FederatedAccounts({ db, sources, sessions, audit, now });
  const troubles: [string, LdapError][] = [];
  const onTrouble = (source: string, error: LdapError) => void troubles.push([source, error]);
  const ldap = new LdapSignIn({ sources, accounts, outgoing: outgoingToLoopback(), now, onTrouble });
  const recheck = new Recheck({ db, sources, accounts, ldap, onTrouble, everyMs: 20 });
  const failed = vi.fn();

  const base = 'ou=Leute,dc=rathaus';
  const settings: LdapSettings = {
    kind: 'ldap',
    servers: [`ldaps://127.0.0.1:${await closedPort()}`],
    caCertificate: null,
    directory: 'other',
    bind: { how: 'search', user: 'uid=rackhaus' },
    base,
    filter: '(uid={name})',
    nameAttribute: 'uid',
    groups: 'search',
    groupBase: base,
  };
  const rules = [{ group: 'it', role: 'viewer' as const, siteIds: null }];
  const id = await sources.create({ name: 'Rathaus', enabled: true, settings, rules, secret: 'secret' });
  const source = await sources.get(id);
  const person = { issuer: '', subject: 'entryUUID:1', name: 'erika', groups: ['cn=it,dc=rathaus'] };
  const userId = await accounts.admit(source, person, null);
  const cookie = (await sessions.open({ userId }, undefined)).split(';')[0];

  recheck.start(failed);
  await vi.waitFor(() => expect(troubles.length).toBeGreaterThanOrEqual(3));
  await recheck.stop();
  const asked = troubles.length;
  for (const [name, error] of troubles) expect([name, error.trouble]).toEqual(['Rathaus', 'unreachable']);
  expect(failed).not.toHaveBeenCalled();
  expect(await sessions.identify(cookie)).toMatchObject({ caller: { name: 'erika', role: 'viewer' } });

  // Stopped is stopped; a round that is asked for by itself still runs, once for all who ask at the same time.
  await Promise.all([recheck.run(), recheck.run()]);
  expect(troubles.length).toBe(asked + 1);
  await db.destroy();
});
