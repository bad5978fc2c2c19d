import type { LdapSettings, NewSignInSource } from '@rackhaus/config/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningBackend, startBackend } from '../harness/backend.ts';
import { makeCertificates } from '../harness/certificates.ts';
import { freePort } from '../harness/process.ts';
import { sessionOf, sourceAdmin, tryPassword } from '../harness/sign-in-source.ts';
import { type RunningSlapd, startSlapd, suffix } from '../harness/slapd.ts';

const people = `ou=Leute,${suffix}`;
const groups = `ou=Gruppen,${suffix}`;
const person = (uid: string, more = '') => `
dn: uid=${uid},${people}
objectClass: inetOrgPerson
objectClass: adAccount
cn: ${uid}
sn: ${uid}
uid: ${uid}
userPassword: password of ${uid}
${more}`;
const group = (name: string, ...members: string[]) => `
dn: cn=${name},${groups}
objectClass: groupOfNames
cn: ${name}
${members.map((member) => `member: ${member}`).join('\n')}
`;
const uid = (name: string) => `uid=${name},${people}`;
const entries = `
dn: ${suffix}
objectClass: dcObject
objectClass: organization
o: Rathaus
dc: rathaus

dn: ou=Leute,${suffix}
objectClass: organizationalUnit
ou: Leute

dn: ou=Gruppen,${suffix}
objectClass: organizationalUnit
ou: Gruppen
${['erika', 'boris', 'nina', 'jürgen', 'rackhaus', 'admin', 'max', 'wechsel', 'gesperrt'].map((name) => person(name, name === 'gesperrt' ? 'userAccountControl: 514\n' : 'userAccountControl: 512\n')).join('')}
${group('Netzwerk', uid('erika'), uid('jürgen'), uid('admin'), uid('gesperrt'), uid('max'))}
${group('Lesen', uid('erika'), uid('wechsel'), uid('boris'))}
${group('IT', `cn=Netzwerk,${groups}`)}
`;

let backend: RunningBackend;
let slapd: RunningSlapd;
let admin: Awaited<ReturnType<typeof sourceAdmin>>;
let id: number;
const certificates = makeCertificates(['IP:127.0.0.1', 'DNS:localhost']);
const strangers = makeCertificates(['IP:127.0.0.1', 'DNS:localhost']);

const settings = (change: Partial<LdapSettings> = {}): LdapSettings => ({
  kind: 'ldap',
  servers: [slapd.ldaps],
  caCertificate: certificates.ca,
  directory: 'other',
  bind: { how: 'search', user: uid('rackhaus') },
  base: people,
  filter: '(uid={name})',
  nameAttribute: 'uid',
  groups: 'search',
  groupBase: groups,
  ...change,
});
const rules: NewSignInSource['rules'] = [
  { group: 'Lesen', role: 'viewer', siteIds: null },
  { group: `CN=IT, ${groups.toUpperCase()}`, role: 'technician', siteIds: [1] },
];
const check = (change: Partial<LdapSettings>, more: object = {}) =>
  admin.check({ settings: settings(change), rules, secret: 'password of rackhaus', ...more });
const failing = async (change: Partial<LdapSettings>, more: object = {}) =>
  (await check(change, more)).find(({ outcome }) => outcome === 'failed');

beforeAll(async () => {
  [backend, slapd] = await Promise.all([startBackend(), startSlapd(entries, certificates)]);
  admin = await sourceAdmin(backend);
  id = await admin.add({
    name: 'Rathaus',
    enabled: true,
    settings: settings(),
    rules,
    secret: 'password of rackhaus',
  });
});
afterAll(async () => {
  await backend?.stop();
  await slapd?.stop();
});

