import type { Draft } from './draft.ts';
import type { NetboxData } from './shapes.ts';

const sources: Readonly<Record<string, string>> = {
  'dcim.interface': 'interface',
  'dcim.consoleport': 'consoleport',
  'dcim.powerport': 'powerport',
  'dcim.poweroutlet': 'poweroutlet',
  'dcim.frontport': 'frontport',
  'dcim.rearport': 'rearport',
};
const metres: Readonly<Record<string, number>> = {
  km: 1000,
  m: 1,
  cm: 0.01,
  mi: 1609.344,
  ft: 0.3048,
  in: 0.0254,
};

/** What NetBox calls the medium of a cable; whatever else it knows is not told apart here. */
const media: Readonly<Record<string, string>> = {
  cat5e: 'cat5e',
  cat6: 'cat6',
  cat6a: 'cat6a',
  cat7: 'cat7',
  cat7a: 'cat7a',
  cat8: 'cat8',
  'mmf-om1': 'om1',
  'mmf-om2': 'om2',
  'mmf-om3': 'om3',
  'mmf-om4': 'om4',
  'mmf-om5': 'om5',
  'smf-os1': 'os1',
  'smf-os2': 'os2',
  'dac-active': 'dac',
  'dac-passive': 'dac',
  aoc: 'aoc',
  coaxial: 'coax',
  usb: 'usb',
};

interface CableEnd {
  readonly side: 'a' | 'b';
  readonly connector: number;
  readonly type: string;
  readonly portId: number | undefined;
  readonly portSide: 'front' | 'rear';
}

/**
 * Cables with their ends, several on a side where NetBox has them: each has a connector of its own. A cable at the back of a panel is
 * a permanent link, any other one a cord.
 */
export function writeCables(draft: Draft, data: NetboxData): void {
  // The back of a jack is a side of the same port; that of any other rear port is the only one it has.
  const jacks = new Set(
    (draft.file().records.port ?? []).filter((port) => port.twoSided === true).map((port) => port.id),
  );
  const taken = new Set<string>();
  const labels = new Set<string>();
  for (const cable of data.cables) {
    const name = cable.label ?? cable.display;
    if (cable.status === 'planned' || cable.status === 'decommissioning') {
      draft.remark('link', name, `is left out: it is ${cable.status} in NetBox`);
      continue;
    }
    const ends = (['a', 'b'] as const).flatMap((side) =>
      cable[`${side}_terminations`].map(({ object_type, object_id }, index): CableEnd => {
        const source = sources[object_type];
        const portId = source === undefined ? undefined : draft.idOf(`${source}/${object_id}`);
        const behind = source === 'rearport' && portId !== undefined && jacks.has(portId);
        return { side, connector: index + 1, type: object_type, portId, portSide: behind ? 'rear' : 'front' };
      }),
    );
    const why = whyLeftOut(ends, taken);
    if (why !== null) {
      draft.remark('link', name, why);
      continue;
    }
    const kind = ends.some((end) => end.type === 'dcim.powerport' || end.type === 'dcim.poweroutlet')
      ? 'power'
      : ends.some((end) => end.type === 'dcim.rearport')
        ? 'permanent'
        : 'patch';
    // What is installed ends behind a jack. From behind one to the front of another nothing is that has a name here.
    const inFront = ends.some(({ portId = 0, portSide }) => jacks.has(portId) && portSide === 'front');
    const behind = ends.some(({ portId = 0, portSide }) => jacks.has(portId) && portSide === 'rear');
    if (kind === 'permanent' && inFront && behind) {
      draft.remark('link', name, 'is left out: it leads from behind one jack to the front of another');
      continue;
    }
    for (const end of ends) taken.add(placeOf(end));
    const lengthM = cable.length === null ? null : cable.length * (metres[cable.length_unit ?? 'm'] ?? 1);
    const linkId = draft.add('link', `cable/${cable.id}`, {
      kind: kind === 'permanent' && inFront ? 'patch' : kind,
      label: ownLabel(cable.label?.slice(0, 90) ?? '', labels),
      medium: media[cable.type ?? ''] ?? null,
      color: cable.color === null ? null : `#${cable.color.replace(/^#/, '')}`,
      lengthM: lengthM === null || lengthM <= 0 ? null : Math.max(0.01, Math.round(lengthM * 100) / 100),
      notes: cable.description,
    });
    for (const [index, { side, connector, portId, portSide }] of ends.entries())
      draft.add('link-end', `end/${cable.id}/${index}`, { linkId, side, connector, portId, portSide });
  }
}

const placeOf = (end: CableEnd) => `${end.portId ?? ''}/${end.portSide}`;

function whyLeftOut(ends: readonly CableEnd[], taken: ReadonlySet<string>): string | null {
  if (ends.length === 0) return 'is left out: it has no ends';
  const other = ends.find((end) => sources[end.type] === undefined);
  if (other !== undefined) return `is left out: it ends at a ${other.type}`;
  if (ends.some((end) => end.portId === undefined)) return 'is left out, because one of its ports is';
  const places = ends.map(placeOf);
  if (places.some((place) => taken.has(place)) || new Set(places).size < places.length)
    return 'is left out: another cable is plugged in at the same place';
  return null;
}

/** NetBox lets cables share a label; here it is there once, and all but the first get a number. */
function ownLabel(label: string, taken: Set<string>): string | null {
  if (label === '') return null;
  for (let again = 1; ; again++) {
    const own = again === 1 ? label : `${label} (${again})`;
    if (taken.has(own)) continue;
    taken.add(own);
    return own;
  }
}
