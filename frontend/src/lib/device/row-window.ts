/** Which rows of a long table are drawn, and how much room stands for the others. `end` is the index after the last. */
export interface RowWindow {
  readonly first: number;
  readonly end: number;
  readonly before: number;
  readonly after: number;
}

/**
 * The window of rows for a scroll position, all in the same unit of length. The row at `open` is followed by `openHeight` of
 * detail. `spare` rows are drawn beyond each edge.
 */
export function rowWindow(options: {
  readonly count: number;
  readonly rowHeight: number;
  readonly open: number | null;
  readonly openHeight: number;
  readonly scrollTop: number;
  readonly viewHeight: number;
  readonly spare: number;
}): RowWindow {
  const { count, rowHeight, open, openHeight, scrollTop, viewHeight, spare } = options;
  const top = (index: number) => index * rowHeight + (open !== null && index > open ? openHeight : 0);
  // The row at a height: below the opened detail, the detail's own height does not count as rows.
  const rowAt = (height: number) => {
    if (open === null || height < (open + 1) * rowHeight) return Math.floor(height / rowHeight);
    return Math.max(open, Math.floor((height - openHeight) / rowHeight));
  };
  const clamp = (index: number) => Math.min(Math.max(index, 0), count);
  const first = clamp(rowAt(Math.max(scrollTop, 0)) - spare);
  const end = clamp(rowAt(Math.max(scrollTop, 0) + viewHeight) + 1 + spare);
  return { first, end, before: top(first), after: top(count) - top(end) };
}