describe('signing in by a directory', () => {
  it('gives the highest role of all groups, also of groups in groups, with its sites', async () => {
    const { session } = await tryPassword(backend.url, 'Erika', 'password of erika');
    expect(session).toMatchObject({ state: 'signed-in', user: 'erika', role: 'technician', sites: [1] });
    const other = await tryPassword(backend.url, 'boris', 'password of boris');
    expect(other.session).toMatchObject({ role: 'viewer', sites: null });
  });

  it('knows somebody again by what never changes, also under another name', async () => {
    const before = await tryPassword(backend.url, 'max', 'password of max');
    slapd.modify(`dn: ${uid('max')}\nchangetype: modrdn\nnewrdn: uid=maximilian\ndeleteoldrdn: 1\n`);
    const after = await tryPassword(backend.url, 'maximilian', 'password of max');
    expect(before.session).toMatchObject({ user: 'max' });
    const userId = before.session?.state === 'signed-in' ? before.session.userId : null;
    expect(after.session).toMatchObject({ user: 'maximilian', userId });
  });

  it('takes names with umlauts', async () => {
    const { session } = await tryPassword(backend.url, 'jürgen', 'password of jürgen');
    expect(session).toMatchObject({ user: 'jürgen', role: 'technician' });
  });

  it('refuses whoever has no group, says so, and keeps it for the administrator', async () => {
    const { status, text } = await tryPassword(backend.url, 'nina', 'password of nina');
    expect(status).toBe(403);
    expect(JSON.parse(text)).toMatchObject({ reason: 'no-group' });
    const [source] = (await admin.list()).sources;
    expect(source?.lastRefusal).toMatchObject({ name: 'nina', reason: 'no-group', groups: [] });
  });

  it('answers a wrong password, an unknown name, an empty password and a wildcard alike', async () => {
    const answers = [];
    for (const [name, password] of [
      ['erika', 'wrong'],
      ['nobody', 'wrong'],
      ['erika', ''],
      ['*', 'password of erika'],
      ['erika)(uid=*', 'password of erika'],
      ['erika)(|(uid=*', 'password of boris'],
      ['eri*', 'password of erika'],
      ['erika\0', 'password of erika'],
      ['EXTERNAL', 'password of erika'],
    ] as const) {
      const begun = performance.now();
      const { status, text } = await tryPassword(backend.url, name, password);
      const took = performance.now() - begun;
      answers.push({ status, message: z(text), beats: Math.round(took / 1000) >= 1 });
    }
    const [first] = answers;
    expect(first).toMatchObject({ status: 401, beats: true });
    for (const answer of answers) expect(answer).toEqual(first);
  });

  it('leaves a local account of the same name alone, and shows its password to nobody', async () => {
    const wrong = await tryPassword(backend.url, 'admin', 'password of admin');
    expect(wrong.status).toBe(401);
    expect(slapd.printed()).not.toContain(uid('admin').toLowerCase());
    expect((await tryPassword(backend.url, 'admin', backend.password)).session).toMatchObject({
      role: 'administrator',
    });
  });

  it('refuses who is disabled there', async () => {
    expect((await tryPassword(backend.url, 'gesperrt', 'password of gesperrt')).status).toBe(401);
  });
});

describe('confirming that it is you', () => {
  const confirm = async (cookie: string, password: string) => {
    const reply = await fetch(`${backend.url}/api/account/confirm`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ password }),
    });
    const text = await reply.text();
    const reason = text === '' ? null : (JSON.parse(text) as { reason?: string }).reason;
    return { status: reply.status, reason, cookie: reply.headers.getSetCookie()[0]?.split(';')[0] ?? '' };
  };

  it('takes the password of the directory and gives the session a new id', async () => {
    const { cookie } = await tryPassword(backend.url, 'jürgen', 'password of jürgen');
    for (const wrong of ['', 'password of erika', '*'])
      expect(await confirm(cookie, wrong)).toMatchObject({ status: 400, reason: 'password-wrong' });
    const good = await confirm(cookie, 'password of jürgen');
    expect(good).toMatchObject({ status: 204, reason: null });
    expect(await sessionOf(backend.url, good.cookie)).toMatchObject({ user: 'jürgen' });
    expect(await sessionOf(backend.url, cookie)).toMatchObject({ state: 'signed-out' });
  });

  it('knows who signed in directly too, and says when the directory is away', async () => {
    const { cookie } = await tryPassword(backend.url, 'jürgen', 'password of jürgen');
    const direct: LdapSettings['bind'] = { how: 'direct', pattern: `uid={name},${people}` };
    await admin.change(id, { settings: settings({ bind: direct }), secret: null });
    expect(await confirm(cookie, 'password of erika')).toMatchObject({ status: 400 });
    const good = await confirm(cookie, 'password of jürgen');
    expect(good.status).toBe(204);
    const away = settings({ servers: [`ldaps://127.0.0.1:${await freePort()}`] });
    await admin.change(id, { settings: away, secret: 'password of rackhaus' });
    expect(await confirm(good.cookie, 'password of jürgen')).toMatchObject({
      status: 503,
      reason: 'directory-unreachable',
    });
    await admin.change(id, { settings: settings(), secret: 'password of rackhaus' });
  });
});

