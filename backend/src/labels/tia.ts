/** One end of a cable, as label schemes need it. */
export interface End {
  readonly owner: 'device' | 'outlet';
  readonly name: string;
  readonly port: string;
  readonly rack: string | null;
  readonly position: number | null;
  readonly room: string;
  readonly roomNumber: string | null;
  readonly floor: string;
}

const twoDigits = (port: string) => (/^\d$/.test(port) ? `0${port}` : port);

/**
 * Floor and telecommunications space as TIA-606 begins a horizontal link with them (`1A`): the number on the door, or else
 * what the floor's name says: `0` for an Erdgeschoss, `U` for one below, the number of one above.
 */
export function spaceOf(room: { readonly roomNumber: string | null; readonly floor: string }): string {
  if (room.roomNumber !== null) return room.roomNumber.replaceAll(/\s+/g, '');
  const number = /\d+/.exec(room.floor)?.[0] ?? '';
  if (/unter|keller|basement|\b\d*\.?\s*UG\b|^UG/i.test(room.floor)) return `U${number}`;
  if (/erdgeschoss|ground|\bEG\b/i.test(room.floor)) return '0';
  return number;
}

/** `AB03-12:07`: rack, lowest unit, port. What stands in no rack is `name:port`. */
export function rackEnd(end: End): string {
  if (end.rack === null) return `${end.name}:${twoDigits(end.port)}`;
  const unit = end.position === null ? '' : `-${Math.floor(end.position)}`;
  return `${end.rack}${unit}:${twoDigits(end.port)}`;
}

/**
 * The identifier of TIA-606 as it is written on the near end: `1A-B07` for a cable to an outlet (space, panel, port; the same
 * at both ends), `AB03-12:07/AB07-30:07` between racks, near end first.
 */
export function tiaName(near: End, far: End): string {
  const [panel, outlet] =
    near.owner === 'outlet' ? [far, near] : far.owner === 'outlet' ? [near, far] : [null, null];
  if (panel === null || outlet === null || panel.owner === 'outlet')
    return `${rackEnd(near)}/${rackEnd(far)}`;
  const separator = /\d$/.test(panel.name) ? ':' : '';
  const space = spaceOf(panel);
  return `${space === '' ? '' : `${space}-`}${panel.name}${separator}${twoDigits(panel.port)}`;
}
