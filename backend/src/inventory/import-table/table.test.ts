import { importTargets } from '@rackhaus/config/contract';
import { describe, expect, it } from 'vitest';
import { emptyInventory, tester, townHallInventory, types } from '../testing.ts';
import { applyDraft, withoutRows } from './apply.ts';
import type { Sheet } from './cells.ts';
import { guessFields, guessHeadingRow, guessTarget } from './guess.ts';
import { headingsOf, type Mapping, type Plan, planTable } from './plan.ts';

type World = Awaited<ReturnType<typeof emptyInventory>>;

const options = {
  notation: 'de',
  site: 'Rathaus',
  building: '',
  floor: 'EG',
  room: '',
  heightU: 42,
  fromTop: false,
  monitor: false,
} as const;

function mappingOf(rows: Sheet['rows'], more: Partial<Mapping> = {}): Mapping {
  const sheet = { name: 'Liste', rows };
  const headingRow = guessHeadingRow(sheet);
  const headings = headingsOf({ sheet, headingRow });
  const { target } = guessTarget(headings);
  return {
    sheet,
    headingRow,
    target,
    fields: guessFields(headings, target, rows.slice(headingRow)),
    options,
    types: {},
    ...more,
  };
}

const plan = (world: World, mapping: Mapping): Promise<Plan> =>
  planTable({ db: world.db, library: types, mapping, signal: new AbortController().signal });

async function bringIn(world: World, mapping: Mapping): Promise<{ plan: Plan; changeId: number | null }> {
  const made = await plan(world, mapping);
  const refused = new Set(
    made.rows.flatMap(({ row, outcome }) => (outcome === 'problem' && row !== null ? [row] : [])),
  );
  const { changeId } = await world.inventory.changes.run({ ...tester, reason: 'Liste.xlsx' }, (change) =>
    applyDraft(change, withoutRows(made.draft, refused), {
      signal: new AbortController().signal,
      onProgress: () => {},
    }),
  );
  return { plan: made, changeId };
}

const outcomes = ({ rows }: Plan) => rows.map(({ outcome }) => outcome).join(' ');
const reasons = ({ rows }: Plan) =>
  rows.flatMap(({ row, problems }) => problems.map(({ column, reason }) => `${row}${column} ${reason}`));

const list = [
  [
    'Gerätename',
    'Hersteller',
    'Modell',
    'Raum',
    'Schrank',
    'HE',
    'Seriennummer',
    'IP-Adresse',
    'Garantie bis',
    'Preis',
    'MAC',
  ],
  [
    'sw-1',
    'HPE Aruba',
    'CX 6100 24G Class4 PoE 4SFP+ 370W',
    'Serverraum',
    'A',
    '40',
    'SG1',
    '10.0.0.1',
    '31.12.2027',
    '1.234,50 €',
    '00-1A-2B-3C-4D-5E',
  ],
  [
    'sw-2',
    'Cisco',
    'C9200L-24T-4G',
    'Serverraum',
    'A',
    'HE 39',
    'FO2',
    '10.0.0.2',
    { day: '2028-06-30' },
    999,
    null,
  ],
  ['usv-1', 'Unbekannt', 'Spezialkiste 3000', 'Serverraum', 'A', '1-2', 'U3', null, null, null, null],
];

