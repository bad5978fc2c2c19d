/** What a front port leads to: a rear port and the lane in it. */
export interface Wire {
  readonly rear: string;
  readonly lane: number;
}

/** What the two forms of the library say of the inner wiring, before it is understood. */
export interface WiringLists {
  readonly 'front-ports': readonly {
    readonly name: string;
    readonly positions?: number | undefined;
    readonly rear_port?: string | undefined;
    readonly rear_port_position: number;
  }[];
  readonly 'rear-ports': readonly { readonly name: string; readonly positions: number }[];
  readonly 'port-mappings': readonly {
    readonly front_port: string;
    readonly front_port_position: number;
    readonly rear_port: string;
    readonly rear_port_position: number;
  }[];
}

export interface WiringProblem {
  readonly path: (string | number)[];
  readonly message: string;
}

export interface Wiring {
  /** By the name of the front port. A front port that leads nowhere is not in it. */
  readonly wires: ReadonlyMap<string, Wire>;
  /** How many lanes a rear port has, by its name. */
  readonly lanes: ReadonlyMap<string, number>;
  /** Rear ports whose lanes are blocks of this many positions, such as the pairs of duplex couplers. */
  readonly blocks: ReadonlyMap<string, number>;
  readonly problems: readonly WiringProblem[];
}

interface Joint {
  readonly front: string;
  readonly frontPosition: number;
  readonly rear: string;
  readonly rearPosition: number;
  readonly path: readonly (string | number)[];
}

/**
 * The inner wiring of a panel, said in either form: `rear_port` and `rear_port_position` at the front port (until NetBox
 * 4.4), or the list `port-mappings` (from 4.5 on).
 *
 * Here a front port has one lane of one rear port. Where all front ports of a rear port take blocks of the same size
 * (duplex couplers on a trunk: 1 and 2, 3 and 4, …), a block is a lane. Anything else is a problem that names the port.
 */
export function wiringOf(type: WiringLists): Wiring {
  const problems: WiringProblem[] = [];
  const rears = new Map(type['rear-ports'].map((port) => [port.name, port.positions]));
  const fronts = new Map(type['front-ports'].map((port, index) => [port.name, { port, index }]));
  const joints = jointsOf(type).filter((joint) => {
    const found = problemOf(joint, fronts, rears);
    if (found !== null) problems.push(found);
    return found === null;
  });
  problems.push(...takenTwice(joints));

  const wires = new Map<string, Wire>();
  const lanes = new Map(rears);
  const blocks = new Map<string, number>();
  const ofFront = Map.groupBy(joints, (joint) => joint.front);
  for (const [front, own] of ofFront) {
    const names = [...new Set(own.map((joint) => joint.rear))];
    if (names.length > 1)
      problems.push({
        path: pathOf(own),
        message: `front port "${front}" leads to several rear ports (${names.map((n) => `"${n}"`).join(', ')}); here a front port has one lane of one rear port`,
      });
  }
  for (const [rear, own] of Map.groupBy(joints, (joint) => joint.rear)) {
    const takes = Map.groupBy(own, (joint) => joint.front);
    const size = Math.max(...[...takes.values()].map((list) => list.length));
    const positions = rears.get(rear) ?? 1;
    if (size > 1) {
      blocks.set(rear, size);
      lanes.set(rear, Math.ceil(positions / size));
    }
    for (const [front, list] of takes) {
      const taken = list.map((joint) => joint.rearPosition).sort((a, b) => a - b);
      const first = taken[0] ?? 1;
      if (taken.length === size && (first - 1) % size === 0 && taken.at(-1) === first + size - 1)
        wires.set(front, { rear, lane: (first - 1) / size + 1 });
      else if (ofFront.get(front)?.every((joint) => joint.rear === rear) === true)
        problems.push({
          path: pathOf(list),
          message: `front port "${front}" takes ${taken.length === 1 ? 'position' : 'positions'} ${taken.join(', ')} of "${rear}"; here the front ports of a rear port take either one position each, or blocks of the same size side by side`,
        });
    }
  }
  return { wires, lanes, blocks, problems };
}

function jointsOf(type: WiringLists): Joint[] {
  const inline = type['front-ports'].flatMap((port, index): Joint[] =>
    port.rear_port === undefined
      ? []
      : [
          {
            front: port.name,
            frontPosition: 1,
            rear: port.rear_port,
            rearPosition: port.rear_port_position,
            path: ['front-ports', index],
          },
        ],
  );
  const said = new Set(inline.map(key));
  // Some files say the same in both forms.
  const listed = type['port-mappings'].map(
    (mapping, index): Joint => ({
      front: mapping.front_port,
      frontPosition: mapping.front_port_position,
      rear: mapping.rear_port,
      rearPosition: mapping.rear_port_position,
      path: ['port-mappings', index],
    }),
  );
  return [...inline, ...listed.filter((joint) => !said.has(key(joint)))];
}

function key(joint: Joint): string {
  return JSON.stringify([joint.front, joint.frontPosition, joint.rear, joint.rearPosition]);
}

function pathOf(joints: readonly Joint[]): (string | number)[] {
  return [...(joints.at(-1)?.path ?? [])];
}

function problemOf(
  joint: Joint,
  fronts: ReadonlyMap<string, { readonly port: WiringLists['front-ports'][number] }>,
  rears: ReadonlyMap<string, number>,
): WiringProblem | null {
  const front = fronts.get(joint.front)?.port;
  if (front === undefined)
    return { path: [...joint.path, 'front_port'], message: `"${joint.front}" is not one of front-ports` };
  const frontPositions = front.positions ?? 1;
  if (joint.frontPosition > frontPositions)
    return {
      path: [...joint.path, 'front_port_position'],
      message: `must be at most ${frontPositions}, the positions of "${joint.front}"`,
    };
  const positions = rears.get(joint.rear);
  if (positions === undefined)
    return { path: [...joint.path, 'rear_port'], message: `"${joint.rear}" is not one of rear-ports` };
  if (joint.rearPosition > positions)
    return {
      path: [...joint.path, 'rear_port_position'],
      message: `must be at most ${positions}, the positions of "${joint.rear}"`,
    };
  return null;
}

function takenTwice(joints: readonly Joint[]): WiringProblem[] {
  const problems: WiringProblem[] = [];
  const behind = new Map<string, string>();
  const before = new Set<string>();
  for (const joint of joints) {
    const lane = JSON.stringify([joint.rear, joint.rearPosition]);
    const owner = behind.get(lane);
    if (owner !== undefined)
      problems.push({
        path: [...joint.path, 'rear_port_position'],
        message: `position ${joint.rearPosition} of "${joint.rear}" belongs to another front port, "${owner}"`,
      });
    behind.set(lane, joint.front);
    const place = JSON.stringify([joint.front, joint.frontPosition]);
    if (before.has(place))
      problems.push({
        path: [...joint.path, 'front_port_position'],
        message: `position ${joint.frontPosition} of "${joint.front}" leads to two places`,
      });
    before.add(place);
  }
  return problems;
}
