import type { Attachment } from 'svelte/attachments';
import type { ChartPicture, DrawnChart } from './canvas.ts';

/**
 * Draws a picture on the canvas, again whenever it changes, and takes it off with the canvas. chart.js is fetched by the first
 * chart that is shown. `onready` gets the drawn chart, or null when it is gone; `onfail` hears when it could not be fetched.
 */
export function chartCanvas(options: {
  readonly picture: () => ChartPicture;
  readonly onready: (chart: DrawnChart | null) => void;
  readonly onfail: (error: unknown) => void;
}): Attachment<HTMLCanvasElement> {
  return (canvas) => {
    let drawn: DrawnChart | null = null;
    let gone = false;
    let latest = options.picture();
    import('./canvas.ts').then(({ drawChart }) => {
      if (gone) return;
      drawn = drawChart(canvas, latest);
      options.onready(drawn);
    }, options.onfail);
    $effect(() => {
      latest = options.picture();
      drawn?.update(latest);
    });
    return () => {
      gone = true;
      drawn?.destroy();
      options.onready(null);
    };
  };
}
