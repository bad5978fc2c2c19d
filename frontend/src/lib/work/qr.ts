import jsqr from 'jsqr';

interface Detector {
  detect(image: ImageData): Promise<readonly { readonly rawValue: string }[]>;
}
declare global {
  /** Where the browser has one of its own; it is not yet among TypeScript's types. */
  var BarcodeDetector:
    | { new (options: { formats: string[] }): Detector; getSupportedFormats(): Promise<string[]> }
    | undefined;
}

/** Reads the QR code in a picture; null when none is seen in it. */
export type QrReader = (picture: ImageData) => Promise<string | null>;

/** The browser's own reader where it has one that reads QR codes, else ours in JavaScript. The only importer of jsqr. */
export async function qrReader(): Promise<QrReader> {
  const own = await ownDetector();
  if (own === null) return ours;
  return async (picture) => {
    const [first] = await own.detect(picture);
    return first?.rawValue ?? null;
  };
}

async function ownDetector(): Promise<Detector | null> {
  const Own = globalThis.BarcodeDetector;
  if (Own === undefined) return null;
  // Some browsers have the name and not the reader behind it.
  const formats = await Own.getSupportedFormats().catch((): string[] => []);
  return formats.includes('qr_code') ? new Own({ formats: ['qr_code'] }) : null;
}

const ours: QrReader = async ({ data, width, height }) =>
  jsqr(data, width, height, { inversionAttempts: 'dontInvert' })?.data ?? null;
