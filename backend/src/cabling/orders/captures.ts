import type { Capture, CaptureReply } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import type { Change } from '../../history/change.ts';
import { type Changes, causeOf } from '../../history/changes.ts';
import type { StoredRow } from '../../history/spec.ts';
import type { Caller } from '../../http/route.ts';
import { asMovedOn, movedOn } from './conflicts.ts';
import {
  deviations,
  type EndPlace,
  endAt,
  endsOf,
  nameOfLink,
  nameOfPort,
  plugIn,
  pull,
  putAway,
  takeIntoUse,
} from './ends.ts';
import { keepReport, reportedBefore } from './reported.ts';
import type { AfterStep } from './reports.ts';

const of = 'capture';

/** Cables that are documented where they are put in, without an order. Each report once. */
export class Captures {
  readonly #db: Database;
  readonly #changes: Changes;
  readonly #afterStep: AfterStep;

  constructor(options: { db: Database; changes: Changes; afterStep: AfterStep }) {
    this.#db = options.db;
    this.#changes = options.changes;
    this.#afterStep = options.afterStep;
  }

  /** @throws AppError conflict with reason `conflict`: an end is taken, or it is another cable; `blocking` names it */
  async take(caller: Caller, capture: Capture): Promise<CaptureReply> {
    const cause = causeOf(caller);
    const before = await reportedBefore(this.#db, capture.key, of);
    if (before !== null) return repeated(before);
    const { changeId, result } = await this.#changes
      .run(cause, async (change) => {
        const known = await reportedBefore(change.tx, capture.key, of);
        if (known !== null) return { reply: repeated(known), portIds: [] };
        const linkId =
          capture.what === 'connected' ? await connect(change, capture) : await disconnect(change, capture);
        const label = linkId === null ? '' : await nameOfLink(change, linkId);
        // Nothing is written where the documentation says the same already: then there is no change.
        const made = change.events.length > 0 ? change.id : null;
        await keepReport(change.tx, capture.key, change.now, { of, changeId: made, linkId, label });
        const portIds = [capture.a, capture.b].flatMap((end) => (end === null ? [] : [end.portId]));
        return { reply: { linkId, label, changeId: made, repeated: false }, portIds };
      })
      .catch((error: unknown) => {
        throw asMovedOn(error);
      });
    const { reply, portIds } = result;
    if (!reply.repeated)
      this.#afterStep({
        stepId: null,
        linkIds: reply.linkId === null ? [] : [reply.linkId],
        portIds,
        by: cause.user.name,
      });
    return reply.repeated ? reply : { ...reply, changeId };
  }
}

function repeated({ changeId, linkId, label }: Omit<CaptureReply, 'repeated'>): CaptureReply {
  return { changeId, linkId, label, repeated: true };
}

async function connect(change: Change, capture: Capture): Promise<number> {
  const ends = [capture.a, capture.b].flatMap((end) => (end === null ? [] : [place(end)]));
  const known = await knownCable(change, capture, ends);
  for (const end of ends) {
    const holder = await endAt(change, end);
    if (holder === undefined || holder.link_id === known?.id) continue;
    if (!capture.replace) throw await taken(change, end, holder);
    await takeOut(change, holder);
  }
  const linkId = known?.id ?? (await insertCable(change, capture));
  for (const end of ends)
    if ((await endAt(change, end)) === undefined) await plugOpenEnd(change, linkId, end);
  await takeIntoUse(change, await change.get('link', linkId));
  if (known !== undefined) await change.update('link', linkId, deviations(capture));
  return linkId;
}

/**
 * A cable of which the documentation knows already: one that hangs open at one of the ends, or joins both; or the one with the
 * label, when it hangs open or lies in the cupboard.
 */
async function knownCable(
  change: Change,
  capture: Capture,
  places: readonly EndPlace[],
): Promise<StoredRow | undefined> {
  for (const end of places) {
    const holder = await endAt(change, end);
    if (holder === undefined) continue;
    const link = await change.get('link', Number(holder.link_id));
    const others = (await endsOf(change, link.id)).filter((each) => each.id !== holder.id);
    const fits = others.every((other) => places.some((each) => isAt(other, each)));
    const alike =
      link.kind === capture.kind &&
      (capture.label === null || capture.label === '' || capture.label === link.label || link.label === '');
    if (fits && alike) return link;
  }
  if (capture.label === null || capture.label === '') return undefined;
  const labelled = await change.tx
    .selectFrom('links')
    .select('id')
    .where('label', '=', capture.label)
    .executeTakeFirst();
  if (labelled === undefined) return undefined;
  const link = await change.get('link', labelled.id);
  const elsewhere = (await endsOf(change, link.id)).filter((end) => !places.some((each) => isAt(end, each)));
  const room = elsewhere.length + places.length <= 2 && link.kind === capture.kind;
  if (elsewhere.length === 0 || (places.length === 1 && room)) return link;
  // The cord in the hand has this label: it cannot be where it is documented.
  if (!capture.replace)
    throw movedOn(`The cable "${capture.label}" is documented elsewhere.`, [
      { kind: 'link', id: link.id, name: String(link.label) },
    ]);
  for (const end of elsewhere) await pull(change, end);
  return link;
}

async function insertCable(change: Change, capture: Capture): Promise<number> {
  const { kind, label, lengthM, color } = capture;
  const [id = 0] = await change.insert('link', [
    { kind, label: label ?? '', length_m: lengthM, color: color === '' ? null : color },
  ]);
  return id;
}

async function plugOpenEnd(change: Change, linkId: number, end: EndPlace): Promise<void> {
  const used = new Set((await endsOf(change, linkId)).map((each) => each.side));
  await plugIn(change, linkId, { side: used.has('a') ? 'b' : 'a', connector: 1, ...end });
}

/** What is unplugged: one end, or (both named) the whole cord. @returns the cable; null when there was none */
async function disconnect(change: Change, capture: Capture): Promise<number | null> {
  const a = place(capture.a);
  const holder = await endAt(change, a);
  if (holder === undefined) return null;
  const linkId = Number(holder.link_id);
  const label = await nameOfLink(change, linkId);
  const b = capture.b === null ? null : place(capture.b);
  const ends = await endsOf(change, linkId);
  const other = b === null ? undefined : ends.find((end) => isAt(end, b));
  const wrongLabel = capture.label !== null && capture.label !== '' && capture.label !== label;
  if (wrongLabel || (b !== null && other === undefined)) throw await taken(change, a, holder);
  await pull(change, holder);
  if (other !== undefined) await pull(change, other);
  if ((await endsOf(change, linkId)).length > 0) return linkId;
  await putAway(change, linkId, null);
  return null;
}

/** An old cord goes; what is installed for good stays and hangs open there. */
async function takeOut(change: Change, holder: StoredRow): Promise<void> {
  const link = await change.get('link', Number(holder.link_id));
  if (link.kind === 'permanent' || link.kind === 'provider') await pull(change, holder);
  else await change.remove('link', [link.id]);
}

async function taken(change: Change, at: EndPlace, holder: StoredRow) {
  const id = Number(holder.link_id);
  const name = await nameOfLink(change, id);
  return movedOn(`In ${await nameOfPort(change, at.portId)} is the cable "${name}".`, [
    { kind: 'link', id, name },
  ]);
}

function isAt(end: StoredRow, at: EndPlace): boolean {
  return end.port_id === at.portId && end.port_side === at.portSide;
}

function place(end: { readonly portId: number; readonly side: 'front' | 'rear' }): EndPlace {
  return { portId: end.portId, portSide: end.side };
}
