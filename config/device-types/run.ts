import type { z } from 'zod';
import type { FaceElement, PortShape } from '../contract/inventory.ts';
import { type Box, widest } from './box.ts';

export interface Section {
  readonly names: readonly string[];
  readonly shape: z.infer<typeof PortShape>;
  readonly size: { readonly w: number; readonly h: number };
}

const betweenSections = 8;
const betweenBlocks = 3;
const smallestUsual = 0.75;
const leastRoom = 4;

interface Layout {
  readonly section: Section;
  readonly rows: number;
  readonly columns: number;
  readonly length: number;
}

/**
 * Places sections one after the other in the largest free stretch of an area: in rows across, or one below the other.
 * Odd numbers above even ones, a small gap after six columns. What does not fit is drawn smaller, never outside or on top.
 */
export function placeRun(run: {
  readonly sections: readonly Section[];
  readonly area: Box;
  readonly taken: readonly Box[];
  readonly direction: 'across' | 'down';
  /** Towards the end of the stretch (the right), or its beginning. */
  readonly atEnd: boolean;
}): FaceElement[] {
  if (run.sections.length === 0) return [];
  // Down is across with the axes swapped.
  const turn = (box: Box): Box =>
    run.direction === 'down' ? { x: box.y, y: box.x, w: box.h, h: box.w } : box;
  const area = turn(run.area);
  const between = widest(area.x, area.w, run.taken.map(turn), (box) => [box.x, box.w]);
  // A face that is full of other things leaves ports no place of their own; they are seen all the same.
  const free = between.size < leastRoom ? { from: area.x, size: area.w } : between;
  const sections = run.sections.map((section) => ({
    ...section,
    size: run.direction === 'down' ? { w: section.size.h, h: section.size.w } : section.size,
  }));
  const padding = Math.min(betweenSections / 2, free.size / 10);
  const room = free.size - 2 * padding;
  const layouts = fit(sections, area.h, room);
  const wanted = total(layouts);
  const scale = Math.min(1, room / wanted, ...layouts.map((l) => area.h / (l.rows * l.section.size.h)));
  // Along a rail the outlets spread over the whole length.
  const stretch = run.direction === 'down' ? Math.min(1.9, room / (wanted * scale)) : 1;
  const length = wanted * scale * stretch;
  let x = free.from + padding + (run.atEnd ? room - length : 0);
  const elements: FaceElement[] = [];
  for (const { section, rows, length: own } of layouts) {
    const w = section.size.w * scale;
    const h = section.size.h * scale;
    const top = area.y + (area.h - rows * h) / 2;
    for (const [index, name] of section.names.entries()) {
      const column = Math.floor(index / rows);
      const blocks = Math.floor(column / 6) * betweenBlocks * scale;
      const box = turn({ x: x + (column * w + blocks) * stretch, y: top + (index % rows) * h, w, h });
      elements.push({ kind: 'port', name, shape: section.shape, ...box });
    }
    x += (own + betweenSections) * scale * stretch;
  }
  return elements;
}

/** The usual number of rows, drawn a little smaller if need be; more rows only where that would make ports tiny. */
function fit(sections: readonly Section[], height: number, room: number): Layout[] {
  const usual = sections.map((section) =>
    layout(section, Math.min(most(section, height), section.names.length > 8 || isUplink(section) ? 2 : 1)),
  );
  if (total(usual) * smallestUsual <= room) return usual;
  return sections.map((section) => layout(section, most(section, height)));
}

function isUplink(section: Section): boolean {
  return section.names.length > 2 && (section.shape === 'sfp' || section.shape === 'qsfp');
}

function most(section: Section, height: number): number {
  return Math.max(1, Math.min(section.names.length, Math.floor(height / section.size.h)));
}

function layout(section: Section, rows: number): Layout {
  const columns = Math.ceil(section.names.length / rows);
  const blocks = Math.floor((columns - 1) / 6) * betweenBlocks;
  return { section, rows, columns, length: columns * section.size.w + blocks };
}

function total(layouts: readonly Layout[]): number {
  return layouts.reduce((sum, l) => sum + l.length, 0) + (layouts.length - 1) * betweenSections;
}
