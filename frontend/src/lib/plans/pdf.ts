import { GlobalWorkerOptions, getDocument, type PDFDocumentProxy } from 'pdfjs-dist';
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url';

/** Longest side of a page as a picture: at this an A0 plan shows lines of a quarter of a millimetre. */
const longestPx = 5000;
const thumbnailPx = 220;

/** A PDF that a page is chosen from. To be closed. */
export interface PdfPages {
  readonly count: number;
  /** A small picture of a page, counted from 1. */
  thumbnail(page: number): Promise<HTMLCanvasElement>;
  /** The page as a PNG, and its size in pixels. */
  picture(page: number): Promise<{ readonly file: Blob; readonly width: number; readonly height: number }>;
  close(): Promise<void>;
}

/** Opens a PDF in this browser; nothing of it is run. @throws Error when it is none, is broken, or asks for a password. */
export async function openPdf(bytes: ArrayBuffer): Promise<PdfPages> {
  GlobalWorkerOptions.workerSrc = workerUrl;
  // The town hall's pages may load nothing from elsewhere and compile nothing: no web assembly, fonts of the system.
  const task = getDocument({ data: bytes, useWasm: false, useSystemFonts: true, isEvalSupported: false });
  const pdf = await task.promise;
  return {
    count: pdf.numPages,
    thumbnail: (page) => draw(pdf, page, thumbnailPx),
    async picture(page) {
      const canvas = await draw(pdf, page, longestPx);
      const { width, height } = canvas;
      const file = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
      if (file === null) throw new Error('The page is too large for a picture.');
      return { file, width, height };
    },
    close: () => task.destroy(),
  };
}

async function draw(pdf: PDFDocumentProxy, number: number, longest: number): Promise<HTMLCanvasElement> {
  const page = await pdf.getPage(number);
  const natural = page.getViewport({ scale: 1 });
  const viewport = page.getViewport({ scale: longest / Math.max(natural.width, natural.height) });
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(viewport.width);
  canvas.height = Math.round(viewport.height);
  await page.render({ canvas, viewport, background: '#fff' }).promise;
  page.cleanup();
  return canvas;
}
