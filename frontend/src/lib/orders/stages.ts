import type { OrderState, OrderView } from '@rackhaus/config/contract';

/** One station on an order's way. */
export interface Stage {
  readonly state: OrderState;
  readonly at: 'past' | 'now' | 'ahead';
  readonly who: string | null;
  readonly when: number | null;
}
type Order = OrderView['order'];

const way: readonly OrderState[] = ['draft', 'submitted', 'approved', 'working', 'done'];

/**
 * The way of an order: what it has passed, where it is, what is ahead. One that was rejected or dropped ends there. Without approval
 * nobody waits for it, unless it does so already.
 */
export function stagesOf(order: Order, approval: boolean): Stage[] {
  const stage = (state: OrderState, at: Stage['at']): Stage => ({ state, at, ...factsOf(order, state) });
  if (order.state === 'rejected')
    return [stage('draft', 'past'), stage('submitted', 'past'), stage('rejected', 'now')];
  if (order.state === 'cancelled') {
    const passed = way.filter(
      (state) => state === 'draft' || (state !== 'done' && factsOf(order, state).when !== null),
    );
    return [...passed.map((state) => stage(state, 'past')), stage('cancelled', 'now')];
  }
  const shown = way.filter((state) => approval || state !== 'submitted' || order.state === 'submitted');
  const here = shown.indexOf(order.state);
  return shown.map((state, index) => stage(state, index < here ? 'past' : index === here ? 'now' : 'ahead'));
}

function factsOf(order: Order, state: OrderState): Pick<Stage, 'who' | 'when'> {
  switch (state) {
    case 'draft':
      return { who: order.createdBy, when: order.createdAt };
    case 'submitted':
      return { who: order.submittedBy, when: order.submittedAt };
    case 'approved':
      return order.state === 'rejected' || order.state === 'submitted' || order.state === 'draft'
        ? { who: null, when: null }
        : { who: order.decidedBy, when: order.decidedAt };
    case 'rejected':
      return { who: order.decidedBy, when: order.decidedAt };
    case 'working':
      return { who: null, when: order.startedAt };
    default:
      return { who: null, when: order.finishedAt };
  }
}

/** INF.12.A10: unused or changed cabling is to be dealt with within four weeks. */
export const longestDays = 28;

/** Why an order asks for attention: past its date, or approved for too long with no date; null when it is in time. */
export function overdueOf(
  order: Pick<Order, 'state' | 'overdueDays' | 'scheduledUntil'>,
): { readonly reason: 'date' | 'waiting'; readonly days: number } | null {
  if (order.state !== 'approved' && order.state !== 'working') return null;
  if (order.scheduledUntil !== null)
    return order.overdueDays > 0 ? { reason: 'date', days: order.overdueDays } : null;
  return order.overdueDays > longestDays ? { reason: 'waiting', days: order.overdueDays } : null;
}