describe('a list of devices', () => {
  it('makes places, types and devices, and nothing the second time', async () => {
    const world = await emptyInventory();
    const first = await bringIn(world, mappingOf(list));
    expect(reasons(first.plan)).toEqual([]);
    expect(outcomes(first.plan)).toBe('create create create');
    const devices = await world.db.selectFrom('devices').selectAll().orderBy('id').execute();
    expect(
      devices.map(({ name, position, cost_cents, warranty_until }) => [
        name,
        position,
        cost_cents,
        warranty_until,
      ]),
    ).toEqual([
      ['sw-1', 40, 123450, '2027-12-31'],
      ['sw-2', 39, 99900, '2028-06-30'],
      ['usv-1', 1, null, null],
    ]);
    expect(
      await world.db.selectFrom('ports').select(['name', 'mac']).where('mac', 'is not', null).execute(),
    ).toEqual([{ name: '1/1/1', mac: '00:1a:2b:3c:4d:5e' }]);
    const again = await bringIn(world, mappingOf(list));
    expect(outcomes(again.plan)).toBe('same same same');
    expect(again.changeId).toBeNull();
  });

  it('is undone as a whole', async () => {
    const world = await emptyInventory();
    const { changeId } = await bringIn(world, mappingOf(list));
    await world.inventory.changes.undo(changeId ?? 0, tester);
    for (const table of ['devices', 'sites', 'rooms', 'racks', 'addresses', 'device_types', 'ports'] as const)
      expect(await world.db.selectFrom(table).select('id').execute(), table).toEqual([]);
  });

  it('says field by field what differs, and what the list does not have', async () => {
    const world = await emptyInventory();
    await bringIn(world, mappingOf(list));
    const changed = list.slice(0, 3).map((row) => [...row]);
    changed[1]?.splice(5, 3, '38', 'SG1-neu', '10.0.0.9');
    const made = await plan(world, mappingOf(changed));
    expect(outcomes(made)).toBe('change same left');
    expect(made.rows[0]?.fields.map(({ field, before, after }) => [field, before, after])).toEqual([
      ['position', '40', '38'],
      ['serial', 'SG1', 'SG1-neu'],
      ['address', '10.0.0.1', '10.0.0.9'],
    ]);
    expect(made.rows[2]?.name).toBe('usv-1');
  });

  it('names row, column and reason of what is wrong', async () => {
    const world = await emptyInventory();
    const made = await plan(
      world,
      mappingOf([
        ['Name', 'Hersteller', 'Modell', 'Raum', 'Schrank', 'HE', 'IP-Adresse', 'Kaufdatum', 'Status'],
        ['a', 'HPE', 'ProLiant DL380 Gen11', 'Serverraum', 'A', '10', '10.0.0.1', '31.02.2024', 'aktiv'],
        ['b', 'HPE', 'ProLiant DL380 Gen11', 'Serverraum', 'A', '11', '10.0.0.1', '1.2.2024', 'kaputtig'],
        ['b', 'HPE', 'ProLiant DL380 Gen11', 'Serverraum', 'A', 'oben', '10.0.0', null, null],
        ['c', 'HPE', 'ProLiant DL380 Gen11', 'Serverraum', 'A', '70', '#REF!', null, null],
        [null, 'HPE', 'ProLiant DL380 Gen11', 'Serverraum', 'A', '20', null, null, null],
        ['=HYPERLINK("x")', 'HPE', 'ProLiant DL380 Gen11', 'Serverraum', 'A', '30', null, null, null],
      ]),
    );
    expect(reasons(made)).toEqual([
      '2H not-a-day',
      '3I not-a-choice',
      '3G address-taken',
      '3F occupied',
      '4A same-row',
      '4F not-a-unit',
      '4G not-an-address',
      '5G formula-error',
      '5F too-large',
      '6A missing',
    ]);
    expect(made.rows.at(-1)).toMatchObject({ outcome: 'create', name: '=HYPERLINK("x")' });
  });

  it('lets rows swap places', async () => {
    const world = await emptyInventory();
    await bringIn(world, mappingOf(list));
    const swapped = list.slice(0, 3).map((row) => [...row]);
    swapped[1]?.splice(5, 1, '39');
    swapped[2]?.splice(5, 1, '40');
    const { plan: made } = await bringIn(world, mappingOf(swapped));
    expect(outcomes(made)).toBe('change change left');
    const devices = await world.db.selectFrom('devices').select(['name', 'position']).orderBy('id').execute();
    expect(devices.slice(0, 2)).toEqual([
      { name: 'sw-1', position: 39 },
      { name: 'sw-2', position: 40 },
    ]);
  });

  it('leaves out rows with problems, and what only they need', async () => {
    const world = await emptyInventory();
    await bringIn(
      world,
      mappingOf([
        ['Name', 'Hersteller', 'Modell', 'Raum', 'Kaufdatum'],
        ['gut', 'HPE', 'ProLiant DL380 Gen11', 'Serverraum', '1.2.2024'],
        ['schlecht', 'X', 'Y 9', 'Nirgends', 'irgendwann'],
      ]),
    );
    expect((await world.db.selectFrom('rooms').select('name').execute()).map(({ name }) => name)).toEqual([
      'Serverraum',
    ]);
    expect((await world.db.selectFrom('device_types').select('slug').execute()).length).toBe(1);
    expect((await world.db.selectFrom('devices').select('name').execute()).length).toBe(1);
  });

  it('finds types by what people write, and offers a simple one otherwise', async () => {
    const world = await emptyInventory();
    const mapping = mappingOf([
      ['Name', 'Hersteller', 'Modell', 'HE', 'Schrank', 'Raum'],
      ['1', 'Cisco', 'C9200L-24T-4G', '1', 'A', 'R'],
      ['2', 'HP', 'DL380 Gen11', '3', 'A', 'R'],
      ['3', 'HPE', 'JL677A', '5', 'A', 'R'],
      ['4', 'Dell', 'PowerEdge R740', '7-8', 'A', 'R'],
      ['5', null, 'Patchpanel 24 x Cat. 6A', '10', 'A', 'R'],
      ['6', 'Synology', 'RS822RP+', '12', 'A', 'R'],
      ['7', 'Dell', 'R660xs', '14', 'A', 'R'],
    ]);
    const made = await plan(world, mapping);
    expect(
      Object.fromEntries(made.types.map(({ text, how, slug, uHeight }) => [text, [how, slug, uHeight]])),
    ).toEqual({
      'Cisco C9200L-24T-4G': ['exact', 'cisco-c9200l-24t-4g', 1],
      'HP DL380 Gen11': ['similar', 'hpe-proliant-dl380-gen11', 2],
      'HPE JL677A': ['exact', 'hpe-aruba-6100-24g-class4-poe-4sfpp', 1],
      'Dell PowerEdge R740': ['create', null, 2],
      'Patchpanel 24 x Cat. 6A': ['exact', 'generic-copper-panel-24', 1],
      'Synology RS822RP+': ['exact', 'synology-rs822rpplus', 1],
      'Dell R660xs': ['similar', 'dell-poweredge-r660xs', 1],
    });
    const key = made.types.find(({ how }) => how === 'create')?.key ?? '';
    const chosen = await plan(world, { ...mapping, types: { [key]: { slug: 'dell-poweredge-r540' } } });
    expect(chosen.types.find((type) => type.key === key)).toMatchObject({
      how: 'chosen',
      slug: 'dell-poweredge-r540',
    });
  });
});

