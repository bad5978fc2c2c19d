import { ProfileChecked } from '@rackhaus/config/contract';
import { ownProfileLimits } from '@rackhaus/config/profiles';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Client } from '../testing/client.ts';
import { startTestBackend, type TestBackend } from '../testing/test-backend.ts';

// Texts that nobody writes by mistake: each is answered with what is wrong, soon, and the server goes on.
let backend: TestBackend;
let admin: Client;
beforeAll(async () => {
  backend = await startTestBackend();
  admin = await backend.administrator();
});
afterAll(() => backend.remove());

const mine = (more: string) => `id: mine\ntitle: Mine\n${more}\n`;
const configured = (more: string) => mine(`configuration:\n  show: [show]\n  ${more}`);
const tenTimes = (name: string) => `[${Array.from({ length: 10 }, () => `*${name}`).join(', ')}]`;
const names = [...'abcdefghij'];

const hostile: Readonly<Record<string, string>> = {
  'aliases that stand for each other ten times': mine(
    [
      'a: &a [x, x]',
      ...names.slice(1).map((name, at) => `${name}: &${name} ${tenTimes(names[at] ?? '')}`),
    ].join('\n'),
  ),
  'an alias within itself': mine('scalars: &all [*all]'),
  'a prototype': mine('__proto__: { polluted: true }'),
  'a prototype deeper': mine('identity: { __proto__: { polluted: [{ value: x }] } }'),
  'a constructor': mine('constructor: { prototype: { polluted: true } }'),
  'lists in lists': mine(`scalars: ${'['.repeat(50_000)}`),
  'blocks in blocks': mine(Array.from({ length: 500 }, (_, at) => `${' '.repeat(at)}a:`).join('\n')),
  'an object of a class': mine('scalars: !!js/function "function () { return 1 }"'),
  'several documents': `${mine('')}---\n${mine('')}`,
  'too long a text': mine(`# ${'x'.repeat(ownProfileLimits.characters)}`),
  'a pattern that takes for ever': configured("ignore: ['^(a+)+$']"),
  'a pattern of what is asked that takes for ever': configured("greeting: [{ asks: '(x*)*y', answer: a }]"),
  'a pattern of a stretch that takes for ever': configured(
    "ignoreBlocks: [{ begins: '(a|a)*b', ends: 'x' }]",
  ),
  'a command of two lines': configured('setup: ["show\\nreload"]'),
  'no text at all': '',
  'a text that is a number': '4711',
};

it.each(Object.entries(hostile))(
  '%s',
  async (_, text) => {
    const before = performance.now();
    const checked = await admin.post('/api/profiles/check', { text });
    expect([200, 400], checked.text).toContain(checked.status);
    if (checked.status === 200) expect(ProfileChecked.parse(checked.json).problems).not.toEqual([]);
    const saved = await admin.post('/api/profiles', { text, activate: true, base: null });
    expect(saved.status, saved.text).toBe(400);
    expect(performance.now() - before).toBeLessThan(15_000);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect((await admin.get('/api/profiles/mine')).status).toBe(404);
  },
  30_000,
);

it('more than anybody may send', async () => {
  const text = mine(`# ${'x'.repeat(700_000)}`);
  expect((await admin.post('/api/profiles/check', { text })).status).toBe(413);
});
