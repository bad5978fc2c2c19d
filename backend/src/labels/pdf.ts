import type { Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { DrawItem } from '@rackhaus/config/contract';
import PDFDocument from 'pdfkit';
import type { Fonts } from './fonts.ts';
import type { Page } from './pages.ts';

/** PDF counts in points of 1/72 inch. */
const pointsPerMm = 72 / 25.4;

const fills = { paper: '#ffffff', light: '#eef0ef', medium: '#c9cecc', ink: '#000000' } as const;
const tones = { ink: '#000000', muted: '#4d585d' } as const;

/**
 * Writes pages as PDF, exactly in millimetres, and ends the stream. The same pages and the same time give the same bytes. Lets
 * others work between two pages. Ends early, and quietly, when the receiver goes away.
 * @throws when the receiver or the PDF library fails
 */
export async function writePdf(options: {
  readonly pages: Iterable<Page> | AsyncIterable<Page>;
  readonly fonts: Pick<Fonts, 'regular' | 'bold'>;
  readonly title: string;
  readonly time: Date;
  readonly to: Writable;
}): Promise<void> {
  const { pages, fonts, title, time, to } = options;
  const doc = new PDFDocument({
    autoFirstPage: false,
    margin: 0,
    info: { Title: title, Creator: 'Rackhaus', Producer: 'Rackhaus', CreationDate: time, ModDate: time },
    pdfVersion: '1.7',
  });
  const finished = new Promise<void>((resolve, reject) => {
    // Both happen to a receiver that gets everything, the second alone to one that goes early.
    to.on('finish', resolve).on('close', resolve);
    to.on('error', reject);
    doc.on('error', reject);
  });
  // A failure is reported at the end; until then it must not count as one that nobody handles.
  finished.catch(() => {});
  doc.pipe(to);
  doc.registerFont('regular', fonts.regular);
  doc.registerFont('bold', fonts.bold);
  for await (const page of pages) {
    if (to.destroyed) break;
    doc.addPage({ size: [page.widthMm * pointsPerMm, page.heightMm * pointsPerMm], margin: 0 });
    doc.save().scale(pointsPerMm);
    for (const item of page.items) draw(doc, item);
    doc.restore();
    await setImmediate();
  }
  doc.end();
  await finished;
}

type Doc = InstanceType<typeof PDFDocument>;

function draw(doc: Doc, item: DrawItem): void {
  switch (item.kind) {
    case 'text':
      drawText(doc, item);
      return;
    case 'rect': {
      if (item.radius > 0) doc.roundedRect(item.x, item.y, item.w, item.h, item.radius);
      else doc.rect(item.x, item.y, item.w, item.h);
      if (item.line > 0) doc.lineWidth(item.line);
      if (item.fill !== 'none' && item.line > 0) doc.fillAndStroke(fills[item.fill], tones.ink);
      else if (item.fill !== 'none') doc.fill(fills[item.fill]);
      else doc.stroke(tones.ink);
      return;
    }
    case 'line':
      doc.lineWidth(item.line).moveTo(item.x, item.y).lineTo(item.x2, item.y2).stroke(tones.ink);
      return;
    case 'qr':
      for (const [column, row, length] of item.runs)
        doc.rect(
          item.x + column * item.moduleMm,
          item.y + row * item.moduleMm,
          length * item.moduleMm,
          item.moduleMm,
        );
      doc.fill(tones.ink);
  }
}

function drawText(doc: Doc, item: Extract<DrawItem, { kind: 'text' }>): void {
  doc
    .font(item.bold ? 'bold' : 'regular')
    .fontSize(item.size)
    .fillColor(tones[item.tone]);
  const place = { lineBreak: false, baseline: 'alphabetic' } as const;
  if (item.turn === 0) {
    doc.text(item.text, item.x, item.y, place);
    return;
  }
  doc.save().translate(item.x, item.y).rotate(item.turn).text(item.text, 0, 0, place).restore();
}
