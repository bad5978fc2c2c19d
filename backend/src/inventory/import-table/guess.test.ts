import { describe, expect, it } from 'vitest';
import { guessFields, guessHeadingRow, guessTarget } from './guess.ts';

/** Headings as town halls write them, and what each is for. */
const lists: readonly (readonly [string, string])[] = [
  ['Gerät|Hersteller|Modell|Seriennummer|Standort', 'name|manufacturer|model|serial|site'],
  ['Gerätename|Typ|S/N|Inv.-Nr.|Raum|Schrank|HE', 'name|model|serial|assetTag|room|rack|position'],
  [
    'Bezeichnung|Fabrikat|Typ|Serien-Nr.|Gebäude|Etage|Raum',
    'name|manufacturer|model|serial|building|floor|room',
  ],
  [
    'Hostname|IP-Adresse|MAC-Adresse|Hersteller|Modell|Garantie bis',
    'name|ipAddress|mac|manufacturer|model|warrantyUntil',
  ],
  [
    'Name|Kategorie|Hersteller|Modell|Inventarnummer|Kaufdatum|Preis',
    'name|role|manufacturer|model|assetTag|purchasedOn|cost',
  ],
  ['Rack|HE|Gerät|Hersteller|Typ|Bemerkung', 'rack|position|name|manufacturer|model|notes'],
  ['Schrank|Höheneinheit|Gerätebezeichnung|Modell|SN|IP', 'rack|position|name|model|serial|ipAddress'],
  [
    'Lfd. Nr.|Gerät|Hersteller|Modell|Lieferant|Rechnungsnummer',
    'null|name|manufacturer|model|supplier|orderNumber',
  ],
  [
    'Gerät|Raum-Nr.|Verantwortlich|Status|Wartungsvertrag|Hersteller',
    'name|room|personInCharge|status|contract|manufacturer',
  ],
  [
    'Systemname|Funktion|Hersteller|Produkt|Service Tag|Support bis',
    'name|role|manufacturer|model|serial|supportUntil',
  ],
  [
    'GERÄTENAME|HERSTELLER|MODELL|SERIENNUMMER|STANDORT|STOCKWERK',
    'name|manufacturer|model|serial|site|floor',
  ],
  [
    'Geraetename|Hersteller|Modell|Hoehe (HE)|Position (HE)|Rack',
    'name|manufacturer|model|heightU|position|rack',
  ],
  [
    'Device|Manufacturer|Model|Serial number|Asset tag|Location',
    'name|manufacturer|model|serial|assetTag|site',
  ],
  ['Hostname|Vendor|Model|Rack|U|Warranty until', 'name|manufacturer|model|rack|position|warrantyUntil'],
  ['Gerät / Hostname|Hersteller|Modell / Typ|Seriennr.|Mgmt-IP', 'name|manufacturer|model|serial|ipAddress'],
  ['Gerät|Einbauseite|Schrank|HE von|Bauhöhe|Modell', 'name|face|rack|position|heightU|model'],
  ['Name|Vorder-/Rückseite|Rack|Position|Hersteller|Gerätetyp', 'name|face|rack|position|manufacturer|model'],
  [
    'Gerät|Anschaffungsdatum|Anschaffungskosten (€)|Garantieende|Hersteller',
    'name|purchasedOn|cost|warrantyUntil|manufacturer',
  ],
  [
    'Rechnername|Betreuer|Liegenschaft|Zimmer|Modell|Inventar-Nr',
    'name|personInCharge|site|room|model|assetTag',
  ],
  [
    'Gerät|Hersteller|Artikelnummer|Modell|Bestellnummer|Anmerkung',
    'name|manufacturer|partNumber|model|orderNumber|notes',
  ],
];

describe('headings of lists of devices', () => {
  it.each(lists)('%s', (headings, fields) => {
    const names = headings.split('|');
    expect(guessTarget(names).target).toBe('device');
    expect(guessFields(names, 'device').map(String).join('|')).toBe(fields);
  });
});

describe('what the rows are', () => {
  it.each([
    ['outlet', 'Dose|Raum|Etage|Anzahl Ports'],
    ['outlet', 'Datendose|Gebäude|Raum|Bemerkung'],
    ['rack', 'Schrank|Raum|Höhe|Tiefe|Traglast'],
    ['room', 'Raum|Raumnummer|Etage|Gebäude'],
    ['vlan', 'VLAN-ID|Name|Zweck'],
    ['vlan', 'VLAN|Bezeichnung|Verwendung'],
    ['prefix', 'Netz|Maske|VLAN|Beschreibung'],
    ['address', 'IP-Adresse|Gerät|DNS-Name|Zweck'],
    ['spare-part', 'Bezeichnung|Teilenummer|Bestand|Mindestbestand|Lagerort'],
    ['contract', 'Vertrag|Vertragsnummer|Anbieter|Beginn|Ende|Kündigungsfrist'],
    ['port', 'Switch|Port|Beschriftung|VLAN|Beschreibung'],
  ])('%s: %s', (target, headings) => {
    expect(guessTarget(headings.split('|')).target).toBe(target);
  });
});

describe('what stands below a heading', () => {
  it('decides what "Typ" and "Standort" are', () => {
    const headings = ['Name', 'Typ', 'Standort'];
    expect(
      guessFields(headings, 'device', [
        ['a', 'Switch', 'Rathaus / Serverraum'],
        ['b', 'USV', 'Rathaus / Keller'],
      ]),
    ).toEqual(['name', 'role', 'place']);
    expect(guessFields(headings, 'device', [['a', 'C9200L-24T-4G', 'Rathaus']])).toEqual([
      'name',
      'model',
      'site',
    ]);
  });
  it('finds addresses without a heading that says so', () => {
    expect(guessFields(['Name', 'Netz'], 'device', [['a', '10.1.2.3']])).toEqual(['name', 'ipAddress']);
  });
});

it('finds the headings below a title', () => {
  const rows = [
    ['Geräteliste Rathaus, Stand 1.3.2026'],
    [],
    ['Name', 'Hersteller', 'Modell'],
    ['a', 'b', 'c'],
  ];
  expect(guessHeadingRow({ name: 'x', rows })).toBe(3);
  expect(guessHeadingRow({ name: 'x', rows: [['acc-1', '10.0.0.1', 7]] })).toBe(0);
});
