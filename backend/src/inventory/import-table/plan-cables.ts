import { LaneMap, linkKinds, linkMedia, linkStatuses, type RecordValues } from '@rackhaus/config/contract';
import { colorOf } from '../../cabling/exchange/colors.ts';
import { connectorsOf, type PortSide, saidSide, usualSide } from '../../cabling/exchange/ends.ts';
import { ownersIn, PortNames } from '../../cabling/exchange/port-names.ts';
import { chunked } from '../../history/rows.ts';
import { searchKey } from '../search-key.ts';
import { placeEnds, type WantedEnd, type WantedRow } from './cable-ends.ts';
import { cellText } from './cells.ts';
import { type KnownPort, type KnownRow, portsOf } from './known.ts';
import type { PlanContext, Planned, PlannedRows } from './plan.ts';
import { draftRecord } from './plan-records.ts';
import type { Row } from './row.ts';

type Link = KnownRow<'links'>;
type End = KnownRow<'link_ends'>;
type LinkKind = RecordValues<'link'>['kind'];

/**
 * Cables with what they are plugged into. A cable is known again by its number, by its label, or by being the one between the
 * same two ports. Empty cells change nothing; another port in the list unplugs it there and plugs it in here.
 */
export async function planCables(context: PlanContext, rows: readonly Row[]): Promise<PlannedRows> {
  const { db } = context;
  const links = await db.selectFrom('links').selectAll().orderBy('id').execute();
  const ends = await db.selectFrom('link_ends').selectAll().execute();
  const { names, ports } = await portsNamed(context, rows);
  const byId = new Map(links.map((link) => [link.id, link]));
  const byLabel = new Map(
    links.filter(({ label }) => label !== '').map((link) => [searchKey(link.label), link]),
  );
  const endsOf = Map.groupBy(ends, (end) => end.link_id);
  await addPortsOfNamed(context, rows, { links, endsOf, ports });
  const byPlaces = new Map(
    links.map((link) => [placesKey((endsOf.get(link.id) ?? []).map(placeOf)), link] as const),
  );
  const rowOf = new Map<string, number>();
  const planned: Planned[] = [];
  const wanted: WantedRow[] = [];
  await context.forEach(rows, (row) => {
    const label = row.text('label');
    const id = row.numberOf('id', true);
    const numbered = id === undefined ? undefined : byId.get(id);
    if (id !== undefined && numbered === undefined) row.refuse('id', 'no-such-id');
    const labelled = label === '' ? undefined : byLabel.get(searchKey(label));
    const said = row.choice('kind', 'linkKind', linkKinds);
    const texts = { a: row.text('from'), b: row.text('to') };
    const guessed = linkKindOf(said) ?? (numbered ?? labelled)?.kind;
    const found0 = numbered ?? labelled;
    const resolve = (kind: LinkKind) => [
      ...sideEnds(row, 'from', 'a', texts.a, kind, names, ports),
      ...sideEnds(row, 'to', 'b', texts.b, kind, names, ports),
    ];
    let own = resolve(guessed ?? 'patch');
    const kind = guessed ?? kindBetween(own.map(({ portId }) => ports.get(portId)));
    if (kind !== 'patch' && guessed === undefined) own = resolve(kind);
    const between = own.length < 2 ? undefined : byPlaces.get(placesKey(own.map(placeOf)));
    const found =
      found0 ??
      (between !== undefined && (label === '' || between.label === '' || !labelled) ? between : undefined);
    if (numbered !== undefined && labelled !== undefined && numbered.id !== labelled.id)
      row.refuse('label', 'label-taken', { other: labelled.label });
    const key = found === undefined ? (label === '' ? '' : `l${searchKey(label)}`) : `#${found.id}`;
    const before = key === '' ? undefined : rowOf.get(key);
    if (before !== undefined)
      row.refuse(label === '' ? 'from' : 'label', 'same-row', { row: String(before) });
    else if (key !== '') rowOf.set(key, row.number);
    if (found === undefined && label === '' && own.length === 0 && row.problems.length === 0)
      row.refuse('from', 'missing');
    const name = label || found?.label || [texts.a, texts.b].filter((text) => text !== '').join(' – ');
    const drafted = draftRecord(context, row, 'link', found, valuesOf(context, row, found, said, kind), name);
    const changes = endChanges(found, endsOf.get(found?.id ?? 0) ?? [], own, texts);
    if (changes.length > 0 || found === undefined)
      for (const [field, side] of [
        ['from', 'a'],
        ['to', 'b'],
      ] as const)
        if (texts[side] !== '' && (found === undefined || changes.includes(side)))
          row.differs('link', field, beforeText(endsOf.get(found?.id ?? 0) ?? [], side, ports), texts[side]);
    wanted.push({
      row,
      link: drafted.ref,
      kind,
      ends: own.filter(({ side }) => found === undefined || changes.includes(side)),
      unplugs: (endsOf.get(found?.id ?? 0) ?? []).filter(({ side }) => changes.includes(side)),
      stays: (endsOf.get(found?.id ?? 0) ?? []).filter(({ side }) => !changes.includes(side)),
    });
    planned.push({ ...drafted, changes: drafted.changes || changes.length > 0 });
  });
  placeEnds(context.draft, wanted, { ends, links: byId, ports });
  const matched = new Set(planned.flatMap(({ id }) => (id === null ? [] : [id])));
  return {
    rows: planned,
    left: links
      .filter(({ id }) => !matched.has(id))
      .map(({ id, label }) => ({ id, name: label || `#${id}` })),
  };
}

