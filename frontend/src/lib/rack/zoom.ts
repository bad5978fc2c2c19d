/** Pixels per millimetre below which many racks are not made narrower side by side: the stage scrolls sideways instead. */
export const smallestScale = 0.345;
/** Below this a rack unit is no longer a line: only then does the stage scroll from top to bottom. */
const lowestScale = 0.2;
const largestScale = 1.1;
const zoomSteps = [1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6] as const;
export const largestZoom = 6;

/** Between two drawings, and around all of them. */
export const gapPx = 20;
/** The line above each drawing. */
const headRem = 2.5;

/** What drawings side by side have of a stage, in pixels. */
export function drawingSpace(
  stage: { readonly width: number; readonly height: number },
  remPx: number,
): { width: number; height: number } {
  return { width: stage.width - 2 * gapPx, height: stage.height - headRem * remPx - gapPx - 8 };
}

/**
 * The scale, in pixels per millimetre, at which drawings of the given sizes (millimetres, side by side) fit into a space in pixels.
 * Height comes first: a rack should be seen from top to bottom; width only counts as long as it stays readable.
 */
export function fitScale(
  space: { width: number; height: number },
  drawings: readonly { width: number; height: number }[],
  gapPx: number,
): number {
  const tallest = Math.max(1, ...drawings.map((drawing) => drawing.height));
  const widths = Math.max(
    1,
    drawings.reduce((sum, drawing) => sum + drawing.width, 0),
  );
  const byHeight = space.height / tallest;
  const byWidth = (space.width - gapPx * Math.max(0, drawings.length - 1)) / widths;
  const widest = Math.max(1, ...drawings.map((drawing) => drawing.width));
  // One drawing never gets wider than the space, however narrow that is (a phone).
  const oneFits = space.width / widest;
  const wanted = Math.min(Math.max(byHeight, lowestScale), Math.max(byWidth, smallestScale));
  return Math.min(oneFits, largestScale, wanted);
}

/** How much smaller drawings may become so that others stand beside them. */
const smallerBeside = 0.9;

/** Whether more drawings stand beside these ones with nothing to scroll and nearly as large. */
export function fitsBeside(
  space: { width: number; height: number },
  drawings: readonly { width: number; height: number }[],
  more: readonly { width: number; height: number }[],
): boolean {
  const all = [...drawings, ...more];
  const scale = fitScale(space, all, gapPx);
  const width = all.reduce((sum, drawing) => sum + drawing.width * scale, gapPx * (all.length - 1));
  // Half a pixel: sizes are fractions of them.
  return width <= space.width + 0.5 && scale >= smallerBeside * fitScale(space, drawings, gapPx);
}

/** The next step of zoom in a direction; stays at the ends. */
export function nextZoom(zoom: number, direction: 1 | -1): number {
  const steps: readonly number[] = direction > 0 ? zoomSteps : [...zoomSteps].reverse();
  return steps.find((step) => (direction > 0 ? step > zoom + 0.01 : step < zoom - 0.01)) ?? steps.at(-1) ?? 1;
}

/** Keeps a zoom between its ends. */
export function clampZoom(zoom: number): number {
  return Math.min(largestZoom, Math.max(1, zoom));
}

/** Scroll offset that keeps the point under the pointer where it is while the content grows by `ratio`. */
export function anchoredScroll(scroll: number, pointer: number, ratio: number): number {
  return Math.max(0, (scroll + pointer) * ratio - pointer);
}

/** The scale on a phone: one drawing fills the width, and where there are several the next one peeps in. */
export function fitWidth(width: number, drawings: readonly { width: number }[]): number {
  const widest = Math.max(1, ...drawings.map((drawing) => drawing.width));
  return Math.max(0.1, (width / widest) * (drawings.length > 1 ? 0.92 : 1));
}
