import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreatedKioskLink, type Role, roles } from '@rackhaus/config/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { Client } from '../testing/client.ts';
import { startTestBackend, type TestBackend } from '../testing/test-backend.ts';

const Description = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        'x-access': z.enum(['public', 'agent', ...roles]),
        'x-right': z.literal('switching').optional(),
      }),
    ),
  ),
});

let backend: TestBackend;
beforeAll(async () => {
  // With the demo's routes; nothing answers there, which is not a refusal.
  backend = await startTestBackend({
    SIMULATOR_URL: 'http://127.0.0.1:1',
    SIMULATOR_TOKEN: 'simulator token',
  });
});
afterAll(() => backend.remove());

/** Every route, called without a body and with a number that nothing has: refused for who calls, or for anything else. */
it('lets every caller call what is declared for them, and nothing else', async () => {
  const admin = await backend.administrator();
  const { paths } = Description.parse((await admin.get('/api/openapi.json')).json);
  const link = CreatedKioskLink.parse(
    (await admin.post('/api/kiosk-links', { name: 'Flur', path: '/rooms' })).json,
  );
  const kiosk = backend.client();
  await kiosk.post('/api/kiosk-session', { token: new URL(link.url).hash.slice(1) });
  const token = (await readFile(join(backend.settings.dataDir, 'local-agent.token'), 'utf8')).trim();

  const callers: Record<'nobody' | 'agent' | Role, { client: Client; headers: Record<string, string> }> = {
    nobody: { client: backend.client(), headers: {} },
    agent: { client: new Client(backend.url), headers: { authorization: `Bearer ${token}` } },
    kiosk: { client: kiosk, headers: {} },
    viewer: { client: await backend.signedIn('viewer'), headers: {} },
    'on-call': { client: await backend.signedIn('on-call'), headers: {} },
    technician: { client: await backend.signedIn('technician'), headers: {} },
    administrator: { client: admin, headers: {} },
  };

  const wrong: string[] = [];
  let calls = 0;
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, { 'x-access': access, 'x-right': right }] of Object.entries(methods)) {
      // Signing out would end the sessions that the rest needs; its own test covers it.
      if (path === '/api/session' && method === 'delete') continue;
      // By the cookie that a right password has given, which none of these has; its own test covers it.
      if (/^\/api\/session\/(second-factor|set-up)\b/.test(path)) continue;
      // Public or not, as is set; its own test covers it.
      if (path === '/api/status' && method === 'get') continue;
      for (const [name, { client, headers }] of Object.entries(callers)) {
        const address = path.replace(/\{\w+\}/g, '999999999');
        const { status } = await client.send(method.toUpperCase(), address, undefined, headers);
        // No role has a right that is given to people: not even administrators.
        const expected = expectedRefusal(access, name) ?? (right === undefined ? undefined : 403);
        const refusal = status === 401 || status === 403 ? status : undefined;
        if (refusal !== expected) wrong.push(`${name}: ${method} ${path} (${access}) answered ${status}`);
        calls++;
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(calls).toBeGreaterThan(80);

  function expectedRefusal(access: string, caller: string): 401 | 403 | undefined {
    if (access === 'public') return undefined;
    if (access === 'agent') return caller === 'agent' ? undefined : 401;
    const ranks: readonly string[] = roles;
    if (!ranks.includes(caller)) return 401;
    return ranks.indexOf(caller) >= ranks.indexOf(access) ? undefined : 403;
  }
}, 180_000);

it('declares what is public: nothing that is read without signing in tells of the installation', async () => {
  const { paths } = Description.parse((await backend.client().get('/api/openapi.json')).json);
  const open = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) =>
      operation['x-access'] === 'public' ? [`${method} ${path}`] : [],
    ),
  );
  expect(open.sort()).toEqual([
    'delete /api/session',
    // Leads to /q/…, which asks to sign in.
    'get /Q/{code}',
    // By the secret in the link of a message: its one incident, and nothing else.
    'get /api/alert-links/{token}',
    // By the secret of the address: shifts of one rota, for calendars.
    'get /api/calendars/{token}.ics',
    'get /api/docs',
    'get /api/docs.css',
    'get /api/health',
    // By the import's own secret number, because the database is busy with it: how far it is, and stop.
    'get /api/imports/{id}/progress',
    'get /api/openapi.json',
    // The format of device profiles, for editors.
    'get /api/profiles/schema.json',
    'get /api/session',
    // Names of other servers to sign in at: they stand on the sign-in page.
    'get /api/sign-in-ways',
    // Where the settings allow it: what administrators tell colleagues, without anything technical.
    'get /api/status',
    // By the secret of an invitation, or of a link for a new password: for that one account.
    'post /api/account-links/look',
    'post /api/account-links/use',
    // By a token that an administrator made for this agent, once.
    'post /api/agent/enrol',
    'post /api/alert-links/{token}/acknowledge',
    'post /api/alert-links/{token}/receipt',
    'post /api/imports/{id}/stop',
    'post /api/kiosk-session',
    'post /api/session',
    'post /api/session/passkey',
    'post /api/session/passkey/options',
    // These by the cookie that a right password has given, for minutes.
    'post /api/session/second-factor',
    'post /api/session/second-factor/options',
    'post /api/session/set-up/passkey',
    'post /api/session/set-up/passkey/options',
    'post /api/session/set-up/totp',
    'post /api/setup',
    'post /api/sign-in-ways/leave',
    // By the cookie that the start has given to this browser.
    'post /api/sign-in-ways/return',
    'post /api/sign-in-ways/{id}/start',
    'put /api/session/set-up/totp',
  ]);
});

it('refuses tokens of agents that do not exist', async () => {
  const client = backend.client();
  for (const authorization of ['Bearer rha_x', 'Bearer', 'Basic YTpi', `Bearer ${'x'.repeat(5000)}`]) {
    const answer = await client.get('/api/agent/assignment', { authorization });
    expect([401, 404]).toContain(answer.status);
  }
});
