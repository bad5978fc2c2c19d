import type { PowerDevice, PowerSource, PowerView } from '@rackhaus/config/contract';

/** A source at which power begins, with the letter of its strand. */
export interface Strand {
  readonly letter: string;
  readonly root: PowerSource;
}

/** Where one supply of a device hangs. */
export interface Plug {
  readonly strand: Strand;
  readonly inlet: string;
  readonly sourceId: number;
  readonly source: string;
  readonly outlet: string;
}

export interface FedDevice {
  readonly device: PowerDevice;
  readonly left: readonly Plug[];
  readonly right: readonly Plug[];
  /** Inlets without a documented cord. */
  readonly open: readonly string[];
  /** Inlets whose cord leads into a site that whoever looks is not for. */
  readonly beyond: readonly string[];
}

/** Devices that hang on the same strips, drawn between these. */
export interface Group {
  readonly key: string;
  readonly left: readonly PowerSource[];
  readonly right: readonly PowerSource[];
  readonly devices: readonly FedDevice[];
}

/** Sources that have devices in common, with all that hangs on them: strand A on the left, the others on the right. */
export interface Block {
  readonly key: number;
  readonly left: Strand;
  readonly right: readonly Strand[];
  readonly groups: readonly Group[];
}

export interface Drawing {
  readonly blocks: readonly Block[];
  /** Devices of which no cord is documented. */
  readonly loose: readonly PowerDevice[];
}

const collator = new Intl.Collator('de', { numeric: true, sensitivity: 'base' });
const byName = (a: { readonly name: string }, b: { readonly name: string }) =>
  collator.compare(a.name, b.name);

/** Arranges a view as it is drawn. Strands are lettered by the end of their source's name where that is a letter, else in order. */
export function drawingOf(view: PowerView): Drawing {
  const sources = new Map(view.sources.map((source) => [source.id, source]));
  const rootOf = (source: PowerSource): PowerSource => {
    const chain = source.inlets.find((inlet) => inlet.chain.length > 0)?.chain ?? [];
    return sources.get(chain.at(-1)?.deviceId ?? source.id) ?? source;
  };
  const roots = view.sources.filter((source) => rootOf(source) === source).toSorted(byName);
  const together = new Islands(roots.map(({ id }) => id));
  const join = (of: PowerDevice | PowerSource) => {
    const ids = of.inlets.flatMap(({ chain }) => chain.at(-1)?.deviceId ?? []);
    for (const id of ids) together.join(ids[0] ?? id, id);
  };
  for (const device of view.devices) join(device);
  for (const source of view.sources) join(source);
  const islands = Map.groupBy(roots, ({ id }) => together.of(id));
  const blocks: Block[] = [];
  for (const members of islands.values()) {
    const strands = lettered(members);
    const [left, ...right] = strands;
    if (left === undefined) continue;
    blocks.push({ key: left.root.id, left, right, groups: groupsOf(view, strands, left, sources, rootOf) });
  }
  return {
    // What most hangs on comes first.
    blocks: blocks.toSorted((a, b) => sizeOf(b) - sizeOf(a)),
    loose: view.devices.filter(({ inlets }) => inlets.every(({ chain }) => chain.length === 0)),
  };
}

function sizeOf({ groups }: Block): number {
  return groups.reduce((sum, { devices }) => sum + devices.length, 0);
}

