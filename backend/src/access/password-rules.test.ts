import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkNewPassword, passwordWeakness } from './password-rules.ts';

describe('a new password', () => {
  it.each([
    'passwort1234',
    'Passwort2026!',
    'P@ssw0rt2026!',
    'passwortpasswort',
    'Sommer2026!!',
    'aaaaaaaaaaaa',
    '121212121212',
    '123456789012',
    'qwertzuiop12',
    'Willkommen1!',
    'abcdefghijkl',
    'adminadmin123',
    'Rathaus-2026-Rathaus',
  ])('is refused when many people have it: %s', (password) => {
    expect(passwordWeakness(password, 'Amelie')).toBe('common');
  });

  it.each([
    ['Rackhaus2026!', 'Amelie'],
    ['amelie.muster.1', 'Amelie Muster'],
    ['e.muster-2026-e.muster', 'e.muster'],
  ])('is refused when it is made of a name: %s', (password, name) => {
    expect(passwordWeakness(password, name)).toBe('name');
  });

  it.each([
    'correct horse battery',
    'richtig-langes-kennwort',
    'only-for-this-test',
    'ein blauer Stuhl im Regen',
    '739105826614',
    'x7$kQ!mv2#Lp',
    'пароль-который-длинный',
    '密码很长很长很长的那一种啊',
  ])('is taken when it is nobody else’s: %s', (password) => {
    expect(passwordWeakness(password, 'Amelie Muster')).toBeNull();
  });

  it('is looked at whatever it holds, without delay', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 200, unit: 'binary' }),
        fc.string({ maxLength: 100 }),
        (password, name) => {
          passwordWeakness(password, name);
        },
      ),
    );
  });

  it('is refused with what would be right', () => {
    expect(() => checkNewPassword('passwort1234', 'Amelie')).toThrow(/several words/);
  });
});
