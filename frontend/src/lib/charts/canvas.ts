import {
  Chart,
  type ChartDataset,
  LinearScale,
  LineController,
  LineElement,
  type Plugin,
  PointElement,
} from 'chart.js';
import { dashes, limitDashes } from './dashes.ts';
import type { LimitLine } from './limits.ts';
import { type LoadedSeries, runs, valuesAt } from './series.ts';
import type { TimeTick } from './time-ticks.ts';
import type { ValueAxis } from './value-ticks.ts';

// The only importer of chart.js. It is loaded when the first chart is looked at.
Chart.register(LineController, LineElement, PointElement, LinearScale);

/** Colours and letters of the page, as the canvas needs them. */
export interface ChartLook {
  readonly ink: string;
  readonly muted: string;
  readonly line: string;
  readonly panel: string;
  readonly warning: string;
  readonly critical: string;
  readonly series: readonly string[];
  readonly font: string;
  readonly fontPx: number;
}

/** Everything that is drawn. */
export interface ChartPicture {
  readonly from: number;
  readonly to: number;
  readonly series: readonly LoadedSeries[];
  readonly values: ValueAxis;
  readonly valueLabel: (value: number) => string;
  readonly times: (widthPx: number) => readonly TimeTick[];
  /** Where the crosshair stands, in ms. */
  readonly cursor: number | null;
  /** A time that is marked with a dashed line. */
  readonly mark: number | null;
  /** Limits that are in the picture, with what stands at them. */
  readonly limits: readonly (LimitLine & { readonly label: string })[];
  readonly look: ChartLook;
}

/** A drawn chart on one canvas. */
export interface DrawnChart {
  /** Draws another picture in place. */
  update(picture: ChartPicture): void;
  /** The time under a horizontal position, in the canvas's CSS pixels from its left edge. */
  timeAt(x: number): number;
  destroy(): void;
}

/** Draws a chart. Nothing moves by itself: a new value is a new picture. */
export function drawChart(canvas: HTMLCanvasElement, first: ChartPicture): DrawnChart {
  let picture = first;
  const overlay: Plugin<'line'> = {
    id: 'rackhaus',
    beforeDatasetsDraw: (chart) => {
      drawLimits(chart, picture);
      drawBands(chart, picture);
    },
    afterDatasetsDraw: (chart) => {
      drawMark(chart, picture);
      drawCrosshair(chart, picture);
    },
  };
  const tickFont = () => ({ family: picture.look.font, size: picture.look.fontPx });
  const chart = new Chart(canvas, {
    type: 'line',
    data: { datasets: datasets(picture) },
    plugins: [overlay],
    options: {
      animation: false,
      parsing: false,
      normalized: true,
      responsive: true,
      maintainAspectRatio: false,
      events: [],
      layout: { padding: { top: 6, right: 8 } },
      scales: {
        x: {
          type: 'linear',
          afterBuildTicks: (scale) => {
            scale.ticks = picture.times(scale.width).map(({ ms, label }) => ({ value: ms, label }));
          },
          border: { display: false },
          grid: { display: false },
          ticks: {
            autoSkip: false,
            maxRotation: 0,
            color: () => picture.look.muted,
            font: tickFont,
            callback: (_value, index, ticks) => {
              const label = ticks[index]?.label;
              return typeof label === 'string' ? label : '';
            },
          },
        },
        y: {
          type: 'linear',
          afterBuildTicks: (scale) => {
            scale.ticks = picture.values.ticks.map((value) => ({ value }));
          },
          border: { display: false },
          grid: {
            color: ({ tick }) => (tick.value === 0 ? picture.look.muted : picture.look.line),
            drawTicks: false,
          },
          ticks: {
            autoSkip: false,
            padding: 8,
            color: () => picture.look.muted,
            font: tickFont,
            callback: (value) => picture.valueLabel(Number(value)),
          },
        },
      },
    },
  });
  place(chart, picture);
  chart.update('none');

  return {
    update: (next) => {
      const onlyCursor =
        next.values.min === picture.values.min &&
        next.values.max === picture.values.max &&
        next.series === picture.series &&
        next.look === picture.look &&
        next.from === picture.from;
      picture = next;
      if (onlyCursor) {
        chart.draw();
        return;
      }
      chart.data.datasets = datasets(picture);
      place(chart, picture);
      chart.update('none');
    },
    timeAt: (x) => chart.scales.x?.getValueForPixel(x) ?? picture.from,
    destroy: () => chart.destroy(),
  };
}

function place(chart: Chart<'line'>, picture: ChartPicture): void {
  const { x, y } = chart.options.scales ?? {};
  if (x) Object.assign(x, { min: picture.from, max: picture.to });
  if (y) Object.assign(y, { min: picture.values.min, max: picture.values.max });
}

function datasets(picture: ChartPicture): ChartDataset<'line', { x: number; y: number }[]>[] {
  return picture.series.map((one, index) => {
    const color = seriesColour(picture.look, index);
    const sign = one.mirrored ? -1 : 1;
    const lonely = new Set(runs(one.mean).flatMap(({ first, end }) => (end - first === 1 ? [first] : [])));
    return {
      data: one.mean.map((value, at) => ({
        x: one.start + (at + 0.5) * one.step,
        // NaN ends the line: a gap stays a gap.
        y: value === null ? Number.NaN : value * sign,
      })),
      spanGaps: false,
      // A line at the very edge (a battery at 100 %) keeps its full width.
      clip: 3,
      borderColor: color,
      backgroundColor: color,
      borderWidth: 1.75,
      borderDash: [...(dashes[index % dashes.length] ?? [])],
      // A value between two gaps has no line: it is shown as a point.
      pointRadius: ({ dataIndex }: { dataIndex: number }) => (lonely.has(dataIndex) ? 2 : 0),
    };
  });
}

