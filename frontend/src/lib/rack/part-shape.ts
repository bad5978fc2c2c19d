import type { Face, FaceElement } from '@rackhaus/config/contract';

type PartKind = Exclude<FaceElement['kind'], 'port' | 'label'>;
export interface PartPath {
  readonly kind: PartKind;
  readonly d: string;
}

/** Faces are those of types: one answer serves every device of a type. */
const known = new WeakMap<Face, readonly PartPath[]>();

/** Bays, vents, displays and blanks of a face, all of a kind as one SVG path in millimetres. */
export function partPaths(face: Face): readonly PartPath[] {
  const had = known.get(face);
  if (had) return had;
  const paths = new Map<PartKind, string>();
  for (const element of face.elements) {
    if (element.kind === 'port' || element.kind === 'label') continue;
    paths.set(element.kind, (paths.get(element.kind) ?? '') + roundedRect(element));
  }
  const made = [...paths].map(([kind, d]) => ({ kind, d }));
  known.set(face, made);
  return made;
}

function roundedRect({ x, y, w, h }: { x: number; y: number; w: number; h: number }): string {
  const radius = Math.min(2, w / 2, h / 2);
  const corner = (dx: number, dy: number) => `a${radius} ${radius} 0 0 1 ${dx} ${dy}`;
  return (
    `M${x + radius} ${y}h${w - 2 * radius}${corner(radius, radius)}v${h - 2 * radius}${corner(-radius, radius)}` +
    `h${2 * radius - w}${corner(-radius, -radius)}v${2 * radius - h}${corner(radius, -radius)}z`
  );
}
