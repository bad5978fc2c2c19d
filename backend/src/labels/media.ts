import type { LabelMedium } from '@rackhaus/config/contract';

type Shape = LabelMedium['shape'];

interface Sheet {
  readonly id: string;
  readonly name: string;
  readonly label: readonly [width: number, height: number];
  readonly grid: readonly [columns: number, rows: number];
  /** Left top corner of the first label. */
  readonly origin: readonly [left: number, top: number];
  readonly pitch: readonly [x: number, y: number];
  readonly shapes: readonly Shape[];
}

const a4 = [210, 297] as const;

/**
 * Label sheets on A4 that office suppliers stock, millimetres. Sizes and counts as the makers print them on the box; the gap
 * between columns is a tenth of an inch where there is one, and the grid stands in the middle of the sheet.
 */
const sheets: readonly Sheet[] = [
  {
    id: 'avery-l4731',
    name: 'Avery Zweckform L4731, L6008',
    label: [25.4, 10],
    grid: [7, 27],
    origin: [8.5, 13.5],
    pitch: [27.93, 10],
    shapes: ['plain'],
  },
  {
    id: 'avery-l4732',
    name: 'Avery Zweckform L4732',
    label: [35.6, 16.9],
    grid: [5, 16],
    origin: [11, 13.3],
    pitch: [38.1, 16.9],
    shapes: ['plain', 'wrap'],
  },
  {
    id: 'avery-l4736',
    name: 'Avery Zweckform L4736, L6009',
    label: [45.7, 21.2],
    grid: [4, 12],
    origin: [9.8, 21.3],
    pitch: [48.23, 21.2],
    shapes: ['plain', 'wrap', 'flag'],
  },
  {
    id: 'avery-l4770',
    name: 'Avery Zweckform L4770, L6140',
    label: [45.7, 25.4],
    grid: [4, 10],
    origin: [9.75, 21.5],
    pitch: [48.26, 25.4],
    shapes: ['plain', 'wrap', 'flag'],
  },
  {
    id: 'avery-l6011',
    name: 'Avery Zweckform L6011',
    label: [63.5, 29.6],
    grid: [3, 9],
    origin: [7.2, 15.3],
    pitch: [66.04, 29.6],
    shapes: ['plain', 'wrap', 'flag'],
  },
  {
    id: 'avery-l7160',
    name: 'Avery Zweckform L7160',
    label: [63.5, 38.1],
    grid: [3, 7],
    origin: [7.2, 15.15],
    pitch: [66.04, 38.1],
    shapes: ['plain', 'flag'],
  },
  {
    id: 'avery-l7163',
    name: 'Avery Zweckform L7163',
    label: [99.1, 38.1],
    grid: [2, 7],
    origin: [4.65, 15.15],
    pitch: [101.6, 38.1],
    shapes: ['plain', 'flag'],
  },
  {
    id: 'herma-10003',
    name: 'HERMA 10003, 4345',
    label: [35.56, 16.93],
    grid: [5, 16],
    origin: [11.02, 13.06],
    pitch: [38.1, 16.93],
    shapes: ['plain', 'wrap'],
  },
  {
    id: 'herma-4346',
    name: 'HERMA 4346, 10004',
    label: [45.72, 21.167],
    grid: [4, 12],
    origin: [9.75, 21.5],
    pitch: [48.26, 21.167],
    shapes: ['plain', 'wrap', 'flag'],
  },
  {
    id: 'herma-4347',
    name: 'HERMA 4347, 10006',
    label: [63.5, 29.6],
    grid: [3, 9],
    origin: [7.2, 15.3],
    pitch: [66.04, 29.6],
    shapes: ['plain', 'wrap', 'flag'],
  },
  {
    id: 'herma-4606',
    name: 'HERMA 4606, 4270',
    label: [38, 21.2],
    grid: [5, 13],
    origin: [10, 10.7],
    pitch: [38, 21.2],
    shapes: ['plain', 'wrap'],
  },
  {
    id: 'herma-4607',
    name: 'HERMA 4607, 4271',
    label: [48.3, 16.9],
    grid: [4, 16],
    origin: [8.4, 13.3],
    pitch: [48.3, 16.9],
    shapes: ['plain', 'wrap', 'flag'],
  },
];

/**
 * Brother TZe tapes: width of the tape and the height in its middle that the print head reaches (70 and 128 dots at
 * 180 dots per inch, the maker's raster command reference).
 */
const tapes = [
  { id: 'brother-tze-12', name: 'Brother TZe 12 mm', widthMm: 12, printableMm: 9.88 },
  { id: 'brother-tze-24', name: 'Brother TZe 24 mm', widthMm: 24, printableMm: 18.06 },
] as const;

/** Of a roll, what the print head reaches; of a sheet, the whole label. */
export interface Medium extends LabelMedium {
  readonly printableHeightMm: number;
}

/** Every medium in every shape that makes sense on it, by id: `avery-l7163`, `avery-l7163-flag`. */
export const media: ReadonlyMap<string, Medium> = new Map(
  [...sheets.flatMap(sheetMedia), ...tapes.flatMap(tapeMedia)].map((medium) => [medium.id, medium]),
);

function idOf(id: string, shape: Shape): string {
  return shape === 'plain' ? id : `${id}-${shape}`;
}

function sheetMedia(sheet: Sheet): Medium[] {
  return sheet.shapes.map((shape) => ({
    id: idOf(sheet.id, shape),
    name: sheet.name,
    form: 'sheet',
    shape,
    labelWidthMm: sheet.label[0],
    labelHeightMm: sheet.label[1],
    printableHeightMm: sheet.label[1],
    pageWidthMm: a4[0],
    pageHeightMm: a4[1],
    columns: sheet.grid[0],
    rows: sheet.grid[1],
    leftMm: sheet.origin[0],
    topMm: sheet.origin[1],
    pitchXMm: sheet.pitch[0],
    pitchYMm: sheet.pitch[1],
  }));
}

function tapeMedia(tape: (typeof tapes)[number]): Medium[] {
  return (['plain', 'wrap', 'flag'] as const).map((shape) => ({
    id: idOf(tape.id, shape),
    name: tape.name,
    form: 'roll',
    shape,
    labelWidthMm: null,
    labelHeightMm: tape.widthMm,
    printableHeightMm: tape.printableMm,
    pageWidthMm: null,
    pageHeightMm: tape.widthMm,
    columns: 1,
    rows: 1,
    leftMm: 0,
    topMm: 0,
    pitchXMm: 0,
    pitchYMm: 0,
  }));
}

/** A medium as the API gives it. */
export function mediumReply({ printableHeightMm: _, ...medium }: Medium): LabelMedium {
  return medium;
}

/** Where the label number `index` of a job (from 0) is, when the job begins at label `start` (from 1) of the first sheet. */
export function cellOf(medium: Medium, index: number, start: number): { page: number; x: number; y: number } {
  const place = index + start - 1;
  const perPage = medium.columns * medium.rows;
  const onPage = place % perPage;
  return {
    page: Math.floor(place / perPage),
    x: medium.leftMm + (onPage % medium.columns) * medium.pitchXMm,
    y: medium.topMm + Math.floor(onPage / medium.columns) * medium.pitchYMm,
  };
}
