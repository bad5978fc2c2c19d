import type {
  Interrupted,
  OrderRemark,
  OrderState,
  OrderStep,
  PlannedChange,
} from '@rackhaus/config/contract';
import type { ApiProblem } from '../api/api.ts';
import { cableKind, localNumber, spotText } from '../cabling/cable-words.ts';
import { m } from '../paraglide/messages.js';
import { orderStates, proofs, stepDeeds, stepStates } from '../records/option-names.ts';
import { blockingNames, problemSentence } from '../records/problem-sentence.ts';
import { type Cards, portText } from './cards.ts';
import type { Difference, Ends } from './difference.ts';
import type { PartName } from './filters.ts';
import type { Deed } from './orders-api.ts';

/** The word for where an order is on its way. */
export function orderStateWord(state: OrderState): string {
  return orderStates[state]();
}
export function stepStateWord(state: OrderStep['state']): string {
  return stepStates[state]();
}
export function stepDeedWord(deed: OrderStep['deed']): string {
  return stepDeeds[deed]();
}
export function proofWord(proof: OrderStep['proof']): string {
  return proofs[proof]();
}

const partWords: Readonly<Record<PartName, () => string>> = {
  all: m.orders_part_all,
  open: m.orders_part_open,
  waiting: m.orders_part_waiting,
  todo: m.orders_part_todo,
  over: m.orders_part_over,
};
export function partWord(part: PartName): string {
  return partWords[part]();
}

const deedWords: Readonly<Record<Deed, () => string>> = {
  submit: m.orders_deed_submit,
  approve: m.orders_deed_approve,
  reject: m.orders_deed_reject,
  withdraw: m.orders_deed_withdraw,
  finish: m.orders_deed_finish,
  cancel: m.orders_deed_cancel,
  reverse: m.orders_deed_reverse,
};
export function deedWord(deed: Deed): string {
  return deedWords[deed]();
}
const deedsSaid: Readonly<Record<Deed, (order: { number: string }) => string>> = {
  submit: m.orders_said_submit,
  approve: m.orders_said_approve,
  reject: m.orders_said_reject,
  withdraw: m.orders_said_withdraw,
  finish: m.orders_said_finish,
  cancel: m.orders_said_cancel,
  reverse: m.orders_said_reverse,
};
export function deedSaid(deed: Deed, number: string): string {
  return deedsSaid[deed]({ number });
}

const actions: Readonly<Record<PlannedChange['action'], () => string>> = {
  'add-link': m.orders_action_add_link,
  'move-link': m.orders_action_move_link,
  'remove-link': m.orders_action_remove_link,
  'move-device': m.orders_action_move_device,
  'remove-device': m.orders_action_remove_device,
  'swap-device': m.orders_action_swap_device,
};
export function actionWord(action: PlannedChange['action']): string {
  return actions[action]();
}

/** "A:12 – acc-ug-1:1/1/7". */
export function endsText({ a, b }: Ends): string {
  return `${a ?? m.orders_end_open()} – ${b ?? m.orders_end_open()}`;
}

/** What an entry of the differences is about: the cable's label or kind, the device's name. */
export function differenceName({ name, cable, items }: Difference): string {
  if (name !== '') return name;
  const kind = cable ? cableKind(cable.kind) : m.orders_cable();
  return items.length > 1 ? m.orders_cables_of_kind({ count: items.length, kind }) : kind;
}

