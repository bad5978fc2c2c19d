import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  AlertSettings,
  AuditPage,
  CreatedApiToken,
  CreatedFeed,
  CreateReply,
  CredentialList,
  MadeAccountLink,
  NewAuthenticator,
  type NewSignInSource,
  RecoveryCodes,
  UserList,
} from '@rackhaus/config/contract';
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startAgent } from '../harness/agent.ts';
import { type RunningBackend, restartBackend, runScript, startOwnBackend } from '../harness/backend.ts';
import { inventoryOfSwitch } from '../harness/inventory.ts';
import { freePort, root, type StartedProcess } from '../harness/process.ts';

/** Every secret that this life knows, each recognisable wherever it turns up. */
const secrets = {
  password: 'only-for-this-test',
  wrongPassword: 'LEAKwrongPassword4711',
  passwordAsName: 'LEAKpasswordAsName4711',
  community: 'LEAKcommunity4711',
  nextCommunity: 'LEAKnextCommunity4711',
  triedCommunity: 'LEAKtriedCommunity4711',
  authKey: 'LEAKauthKey4711',
  privKey: 'LEAKprivKey4711',
  ntfyToken: 'LEAKntfyToken4711',
  webhookPath: 'LEAKwebhookPath4711',
  webhookSecret: 'LEAKwebhookSecret4711',
  mailPassword: 'LEAKmailPassword4711',
  netboxToken: 'LEAKnetboxToken4711',
  personPassword: 'LEAKpersonPassword4711',
  bearer: 'LEAKbearer47114711',
  oidcSecret: 'LEAKoidcSecret4711',
  ldapPassword: 'LEAKldapPassword4711',
  setPassword: 'LEAKsetPassword4711',
};

