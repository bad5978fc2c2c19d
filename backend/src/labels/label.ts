import type { DrawItem } from '@rackhaus/config/contract';
import { AppError } from '../problem.ts';
import { cutText, fitLines, minSizeMm } from './fit-text.ts';
import { descent, type Fonts, riseOf } from './fonts.ts';
import type { Medium } from './media.ts';
import type { Misfit } from './misfits.ts';
import { type QrCode, qrCode, quietModules } from './qr.ts';

/** What one label says. */
export interface LabelContent {
  /** Of the object, for warnings. */
  readonly name: string;
  readonly lines: readonly string[];
  /** What the QR code holds; null for none. */
  readonly qr: string | null;
}

export interface DrawnLabel {
  readonly w: number;
  readonly h: number;
  /** From the label's left top corner. */
  readonly items: readonly DrawItem[];
  readonly warnings: readonly Misfit[];
}

/** A module below this is read by good cameras only; the smallest that is printed at all. */
const goodModuleMm = 0.4;
const leastModuleMm = 0.25;
const largestModuleMm = 0.9;
/** Kept free at the edges of a label on a sheet, because no printer draws a sheet in exactly. */
const edgeMm = 1.2;
/** Before and after the text on a tape: the cutter's own margin. */
const tapeEndMm = 2;
const gapMm = 1.2;
/** Larger would only make a tape longer. */
const largestText = { sheetMm: 9, ofTape: 0.5 };
const tapeLengths = { least: 15, most: 250 };

