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

/** Cables between two ports. A cable at the back of a panel is a permanent link, any other one a cord. */
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
    const [a, ...moreA] = cable.a_terminations;
    const [b, ...moreB] = cable.b_terminations;
    if (a === undefined || b === undefined || moreA.length + moreB.length > 0) {
      draft.remark('link', name, 'is left out: it does not have exactly one port at each end');
      continue;
    }
    const ends = [a, b].map(({ object_type, object_id }) => {
      const source = sources[object_type];
      const portId = source === undefined ? undefined : draft.idOf(`${source}/${object_id}`);
      const behind = source === 'rearport' && portId !== undefined && jacks.has(portId);
      return { type: object_type, portId, portSide: behind ? 'rear' : 'front' };
    });
    const other = ends.find((end) => sources[end.type] === undefined);
    if (ends.some((end) => end.portId === undefined)) {
      draft.remark(
        'link',
        name,
        other === undefined
          ? 'is left out, because one of its ports is'
          : `is left out: it ends at a ${other.type}`,
      );
      continue;
    }
    const places = ends.map((end) => `${end.portId ?? ''}/${end.portSide}`);
    if (places.some((place) => taken.has(place)) || places[0] === places[1]) {
      draft.remark('link', name, 'is left out: another cable is plugged in at the same place');
      continue;
    }
    for (const place of places) taken.add(place);
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
    const lengthM = cable.length === null ? null : cable.length * (metres[cable.length_unit ?? 'm'] ?? 1);
    const linkId = draft.add('link', `cable/${cable.id}`, {
      kind: kind === 'permanent' && inFront ? 'patch' : kind,
      label: ownLabel(cable.label?.slice(0, 90) ?? '', labels),
      color: cable.color === null ? null : `#${cable.color.replace(/^#/, '')}`,
      lengthM: lengthM === null || lengthM <= 0 ? null : Math.max(0.01, Math.round(lengthM * 100) / 100),
      notes: cable.description,
    });
    for (const [index, { portId, portSide }] of ends.entries())
      draft.add('link-end', `end/${cable.id}/${index}`, {
        linkId,
        side: index === 0 ? 'a' : 'b',
        portId,
        portSide,
      });
  }
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
