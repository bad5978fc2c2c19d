import type { LinkState, Seen } from '../drift/seen.ts';
import type { Way } from '../drift/ways.ts';

/** A port whose device can tell of what was done, and what it tells. */
export interface Witness {
  readonly portId: number;
  /** Where the documentation leads from it, now that the step is done. */
  readonly way: Way;
  readonly link: LinkState | undefined;
  readonly seen: readonly Seen[];
  /** What is seen is as documented. */
  readonly right: Seen | null;
  /** What is seen is something else. */
  readonly wrong: Seen | null;
  /** `wrong` was seen before the port got the link that it has now: perhaps only not forgotten yet. */
  readonly leftOver: boolean;
}

export interface StepDone {
  readonly deed: 'plug' | 'unplug';
  /** ms since 1970 */
  readonly doneAt: number;
  readonly witnesses: readonly Witness[];
  /** Nothing more will come: say what is known. */
  readonly final: boolean;
}

export type Decision =
  | { readonly proof: 'waiting' | 'unproven' }
  | { readonly proof: 'proven'; readonly source: Seen['source'] | 'link' }
  /** `by`: what is there instead; null: it is as it was before. */
  | { readonly proof: 'contradicted'; readonly portId: number; readonly by: Seen | null };

/** People press "done" a while after they have done it, and clocks differ. */
const beforeMs = 5 * 60_000;

/**
 * Whether what devices tell proves that a step was done as planned. Pure.
 * `waiting` only as long as more may come; a contradiction is told at once when it is certain, else at the end.
 */
export function decide(step: StepDone): Decision {
  return step.deed === 'plug' ? decidePlug(step) : decideUnplug(step);
}

function decidePlug({ witnesses, doneAt, final }: StepDone): Decision {
  const telling = witnesses.filter(({ way }) => way.kind === 'device');
  const wrong = telling.find(
    (each) => each.wrong !== null && (!each.leftOver || (final && !cameUp(each, doneAt))),
  );
  if (wrong !== undefined) return { proof: 'contradicted', portId: wrong.portId, by: wrong.wrong };
  const right = telling.find((each) => each.right !== null && each.link?.up !== false);
  if (right?.right) return { proof: 'proven', source: right.right.source };
  // Both ends are watched, and both got a link just now.
  const joined = telling.some(
    (each) =>
      each.way.kind === 'device' &&
      cameUp(each, doneAt) &&
      telling.some(
        (other) => each.way.kind === 'device' && other.portId === each.way.far && cameUp(other, doneAt),
      ),
  );
  if (joined && final && telling.every((each) => each.wrong === null))
    return { proof: 'proven', source: 'link' };
  return { proof: final ? 'unproven' : 'waiting' };
}

function decideUnplug({ witnesses, doneAt, final }: StepDone): Decision {
  const loosened = witnesses.filter(({ way }) => way.kind !== 'device');
  if (loosened.some((each) => wentDown(each, doneAt))) return { proof: 'proven', source: 'link' };
  if (!final) return { proof: 'waiting' };
  // It still sees what it saw: another cable was pulled, or none.
  const still = loosened.find(
    (each) => each.link?.up === true && !cameUp(each, doneAt) && each.seen.length > 0,
  );
  if (still !== undefined) return { proof: 'contradicted', portId: still.portId, by: still.seen[0] ?? null };
  return { proof: 'unproven' };
}

function cameUp({ link }: Witness, doneAt: number): boolean {
  return link?.up === true && link.since >= doneAt - beforeMs;
}
function wentDown({ link }: Witness, doneAt: number): boolean {
  return link !== undefined && !link.up && link.since >= doneAt - beforeMs;
}
