import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ownPath } from './oidc.ts';

it.each([
  ['/', '/'],
  ['/drift?open=1#2', '/drift?open=1#2'],
  ['/rooms/1/../2', '/rooms/2'],
  ['', '/'],
  ['drift', '/'],
  ['https://elsewhere.example/', '/'],
  ['//elsewhere.example', '/'],
  ['///elsewhere.example', '/'],
  ['/\\elsewhere.example', '/'],
  ['\\\\elsewhere.example', '/'],
  ['/\t/elsewhere.example', '/'],
  ['/\n/elsewhere.example', '/'],
  ['/..//elsewhere.example', '/'],
  ['/.//elsewhere.example', '/'],
  ['/%2e%2e//elsewhere.example', '/'],
  ['javascript:alert(1)', '/'],
  ['http://here.invalid//elsewhere.example', '/'],
  ['/@elsewhere.example', '/@elsewhere.example'],
])('%j leads to %s', (next, path) => expect(ownPath(next)).toBe(path));

it('never leads away from this server, and says the same when it is asked again', () => {
  const part = fc.oneof(
    fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '\t',
      '\n',
      '%2f',
      '%5c',
      '%2e',
      ':',
      '@',
      '?',
      '#',
      'https:',
      'a.test',
    ),
    fc.string({ maxLength: 3 }),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 10 }), (parts) => {
      const path = ownPath(parts.join(''));
      expect(new URL(path, 'https://rackhaus.test').origin).toBe('https://rackhaus.test');
      expect(path).toMatch(/^\/(?![/\\])/);
      expect(ownPath(path)).toBe(path);
    }),
    { numRuns: 1000 },
  );
});