function seriesColour(look: ChartLook, index: number): string {
  return look.series[index % look.series.length] ?? look.ink;
}

/** The space between minimum and maximum of every bucket: spikes that the mean hides. */
function drawBands(chart: Chart<'line'>, picture: ChartPicture): void {
  const { x, y } = chart.scales;
  if (!x || !y) return;
  const { ctx, chartArea } = chart;
  ctx.save();
  ctx.beginPath();
  ctx.rect(chartArea.left, chartArea.top, chartArea.width, chartArea.height);
  ctx.clip();
  ctx.globalAlpha = 0.2;
  for (const [index, one] of picture.series.entries()) {
    const sign = one.mirrored ? -1 : 1;
    const left = (at: number) => x.getPixelForValue(one.start + (at + 0.5) * one.step);
    const level = (value: number | null | undefined) => y.getPixelForValue((value ?? 0) * sign);
    ctx.fillStyle = seriesColour(picture.look, index);
    for (const { first, end } of runs(one.mean)) {
      ctx.beginPath();
      // A lone bucket has no width between points: its band is as wide as the bucket.
      if (end - first === 1) {
        const half = Math.max((left(first + 1) - left(first)) / 2, 1);
        const [top, bottom] = [level(one.max[first]), level(one.min[first])];
        ctx.rect(left(first) - half, Math.min(top, bottom), half * 2, Math.max(Math.abs(bottom - top), 1));
      }
      for (let at = first; at < end; at += 1) ctx.lineTo(left(at), level(one.max[at]));
      for (let at = end - 1; at >= first; at -= 1) ctx.lineTo(left(at), level(one.min[at]));
      ctx.fill();
    }
  }
  ctx.restore();
}

/** Thin lines with their words: a warning is dashed, what is critical is not. */
function drawLimits(chart: Chart<'line'>, picture: ChartPicture): void {
  const { y } = chart.scales;
  if (!y) return;
  const { ctx, chartArea } = chart;
  const { look } = picture;
  ctx.save();
  ctx.font = `${look.fontPx}px ${look.font}`;
  ctx.textAlign = 'right';
  const words: number[] = [];
  for (const { value, level, side, label } of picture.limits) {
    const at = Math.round(y.getPixelForValue(value)) + 0.5;
    ctx.strokeStyle = look[level];
    ctx.fillStyle = look[level];
    ctx.lineWidth = 1;
    ctx.setLineDash([...limitDashes[level]]);
    ctx.beginPath();
    ctx.moveTo(chartArea.left, at);
    ctx.lineTo(chartArea.right, at);
    ctx.stroke();
    // On the good side of the line there is room in any case: that is where the axis goes on.
    const below = side === 'high';
    const middle = at + (below ? 1 : -1) * (look.fontPx / 2 + 3);
    if (words.some((other) => Math.abs(other - middle) < look.fontPx)) continue;
    words.push(middle);
    ctx.textBaseline = 'middle';
    ctx.fillText(label, chartArea.right - 2, middle);
  }
  ctx.restore();
}

function drawMark(chart: Chart<'line'>, picture: ChartPicture): void {
  const { x } = chart.scales;
  if (!x || picture.mark === null) return;
  const { ctx, chartArea } = chart;
  const at = x.getPixelForValue(picture.mark);
  if (at < chartArea.left || at > chartArea.right) return;
  ctx.save();
  ctx.strokeStyle = picture.look.ink;
  ctx.lineWidth = 1.5;
  ctx.setLineDash([4, 4]);
  ctx.beginPath();
  ctx.moveTo(Math.round(at) + 0.5, chartArea.top);
  ctx.lineTo(Math.round(at) + 0.5, chartArea.bottom);
  ctx.stroke();
  ctx.restore();
}

function drawCrosshair(chart: Chart<'line'>, picture: ChartPicture): void {
  const { x, y } = chart.scales;
  const cursor = picture.cursor;
  if (!x || !y || cursor === null) return;
  const { ctx, chartArea } = chart;
  const step = picture.series[0]?.step ?? 0;
  const at = x.getPixelForValue(cursor + step / 2);
  if (at < chartArea.left || at > chartArea.right) return;
  ctx.save();
  ctx.strokeStyle = picture.look.ink;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(Math.round(at) + 0.5, chartArea.top);
  ctx.lineTo(Math.round(at) + 0.5, chartArea.bottom);
  ctx.stroke();
  for (const [index, one] of picture.series.entries()) {
    const values = valuesAt(one, cursor);
    if (!values) continue;
    ctx.beginPath();
    ctx.arc(at, y.getPixelForValue(values.mean * (one.mirrored ? -1 : 1)), 4, 0, 2 * Math.PI);
    ctx.fillStyle = seriesColour(picture.look, index);
    ctx.fill();
    ctx.strokeStyle = picture.look.panel;
    ctx.lineWidth = 1.5;
    ctx.stroke();
  }
  ctx.restore();
}
