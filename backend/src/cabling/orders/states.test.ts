import { orderStates, roles } from '@rackhaus/config/contract';
import { describe, expect, it } from 'vitest';
import { after, mayDo, orderDeeds, refusal, stateByProgress } from './states.ts';

const atLeast = (own: (typeof roles)[number]) => (needed: (typeof roles)[number]) =>
  roles.indexOf(own) >= roles.indexOf(needed);

/** What technicians may do (administrators besides: in brackets); `!` what only as long as nothing is done. */
const table: Record<(typeof orderStates)[number], string> = {
  draft: 'edit submit assign cancel! delete',
  submitted: '(approve) (reject) withdraw! assign cancel!',
  approved: 'withdraw! assign work cancel!',
  working: 'assign work finish',
  done: 'reverse',
  rejected: 'withdraw! delete',
  cancelled: 'delete',
};

describe.each(Object.entries(table))('an order that is %s', (name, line) => {
  const state = orderStates.find((each) => each === name) ?? 'draft';
  const words = line.split(' ');
  const plain = (word: string) => word.replaceAll(/[()!]/g, '');
  it.each([
    { role: 'administrator' as const, begun: false, left: words },
    { role: 'administrator' as const, begun: true, left: words.filter((word) => !word.endsWith('!')) },
    { role: 'technician' as const, begun: false, left: words.filter((word) => !word.startsWith('(')) },
    {
      role: 'technician' as const,
      begun: true,
      left: words.filter((word) => !word.startsWith('(') && !word.endsWith('!')),
    },
    { role: 'viewer' as const, begun: false, left: [] },
    { role: 'kiosk' as const, begun: false, left: [] },
  ])('lets $role (begun: $begun) do what the table says', ({ role, begun, left }) => {
    expect(mayDo({ state, begun }, atLeast(role)).toSorted()).toEqual(left.map(plain).toSorted());
  });
});

it('says whether role, state or what has been done is in the way', () => {
  const admin = atLeast('administrator');
  expect(refusal('approve', { state: 'submitted', begun: false }, atLeast('technician'))).toBe('role');
  expect(refusal('approve', { state: 'draft', begun: false }, admin)).toBe('state');
  expect(refusal('withdraw', { state: 'approved', begun: true }, admin)).toBe('begun');
  expect(refusal('withdraw', { state: 'approved', begun: false }, admin)).toBeNull();
  expect(orderDeeds).toHaveLength(11);
});

it('leads on', () => {
  expect(after('submit', true)).toBe('submitted');
  expect(after('submit', false)).toBe('approved');
  expect(after('approve', true)).toBe('approved');
  expect(after('reject', true)).toBe('rejected');
  expect(after('withdraw', true)).toBe('draft');
  expect(after('cancel', true)).toBe('cancelled');
});

it('follows from the steps once it is approved', () => {
  expect(stateByProgress({ total: 0, open: 0 })).toBeNull();
  expect(stateByProgress({ total: 3, open: 3 })).toBe('approved');
  expect(stateByProgress({ total: 3, open: 1 })).toBe('working');
  expect(stateByProgress({ total: 3, open: 0 })).toBe('done');
});
