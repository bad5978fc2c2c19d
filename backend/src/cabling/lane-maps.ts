import type { LaneMap } from '@rackhaus/config/contract';

/** Connector to connector and lane to lane. */
export function straight(connectors: number, lanes: number): LaneMap {
  return mapped(connectors, lanes, (lane) => lane);
}

/** Connector to connector, the lanes of each the other way round: lane 1 comes out as the last one. */
export function crossed(connectors: number, lanes: number): LaneMap {
  return mapped(connectors, lanes, (lane) => lanes + 1 - lane);
}

/** One connector that fans out: its lanes in order to connectors with `each` lanes. */
export function breakout(connectors: number, each = 1): LaneMap {
  return {
    a: [connectors * each],
    b: Array.from({ length: connectors }, () => each),
    pairs: Array.from({ length: connectors * each }, (_, index) => [
      1,
      index + 1,
      Math.floor(index / each) + 1,
      (index % each) + 1,
    ]),
  };
}

function mapped(connectors: number, lanes: number, far: (lane: number) => number): LaneMap {
  const each = Array.from({ length: connectors }, () => lanes);
  return {
    a: each,
    b: each,
    pairs: each.flatMap((_, connector) =>
      Array.from({ length: lanes }, (__, index): [number, number, number, number] => [
        connector + 1,
        index + 1,
        connector + 1,
        far(index + 1),
      ]),
    ),
  };
}
