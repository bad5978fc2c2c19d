import type { FaceElement } from '../contract/inventory.ts';
import type { Box } from './box.ts';
import { facesOf } from './face.ts';
import type { FaceFile, PortGroup } from './face-file.ts';
import { groupElements } from './placed.ts';
import { joinRange } from './port-range.ts';
import { portsOfType } from './ports.ts';
import type { DeviceTypeFile } from './schema.ts';

type PortElement = Extract<FaceElement, { kind: 'port' }>;

/** Two places closer than this are the same, millimetres. */
const sameMm = 0.05;

/**
 * The faces as they are drawn now, said as a file says them: what is generated becomes groups that can be edited. Drawn from
 * them, every port is where it was.
 */
export function proposedFaces(type: DeviceTypeFile): { front: FaceFile; rear: FaceFile } {
  const faces = facesOf(type);
  const sections = new Map(
    portsOfType(type).map((port) => [port.name, `${port.kind} ${port.management} ${port.shape}`]),
  );
  const sideOf = (side: 'front' | 'rear'): FaceFile => {
    const file = type.rackhaus?.[side];
    const placed = new Set(
      (file?.groups ?? []).flatMap((group) => groupElements(group, new Map()).map(({ name }) => name)),
    );
    const generated = faces[side].elements.filter(
      (element): element is PortElement => element.kind === 'port' && !placed.has(element.name),
    );
    const name = file?.name ?? faces[side].name;
    return {
      bays: [],
      displays: [],
      vents: [],
      blanks: [],
      labels: [],
      ...file,
      groups: [...(file?.groups ?? []), ...groupsOf(generated, sections)],
      ...(name === null ? {} : { name: rounded(name) }),
    };
  };
  return { front: sideOf('front'), rear: sideOf('rear') };
}

function groupsOf(ports: readonly PortElement[], sections: ReadonlyMap<string, string>): PortGroup[] {
  const runs: PortElement[][] = [];
  for (const port of ports) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    const goesOn =
      last !== undefined && sections.get(last.name) === sections.get(port.name) && same(last.w, port.w);
    if (goesOn) run?.push(port);
    else runs.push([port]);
  }
  return runs.flatMap(asGroups);
}

/** One group if the ports make a grid, else as few as a halving finds. */
function asGroups(ports: readonly PortElement[]): PortGroup[] {
  const group = grid(ports);
  if (group !== null) return [group];
  const cut = firstBreak(ports);
  return [...asGroups(ports.slice(0, cut)), ...asGroups(ports.slice(cut))];
}

/** Where a block of ports ends: before the first one that is farther away than its forerunners were. */
function firstBreak(ports: readonly PortElement[]): number {
  for (let length = ports.length - 1; length > 1; length--)
    if (grid(ports.slice(0, length)) !== null) return length;
  return 1;
}

function grid(ports: readonly PortElement[]): PortGroup | null {
  const [first, second] = ports;
  if (first === undefined) return null;
  const text = joinRange(ports.map((port) => port.name));
  if (text === null && ports.length > 1) return null;
  const xs = distinct(ports.map((port) => port.x));
  const ys = distinct(ports.map((port) => port.y));
  const order = second !== undefined && same(second.x, first.x) && ys.length > 1 ? 'down' : 'across';
  const dx = smallestStep(xs);
  const dy = smallestStep(ys);
  const gap = gapOf(xs, dx);
  const group: PortGroup = {
    ports: text ?? first.name,
    shape: first.shape,
    rows: ys.length,
    order,
    x: hundredths(first.x),
    y: hundredths(first.y),
    w: hundredths(first.w),
    h: hundredths(first.h),
    ...pitch('dx', dx, first.w),
    ...pitch('dy', dy, first.h),
    ...(gap === null ? {} : { gap }),
  };
  const drawn = groupElements(group, new Map());
  const fits =
    drawn.length === ports.length &&
    ports.every((port, index) => {
      const other = drawn[index];
      return other !== undefined && near(port.x, other.x) && near(port.y, other.y) && near(port.h, other.h);
    });
  return fits || ports.length === 1 ? group : null;
}

/** Left out where ports touch: then it is their size. Rounding it like the size would add up over many columns. */
function pitch(key: 'dx' | 'dy', step: number | null, size: number): Partial<Pick<PortGroup, 'dx' | 'dy'>> {
  if (step === null || Math.abs(step - hundredths(size)) < 0.001) return {};
  return { [key]: thousandths(step) };
}

function gapOf(xs: readonly number[], dx: number | null): PortGroup['gap'] | null {
  if (dx === null) return null;
  const at = xs.findIndex((x, index) => index > 0 && x - (xs[index - 1] ?? 0) > dx + sameMm);
  if (at < 0) return null;
  return { every: at, by: thousandths((xs[at] ?? 0) - (xs[at - 1] ?? 0) - dx) };
}

function distinct(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.filter((value, index) => index === 0 || value - (sorted[index - 1] ?? 0) > sameMm);
}

function smallestStep(values: readonly number[]): number | null {
  const steps = values.slice(1).map((value, index) => value - (values[index] ?? 0));
  return steps.length === 0 ? null : Math.min(...steps);
}

/** What rounding may add up to, over a wide grid. */
const near = (a: number, b: number) => Math.abs(a - b) < 0.15;
const same = (a: number, b: number) => Math.abs(a - b) < sameMm;
const hundredths = (value: number) => Math.round(value * 100) / 100;
const thousandths = (value: number) => Math.round(value * 1000) / 1000;
const rounded = (box: Box): Box => ({
  x: hundredths(box.x),
  y: hundredths(box.y),
  w: hundredths(box.w),
  h: hundredths(box.h),
});
