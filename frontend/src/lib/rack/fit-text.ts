/** Width of a text at a font size of 1, in the same unit. */
export type MeasureText = (text: string) => number;

/** Measures in a font by the browser's canvas, each text once. */
export function canvasMeasure(family: string, weight: number): MeasureText {
  const context = document.createElement('canvas').getContext('2d');
  if (context) context.font = `${weight} 100px ${family}`;
  const known = new Map<string, number>();
  return (text) => {
    let width = known.get(text);
    if (width === undefined) {
      // Half the size is a fair mean where there is no canvas.
      width = context ? context.measureText(text).width / 100 : [...text].length * 0.55;
      known.set(text, width);
    }
    return width;
  };
}

/** The text, cut with an ellipsis so that it is no wider than `width` at `size`; empty when not even one letter fits. */
export function fitText(text: string, width: number, size: number, measure: MeasureText): string {
  if (measure(text) * size <= width) return text;
  const letters = [...text];
  let low = 0;
  let high = letters.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (measure(`${letters.slice(0, middle).join('').trimEnd()}…`) * size <= width) low = middle;
    else high = middle - 1;
  }
  return low === 0 ? '' : `${letters.slice(0, low).join('').trimEnd()}…`;
}
