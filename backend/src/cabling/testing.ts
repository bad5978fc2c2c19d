import type { LaneMap } from '@rackhaus/config/contract';
import {
  inOrder,
  KnownCables,
  type PortSide,
  type WiredEnd,
  type WiredLink,
  wiresInARow,
} from './cable-graph.ts';
import { farEnd, traceCable, tracePort } from './trace.ts';

/** A piece of cabling in the words of {@link cabling}. */
export interface Cabling {
  readonly ports: string;
  readonly cables: string;
  /** Lane maps by the names of cables. */
  readonly maps?: Readonly<Record<string, LaneMap>>;
  readonly wires?: string;
}

/**
 * A small language for the scenarios. `ports`: endpoints `E…`, rear ports `R1`, front ports `F1~R1:2` wired to lane 2 of R1, jacks `J…`;
 * `E1*4` and `R1*4` have four lanes. `cables`: `C1=E1-F1`; several ports of a side are `{F1,F2}`; `?` is an end in no port; a jack's
 * first cable is in front and its second behind, or `J1^` says which is behind; `(C1)=…` is planned, `<C1>=…` a provider's. `wires`: `F1:2~R2:1`, wires one by one.
 */
export function cabling({ ports, cables, maps = {}, wires = '' }: Cabling) {
  const words = ports.split(' ').filter(Boolean);
  const nameIn = (word: string) => word.split(/[~*]/)[0] ?? '';
  const ids = new Map(words.map((word, index) => [nameIn(word), index + 1]));
  const idOf = (name: string) => {
    const id = ids.get(name);
    if (id === undefined) throw new Error(`no port ${name}`);
    return id;
  };
  const single = wires
    .split(' ')
    .filter(Boolean)
    .map((word) => {
      const [front = '', lane = '1', rear = '', rearLane = '1'] = word.split(/[:~]/);
      return { front, wire: { lane: Number(lane), rearId: idOf(rear), rearLane: Number(rearLane) } };
    });
  const wired = words.map((word) => {
    const name = nameIn(word);
    const [, lanes = '1'] = /\*(\d+)/.exec(word) ?? [];
    const [, rear, lane = '1'] = /~(\w+)(?::(\d+))?/.exec(word) ?? [];
    return {
      id: idOf(name),
      endpoint: name.startsWith('E'),
      twoSided: name.startsWith('J'),
      lanes: Number(lanes),
      wires:
        rear === undefined
          ? single.filter(({ front }) => front === name).map(({ wire }) => wire)
          : wiresInARow(Number(lanes), idOf(rear), Number(lane)),
    };
  });
  const names = new Map<number, string>();
  const seen = new Set<string>();
  const links = cables
    .split(' ')
    .filter(Boolean)
    .map((word): WiredLink => {
      const [given = '', a = '', b = ''] = word.split(/[=-]/);
      const name = given.replaceAll(/[()<>]/g, '');
      const id = names.size + 101;
      names.set(id, name);
      const ends = (['a', 'b'] as const).flatMap((side) =>
        (side === 'a' ? a : b)
          .replaceAll(/[{}]/g, '')
          .split(',')
          .flatMap((port, index): WiredEnd[] => {
            if (port === '?' || port === '') return [];
            const name = port.replace('^', '');
            const told = cables.includes(`${name}^`);
            const behind = told ? port.endsWith('^') : name.startsWith('J') && seen.has(name);
            seen.add(name);
            const portSide: PortSide = behind ? 'rear' : 'front';
            return [{ side, connector: index + 1, portId: idOf(name), portSide }];
          }),
      );
      return {
        id,
        ends: inOrder(ends),
        laneMap: maps[name] ?? null,
        provider: given.startsWith('<'),
        planned: given.startsWith('('),
        length: 1,
        toCheck: false,
      };
    });
  const graph = new KnownCables(wired, links);
  const portNames = new Map([...ids].map(([name, id]) => [id, name]));
  const set = (of: readonly string[]) => {
    const each = [...new Set(of)];
    return each.length === 1 ? (each[0] ?? '') : `{${each.join(',')}}`;
  };
  const tell = (path: ReturnType<typeof tracePort>) => {
    const layers = [...Map.groupBy(path.nodes, (node) => node.layer)].toSorted(([a], [b]) => a - b);
    const text = layers
      .flatMap(([, nodes]) => {
        const here = set(
          nodes.map((node) => (node.portId === null ? '?' : (portNames.get(node.portId) ?? '?'))),
        );
        const inside = new Set(nodes.map((node) => node.id));
        const by = path.edges
          .filter((edge) => inside.has(edge.from) && edge.cableId !== null)
          .map((edge) => names.get(edge.cableId ?? 0) ?? '?');
        return by.length === 0 ? [here] : [here, set(by)];
      })
      .join(' ');
    const ends = path.nodes.map((node) => node.end);
    const worst = ends.includes('loop')
      ? 'loop'
      : ends.includes('split')
        ? 'split'
        : path.complete
          ? 'complete'
          : 'open';
    return `${text} (${path.active ? worst : `${worst}, planned`})`;
  };
  return {
    graph,
    id: idOf,
    endpoints: [...ids.keys()].filter((name) => name.startsWith('E')),
    run: (start: string) => tell(tracePort(graph, idOf(start))),
    cable: (name: string) => tell(traceCable(graph, [...names].find(([, own]) => own === name)?.[0] ?? 0)),
    /** Pairs of what is left and right of each circuit. */
    circuits(start: string): string {
      const path = tracePort(graph, idOf(start));
      const ends = path.nodes.filter((node) => node.end !== null && node.layer > 0);
      return ends
        .flatMap((node) =>
          node.circuits.map((circuit) => `${circuit}>${portNames.get(node.portId ?? 0) ?? '?'}`),
        )
        .toSorted()
        .join(' ');
    },
    ends: () =>
      [...ids.keys()]
        .filter((name) => name.startsWith('E'))
        .map((name) => {
          const far = farEnd(graph, idOf(name));
          return `${name}>${far === null ? '-' : portNames.get(far)}`;
        })
        .join(' '),
  };
}