export interface CablePort extends KnownPort {
  /** "A:12" */
  readonly full: string;
}

/** The ports of all devices and outlets that the list speaks of, and of what their cables end at. */
async function portsNamed(
  { db, known }: PlanContext,
  rows: readonly Row[],
): Promise<{ names: PortNames; ports: Map<number, CablePort> }> {
  type Owner = { readonly kind: 'device' | 'outlet'; readonly id: number; readonly name: string };
  const owners: Owner[] = [
    ...known.devices.map(({ id, name }) => ({ kind: 'device' as const, id, name })),
    ...known.outlets.map(({ id, name }) => ({ kind: 'outlet' as const, id, name })),
  ];
  const byName = Map.groupBy(owners, ({ name }) => searchKey(name));
  const named = new Set<Owner>();
  let isUnclear = false;
  for (const row of rows)
    for (const field of ['from', 'to'])
      for (const text of connectorsOf(row.text(field))) {
        if (text === null) continue;
        const found = ownersIn(saidSide(text).name, (key) => byName.get(key) ?? []);
        for (const owner of found) named.add(owner);
        isUnclear ||= found.length === 0;
      }
  // What is written beside a port may stand for it, and a slip is held against all names.
  const wanted = isUnclear ? owners : [...named];
  const ofKind = (kind: Owner['kind']) => wanted.filter((owner) => owner.kind === kind).map(({ id }) => id);
  const byDevice = await portsOf(db, 'device_id', ofKind('device'));
  const byOutlet = await portsOf(db, 'outlet_id', ofKind('outlet'));
  const ports = new Map<number, CablePort>();
  const known2 = wanted.map((owner) => {
    const own = (owner.kind === 'device' ? byDevice : byOutlet).get(owner.id) ?? [];
    for (const port of own) ports.set(port.id, { ...port, full: `${owner.name}:${port.name}` });
    return { name: owner.name, ports: own };
  });
  return { names: new PortNames(known2), ports };
}

/** Where cables are plugged in that the list speaks of by their labels or numbers. */
async function addPortsOfNamed(
  { db }: PlanContext,
  rows: readonly Row[],
  known: {
    readonly links: readonly Link[];
    readonly endsOf: ReadonlyMap<number, readonly End[]>;
    readonly ports: Map<number, CablePort>;
  },
): Promise<void> {
  const labels = new Set(rows.map((row) => searchKey(row.text('label'))));
  const numbers = new Set(rows.map((row) => row.text('id')));
  const ids = known.links
    .filter((link) => labels.has(searchKey(link.label)) || numbers.has(String(link.id)))
    .flatMap((link) => (known.endsOf.get(link.id) ?? []).map((end) => end.port_id))
    .filter((id) => !known.ports.has(id));
  for (const part of chunked([...new Set(ids)]))
    for (const { device, outlet, ...port } of await db
      .selectFrom('ports')
      .leftJoin('devices', 'devices.id', 'ports.device_id')
      .leftJoin('outlets', 'outlets.id', 'ports.outlet_id')
      .selectAll('ports')
      .select(['devices.name as device', 'outlets.name as outlet'])
      .where('ports.id', 'in', part)
      .execute())
      known.ports.set(port.id, { ...port, full: `${device ?? outlet ?? ''}:${port.name}` });
}

