import type { ImportTarget } from '@rackhaus/config/contract';
import type { Cell } from '../import-table/cells.ts';
import { writeWorkbook } from '../import-table/xlsx.ts';

type Rows = readonly (readonly Cell[])[];

const german: Readonly<Record<ImportTarget, Rows>> = {
  device: [
    [
      'Gerätename',
      'Hersteller',
      'Modell',
      'Art',
      'Standort',
      'Gebäude',
      'Etage',
      'Raum',
      'Schrank',
      'HE',
      'Vorder-/Rückseite',
      'Seriennummer',
      'Inventarnummer',
      'IP-Adresse',
      'MAC-Adresse',
      'Status',
      'Kaufdatum',
      'Garantie bis',
      'Lieferant',
      'Preis',
      'Verantwortlich',
      'Bemerkung',
    ],
    [
      'acc-eg-1',
      'HPE Aruba',
      'CX 6100 24G Class4 PoE 4SFP+ 370W',
      'Switch',
      'Rathaus',
      'Rathaus',
      'EG',
      'Serverraum',
      'Schrank 1',
      40,
      'vorne',
      'SG12345678',
      'IT-0815',
      '10.0.0.11',
      '00:1a:2b:3c:4d:5e',
      'aktiv',
      { day: '2024-03-01' },
      { day: '2029-02-28' },
      'Systemhaus Muster',
      1234.5,
      'E. Muster',
      null,
    ],
  ],
  rack: [
    [
      'Schrank',
      'Standort',
      'Gebäude',
      'Etage',
      'Raum',
      'Zweck',
      'HE',
      'Tiefe',
      'Traglast',
      'Leistung',
      'Bemerkung',
    ],
    ['Schrank 1', 'Rathaus', 'Rathaus', 'EG', 'Serverraum', 'Netz', 42, 1000, 800, 3600, null],
  ],
  room: [
    ['Raum', 'Raumnummer', 'Standort', 'Gebäude', 'Etage', 'Verantwortlich', 'Bemerkung'],
    ['Serverraum', '0.12', 'Rathaus', 'Rathaus', 'EG', 'E. Muster', null],
  ],
  outlet: [
    ['Dose', 'Standort', 'Gebäude', 'Etage', 'Raum', 'Position', 'Anzahl Ports', 'Bemerkung'],
    ['1.04-A', 'Rathaus', 'Rathaus', '1. OG', 'Büro 1.04', 'links vom Fenster', 2, null],
  ],
  port: [
    ['Gerät', 'Port', 'Beschriftung', 'Beschreibung', 'VLAN', 'MAC-Adresse'],
    ['acc-eg-1', '1/1/1', 'A-01', 'Bürgerbüro', 20, null],
  ],
  link: [
    ['Von', 'Nach', 'Kabel', 'Art', 'Ausführung', 'Farbe', 'Länge (m)', 'Zustand', 'Bemerkung'],
    [null, null, 'K-0231', 'Patchkabel', 'Cat. 6A', 'gelb', 2, 'Vorrat', 'Von und Nach zum Beispiel: A:12'],
  ],
  vlan: [
    ['VLAN-ID', 'Name', 'Zweck', 'Standort', 'Bemerkung'],
    [20, 'Verwaltung', 'Arbeitsplätze', null, null],
  ],
  prefix: [
    ['Netz', 'VLAN', 'Standort', 'Zweck', 'Bemerkung'],
    ['10.1.20.0/24', 20, 'Rathaus', 'Arbeitsplätze', null],
  ],
  address: [
    ['IP-Adresse', 'Gerät', 'DNS-Name', 'Rolle', 'Zweck', 'Bemerkung'],
    ['10.1.20.11', 'acc-eg-1', 'acc-eg-1.rathaus.example', 'Management', null, null],
  ],
  'spare-part': [
    ['Bezeichnung', 'Hersteller', 'Teilenummer', 'Bestand', 'Mindestbestand', 'Raum', 'Fach', 'Bemerkung'],
    ['SFP+ LR 10 km', 'HPE Aruba', 'J9151E', 4, 2, 'Serverraum', 'Kiste 3', null],
  ],
  contract: [
    ['Vertrag', 'Vertragsnummer', 'Anbieter', 'Beginn', 'Ende', 'Kündigungsfrist', 'Kosten', 'Bemerkung'],
    [
      'USV-Wartung',
      'W-2025-12',
      'Muster Energie GmbH',
      { day: '2025-01-01' },
      { day: '2027-12-31' },
      '3 Monate',
      890,
      null,
    ],
  ],
};

