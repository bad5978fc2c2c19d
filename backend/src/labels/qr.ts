import { create } from 'qrcode';

/** The dark modules of a QR code without its quiet zone. */
export interface QrCode {
  /** Modules along one side. */
  readonly modules: number;
  /** Dark modules side by side: column, row, how many. */
  readonly runs: readonly (readonly [column: number, row: number, length: number])[];
}

/** White modules that a reader needs on each side (ISO/IEC 18004). */
export const quietModules = 4;

/** Error correction M: a seventh of the code may be scratched off. */
export function qrCode(text: string): QrCode {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const runs: (readonly [number, number, number])[] = [];
  for (let row = 0; row < modules.size; row++) {
    let from = -1;
    for (let column = 0; column <= modules.size; column++) {
      const dark = column < modules.size && modules.get(row, column) === 1;
      if (dark && from === -1) from = column;
      if (!dark && from !== -1) {
        runs.push([from, row, column - from]);
        from = -1;
      }
    }
  }
  return { modules: modules.size, runs };
}
