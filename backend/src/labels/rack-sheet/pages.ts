import type { DeviceTypeView, DrawItem, PlacedDevice, RackView, RoomView } from '@rackhaus/config/contract';
import { codeOf, codeUrl } from '../codes.ts';
import type { Measure } from '../fit-text.ts';
import { minSizeMm } from '../fit-text.ts';
import type { Page } from '../pages.ts';
import { qrCode } from '../qr.ts';
import { drawRack, frameOf, type Types, written } from './drawing.ts';
import { type Column, layoutRow, type TableRow, wrapText } from './table.ts';
import type { SheetWords } from './words.ts';

const a4 = { widthMm: 210, heightMm: 297 };
const margin = 12;
const footY = 289;
/** Scales that a ruler has, the largest first. */
const scales = [4, 5, 6, 8, 10, 12, 15, 20, 25, 30];
const betweenSides = 8;

export interface SheetOptions {
  readonly room: RoomView;
  readonly serials: ReadonlyMap<number, string>;
  readonly words: SheetWords;
  readonly measure: Measure;
  readonly publicUrl: string;
  readonly time: number;
  /** With a list of what stands outside the racks. */
  readonly wholeRoom: boolean;
}

/** Printed racks on A4: for each rack front and rear to scale, and then the list of what is in it. */
export function rackSheets(options: SheetOptions): Page[] {
  const { room, words, wholeRoom } = options;
  const types = new Map(room.types.map((type) => [type.id, type]));
  const pages: { items: DrawItem[]; title: string }[] = [];
  for (const rack of room.racks) {
    pages.push({ items: drawingPage(options, types, rack), title: rack.name });
    for (const items of listPages(options, words.contents(rack.name), rackRows(options, types, rack)))
      pages.push({ items, title: rack.name });
  }
  if (wholeRoom && room.unracked.length > 0) {
    const rows = room.unracked.map((device) => deviceRow(options, types, device, ''));
    for (const items of listPages(options, words.inNoRack, rows)) pages.push({ items, title: room.name });
  }
  if (pages.length === 0)
    for (const items of listPages(options, room.name, [])) pages.push({ items, title: room.name });
  return pages.map(({ items, title }, index) => ({
    ...a4,
    items: [...items, ...foot(options, title, index + 1, pages.length)],
  }));
}

function drawingPage(options: SheetOptions, types: Types, rack: RackView): DrawItem[] {
  const { words, measure, publicUrl } = options;
  const items = head(options, rack.name, [
    placeOf(options.room),
    [rack.purpose, words.usedUnits(rack.usedU, rack.heightU)].filter((part) => part !== '').join(' · '),
  ]);
  const code = qrCode(codeUrl(publicUrl, codeOf('rack', rack.id)));
  const moduleMm = Math.min(0.6, 18 / code.modules);
  items.push({
    kind: 'qr',
    x: a4.widthMm - margin - code.modules * moduleMm,
    y: margin,
    moduleMm,
    modules: code.modules,
    runs: code.runs.map(([column, row, length]) => [column, row, length]),
    text: codeUrl(publicUrl, codeOf('rack', rack.id)),
  });
  const front = frameOf(rack, types, 'front');
  const rear = frameOf(rack, types, 'rear');
  const top = 41;
  const room = { w: a4.widthMm - 2 * margin - betweenSides, h: footY - 6 - top };
  const by =
    scales.find((each) => (front.width + rear.width) / each <= room.w && front.height / each <= room.h) ??
    Math.ceil(Math.max((front.width + rear.width) / room.w, front.height / room.h));
  const begin = (a4.widthMm - (front.width + rear.width) / by - betweenSides) / 2;
  const places = [
    { side: 'front', x: begin, frame: front, title: words.front },
    { side: 'rear', x: begin + front.width / by + betweenSides, frame: rear, title: words.rear },
  ] as const;
  for (const { side, x, frame, title } of places) {
    items.push(line(measure, x + (frame.openingX - 42) / by, top - 2.5, title, 3.4, true, 'ink'));
    items.push(...drawRack({ rack, types, side, at: { x, y: top }, by, measure }));
  }
  const scale = words.scale(by);
  const width = measure.measure(scale, false) * 2.9;
  items.push(written(a4.widthMm - margin - width, top - 2.5, scale, 2.9, width, 'muted'));
  return items;
}

function columnsOf(words: SheetWords): Column[] {
  return [
    { title: words.units, width: 17 },
    { title: words.name, width: 46 },
    { title: words.type, width: 55 },
    { title: words.serial, width: 32 },
    { title: words.ports, width: 36 },
  ];
}