describe('checking again', () => {
  it('ends the session of somebody who has been disabled or taken out of the groups, and changes roles', async () => {
    const erika = await tryPassword(backend.url, 'erika', 'password of erika');
    const boris = await tryPassword(backend.url, 'boris', 'password of boris');
    const wechsel = await tryPassword(backend.url, 'wechsel', 'password of wechsel');
    await admin.recheck();
    for (const { cookie } of [erika, boris, wechsel])
      expect(await sessionOf(backend.url, cookie)).toMatchObject({ state: 'signed-in' });

    slapd.modify(
      `dn: ${uid('boris')}\nchangetype: modify\nreplace: userAccountControl\nuserAccountControl: 514\n`,
    );
    slapd.modify(`dn: cn=Netzwerk,${groups}\nchangetype: modify\ndelete: member\nmember: ${uid('erika')}\n`);
    await admin.recheck();
    expect(await sessionOf(backend.url, boris.cookie)).toMatchObject({ state: 'signed-out' });
    expect((await tryPassword(backend.url, 'boris', 'password of boris')).status).toBe(401);
    // A lesser role: what was open ends, the next sign-in has it.
    expect(await sessionOf(backend.url, erika.cookie)).toMatchObject({ state: 'signed-out' });
    expect((await tryPassword(backend.url, 'erika', 'password of erika')).session).toMatchObject({
      role: 'viewer',
      sites: null,
    });

    slapd.modify(`dn: ${uid('wechsel')}\nchangetype: delete\n`);
    await admin.recheck();
    expect(await sessionOf(backend.url, wechsel.cookie)).toMatchObject({ state: 'signed-out' });
  });

  it('lets sessions go on while the directory cannot be reached; local accounts still sign in', async () => {
    const erika = await tryPassword(backend.url, 'erika', 'password of erika');
    const away = `ldaps://127.0.0.1:${await freePort()}`;
    await admin.change(id, { settings: settings({ servers: [away] }), secret: 'password of rackhaus' });
    await admin.recheck();
    expect(await sessionOf(backend.url, erika.cookie)).toMatchObject({ state: 'signed-in' });
    const refused = await tryPassword(backend.url, 'erika', 'password of erika');
    expect(refused.status).toBe(503);
    expect(JSON.parse(refused.text)).toMatchObject({ reason: 'directory-unreachable' });
    expect((await tryPassword(backend.url, 'admin', backend.password)).status).toBe(200);

    // Several servers: the next one answers.
    await admin.change(id, {
      settings: settings({ servers: [away, slapd.ldap] }),
      secret: 'password of rackhaus',
    });
    expect((await tryPassword(backend.url, 'erika', 'password of erika')).status).toBe(200);
  });

  it('ends the sessions of a source that is switched off', async () => {
    const erika = await tryPassword(backend.url, 'erika', 'password of erika');
    await admin.change(id, { enabled: false });
    expect(await sessionOf(backend.url, erika.cookie)).toMatchObject({ state: 'signed-out' });
    expect((await tryPassword(backend.url, 'erika', 'password of erika')).status).toBe(401);
    await admin.change(id, { enabled: true });
  });
});

