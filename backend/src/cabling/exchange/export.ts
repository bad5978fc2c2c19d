import { allWithin, type Reach } from '../../access/scope.ts';
import type { Database } from '../../database/tables.ts';
import { chunked } from '../../history/rows.ts';
import { csvText, writeInThread } from '../../inventory/api/export.ts';
import { fieldHeading, type Language, optionWord } from '../../inventory/api/export-words.ts';
import type { Cell } from '../../inventory/import-table/cells.ts';
import { writeCsv } from '../../inventory/import-table/csv.ts';
import { portCards } from '../cards.ts';
import { cabledPorts, type Place } from '../sheets/place.ts';
import { colorWord } from './colors.ts';
import { sideText } from './ends.ts';

const headings: Readonly<Record<Language, readonly [string, string]>> = {
  de: ['Von', 'Nach'],
  en: ['From', 'To'],
};
const fields = ['label', 'kind', 'medium', 'color', 'lengthM', 'status', 'laneMap', 'notes'] as const;
const names = { de: 'Verkabelung', en: 'Cabling' } as const;

/** All cables, or those that end in a place or within reach, as a list that an import takes back without a difference. */
export async function exportCables(
  db: Database,
  options: {
    readonly place: Place | null;
    readonly reach?: Reach | null;
    readonly language: Language;
    readonly format: 'xlsx' | 'csv';
  },
): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
  const { place, reach = null, language, format } = options;
  const rows = [
    [...headings[language], ...fields.map((field) => fieldHeading('link', field, language))],
    ...(await db.transaction().execute((tx) => cableRows(tx, place, reach, language))),
  ];
  const name = names[language];
  if (format === 'xlsx') return { name, bytes: await writeInThread({ name, rows }) };
  const lines = rows.map((row) => row.map((cell) => csvText(cell, language)));
  return { name, bytes: new TextEncoder().encode(`\uFEFF${writeCsv(lines)}`) };
}

/** The cells of each cable, in the order in which they were documented. */
export async function cableRows(
  db: Database,
  place: Place | null,
  reach: Reach | null,
  language: Language,
): Promise<Cell[][]> {
  const own = reach === null ? null : await allWithin(db, 'link', reach);
  const wanted = place === null ? own : await linksAt(db, await cabledPorts(db, place, reach));
  const links = (await db.selectFrom('links').selectAll().orderBy('id').execute()).filter(
    ({ id }) => wanted === null || wanted.has(id),
  );
  const ends = Map.groupBy(
    await db.selectFrom('link_ends').selectAll().orderBy('connector').execute(),
    (end) => end.link_id,
  );
  const cards = await portCards(
    db,
    links.flatMap(({ id }) => (ends.get(id) ?? []).map((end) => end.port_id)),
  );
  return links.map((link) => {
    const side = (which: 'a' | 'b') =>
      sideText(
        (ends.get(link.id) ?? [])
          .filter((end) => end.side === which)
          .map((end) => {
            const card = cards.get(end.port_id);
            return {
              connector: end.connector,
              name: `${card?.owner.name ?? ''}:${card?.name ?? ''}`,
              portSide: end.port_side,
              twoSided: card?.twoSided ?? false,
            };
          }),
        link.kind,
        language,
      );
    return [
      side('a'),
      side('b'),
      link.label,
      optionWord('link', 'kind', link.kind, language),
      link.medium === null ? null : optionWord('link', 'medium', link.medium, language),
      link.color === null ? null : colorWord(link.color, language),
      link.length_m,
      optionWord('link', 'status', link.status, language),
      // JSON, in which nothing is called null too.
      link.lane_map === 'null' ? null : link.lane_map,
      link.notes,
    ];
  });
}

async function linksAt(db: Database, ports: readonly number[]): Promise<Set<number>> {
  const links = new Set<number>();
  for (const part of chunked([...ports]))
    for (const row of await db
      .selectFrom('link_ends')
      .select('link_id')
      .where('port_id', 'in', part)
      .execute())
      links.add(row.link_id);
  return links;
}
