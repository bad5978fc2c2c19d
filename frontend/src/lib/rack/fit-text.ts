/** Width of a text at a font size of 1, in the same unit. */
export type MeasureText = (text: string) => number;

/**
 * Measures in a font by the browser's canvas: each letter once, for a room has a thousand names of the same sixty letters. Kerning, which
 * would make a name a little narrower, is left out.
 */
export function canvasMeasure(family: string, weight: number): MeasureText {
  const context = document.createElement('canvas').getContext('2d');
  if (context) context.font = `${weight} 100px ${family}`;
  const known = new Map<string, number>();
  const letterWidth = (letter: string) => {
    let width = known.get(letter);
    if (width === undefined) {
      // Half the size is a fair mean where there is no canvas.
      width = context ? context.measureText(letter).width / 100 : 0.55;
      known.set(letter, width);
    }
    return width;
  };
  return (text) => {
    let width = 0;
    for (const letter of text) width += letterWidth(letter);
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
