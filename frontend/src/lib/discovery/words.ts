import type {
  DiscoveryRun,
  FoundDetail,
  FoundDevice,
  foundOrders,
  foundStates,
  leftReasons,
  runPhases,
  runProblems,
} from '@rackhaus/config/contract';
import { quantities } from '../format/index.ts';
import { m } from '../paraglide/messages.js';

export type FoundState = (typeof foundStates)[number];

export const stateLabels: Readonly<Record<FoundState, (count: string) => string>> = {
  new: (count) => m.disc_state_new({ count }),
  known: (count) => m.disc_state_known({ count }),
  ignored: (count) => m.disc_state_ignored({ count }),
};
export const orderLabels: Readonly<Record<(typeof foundOrders)[number], () => string>> = {
  address: m.disc_order_address,
  name: m.disc_order_name,
  vendor: m.disc_order_vendor,
  newest: m.disc_order_newest,
};
export const phaseWords: Readonly<Record<(typeof runPhases)[number], () => string>> = {
  sweep: m.disc_phase_sweep,
  recognise: m.disc_phase_recognise,
  neighbours: m.disc_phase_neighbours,
  silent: m.disc_phase_silent,
};
export const runProblemWords: Readonly<Record<(typeof runProblems)[number], () => string>> = {
  'no-agent': m.disc_problem_no_agent,
  'agent-silent': m.disc_problem_agent_silent,
  'agent-too-old': m.disc_problem_agent_too_old,
  'no-ping': m.disc_problem_no_ping,
  'not-allowed': m.disc_problem_not_allowed,
  agent: m.disc_problem_agent,
};
export const leftWords: Readonly<
  Record<(typeof leftReasons)[number], (which: { address: string }) => string>
> = {
  silent: m.disc_left_silent,
  'no-type': m.disc_left_no_type,
  'name-taken': m.disc_left_name_taken,
  known: m.disc_left_known,
  'not-allowed': m.disc_left_not_allowed,
};
/** How many of all new devices cannot be taken over as they are, and why. */
export const planWords: Readonly<Record<(typeof leftReasons)[number], (which: { count: number }) => string>> =
  {
    silent: m.disc_plan_silent,
    'no-type': m.disc_plan_no_type,
    'name-taken': m.disc_plan_name_taken,
    known: m.disc_plan_known,
    'not-allowed': m.disc_plan_not_allowed,
  };
const knownWords: Readonly<Record<NonNullable<FoundDevice['known']>['by'], () => string>> = {
  address: m.disc_known_by_address,
  serial: m.disc_known_by_serial,
  mac: m.disc_known_by_mac,
  name: m.disc_known_by_name,
};
const seatWords: Readonly<Record<NonNullable<FoundDevice['seat']>['by'], () => string>> = {
  lldp: m.disc_seat_by_lldp,
  cdp: m.disc_seat_by_cdp,
  fdb: m.disc_seat_by_fdb,
};

/** What a found device is called here: its own name, that in the DNS, else its address. */
export function nameOf({ identity, hostName, address }: FoundDevice): string {
  return identity?.name || hostName || address;
}

/** "Aruba 6200F", or that it was not recognised. */
export function modelOf({ identity }: FoundDevice): string | null {
  if (identity === null) return null;
  const { vendor, model } = identity;
  if (model === null) return vendor;
  return vendor === null || model.toLowerCase().startsWith(vendor.toLowerCase())
    ? model
    : `${vendor} ${model}`;
}

/** The device type that it would be: its own word for how sure that is. */
export function typeWords({ proposal }: FoundDevice): string {
  const { type, certainty, newType } = proposal;
  if (type !== null) return certainty === 'exact' ? type.name : m.disc_type_likely({ type: type.name });
  return newType === null ? m.disc_type_none() : m.disc_type_made({ type: newTypeName(newType) });
}

export function newTypeName({
  manufacturer,
  model,
}: NonNullable<FoundDevice['proposal']['newType']>): string {
  return model.toLowerCase().startsWith(manufacturer.toLowerCase()) ? model : `${manufacturer} ${model}`;
}

/** Whether it can be taken over as it is proposed. */
export function isReady({ proposal }: FoundDevice): boolean {
  return proposal.type !== null || proposal.newType !== null;
}

export function knownByWords(known: NonNullable<FoundDevice['known']>): string {
  return knownWords[known.by]();
}

export function seatByWords(seat: NonNullable<FoundDevice['seat']>): string {
  return seatWords[seat.by]();
}

/** What came of the last run of a search, in a sentence. */
export function lastRunWords(run: DiscoveryRun | null, now: number): string {
  if (run === null) return m.disc_never_run();
  const time = quantities.moment(run.finishedAt ?? run.createdAt, now);
  const { found } = run.progress;
  if (run.state === 'failed') return m.disc_last_failed({ time });
  const cancelled = run.state === 'cancelled';
  if (found === 0) return (cancelled ? m.disc_last_cancelled_none : m.disc_last_none)({ time });
  const words = cancelled ? m.disc_last_cancelled : m.disc_last_done;
  return words({ time, found: quantities.number(found), fresh: quantities.number(run.fresh) });
}

/** What has to be looked after when a run came to its end and yet did not do what a search is for; null: nothing. */
export function shortcoming(run: DiscoveryRun | null, credentials: number): 'silence' | 'credentials' | null {
  if (run?.state !== 'done') return null;
  const { found, recognised } = run.progress;
  if (found === 0) return 'silence';
  return recognised === 0 && credentials > 0 ? 'credentials' : null;
}

/** How long a run still takes, by how fast it has been; null: nothing can be said yet. */
export function secondsLeft(run: DiscoveryRun, now: number): number | null {
  const { done, total } = run.progress;
  if (run.startedAt === null || done < 5 || total === 0) return null;
  const passed = (now - run.startedAt) / 1000;
  return Math.max(0, (passed / done) * (total - done));
}

/** How far a run is: in addresses, where silent ones are asked anew in questions. */
export function progressWords({ progress: { phase, done, total } }: DiscoveryRun): string {
  const words = phase === 'silent' ? m.disc_progress_asks : m.disc_progress;
  return words({ done: quantities.number(done), total: quantities.number(total) });
}

export function isUnderWay(run: DiscoveryRun | null): boolean {
  return run !== null && (run.state === 'waiting' || run.state === 'running');
}

/** What came of a set of credentials. */
export function triedWords({ credential, outcome }: FoundDetail['tried'][number]): string {
  const which = { credential: credential.name };
  if (outcome === 'answers') return m.disc_outcome_answers(which);
  if (outcome === 'silent') return m.disc_outcome_silent(which);
  if (outcome.startsWith('wrong') || outcome === 'no-access') return m.disc_outcome_wrong(which);
  return m.disc_outcome_other(which);
}