function sideEnds(
  row: Row,
  field: 'from' | 'to',
  side: 'a' | 'b',
  text: string,
  kind: LinkKind,
  names: PortNames,
  ports: ReadonlyMap<number, CablePort>,
): WantedEnd[] {
  if (text === '') return [];
  // A port may have a plus in its name.
  const whole = saidSide(text);
  const single = names.find(whole.name);
  const parts = single === undefined ? connectorsOf(text) : [text];
  return parts.flatMap((part, index): WantedEnd[] => {
    if (part === null) return [];
    const { name, side: portSide } = saidSide(part);
    const port = single ?? names.find(name);
    if (port === undefined) {
      const proposal = names.proposal(name);
      if (proposal === null) row.refuse(field, 'no-such-end');
      else row.refuse(field, 'no-such-end-but', { proposal });
      return [];
    }
    const twoSided = ports.get(port.id)?.two_sided === 1;
    return [
      { side, connector: index + 1, portId: port.id, portSide: portSide ?? usualSide(kind, twoSided), field },
    ];
  });
}

const linkKindOf = (word: string | undefined) => linkKinds.find((kind) => kind === word);

/** What a cable between two ports is when the list does not say it. */
function kindBetween(ports: readonly (CablePort | undefined)[]): LinkKind {
  const kinds = ports.map((port) => port?.kind);
  if (kinds.some((kind) => kind === 'inlet' || kind === 'power-outlet')) return 'power';
  if (kinds.some((kind) => kind === 'console')) return 'console';
  const isLaid = ports.length > 1 && ports.every((port) => port?.two_sided === 1 || port?.kind === 'rear');
  return isLaid ? 'permanent' : 'patch';
}

function valuesOf(
  context: PlanContext,
  row: Row,
  found: Link | undefined,
  said: string | undefined,
  kind: LinkKind,
): Readonly<Record<string, unknown>> {
  const given = (text: string) => (text === '' ? undefined : text);
  const color = given(row.text('color'));
  const isSameColor = color !== undefined && colorOf(color) === colorOf(found?.color ?? '');
  return {
    // Cells do not keep double spaces.
    label: row.text('label') === cellText(found?.label) ? undefined : given(row.text('label')),
    kind: said ?? (found === undefined ? kind : undefined),
    status: row.choice('status', 'linkStatus', linkStatuses),
    medium: row.choice('medium', 'linkMedium', linkMedia),
    color: color === undefined || isSameColor ? undefined : colorOf(color),
    lengthM: lengthOf(row),
    notes: context.notes(row),
    laneMap: laneMapOf(row, found),
  };
}

/** Metres, unless centimetres are said. */
function lengthOf(row: Row): number | undefined {
  const value = row.numberOf('lengthM');
  if (value === undefined) return undefined;
  return /\dcm$|\scm$/i.test(row.text('lengthM')) ? Math.round(value) / 100 : value;
}

function laneMapOf(row: Row, found: Link | undefined): LaneMap | undefined {
  const text = row.text('laneMap');
  if (text === '' || text === found?.lane_map) return undefined;
  try {
    const parsed = LaneMap.safeParse(JSON.parse(text));
    if (parsed.success) return JSON.stringify(parsed.data) === found?.lane_map ? undefined : parsed.data;
  } catch {
    // What is no JSON is refused below like what is no map.
  }
  row.refuse('laneMap', 'not-a-lane-map');
  return undefined;
}

const placeOf = (end: { port_id: number; port_side: PortSide } | WantedEnd) =>
  'port_id' in end ? `${end.port_id}/${end.port_side}` : `${end.portId}/${end.portSide}`;
const placesKey = (places: readonly string[]) => places.toSorted().join(' ');

/** On which sides a cable is plugged in otherwise than the list says; it does not matter which side is called A. */
function endChanges(
  found: Link | undefined,
  is: readonly End[],
  own: readonly WantedEnd[],
  texts: { readonly a: string; readonly b: string },
): ('a' | 'b')[] {
  if (found === undefined) return [];
  const key = (side: 'a' | 'b', of: 'is' | 'own') =>
    (of === 'is'
      ? is.filter((end) => end.side === side).map((end) => `${end.connector}:${placeOf(end)}`)
      : own.filter((end) => end.side === side).map((end) => `${end.connector}:${placeOf(end)}`)
    )
      .toSorted()
      .join(' ');
  const turned =
    (found.lane_map === null || found.lane_map === 'null') &&
    key('a', 'own') === key('b', 'is') &&
    key('b', 'own') === key('a', 'is');
  if (turned) return [];
  return (['a', 'b'] as const).filter((side) => texts[side] !== '' && key(side, 'own') !== key(side, 'is'));
}

function beforeText(
  ends: readonly End[],
  side: 'a' | 'b',
  ports: ReadonlyMap<number, CablePort>,
): string | null {
  const own = ends.filter((end) => end.side === side);
  if (own.length === 0) return null;
  return own.map((end) => ports.get(end.port_id)?.full ?? `#${end.port_id}`).join(' + ');
}
