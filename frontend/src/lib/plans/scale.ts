import type { MarkKind, PlanView } from '@rackhaus/config/contract';

/** Cabinets for 19-inch devices are mostly 600 mm wide and 1,000 mm deep outside: taken where nobody has said otherwise. */
const rackWidthM = 0.6;
const usualDepthM = 1;
/** Between the rails and the doors, before and behind what is documented as depth. */
const doorsM = 0.15;

/** How large a rack is on a plan; null for all else, and where nobody has measured the plan. */
export function rackSize(
  plan: Pick<PlanView, 'racks' | 'unitsPerMetre'>,
  mark: { readonly kind: MarkKind; readonly subjectId: number },
): { readonly width: number; readonly depth: number } | null {
  if (mark.kind !== 'rack' || plan.unitsPerMetre === null) return null;
  const depthMm = plan.racks.find((rack) => rack.id === mark.subjectId)?.depthMm ?? null;
  const depthM = depthMm === null ? usualDepthM : depthMm / 1000 + doorsM;
  return { width: rackWidthM * plan.unitsPerMetre, depth: depthM * plan.unitsPerMetre };
}

/** Width of a symbol on screen in pixels: it grows while one comes nearer, and is smaller on a crowded plan. */
export function symbolPx(zoom: number, count: number): number {
  const crowded = count > 300 ? 8 : count > 80 ? 10 : count > 30 ? 12 : 16;
  return Math.min(24, crowded * zoom ** 0.6);
}

/** How far each point is from the nearest other one. Marks are few enough to compare all with all: 500 take a few milliseconds. */
export function roomAround(points: readonly (readonly [number, number])[]): number[] {
  const nearest = points.map(() => Number.POSITIVE_INFINITY);
  for (const [index, [x, y]] of points.entries())
    for (let other = index + 1; other < points.length; other++) {
      const [ox, oy] = points[other] ?? [x, y];
      const away = Math.hypot(ox - x, oy - y);
      nearest[index] = Math.min(nearest[index] ?? away, away);
      nearest[other] = Math.min(nearest[other] ?? away, away);
    }
  return nearest;
}

/** Units in one metre, by two points whose distance in metres is known; null when that makes no sense. */
export function unitsPerMetre(units: number, metres: number): number | null {
  const value = units / metres;
  return Number.isFinite(value) && value >= 0.001 && value <= 100_000 && metres > 0 ? value : null;
}

/** A length for the scale bar: 1, 2, 5, 10, … metres that are at most `mostPx` wide. */
export function barMetres(pxPerMetre: number, mostPx: number): number {
  const most = mostPx / pxPerMetre;
  const power = 10 ** Math.floor(Math.log10(most));
  return [5, 2, 1].map((each) => each * power).find((each) => each <= most) ?? power;
}
