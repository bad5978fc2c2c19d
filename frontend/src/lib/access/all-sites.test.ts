import { expect, it } from 'vitest';
import { isForAllSites } from './all-sites.ts';

it.each([
  ['/review', true],
  ['/import/3', true],
  ['/importantly', false],
  ['/sheets', false],
  ['/rooms/3', false],
])('%s is for accounts of all sites: %s', (path, expected) => expect(isForAllSites(path)).toBe(expected));