function groupsOf(
  view: PowerView,
  strands: readonly Strand[],
  left: Strand,
  sources: ReadonlyMap<number, PowerSource>,
  rootOf: (source: PowerSource) => PowerSource,
): Group[] {
  const strandOf = (rootId: number | undefined) => strands.find(({ root }) => root.id === rootId) ?? null;
  const groups = new Map<string, { left: PowerSource[]; right: PowerSource[]; devices: FedDevice[] }>();
  const used = new Set<number>();
  for (const device of view.devices) {
    const plugs = device.inlets.flatMap((inlet): Plug[] => {
      const [first] = inlet.chain;
      const strand = strandOf(inlet.chain.at(-1)?.deviceId);
      return first === undefined || strand === null
        ? []
        : [
            {
              strand,
              inlet: inlet.name,
              sourceId: first.deviceId,
              source: first.name,
              outlet: first.outlet,
            },
          ];
    });
    if (plugs.length === 0) continue;
    const side = (isLeft: boolean) => plugs.filter(({ strand }) => (strand === left) === isLeft);
    const strips = (of: readonly Plug[]) =>
      [...new Set(of.map(({ sourceId }) => sourceId))].flatMap((id) => sources.get(id) ?? []);
    const [onLeft, onRight] = [side(true), side(false)];
    const fed: FedDevice = {
      device,
      left: onLeft,
      right: onRight,
      open: device.inlets.flatMap(({ name, chain, end }) =>
        chain.length === 0 && end !== 'beyond' ? [name] : [],
      ),
      beyond: device.inlets.flatMap(({ name, chain, end }) =>
        chain.length === 0 && end === 'beyond' ? [name] : [],
      ),
    };
    const key = rackKey([...strips(onLeft), ...strips(onRight)], groups);
    const group = groups.get(key) ?? { left: [], right: [], devices: [] };
    groups.set(key, group);
    for (const [list, more] of [
      [group.left, strips(onLeft)],
      [group.right, strips(onRight)],
    ] as const)
      for (const strip of more) {
        used.add(strip.id);
        if (!list.includes(strip)) list.push(strip);
      }
    group.devices.push(fed);
  }
  // A strip on which nothing hangs yet is drawn all the same.
  const idle = view.sources.filter(
    (source) => !used.has(source.id) && rootOf(source) !== source && strandOf(rootOf(source).id) !== null,
  );
  for (const source of idle) {
    const isLeft = strandOf(rootOf(source).id) === left;
    groups.set(`${source.id}`, { left: isLeft ? [source] : [], right: isLeft ? [] : [source], devices: [] });
  }
  const isRoot = (source: PowerSource) => strands.some(({ root }) => root.id === source.id);
  return [...groups]
    .map(([key, group]) => ({
      key,
      // A source at the top is drawn there already.
      left: group.left.filter((source) => !isRoot(source)).toSorted(byName),
      right: group.right.filter((source) => !isRoot(source)).toSorted(byName),
      devices: group.devices,
    }))
    .toSorted((a, b) => collator.compare(nameOf(a), nameOf(b)));
}

/** Strips that feed a device together belong together, and so does what hangs on one of them only. */
function rackKey(
  strips: readonly PowerSource[],
  groups: ReadonlyMap<string, { left: readonly PowerSource[]; right: readonly PowerSource[] }>,
): string {
  for (const [key, { left, right }] of groups)
    if (strips.some((strip) => left.includes(strip) || right.includes(strip))) return key;
  return `${strips[0]?.id ?? 0}`;
}

function nameOf(group: Pick<Group, 'left' | 'right'>): string {
  return group.left[0]?.name ?? group.right[0]?.name ?? '';
}

function lettered(roots: readonly PowerSource[]): Strand[] {
  const said = roots.map(({ name }) => /(?:^|[\s\d_-])([A-H])$/.exec(name)?.[1] ?? null);
  const clear = said.every((letter) => letter !== null) && new Set(said).size === said.length;
  return roots
    .map((root, index) => ({
      letter: (clear ? said[index] : null) ?? String.fromCharCode(65 + (index % 26)),
      root,
    }))
    .toSorted((a, b) => a.letter.localeCompare(b.letter));
}

/** What is joined to what. */
class Islands {
  readonly #of: Map<number, number>;

  constructor(ids: readonly number[]) {
    this.#of = new Map(ids.map((id) => [id, id]));
  }

  of(id: number): number {
    return this.#of.get(id) ?? id;
  }
  join(a: number, b: number): void {
    const [one, other] = [this.of(a), this.of(b)];
    if (one === other) return;
    for (const [id, island] of this.#of) if (island === other) this.#of.set(id, one);
  }
}
