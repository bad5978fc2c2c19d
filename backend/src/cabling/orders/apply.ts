import type { PlannedChange, StepReport } from '@rackhaus/config/contract';
import type { Change } from '../../history/change.ts';
import type { Row, StoredRow } from '../../history/spec.ts';
import { AppError } from '../../problem.ts';
import { applyDeviceStep } from './apply-device.ts';
import { movedOn } from './conflicts.ts';
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
  roomOfPort,
  takeIntoUse,
} from './ends.ts';
import { restoreLink } from './restore-link.ts';
import type { ItemRow, LinkSide } from './world.ts';

/** A step that was done, as the documentation is to have it. */
export interface Done {
  readonly item: ItemRow;
  readonly step: StoredRow;
  readonly report: Pick<StepReport, 'label' | 'lengthM' | 'color' | 'force'>;
}
/** What a step had to do with: for who looks whether the network agrees. */
export interface Touched {
  readonly linkIds: readonly number[];
  readonly portIds: readonly number[];
}

/**
 * Writes what a step did into the documentation.
 * @throws AppError conflict (reason `conflict`, `blocking` names it) when the documentation has moved on and `force` is not set
 */
export async function applyStep(change: Change, done: Done): Promise<Touched> {
  const { change: planned } = done.item;
  if (planned.action === 'add-link' || 'linkId' in planned)
    return done.step.deed === 'plug' ? plug(change, done, planned) : unplug(change, done, planned);
  return applyDeviceStep(change, planned);
}

type LinkChange = Extract<PlannedChange, { action: 'add-link' | 'move-link' | 'remove-link' }>;

async function unplug(change: Change, done: Done, planned: LinkChange): Promise<Touched> {
  if (planned.action === 'add-link') throw new Error('A cable that is put in is not taken out.');
  const { step, report } = done;
  const { linkId } = planned;
  const link = await change.find('link', linkId);
  if (link === undefined) {
    if (!report.force) throw await linkGone(change, linkId);
    return { linkIds: [], portIds: [] };
  }
  const at = placeOfStep(step);
  if (at !== null) {
    const own = (await endsOf(change, linkId)).find(
      (end) => end.side === step.link_side && end.connector === step.connector,
    );
    if (own !== undefined) {
      const here = own.port_id === at.portId && own.port_side === at.portSide;
      // It was plugged in where it goes before this was reported.
      if (!here && isWhereItGoes(own, planned)) return { linkIds: [linkId], portIds: [] };
      if (!here && !report.force)
        throw movedOn(
          `${await nameOfPort(change, at.portId)} does not hold the cable "${String(link.label)}" any more: it is in ${await nameOfPort(change, Number(own.port_id))}.`,
          [{ kind: 'link', id: link.id, name: String(link.label) }],
        );
      await pull(change, own);
    }
    if (report.force) {
      // The port is empty now, whatever was written of it.
      const other = await endAt(change, at);
      if (other !== undefined) await pull(change, other);
    }
  }
  const left = await endsOf(change, linkId);
  if (planned.action === 'remove-link' && left.length === 0)
    await putAway(
      change,
      linkId,
      planned.keep ? { roomId: at === null ? null : await roomOfPort(change, at.portId) } : null,
    );
  return {
    linkIds: [linkId],
    portIds: [...left.map((end) => Number(end.port_id)), ...(at === null ? [] : [at.portId])],
  };
}

function isWhereItGoes(end: StoredRow, planned: LinkChange): boolean {
  const goal = planned.action === 'move-link' ? planned[end.side === 'a' ? 'a' : 'b'] : null;
  return goal?.portId === end.port_id && goal?.portSide === end.port_side;
}

