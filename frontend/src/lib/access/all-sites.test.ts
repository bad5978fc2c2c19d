import { expect, it } from 'vitest';
import { isForAllSites } from './all-sites.ts';

it.each([
  ['/review', true],
  ['/import/3', true],
  ['/importantly', false],
  ['/sheets', false],
  ['/on-call/path', true],
  ['/on-call', false],
  ['/administration/log', true],
  ['/inventory/credential', true],
  ['/inventory/credential-rule', false],
  ['/rooms/3', false],
])('%s is for accounts of all sites: %s', (path, expected) => expect(isForAllSites(path)).toBe(expected));
