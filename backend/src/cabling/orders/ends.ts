import type { Change } from '../../history/change.ts';
import type { Row, StoredRow } from '../../history/spec.ts';
import type { LinkSide, PortSide } from './world.ts';

/** What cables do while a change is made: looked up, plugged in, taken out. */

export interface EndPlace {
  readonly portId: number;
  readonly portSide: PortSide;
}

/** The end of a cable in a port; undefined: the port is empty. */
export async function endAt(change: Change, at: EndPlace): Promise<StoredRow | undefined> {
  const ends = await change.rows.byIds('link_ends', [at.portId], 'port_id');
  return ends.find((end) => end.port_side === at.portSide);
}

export function endsOf(change: Change, linkId: number): Promise<StoredRow[]> {
  return change.rows.byIds('link_ends', [linkId], 'link_id');
}

export async function pull(change: Change, end: StoredRow): Promise<void> {
  await change.remove('link-end', [end.id]);
}

export async function plugIn(
  change: Change,
  linkId: number,
  end: { readonly side: LinkSide; readonly connector: number } & EndPlace,
): Promise<void> {
  await change.insert('link-end', [
    {
      link_id: linkId,
      side: end.side,
      connector: end.connector,
      port_id: end.portId,
      port_side: end.portSide,
    },
  ]);
}

/** Takes a cable away that ends nowhere any more: it lies in a cupboard from now on, or it is gone. */
export async function putAway(
  change: Change,
  linkId: number,
  keep: { readonly roomId: number | null } | null,
): Promise<void> {
  if (keep === null) await change.remove('link', [linkId]);
  else await change.update('link', linkId, { status: 'spare', room_id: keep.roomId });
}

/** A cord out of the cupboard is in use when it is plugged in. */
export async function takeIntoUse(change: Change, link: StoredRow): Promise<void> {
  if (link.status === 'spare')
    await change.update('link', link.id, { status: 'installed', room_id: null, place: null });
}

/** How a cable is called in a message. */
export async function nameOfLink(change: Change, linkId: number): Promise<string> {
  const link = await change.find('link', linkId);
  return link === undefined ? '' : String(link.label);
}

/** `<device or outlet>:<port>` */
export async function nameOfPort(change: Change, portId: number): Promise<string> {
  const row = await change.tx
    .selectFrom('ports')
    .leftJoin('devices', 'devices.id', 'ports.device_id')
    .leftJoin('outlets', 'outlets.id', 'ports.outlet_id')
    .select(['ports.name', 'devices.name as device', 'outlets.name as outlet'])
    .where('ports.id', '=', portId)
    .executeTakeFirst();
  return row === undefined ? '' : `${row.device ?? row.outlet ?? ''}:${row.name}`;
}

export async function roomOfPort(change: Change, portId: number): Promise<number | null> {
  const row = await change.tx
    .selectFrom('ports')
    .leftJoin('devices', 'devices.id', 'ports.device_id')
    .leftJoin('outlets', 'outlets.id', 'ports.outlet_id')
    .select((e) => e.fn.coalesce('devices.room_id', 'outlets.room_id').as('room_id'))
    .where('ports.id', '=', portId)
    .executeTakeFirst();
  return row?.room_id ?? null;
}

/** What was put in where it differs from what was planned. */
export function deviations(given: {
  readonly label: string | null;
  readonly lengthM: number | null;
  readonly color: string | null;
}): Row {
  return {
    ...(given.label === null || given.label === '' ? {} : { label: given.label }),
    // Who measures it has looked at it.
    ...(given.lengthM === null ? {} : { length_m: given.lengthM, to_check: 0 }),
    ...(given.color === null || given.color === '' ? {} : { color: given.color }),
  };
}