async function plug(change: Change, done: Done, planned: LinkChange): Promise<Touched> {
  const { step, report } = done;
  const at = placeOfStep(step);
  const side: LinkSide = step.link_side === 'b' ? 'b' : 'a';
  const connector = Number(step.connector ?? 1);
  if (at === null) throw new Error('A cable is plugged into a port.');
  if ((await change.find('port', at.portId)) === undefined)
    throw movedOn('The port is not there any more.', [{ kind: 'port', id: at.portId, name: '' }]);
  const link = await linkToPlug(change, done, planned);
  const holder = await endAt(change, at);
  if (holder !== undefined) {
    const own = holder.link_id === link?.id && holder.side === side && holder.connector === connector;
    if (own) return finishPlug(change, done, Number(holder.link_id));
    if (!report.force) {
      const holderId = Number(holder.link_id);
      const name = await nameOfLink(change, holderId);
      throw movedOn(`In ${await nameOfPort(change, at.portId)} is the cable "${name}".`, [
        { kind: 'link', id: holderId, name },
      ]);
    }
    await pull(change, holder);
  }
  const linkId = link?.id ?? (await insertLink(change, planned, deviations(report)));
  const stale = (await endsOf(change, linkId)).find(
    (end) => end.side === side && end.connector === connector,
  );
  if (stale !== undefined) {
    if (!report.force)
      throw movedOn(
        `By the documentation this end is still in ${await nameOfPort(change, Number(stale.port_id))}.`,
        [{ kind: 'link', id: linkId, name: await nameOfLink(change, linkId) }],
      );
    await pull(change, stale);
  }
  await plugIn(change, linkId, { side, connector, ...at });
  if (planned.action === 'add-link' && done.item.linkId !== linkId)
    await change.update('order-item', done.item.id, { link_id: linkId });
  return finishPlug(change, done, linkId);
}

async function finishPlug(change: Change, { report }: Done, linkId: number): Promise<Touched> {
  await takeIntoUse(change, await change.get('link', linkId));
  await change.update('link', linkId, deviations(report));
  const ends = await endsOf(change, linkId);
  return { linkIds: [linkId], portIds: ends.map((end) => Number(end.port_id)) };
}

/** The cable whose end is plugged in; undefined: it has to be made. */
async function linkToPlug(change: Change, done: Done, planned: LinkChange): Promise<StoredRow | undefined> {
  const linkId = planned.action === 'add-link' ? done.item.linkId : planned.linkId;
  if (linkId === null) return undefined;
  const link = await change.find('link', linkId);
  if (link !== undefined) return link;
  if (planned.action === 'add-link') {
    // An order that takes another back brings the cable back as it was; after its first end it has to be there.
    const begun = await otherEndDone(change, done);
    if (!begun) return restoreLink(change, linkId);
    if (done.report.force) return undefined;
  }
  throw await linkGone(change, linkId);
}

async function otherEndDone(change: Change, { step }: Done): Promise<boolean> {
  const steps = await change.rows.byIds('order_steps', [Number(step.item_id)], 'item_id');
  return steps.some((each) => each.id !== step.id && each.deed === 'plug' && each.state === 'done');
}

async function linkGone(change: Change, linkId: number): Promise<AppError> {
  const event = await change.tx
    .selectFrom('change_events')
    .select('name')
    .where('kind', '=', 'link')
    .where('object_id', '=', linkId)
    .where('after', 'is', null)
    .orderBy('id', 'desc')
    .executeTakeFirst();
  const name = event?.name ?? '';
  return movedOn(`The cable "${name}" is not in the documentation any more.`, [
    { kind: 'link', id: linkId, name },
  ]);
}

async function insertLink(change: Change, planned: LinkChange, deviating: Row): Promise<number> {
  if (planned.action !== 'add-link')
    throw new AppError('conflict', 'The cable is not there any more.', undefined, { reason: 'conflict' });
  const { kind, label, medium, color, lengthM } = planned;
  const [id = 0] = await change.insert('link', [
    { kind, label: label ?? '', medium, color, length_m: lengthM, ...deviating },
  ]);
  return id;
}

function placeOfStep(step: StoredRow): EndPlace | null {
  if (typeof step.port_id !== 'number') return null;
  return { portId: step.port_id, portSide: step.port_side === 'rear' ? 'rear' : 'front' };
}