describe('the check of settings', () => {
  it('goes through every step, over ldaps and over StartTLS', async () => {
    for (const servers of [[slapd.ldaps], [slapd.ldap]]) {
      const steps = await check({ servers }, { person: 'erika', password: 'password of erika' });
      expect(steps.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual([
        'reach done',
        'tls done',
        'bind done',
        'search done',
        'person done',
        'groups done',
        'rules done',
      ]);
      expect(steps.at(-1)).toMatchObject({ role: 'viewer' });
    }
  });

  it('says what is wrong', async () => {
    expect(await failing({ caCertificate: strangers.ca })).toMatchObject({
      step: 'tls',
      reason: 'certificate',
    });
    expect(await failing({ caCertificate: null })).toMatchObject({ step: 'tls', reason: 'certificate' });
    expect(await failing({ servers: [slapd.ldap], caCertificate: strangers.ca })).toMatchObject({
      step: 'tls',
      reason: 'certificate',
    });
    expect(await failing({}, { secret: 'wrong' })).toMatchObject({ step: 'bind', reason: 'credentials' });
    expect(await failing({ base: `ou=Nirgends,${suffix}` }, { person: 'erika' })).toMatchObject({
      step: 'search',
      reason: 'base',
    });
    expect(await failing({}, { person: 'nobody' })).toMatchObject({ step: 'search', reason: 'nobody' });
    expect(await failing({ filter: '(|(uid={name})(uid=nina))' }, { person: 'erika' })).toMatchObject({
      reason: 'several',
    });
    expect(await failing({}, { person: 'erika', password: 'wrong' })).toMatchObject({ reason: 'password' });
    expect(await failing({}, { person: 'nina' })).toMatchObject({ step: 'rules', reason: 'no-group' });
    expect(await failing({}, { person: 'gesperrt' })).toMatchObject({ reason: 'disabled' });
    // Plain text where TLS is expected, and the other way round.
    expect(await failing({ servers: [slapd.ldap.replace('ldap:', 'ldaps:')] })).toMatchObject({
      step: 'tls',
    });
    expect(await failing({ servers: [`ldaps://127.0.0.1:${await freePort()}`] })).toMatchObject({
      step: 'reach',
      reason: 'unreachable',
    });
  });

  it('signs in directly by a pattern, and finds memberOf', async () => {
    const change: Partial<LdapSettings> = {
      bind: { how: 'direct', pattern: `uid={name},${people}` },
      groups: 'member-of',
    };
    const good = await check(change, { person: 'erika', password: 'password of erika' });
    expect(good.at(-1)).toMatchObject({ step: 'rules', outcome: 'done', role: 'viewer' });
    expect(await failing(change, { person: `erika,${people}`, password: 'password of erika' })).toMatchObject(
      { step: 'person', reason: 'password' },
    );
    // The name means one person to the sign-in and another to the search.
    expect(
      await failing(
        { ...change, filter: '(&(uid=nina)(!(cn={name})))' },
        { person: 'erika', password: 'password of erika' },
      ),
    ).toMatchObject({ reason: 'several' });
  });

  it('never sends a saved password to another server, and never shows it', async () => {
    const other = settings({ servers: ['ldaps://elsewhere.example'] });
    const tried = await admin.send('POST', '/api/sign-in-sources/check', { id, settings: other, rules });
    expect(tried).toMatchObject({ status: 400, json: { fields: [{ path: 'secret' }] } });
    const saved = await admin.send('PATCH', `/api/sign-in-sources/${id}`, { settings: other });
    expect(saved).toMatchObject({ status: 400, json: { fields: [{ path: 'secret' }] } });
    expect((await admin.send('GET', '/api/sign-in-sources')).text).not.toContain('password of');
  });
});

/** What the answer says, without what differs each time. */
function z(text: string): unknown {
  const { requestId: _, ...rest } = JSON.parse(text) as Record<string, unknown>;
  return rest;
}
