/** What a device takes of a rack. */
export interface Placement {
  readonly name: string;
  /** Lowest rack unit, from 1 at the bottom; null when it takes none. */
  readonly position: number | null;
  readonly uHeight: number;
  readonly fullDepth: boolean;
  readonly face: 'front' | 'rear';
  readonly side: 'full' | 'left' | 'right';
}

/** Two devices want the same room: same units, same depth, same half. */
export function collide(a: Placement, b: Placement): boolean {
  if (a.position === null || b.position === null) return false;
  const units = a.position < b.position + b.uHeight && b.position < a.position + a.uHeight;
  const depth = a.fullDepth || b.fullDepth || a.face === b.face;
  const width = a.side === 'full' || b.side === 'full' || a.side === b.side;
  return units && depth && width;
}

/** Rack units in which something is mounted, front or rear; a half unit counts half. */
export function usedUnits(devices: readonly Placement[]): number {
  const halves = new Set<number>();
  for (const { position, uHeight } of devices)
    if (position !== null) for (let half = 0; half < uHeight * 2; half++) halves.add(position * 2 + half);
  return halves.size / 2;
}

/** "HE 12" or "HE 1-3": the units of a device as they are printed on the rails. */
export function unitsText(position: number, uHeight: number): string {
  const last = Math.ceil(position + uHeight - 1);
  const first = Math.floor(position);
  return last <= first ? `HE ${first}` : `HE ${first}-${last}`;
}

/** Where a device is, for people: "Serverraum neu, Schrank 3, HE 1-3". */
export function placeText(at: {
  /** null: on the shelf. */
  readonly room: string | null;
  readonly rack: string | null;
  readonly position: number | null;
  readonly uHeight: number;
}): string {
  const parts: string[] = [];
  if (at.room !== null) parts.push(at.room);
  if (at.rack !== null) parts.push(at.rack);
  if (at.position !== null && at.uHeight > 0) parts.push(unitsText(at.position, at.uHeight));
  return parts.join(', ');
}
