import type { OrderState, OrderView, Role } from '@rackhaus/config/contract';

/** What can be done with an order. */
export type OrderDeed = OrderView['may'][number];

/** What counts besides the state. */
export interface OrderFacts {
  readonly state: OrderState;
  /** A step is done or was not possible. */
  readonly begun: boolean;
}

interface Rule {
  readonly from: readonly OrderState[];
  readonly role: Role;
  /** Only as long as nothing has been carried out. */
  readonly untouched?: true;
}

/** Who may do what in which state. Where the order goes from there is said by {@link after}. */
const rules: Readonly<Record<OrderDeed, Rule>> = {
  edit: { from: ['draft'], role: 'technician' },
  submit: { from: ['draft'], role: 'technician' },
  approve: { from: ['submitted'], role: 'administrator' },
  reject: { from: ['submitted'], role: 'administrator' },
  withdraw: { from: ['submitted', 'approved', 'rejected'], role: 'technician', untouched: true },
  assign: { from: ['draft', 'submitted', 'approved', 'working'], role: 'technician' },
  work: { from: ['approved', 'working'], role: 'technician' },
  finish: { from: ['working'], role: 'technician' },
  cancel: { from: ['draft', 'submitted', 'approved'], role: 'technician', untouched: true },
  reverse: { from: ['done'], role: 'technician' },
  delete: { from: ['draft', 'rejected', 'cancelled'], role: 'technician' },
};

export const orderDeeds = Object.keys(rules) as readonly OrderDeed[];

/** Orders that still mean something for what others plan. */
export const openStates: readonly OrderState[] = ['draft', 'submitted', 'approved', 'working'];

/** Why a deed is refused; null: it may be done. `isAtLeast` says whether the caller has a role. */
export function refusal(
  deed: OrderDeed,
  facts: OrderFacts,
  isAtLeast: (role: Role) => boolean,
): 'role' | 'state' | 'begun' | null {
  const rule = rules[deed];
  if (!isAtLeast(rule.role)) return 'role';
  if (!rule.from.includes(facts.state)) return 'state';
  return rule.untouched === true && facts.begun ? 'begun' : null;
}

export function roleFor(deed: OrderDeed): Role {
  return rules[deed].role;
}

export function mayDo(facts: OrderFacts, isAtLeast: (role: Role) => boolean): OrderDeed[] {
  return orderDeeds.filter((deed) => refusal(deed, facts, isAtLeast) === null);
}

/** The state that a deed leads to; for deeds that change it. */
export function after(
  deed: 'submit' | 'approve' | 'reject' | 'withdraw' | 'cancel',
  needsApproval: boolean,
): OrderState {
  if (deed === 'submit') return needsApproval ? 'submitted' : 'approved';
  const states = { approve: 'approved', reject: 'rejected', withdraw: 'draft', cancel: 'cancelled' } as const;
  return states[deed];
}

/** The state of an approved order follows from its steps; null: it has none. */
export function stateByProgress(steps: { readonly total: number; readonly open: number }): OrderState | null {
  if (steps.total === 0) return null;
  if (steps.open === steps.total) return 'approved';
  return steps.open === 0 ? 'done' : 'working';
}