const english: Readonly<Record<ImportTarget, Rows>> = {
  device: [
    [
      'Device name',
      'Manufacturer',
      'Model',
      'Role',
      'Site',
      'Building',
      'Floor',
      'Room',
      'Rack',
      'Rack unit',
      'Face',
      'Serial number',
      'Asset tag',
      'IP address',
      'MAC address',
      'Status',
      'Purchase date',
      'Warranty until',
      'Supplier',
      'Price',
      'Owner',
      'Notes',
    ],
    [
      'acc-gf-1',
      'HPE Aruba',
      'CX 6100 24G Class4 PoE 4SFP+ 370W',
      'Switch',
      'Town hall',
      'Town hall',
      'Ground floor',
      'Server room',
      'Rack 1',
      40,
      'front',
      'SG12345678',
      'IT-0815',
      '10.0.0.11',
      '00:1a:2b:3c:4d:5e',
      'active',
      { day: '2024-03-01' },
      { day: '2029-02-28' },
      'Example Ltd',
      1234.5,
      'E. Example',
      null,
    ],
  ],
  rack: [
    [
      'Rack',
      'Site',
      'Building',
      'Floor',
      'Room',
      'Purpose',
      'Units',
      'Depth',
      'Max weight',
      'Max power',
      'Notes',
    ],
    ['Rack 1', 'Town hall', 'Town hall', 'Ground floor', 'Server room', 'Network', 42, 1000, 800, 3600, null],
  ],
  room: [
    ['Room', 'Number', 'Site', 'Building', 'Floor', 'Owner', 'Notes'],
    ['Server room', '0.12', 'Town hall', 'Town hall', 'Ground floor', 'E. Example', null],
  ],
  outlet: [
    ['Outlet', 'Site', 'Building', 'Floor', 'Room', 'Position', 'Jacks', 'Notes'],
    ['1.04-A', 'Town hall', 'Town hall', '1st floor', 'Office 1.04', 'left of the window', 2, null],
  ],
  port: [
    ['Device', 'Port', 'Label', 'Description', 'VLAN', 'MAC address'],
    ['acc-gf-1', '1/1/1', 'A-01', 'Reception', 20, null],
  ],
  link: [
    ['From', 'To', 'Cable', 'Kind', 'Cable type', 'Colour', 'Length (m)', 'Status', 'Notes'],
    [null, null, 'K-0231', 'patch cord', 'Cat. 6A', 'yellow', 2, 'spare', 'From and To for example: A:12'],
  ],
  vlan: [
    ['VLAN-ID', 'Name', 'Purpose', 'Site', 'Notes'],
    [20, 'Office', 'Workplaces', null, null],
  ],
  prefix: [
    ['Prefix', 'VLAN', 'Site', 'Purpose', 'Notes'],
    ['10.1.20.0/24', 20, 'Town hall', 'Workplaces', null],
  ],
  address: [
    ['IP address', 'Device', 'DNS name', 'Role', 'Purpose', 'Notes'],
    ['10.1.20.11', 'acc-gf-1', 'acc-gf-1.example', 'management', null, null],
  ],
  'spare-part': [
    ['Part', 'Manufacturer', 'Part number', 'Quantity', 'Minimum', 'Room', 'Box', 'Notes'],
    ['SFP+ LR 10 km', 'HPE Aruba', 'J9151E', 4, 2, 'Server room', 'Box 3', null],
  ],
  contract: [
    ['Contract', 'Contract number', 'Supplier', 'Start', 'End', 'Notice', 'Cost', 'Notes'],
    [
      'UPS maintenance',
      'W-2025-12',
      'Example Energy Ltd',
      { day: '2025-01-01' },
      { day: '2027-12-31' },
      '3 months',
      890,
      null,
    ],
  ],
};

/** A workbook to be filled in: headings that are understood by themselves, and one row as an example. */
export function templateRows(target: ImportTarget, language: 'de' | 'en'): Rows {
  return (language === 'de' ? german : english)[target];
}

export function template(target: ImportTarget, language: 'de' | 'en'): Uint8Array<ArrayBuffer> {
  return writeWorkbook([
    { name: language === 'de' ? 'Liste' : 'List', rows: templateRows(target, language) },
  ]);
}