interface Area {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/**
 * Draws one label of a medium.
 * @throws AppError invalid when a flag of this medium has no room beside a cable that thick
 */
export function drawLabel(
  fonts: Fonts,
  medium: Medium,
  content: LabelContent,
  cableDiameterMm: number,
): DrawnLabel {
  const around = Math.PI * cableDiameterMm;
  const missing = fonts.missing(content.lines.join(''));
  const warnings: Misfit[] =
    missing === '' ? [] : [{ code: 'letter-unknown', label: content.name, detail: missing }];
  const qr = content.qr === null || medium.shape === 'wrap' ? null : qrCode(content.qr);
  if (content.qr !== null && qr === null)
    warnings.push({ code: 'qr-left-out', label: content.name, detail: '' });

  if (medium.shape === 'wrap') return drawWrap(fonts, medium, content, around, warnings);
  const h = medium.labelHeightMm;
  const widths =
    medium.labelWidthMm === null
      ? { half: tapeHalf(fonts, medium, content, qr) }
      : { half: medium.shape === 'flag' ? (medium.labelWidthMm - around) / 2 : medium.labelWidthMm };
  if (medium.shape === 'flag' && widths.half < 10)
    throw new AppError('invalid', 'This label is too short for a flag around a cable that thick.', [
      { path: 'cableDiameterMm', message: 'is too thick for this label' },
    ]);
  const first = drawHalf(fonts, medium, content, qr, widths.half);
  warnings.push(...first.warnings);
  if (medium.shape === 'plain') return { w: widths.half, h, items: first.items, warnings };
  const offset = widths.half + around;
  const second = first.items.map((item) => shifted(item, offset, 0));
  return { w: offset + widths.half, h, items: [...first.items, ...second], warnings };
}

/** The part of a label that is printed, of a label or half of one that is `w` wide. */
function areaOf(medium: Medium, w: number): Area {
  const sheet = medium.form === 'sheet';
  const side = sheet ? edgeMm : tapeEndMm;
  const top = sheet ? edgeMm : (medium.labelHeightMm - medium.printableHeightMm) / 2;
  return { x: side, y: top, w: w - 2 * side, h: medium.labelHeightMm - 2 * top };
}

function largestTextOf(medium: Medium): number {
  return medium.form === 'sheet' ? largestText.sheetMm : medium.printableHeightMm * largestText.ofTape;
}

/** Side of a module that fits the label with its quiet zone. */
function moduleOf(medium: Medium, qr: QrCode, w: number): number {
  const byHeight = Math.min(
    medium.labelHeightMm / (qr.modules + 2 * quietModules),
    medium.printableHeightMm / qr.modules,
  );
  const side = qr.modules + 2 * quietModules;
  // The text gets more than half, unless the code would become hard to read.
  const byWidth = Math.max((w * 0.45) / side, Math.min(goodModuleMm, (w * 0.6) / side));
  return Math.min(largestModuleMm, byHeight, byWidth);
}

/** How long one half of a label on a tape is: as its text at the size that the height allows. */
function tapeHalf(fonts: Fonts, medium: Medium, content: LabelContent, qr: QrCode | null): number {
  const most = medium.shape === 'flag' ? tapeLengths.most / 2 : tapeLengths.most;
  const area = areaOf(medium, most);
  const fit = fitLines(fonts, content.lines, area, largestTextOf(medium));
  const text = Math.max(0, ...fit.lines.map((line) => line.width));
  const module = qr === null ? 0 : moduleOf(medium, qr, most);
  const forQr = qr === null || module < leastModuleMm ? 0 : module * (qr.modules + 2 * quietModules);
  const beside = forQr === 0 ? 2 * tapeEndMm : tapeEndMm;
  // Rounded up to a tenth: a hair too little would shrink the text that it was made for.
  const length = Math.ceil((forQr + text + beside) * 10) / 10 + 0.1;
  return Math.min(most, Math.max(tapeLengths.least, length));
}

function drawHalf(
  fonts: Fonts,
  medium: Medium,
  content: LabelContent,
  qr: QrCode | null,
  w: number,
): { items: DrawItem[]; warnings: Misfit[] } {
  const items: DrawItem[] = [];
  const warnings: Misfit[] = [];
  let area = areaOf(medium, w);
  if (qr !== null && content.qr !== null) {
    const module = moduleOf(medium, qr, w);
    const detail = module.toFixed(2);
    if (module < leastModuleMm) warnings.push({ code: 'qr-left-out', label: content.name, detail });
    else {
      if (module < goodModuleMm - 0.005) warnings.push({ code: 'qr-small', label: content.name, detail });
      const side = module * qr.modules;
      const quiet = module * quietModules;
      items.push({
        kind: 'qr',
        x: quiet,
        y: (medium.labelHeightMm - side) / 2,
        moduleMm: module,
        modules: qr.modules,
        runs: qr.runs.map(([column, row, length]) => [column, row, length]),
        text: content.qr,
      });
      const textX = Math.max(quiet * 2 + side, area.x + gapMm);
      area = { ...area, x: textX, w: area.x + area.w - textX };
    }
  }
  const fit = fitLines(fonts, content.lines, area, largestTextOf(medium));
  for (const line of fit.cut) warnings.push({ code: 'text-cut', label: content.name, detail: line });
  for (const line of fit.leftOut) warnings.push({ code: 'line-left-out', label: content.name, detail: line });
  const top = area.y + (area.h - fit.height) / 2;
  for (const line of fit.lines) {
    if (line.text === '') continue;
    items.push(text(area.x, top + line.baseline, line));
  }
  return { items, warnings };
}

/** The text again and again, so that it is read from every side of the cable; along the cable in either case. */
function drawWrap(
  fonts: Fonts,
  medium: Medium,
  content: LabelContent,
  around: number,
  warnings: Misfit[],
): DrawnLabel {
  const line = content.lines.join(' · ');
  const isTape = medium.labelWidthMm === null;
  // A tape goes around the cable lengthwise and overlaps itself by a quarter.
  const w = medium.labelWidthMm ?? Math.max(tapeLengths.least, Math.ceil(around * 1.25 * 10) / 10);
  const h = medium.labelHeightMm;
  const length = isTape ? medium.printableHeightMm : w - 2 * edgeMm;
  const depth = isTape ? w - 2 * tapeEndMm : h - 2 * edgeMm;
  const unit = fonts.measure(line, true);
  const size = Math.max(minSizeMm, Math.min(3.2, unit === 0 ? 3.2 : length / unit));
  const shown = unit * size <= length + 1e-9 ? line : cutText(fonts, line, true, length / size);
  if (shown !== line) warnings.push({ code: 'text-cut', label: content.name, detail: line });
  const rise = riseOf(line);
  const lineHeight = size * (rise + descent);
  const rows = Math.max(1, Math.floor((depth + size * 0.3) / (lineHeight + size * 0.3)));
  const pitch = rows === 1 ? 0 : (depth - lineHeight) / (rows - 1);
  const width = fonts.measure(shown, true) * size;
  const begin = rows === 1 ? (depth - lineHeight) / 2 : 0;
  const items = Array.from({ length: rows }, (_, row): DrawItem => {
    const across = begin + row * pitch + size * rise;
    const along = (length - width) / 2;
    // On a tape the text reads from the lower edge upwards.
    return isTape
      ? {
          ...text(tapeEndMm + across, h - (h - length) / 2 - along, { text: shown, size, width, bold: true }),
          turn: -90,
        }
      : text(edgeMm + along, edgeMm + across, { text: shown, size, width, bold: true });
  });
  return { w, h, items: shown === '' ? [] : items, warnings };
}

function text(
  x: number,
  y: number,
  line: { text: string; size: number; width: number; bold: boolean },
): Extract<DrawItem, { kind: 'text' }> {
  const { text: words, size, width, bold } = line;
  return { kind: 'text', x, y, text: words, size, width, bold, turn: 0, tone: 'ink' };
}

/** The same drawing elsewhere. */
export function shifted(item: DrawItem, dx: number, dy: number): DrawItem {
  const moved = { x: item.x + dx, y: item.y + dy };
  return item.kind === 'line'
    ? { ...item, ...moved, x2: item.x2 + dx, y2: item.y2 + dy }
    : { ...item, ...moved };
}
