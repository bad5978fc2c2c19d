/** Dashes tell lines apart without colour, on the canvas and in the legend alike. */
export const dashes: readonly (readonly number[])[] = [
  [],
  [7, 4],
  [2, 3],
  [10, 3, 2, 3],
  [14, 4],
  [4, 2, 1, 2],
];

/** Limits: a warning is dashed, what is critical is not. */
export const limitDashes: Readonly<Record<'warning' | 'critical', readonly number[]>> = {
  warning: [5, 3],
  critical: [],
};