function listPages(options: SheetOptions, title: string, rows: readonly TableRow[]): DrawItem[][] {
  const { measure, words, room } = options;
  const columns = columnsOf(words);
  const headRow = layoutRow(measure, columns, { cells: columns.map((each) => each.title) }, { head: true });
  const pages: DrawItem[][] = [];
  let items: DrawItem[] = [];
  let y = Number.POSITIVE_INFINITY;
  const begin = () => {
    items = head(options, title, [placeOf(room)]);
    pages.push(items);
    y = 34;
    items.push(...headRow.draw(margin, y));
    y += headRow.height;
  };
  for (const row of rows) {
    const laid = layoutRow(measure, columns, row);
    if (y + laid.height > footY - 6) begin();
    items.push(...laid.draw(margin, y));
    y += laid.height;
  }
  if (rows.length === 0) begin();
  return pages;
}

/** From the top down with the free units in their place; what takes no unit comes last. */
function rackRows(options: SheetOptions, types: Types, rack: RackView): TableRow[] {
  const { words } = options;
  const taken = new Set<number>();
  const rows = rack.devices.map((device) => {
    const type = types.get(device.typeId);
    if (device.position === null || type?.form === 'vertical')
      return { top: 0, row: deviceRow(options, types, device, words.rail) };
    const height = Math.max(type?.uHeight ?? 1, 0.5);
    const first = Math.floor(device.position);
    const last = Math.ceil(device.position + height) - 1;
    for (let unit = first; unit <= last; unit++) taken.add(unit);
    return { top: last, row: deviceRow(options, types, device, range(first, last)) };
  });
  for (let unit = rack.heightU; unit >= 1; unit--) {
    if (taken.has(unit)) continue;
    const last = unit;
    while (unit > 1 && !taken.has(unit - 1)) unit--;
    rows.push({ top: last, row: { cells: [range(unit, last), words.free, '', '', ''], muted: true } });
  }
  return rows.toSorted((a, b) => b.top - a.top).map(({ row }) => row);
}

const range = (first: number, last: number) => (last > first ? `${first}–${last}` : `${first}`);

function deviceRow(options: SheetOptions, types: Types, device: PlacedDevice, units: string): TableRow {
  const ports = device.ports.filter((port) => ['network', 'front', 'power-outlet'].includes(port.kind));
  const used = ports.filter((port) => port.occupied).length;
  return {
    cells: [
      units,
      device.name,
      typeName(types.get(device.typeId)),
      options.serials.get(device.id) ?? '',
      ports.length === 0 ? '' : options.words.usage(used, ports.length - used),
    ],
  };
}

function typeName(type: DeviceTypeView | undefined): string {
  if (type === undefined) return '';
  return type.manufacturer === 'Generic' ? type.model : `${type.manufacturer} ${type.model}`;
}

const placeOf = (room: RoomView) =>
  [...new Set([room.site.name, room.building.name, room.floor.name, room.name])].join(' · ');

/** Title and lines below it, at the top of a page. A long title shrinks and then goes on in a second line. */
function head(options: SheetOptions, title: string, lines: readonly string[]): DrawItem[] {
  const { measure } = options;
  const width = 150;
  const size = Math.max(minSizeMm * 2, Math.min(6.5, width / measure.measure(title, true)));
  const items: DrawItem[] = [];
  let y = margin;
  for (const words of wrapText(measure, title, true, width / size).slice(0, 2)) {
    y += size * 0.95;
    items.push(line(measure, margin, y, words, size, true, 'ink'));
  }
  for (const words of lines.flatMap((each) => wrapText(measure, each, false, width / 3.1))) {
    y += 4.6;
    items.push(line(measure, margin, y, words, 3.1, false, 'muted'));
  }
  return items;
}

function foot(options: SheetOptions, title: string, page: number, of: number): DrawItem[] {
  const { measure, words, time } = options;
  const right = words.page(page, of);
  const left = `${title} · ${words.printed(words.date(time))}`;
  const width = measure.measure(right, false) * 2.7;
  return [
    { kind: 'line', x: margin, y: footY - 4, x2: a4.widthMm - margin, y2: footY - 4, line: 0.1 },
    line(measure, margin, footY, left, 2.7, false, 'muted'),
    line(measure, a4.widthMm - margin - width, footY, right, 2.7, false, 'muted'),
  ];
}

function line(
  measure: Measure,
  x: number,
  y: number,
  words: string,
  size: number,
  bold: boolean,
  tone: 'ink' | 'muted',
): DrawItem {
  return { ...written(x, y, words, size, measure.measure(words, bold) * size, tone), bold };
}