describe('a whole life of an installation', () => {
  let backend: RunningBackend;
  let agent: StartedProcess | undefined;
  let cookie = '';
  const tokens: string[] = [];
  /** What the server makes and shows once, and which reply may hold it. */
  const made: { readonly name: string; readonly secret: string; readonly reply: number }[] = [];
  const replies: string[] = [];
  const logs: string[] = [];

  async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const sent = headers.cookie ?? cookie;
    const reply = await fetch(`${backend.url}${path}`, {
      method,
      headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const set = reply.headers.getSetCookie().map((each) => each.split(';')[0] ?? '');
    for (const each of set) if (each.length > 40) tokens.push(each.slice(each.indexOf('=') + 1));
    // A session gets a new token when a second factor is set up.
    if (sent === cookie && cookie !== '' && set.length > 0) cookie = set.join('; ');
    const text = await reply.text();
    replies.push(`${method} ${path.split('?')[0]} ${reply.status} ${text}`);
    return { status: reply.status, text, cookie: set.join('; ') };
  }
  async function done(method: string, path: string, body?: unknown): Promise<string> {
    const reply = await call(method, path, body);
    expect(`${method} ${path} ${reply.status} ${reply.status < 300 ? '' : reply.text}`).toMatch(/ 20\d $/);
    return reply.text;
  }

  /** What the last reply has shown, once. */
  function shown(name: string, ...texts: readonly string[]): void {
    expect(texts.length).toBeGreaterThan(0);
    for (const secret of texts) made.push({ name, secret, reply: replies.length - 1 });
  }
  /** Everything of this life that is made by the server and handed out once. */
  async function handOut(): Promise<void> {
    const oidc: NewSignInSource = {
      name: 'Anmeldedienst',
      enabled: true,
      settings: {
        kind: 'oidc',
        issuer: 'http://127.0.0.1:9/realm',
        clientId: 'rackhaus',
        scopes: '',
        groupsClaim: 'groups',
        checksSecondFactor: false,
        acrValues: '',
        caCertificate: null,
      },
      rules: [{ group: 'it', role: 'viewer', siteIds: null }],
      secret: secrets.oidcSecret,
    };
    const ldap: NewSignInSource = {
      ...oidc,
      name: 'Verzeichnis',
      settings: {
        kind: 'ldap',
        servers: ['ldap://127.0.0.1:9'],
        caCertificate: null,
        directory: 'other',
        bind: { how: 'search', user: 'cn=rackhaus,dc=example' },
        base: 'dc=example',
        filter: '(uid={name})',
        nameAttribute: 'uid',
        groups: 'member-of',
        groupBase: 'dc=example',
      },
      secret: secrets.ldapPassword,
    };
    for (const source of [oidc, ldap]) {
      await done('POST', '/api/sign-in-sources', source);
      await call('POST', '/api/sign-in-sources/check', {
        settings: source.settings,
        rules: source.rules,
        secret: source.secret,
        password: secrets.wrongPassword,
        person: 'anna',
      });
    }
    await call('POST', '/api/session', { user: 'anna', password: secrets.wrongPassword }, { cookie: '' });

    const feed = CreatedFeed.parse(JSON.parse(await done('POST', '/api/feeds', { name: 'Telegraf' })));
    shown('feed token', feed.token);
    await fetch(`${backend.url}/write?db=x&u=x&p=${feed.token}`, { method: 'POST', body: 'm v=1' });
    await call('POST', '/api/v2/write', undefined, { authorization: `Token ${feed.token}` });
    const token = CreatedApiToken.parse(
      JSON.parse(
        await done('POST', '/api/api-tokens', {
          name: 'Skript',
          role: 'viewer',
          sites: null,
          readOnly: true,
          endsAt: Date.now() + 86_400_000,
        }),
      ),
    );
    shown('API token', token.token);
    await call('GET', '/api/changes', undefined, { cookie: '', authorization: `Bearer ${token.token}` });
    await call('GET', `/api/changes?token=${token.token}`);
    const enrolment = z
      .object({ token: z.string() })
      .parse(JSON.parse(await done('POST', '/api/agents', { name: 'Schule' })));
    shown('enrolment token', enrolment.token);
    await call('POST', '/api/agent/enrol', { token: enrolment.token, key: 'wrong' }, { cookie: '' });

    const { users } = UserList.parse(JSON.parse(await done('GET', '/api/users')));
    const person = users.find(({ name }) => name === 'Person')?.id;
    const linkOf = (text: string) => new URL(MadeAccountLink.parse(JSON.parse(text)).url).hash.slice(1);
    const reset = linkOf(await done('POST', `/api/users/${person}/link`, {}));
    shown('reset link', reset);
    const invitation = linkOf(
      await done('POST', '/api/users/invitations', { name: 'Gast', role: 'viewer', siteIds: null }),
    );
    shown('invitation', invitation);
    for (const link of [reset, invitation]) {
      await call('POST', '/api/account-links/look', { token: link }, { cookie: '' });
      await call(
        'POST',
        '/api/account-links/use',
        { token: link, password: secrets.setPassword },
        { cookie: '' },
      );
    }

    const app = NewAuthenticator.parse(JSON.parse(await done('POST', '/api/account/totp')));
    shown('secret of the app', app.secret);
    await call('PUT', '/api/account/totp', { code: '000000' });
    const code = new TOTP({ secret: app.secret }).generate();
    const { codes } = RecoveryCodes.parse(JSON.parse(await done('PUT', '/api/account/totp', { code })));
    shown('recovery code', ...(codes ?? []).flatMap((each) => [each, each.replaceAll('-', '')]));
    const step = await call(
      'POST',
      '/api/session',
      { user: backend.user, password: secrets.password },
      { cookie: '' },
    );
    await call(
      'POST',
      '/api/session/second-factor',
      { recoveryCode: codes?.[0] ?? '' },
      { cookie: step.cookie },
    );
  }

  beforeAll(async () => {
    const port = await freePort();
    backend = await startOwnBackend(inventoryOfSwitch({ port, intervalSeconds: 5 }), {
      RACKHAUS_LOG_LEVEL: 'debug',
    });
    const signedIn = await call('POST', '/api/session', { user: backend.user, password: secrets.password });
    cookie = signedIn.cookie;
    await call(
      'POST',
      '/api/session',
      { user: backend.user, password: secrets.wrongPassword },
      { cookie: '' },
    );
    await call('POST', '/api/session', { user: secrets.passwordAsName, password: 'x' }, { cookie: '' });
    await call(
      'POST',
      '/api/session',
      { user: 1, password: { secret: secrets.wrongPassword } },
      { cookie: '' },
    );
    await call('POST', '/api/users', { name: 'Person', password: secrets.personPassword, role: 'viewer' });
    const v3 = {
      version: '3',
      user: 'rackhaus',
      auth: { protocol: 'sha256', key: secrets.authKey },
      priv: { protocol: 'aes', key: secrets.privKey },
    };
    await done('POST', '/api/credentials', { name: 'v3', secret: v3 });
    const { id } = CreateReply.parse(
      JSON.parse(
        await done('POST', '/api/credentials', {
          name: 'v2',
          secret: { version: '2c', community: secrets.community },
        }),
      ),
    );
    await done('PATCH', `/api/credentials/${id}`, {
      secret: { version: '2c', community: secrets.nextCommunity },
    });
    const used = CredentialList.parse(JSON.parse(await done('GET', '/api/credentials'))).credentials.find(
      ({ name }) => name === 'lesen',
    );
    await done('PATCH', `/api/credentials/${used?.id}`, {
      secret: { version: '2c', community: secrets.community },
    });
    agent = await startAgent(backend, join(backend.dataDir, 'agent'));
    await done('POST', '/api/credentials/test', {
      address: '127.0.0.1',
      port,
      secret: { version: '2c', community: secrets.triedCommunity },
    });
    // What is refused for its form must not come back in the reply, nor stand in the log.
    await call('POST', '/api/credentials', { name: '', secret: { ...v3, auth: secrets.authKey } });
    await call('POST', '/api/channels', {
      userId: null,
      name: 'ntfy',
      settings: { kind: 'ntfy', server: 'http://127.0.0.1:9', topic: 'alarm' },
      secret: secrets.ntfyToken,
    });
    await call('POST', '/api/channels', {
      userId: null,
      name: 'chat',
      settings: { kind: 'webhook', url: `http://127.0.0.1:9/${secrets.webhookPath}`, template: 'json' },
      secret: secrets.webhookSecret,
    });
    const Channels = z.object({ channels: z.array(z.object({ id: z.int() })) });
    for (const channel of Channels.parse(JSON.parse(await done('GET', '/api/channels'))).channels)
      await call('POST', `/api/channels/${channel.id}/test`);
    const { settings } = z
      .object({ settings: AlertSettings })
      .parse(JSON.parse(await done('GET', '/api/alert-settings')));
    const mail = {
      host: '127.0.0.1',
      port: 9,
      security: 'none',
      user: 'u',
      from: 'a@example.org',
      deviceId: null,
    };
    await done('PUT', '/api/alert-settings', {
      settings: { ...settings, mail },
      secrets: { mailPassword: secrets.mailPassword },
    });
    await handOut();
    await call('POST', '/api/imports/netbox', { url: 'http://127.0.0.1:9/', token: secrets.netboxToken });
    await call('GET', '/api/agent/assignment', undefined, { authorization: `Bearer ${secrets.bearer}` });
    for (const path of [
      '/api/users',
      '/api/changes',
      '/api/audit?limit=200',
      '/api/audit/export?format=csv',
      '/api/audit/export?format=json',
      '/api/alert-settings',
      '/api/agents',
      '/api/inventory/credential',
      '/api/inventory/credential/export?format=json',
      '/api/inventory/device/export?format=csv',
    ])
      await call('GET', path);
    await agent.stop();
    // The database with its write-ahead log, as it is while the server runs.
    readAll('running');
    await backend.stop();
    logs.push(readFileSync(backend.logFile, 'utf8'), readFileSync(agent.logFile, 'utf8'));
  }, 180_000);
  afterAll(async () => {
    await agent?.stop();
    await backend?.stop();
  });

  const files = new Map<string, Buffer>();
  function readAll(when: string): void {
    const names = readdirSync(backend.dataDir, { recursive: true, encoding: 'utf8' });
    for (const name of names) {
      const file = join(backend.dataDir, name);
      // The key of the local agent is what that file is for; keys hold no secret of this list.
      if (statSync(file).isFile() && !name.startsWith('local-agent'))
        files.set(`${when}/${name}`, readFileSync(file));
    }
    // It may be in that file only.
    tokens.push(...readFileSync(backend.agentTokenFile, 'utf8').split(/\s+/).filter(Boolean));
  }
  /** What an agent needs to ask devices it keeps, for nobody else to read: it goes on while the server is away. */
  const ofDevices: ReadonlySet<string> = new Set([secrets.community, secrets.nextCommunity]);
  function nowhere(texts: Iterable<readonly [string, Buffer | string]>): void {
    for (const [where, text] of texts)
      for (const [name, secret] of [
        ...Object.entries(secrets),
        ...tokens.map((token) => ['session or key', token] as const),
        ...made.map((each) => [each.name, each.secret] as const),
      ]) {
        if (ofDevices.has(secret) && /\/agent\/assignment\.json$/.test(where)) continue;
        expect(text.includes(secret) ? `${name} in ${where}` : '').toBe('');
      }
  }
  /** Without what it was made to show. */
  function masked(text: string, index: number): string {
    return made
      .filter(({ reply }) => reply === index)
      .reduce((rest, { secret }) => rest.replaceAll(secret, ''), text);
  }

  it('leaves no secret in the database, its write-ahead log or any other file of the server', () => {
    expect([...files.keys()].some((name) => name.endsWith('-wal'))).toBe(true);
    expect(tokens.length).toBeGreaterThan(0);
    nowhere(files);
  });

  it('leaves none in a reply or in the log of any process', () => {
    nowhere(replies.map((text, index) => [text.slice(0, 60), masked(text, index)] as const));
    nowhere(logs.map((text, index) => [`log ${index}`, text] as const));
    expect(logs[0]).toContain('listening');
  });

  it('leaves none in the export of the inventory', () => {
    const folder = join(backend.dataDir, 'exported');
    runScript('backend/src/export-inventory.ts', [folder], { DATA_DIR: backend.dataDir });
    nowhere(
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .map((name) => join(folder, name))
        .filter((file) => statSync(file).isFile())
        .map((file) => [file, readFileSync(file)] as const),
    );
  });

  it('seals only in columns that the rotation knows, and opens all of them with the new key', async () => {
    const db = new DatabaseSync(join(backend.dataDir, 'rackhaus.sqlite'));
    const Column = z.object({ table: z.string(), column: z.string() });
    const columns = db
      .prepare(
        `select t.name as "table", c.name as "column" from sqlite_master t, pragma_table_info(t.name) c
         where t.type = 'table' and t.sql not like '%virtual%'`,
      )
      .all()
      .map((row) => Column.parse(row));
    const sealed = columns.filter(
      ({ table, column }) =>
        db.prepare(`select 1 from "${table}" where "${column}" glob '*v2.??????????.*' limit 1`).get() !==
        undefined,
    );
    db.close();
    const listed = readFileSync(join(root, 'backend/src/access/sealed-columns.ts'), 'utf8');
    expect(sealed.length).toBeGreaterThan(2);
    for (const { table, column } of sealed)
      expect(listed).toContain(`table: '${table}', column: '${column}'`);
    const node = (script: string, args: string[]) =>
      execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, script), ...args], {
        env: { ...process.env, DATA_DIR: backend.dataDir },
        encoding: 'utf8',
      });
    expect(node('backend/src/secrets-command.ts', ['rotate'])).toMatch(/^\d+ sealed texts have a new key/);
    expect(node('backend/src/audit-command.ts', ['verify'])).toMatch(/^The chain holds/);
    nowhere([['export of the log', node('backend/src/audit-command.ts', ['export', '--format', 'syslog'])]]);
    backend = await restartBackend(backend);
    await agent?.stop();
    agent = await startAgent(backend, join(backend.dataDir, 'agent'));
    expect((await call('GET', '/api/credentials')).status).toBe(200);
  }, 60_000);

  it('has noted who did it all', async () => {
    const { entries } = AuditPage.parse(JSON.parse((await call('GET', '/api/audit?limit=200')).text));
    const actions = new Set(entries.map(({ action, outcome }) => `${action} ${outcome}`));
    for (const expected of [
      'sign-in refused',
      'credential.changed done',
      'credential.handed-out done',
      'credential.tested done',
      'channel.changed done',
      'channel.tested done',
      'secrets.rotated done',
      'log.exported done',
      'export done',
      'access refused',
      'change done',
    ])
      expect([...actions]).toContain(expected);
  });
});
