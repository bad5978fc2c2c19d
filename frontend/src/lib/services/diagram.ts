/** A box of the drawing, in pixels from its left top corner. */
export interface Box {
  readonly key: string;
  readonly x: number;
  readonly y: number;
}
export interface Diagram {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly lines: readonly { readonly key: string; readonly path: string }[];
}

export const boxWidth = 172;
export const boxHeight = 44;
const gap = 14;
const rise = 40;

/** Boxes above and below one in the middle, in rows that fit a width, each joined to the middle by a line. */
export function layOut(options: {
  readonly width: number;
  readonly above: readonly string[];
  readonly middle: string;
  readonly below: readonly string[];
}): Diagram {
  const perRow = Math.max(1, Math.floor((options.width + gap) / (boxWidth + gap)));
  const widest = Math.min(perRow, Math.max(1, options.above.length, options.below.length));
  const width = widest * (boxWidth + gap) - gap;
  const rows = (keys: readonly string[]) =>
    Array.from({ length: Math.ceil(keys.length / perRow) }, (_, index) =>
      keys.slice(index * perRow, (index + 1) * perRow),
    );
  const boxes: Box[] = [];
  let y = 0;
  const place = (keys: readonly string[]): void => {
    const left = (width - (keys.length * (boxWidth + gap) - gap)) / 2;
    for (const [index, key] of keys.entries()) boxes.push({ key, x: left + index * (boxWidth + gap), y });
    y += boxHeight + gap;
  };
  for (const row of rows(options.above)) place(row);
  if (options.above.length > 0) y += rise - gap;
  const middle: Box = { key: options.middle, x: (width - boxWidth) / 2, y };
  boxes.push(middle);
  y += boxHeight;
  if (options.below.length > 0) y += rise;
  for (const row of rows(options.below)) place(row);
  const height = Math.max(...boxes.map((box) => box.y)) + boxHeight;
  return {
    width,
    height,
    boxes,
    lines: boxes
      .filter((box) => box !== middle)
      .map((box) => ({ key: box.key, path: box.y < middle.y ? curve(box, middle) : curve(middle, box) })),
  };
}

/** From the lower edge of one box to the upper edge of another. */
function curve(from: Box, to: Box): string {
  const [x1, y1] = [from.x + boxWidth / 2, from.y + boxHeight];
  const [x2, y2] = [to.x + boxWidth / 2, to.y];
  const bend = Math.max(rise * 0.6, (y2 - y1) * 0.5);
  return `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`;
}
