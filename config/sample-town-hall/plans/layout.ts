/** A point in metres from the left top corner of the building. */
export type Metres = readonly [x: number, y: number];

export interface DrawnRoom {
  /** As in the inventory; rooms that only the architect knows are not `documented`. */
  readonly name: string;
  readonly documented: boolean;
  readonly corners: readonly Metres[];
  /** Where its door is: on the wall to the corridor. */
  readonly door: Metres;
  /** The wall with the windows, and the one to the corridor, by their height on the plan. */
  readonly outerY: number;
  readonly innerY: number;
}
export interface DrawnFloor {
  readonly name: string;
  readonly title: string;
  readonly rooms: readonly DrawnRoom[];
}

/** The building without its surroundings. */
export const building = { width: 36, height: 16 } as const;
const corridor = { top: 6.6, bottom: 9 } as const;
const wall = { outer: 0.36, inner: 0.14 } as const;

type Row = readonly (readonly [name: string, width: number, kind?: 'bare' | 'stairs'])[];

const rows: readonly { name: string; title: string; top: Row; bottom: Row }[] = [
  {
    name: 'Untergeschoss',
    title: 'Rathaus Untergeschoss',
    top: [
      ['Serverraum alt', 7],
      ['Heizung', 8, 'bare'],
      ['Lager', 12, 'bare'],
      ['Haustechnik', 9, 'bare'],
    ],
    bottom: [
      ['Aktenkeller', 10, 'bare'],
      ['Serverraum neu', 9],
      ['Schleuse', 3, 'bare'],
      ['Papierlager', 11, 'bare'],
      ['Treppe', 3, 'stairs'],
    ],
  },
  {
    name: 'Erdgeschoss',
    title: 'Rathaus Erdgeschoss',
    top: [
      ['0.01 Bürgerbüro', 9],
      ['0.02 Standesamt', 5],
      ['0.03 Einwohnermeldeamt', 6],
      ['0.04 Poststelle', 4],
      ['0.05 Kasse', 4],
      ['0.06 Ordnungsamt', 4],
      ['0.07 Gewerbeamt', 4],
    ],
    bottom: [
      ['0.08 Sitzungssaal', 9.5],
      ['0.09 Foyer', 6.5],
      ['0.10 Hausmeister', 3],
      ['0.11 Sozialamt', 4],
      ['0.12 Wohngeld', 3.5],
      ['0.13 Rentenstelle', 3.5],
      ['0.14 Teeküche EG', 3],
      ['Treppe', 3, 'stairs'],
    ],
  },
  {
    name: '1. Obergeschoss',
    title: 'Rathaus 1. Obergeschoss',
    top: [
      ['1.01 Bürgermeister', 7],
      ['1.02 Vorzimmer', 4],
      ['1.03 Hauptamt', 6],
      ['1.04 Personal', 5],
      ['1.05 Ratsbüro', 5],
      ['1.06 Besprechung 1', 9],
    ],
    bottom: [
      ['Verteiler 1. OG', 3],
      ['1.07 Kämmerei', 6],
      ['1.08 Steueramt', 5],
      ['1.09 Vollstreckung', 4],
      ['1.10 Rechnungsprüfung', 4.5],
      ['1.11 Pressestelle', 4],
      ['1.12 Druckerei', 3.5],
      ['1.13 Gleichstellung', 3],
      ['Treppe', 3, 'stairs'],
    ],
  },
  {
    name: '2. Obergeschoss',
    title: 'Rathaus 2. Obergeschoss',
    top: [
      ['2.01 Bauamt', 7],
      ['2.02 Hochbau', 5],
      ['2.03 Tiefbau', 5],
      ['2.04 Planung', 5],
      ['2.05 Liegenschaften', 5],
      ['2.06 Umwelt', 4],
      ['2.07 Bauordnung', 5],
    ],
    bottom: [
      ['Verteiler 2. OG', 3],
      ['2.08 Besprechung 2', 7],
      ['2.09 IT', 5],
      ['2.10 IT-Lager', 4],
      ['2.11 Archiv', 5],
      ['2.12 Schulamt', 5],
      ['2.13 Personalrat', 4],
      ['Treppe', 3, 'stairs'],
    ],
  },
];

/** The floors of the town hall as its architect might have drawn them. */
export function townHallFloors(): DrawnFloor[] {
  return rows.map(({ name, title, top, bottom }) => ({
    name,
    title,
    rooms: [...roomsOf(top, 'top'), ...roomsOf(bottom, 'bottom')],
  }));
}

function roomsOf(row: Row, side: 'top' | 'bottom'): DrawnRoom[] {
  let x = 0;
  const [outerY, innerY] =
    side === 'top' ? [wall.outer, corridor.top] : [building.height - wall.outer, corridor.bottom];
  return row.map(([name, width, kind]) => {
    const left = x + (x === 0 ? wall.outer : wall.inner / 2);
    x += width;
    const right = x - (x >= building.width ? wall.outer : wall.inner / 2);
    // The foyer reaches across the corridor to the entrance on the other side: a room with six corners.
    const corners: Metres[] =
      name === '0.09 Foyer'
        ? [
            [left, outerY],
            [right, outerY],
            [right, corridor.bottom],
            [right - 2, corridor.bottom],
            [right - 2, corridor.top + 0.1],
            [left, corridor.top + 0.1],
          ]
        : [
            [left, outerY],
            [right, outerY],
            [right, innerY],
            [left, innerY],
          ];
    return { name, documented: kind === undefined, corners, door: [left + 0.5, innerY], outerY, innerY };
  });
}