describe('other lists', () => {
  const lists = {
    outlet: [
      ['Dose', 'Raum', 'Etage', 'Anzahl Ports'],
      ['1.01-A', 'Büro 1.01', '1. OG', '2'],
      ['1.02-A', 'Büro 1.02', '1. OG', '4'],
    ],
    rack: [
      ['Schrank', 'Raum', 'Höhe', 'Traglast'],
      ['Netz 1', 'Serverraum', '42 HE', '800 kg'],
      ['Netz 2', 'Serverraum', '47', '1.000'],
    ],
    room: [
      ['Raum', 'Raumnummer', 'Etage', 'Gebäude'],
      ['Serverraum', '0.12', 'EG', 'Altbau'],
    ],
    vlan: [
      ['VLAN-ID', 'Name', 'Zweck'],
      [20, 'Verwaltung', 'Arbeitsplätze'],
      ['VLAN 30', 'Telefonie', null],
    ],
    prefix: [
      ['Netz', 'Maske', 'Beschreibung'],
      ['10.1.2.0', '255.255.255.0', 'Verwaltung'],
      ['10.1.3.0/24', null, 'Telefone'],
    ],
    address: [
      ['IP-Adresse', 'DNS-Name', 'Zweck'],
      ['10.1.2.3', 'drucker.rathaus.example', 'Drucker'],
    ],
    'spare-part': [
      ['Bezeichnung', 'Teilenummer', 'Bestand', 'Mindestbestand', 'Lagerort'],
      ['SFP+ LR', 'J9151E', '4', '2', 'Kiste 3'],
    ],
    contract: [
      ['Vertrag', 'Vertragsnummer', 'Anbieter', 'Beginn', 'Ende', 'Kündigungsfrist'],
      ['USV-Wartung', 'W-12', 'Muster GmbH', '01.01.2025', '12/2027', '3 Monate'],
    ],
  } as const;

  it.each(Object.entries(lists))('%s: made, then the same', async (target, rows) => {
    const world = await emptyInventory();
    const mapping = mappingOf(rows);
    expect(mapping.target).toBe(target);
    const first = await bringIn(world, mapping);
    expect(reasons(first.plan)).toEqual([]);
    expect(new Set(first.plan.rows.map(({ outcome }) => outcome))).toEqual(new Set(['create']));
    const again = await plan(world, mapping);
    expect(reasons(again)).toEqual([]);
    expect(new Set(again.rows.map(({ outcome }) => outcome))).toEqual(new Set(['same']));
  });

  it('covers every kind of rows', () => {
    expect(new Set([...Object.keys(lists), 'device', 'port', 'link'])).toEqual(new Set(importTargets));
  });

  it('says something of ports that are there', async () => {
    const world = await townHallInventory();
    const mapping = mappingOf([
      ['Gerät', 'Port', 'Beschriftung', 'Beschreibung'],
      ['acc-ug-1', '1/1/1', 'A-01', 'Bürgerbüro'],
      ['acc-ug-1', '9/9/9', 'A-02', null],
    ]);
    const { plan: made } = await bringIn(world, mapping);
    expect(reasons(made)).toEqual(['3B no-such-port']);
    expect(made.rows[0]?.outcome).toBe('change');
    expect((await plan(world, mapping)).rows[0]?.outcome).toBe('same');
  });
});