/** Why an order cannot be submitted, or what is to be minded, in a sentence. */
export function orderRemarkSentence({ code, values }: OrderRemark, cards: Cards): string {
  const said = (name: string) => {
    const value = values[name] ?? '';
    return typeof value === 'number' ? localNumber(value) : value;
  };
  const card = cards.ports.get(Number(values.portId));
  const port = card ? portText(card) : said('port');
  switch (code) {
    case 'empty':
      return m.orders_remark_empty();
    case 'occupied':
      return said('cable') === ''
        ? m.orders_remark_occupied({ port })
        : m.orders_remark_occupied_by({ port, by: said('cable') });
    case 'gone':
      return m.orders_remark_gone();
    case 'place-taken':
      return said('by') === ''
        ? m.orders_remark_place_taken()
        : m.orders_remark_place_taken_by({ by: said('by') });
    case 'kinds-differ':
      return said('a') === ''
        ? m.orders_remark_kinds_differ_plain()
        : m.orders_remark_kinds_differ({ a: said('a'), b: said('b') });
    case 'label-taken':
      return m.orders_remark_label_taken({ label: said('label') });
    case 'other-order':
      return m.orders_remark_other_order({ number: said('number'), title: said('title') });
    case 'twice':
      return said('name') === ''
        ? m.orders_remark_twice()
        : m.orders_remark_twice_named({ name: said('name') });
    case 'already-so':
      return said('name') === ''
        ? m.orders_remark_already_so()
        : m.orders_remark_already_so_named({ name: said('name') });
    case 'link-too-long':
      return m.orders_remark_link_too_long({ metres: said('metres'), most: said('most') });
    case 'channel-too-long':
      return m.orders_remark_channel_too_long({ metres: said('metres'), most: said('most') });
  }
}

/** The cable that is in the way at a port, where it can be planned to be taken out too. */
export function inTheWay({ code, values }: OrderRemark): { linkId: number; label: string } | null {
  return code === 'occupied' && typeof values.linkId === 'number'
    ? { linkId: values.linkId, label: String(values.cable ?? '') }
    : null;
}

/** What something loses while the order is carried out, or for good. */
export function losesWords({ loses, forGood }: Pick<Interrupted, 'loses' | 'forGood'>): string {
  switch (loses) {
    case 'network':
      return forGood ? m.orders_loses_network_for_good() : m.orders_loses_network();
    case 'power':
      return forGood ? m.orders_loses_power_for_good() : m.orders_loses_power();
    case 'redundancy':
      return forGood ? m.orders_loses_redundancy_for_good() : m.orders_loses_redundancy();
  }
}

/** Where a step is done, within its place: "A:12", or the device. */
export function stepAt(step: OrderStep, cards: Cards): string {
  const port = step.portId === null ? undefined : cards.ports.get(step.portId);
  const side = port?.twoSided && step.portSide === 'rear' ? m.orders_port_behind() : '';
  return port ? [portText(port), side].filter((part) => part !== '').join(' ') : (step.device?.name ?? '');
}

/** What is in the hand and where its other end is; where a device goes. */
export function stepDetails(step: OrderStep, cards: Cards): string[] {
  const details: string[] = [];
  const label = step.endLabel ?? step.cable?.label ?? '';
  if (step.cable) {
    const kind = cableKind(step.cable.kind);
    details.push(label === '' ? m.orders_step_cable_plain({ kind }) : m.orders_step_cable({ kind, label }));
  }
  const other = step.otherPortId === null ? undefined : cards.ports.get(step.otherPortId);
  if (other && step.deed === 'plug') details.push(m.orders_step_other({ port: portText(other) }));
  else if (other && step.deed === 'unplug') details.push(m.orders_step_other_now({ port: portText(other) }));
  if (step.toSpot) details.push(m.orders_step_goes_to({ place: spotText(step.toSpot) }));
  if (step.cables.length > 0) details.push(m.orders_step_cables({ count: step.cables.length }));
  return details;
}

/** Why a write on an order was refused. */
export function orderProblem(problem: ApiProblem): string {
  switch (problem.reason) {
    case 'state':
      return m.orders_problem_state();
    case 'begun':
      return m.orders_problem_begun();
    case 'remarks':
      return m.orders_problem_remarks();
    case 'nothing':
      return m.orders_problem_nothing();
    case 'conflict':
      return m.orders_problem_conflict({ names: blockingNames(problem.blocking) });
    default:
      return problemSentence(problem);
  }
}
