import { fieldsOf, type ImportTarget } from '@rackhaus/config/contract';
import { fieldHeading } from '../api/export-words.ts';
import { plainWord } from './words.ts';

/** A field that a column can be for: how headings call it, the most usual one first. */
export interface TargetField {
  readonly field: string;
  readonly words: readonly string[];
}

const places: Readonly<Record<string, string>> = {
  place: 'Ort,Platz,Lage,Standortpfad,Lokation,Location path',
  site: 'Standort,Liegenschaft,Außenstelle,Site,Location,Einrichtung',
  building: 'Gebäude,Haus,Bauteil,Building',
  floor: 'Etage,Stockwerk,Geschoss,Stock,Ebene,Floor,Level',
  room: 'Raum,Raumname,Raum-Nr,Raumnummer,Zimmer,Serverraum,Technikraum,Room,Aufstellort,Aufstellungsort',
};
const money =
  'Preis,Kosten,Anschaffungskosten,Anschaffungspreis,Anschaffungswert,Kaufpreis,Betrag,Nettopreis,Wert,Cost,Price,Purchase price';
const notes =
  'Bemerkung,Bemerkungen,Notiz,Notizen,Kommentar,Hinweis,Anmerkung,Info,Sonstiges,Notes,Comment,Comments,Remark';
const person =
  'Verantwortlich,Verantwortlicher,Ansprechpartner,Zuständig,Zuständigkeit,Betreuer,Besitzer,Sachbearbeiter,Kontakt,Owner,Responsible,Contact,Person in charge';
const id = '';
const serial =
  'Seriennummer,Serien-Nr,Seriennr,S/N,SN,Serial,Serial number,Serien Nummer,Service Tag,Servicetag,Fabriknummer';
const assetTag =
  'Inventarnummer,Inventar-Nr,Inventarnr,Inv.-Nr,InvNr,Inventar,Anlagennummer,Anlagen-Nr,Asset,Asset-Tag,Asset number,Barcode';
const supplier = 'Lieferant,Händler,Bezugsquelle,Supplier,Lieferfirma';

const fields: Readonly<Record<ImportTarget, Readonly<Record<string, string>>>> = {
  device: {
    name: 'Gerätename,Name,Hostname,Host,Gerät,Bezeichnung,Systemname,Gerätebezeichnung,Rechnername,Device,Device name,System',
    manufacturer: 'Hersteller,Fabrikat,Marke,Manufacturer,Make,Brand,Vendor',
    model:
      'Modell,Modellbezeichnung,Typ,Gerätetyp,Typbezeichnung,Produkt,Artikel,Model,Type,Device type,Product',
    partNumber:
      'Artikelnummer,Artikel-Nr,Teilenummer,Produktnummer,Bestellnummer Hersteller,Part number,P/N,PN,SKU',
    role: 'Art,Geräteart,Kategorie,Rolle,Funktion,Klasse,Geräteklasse,Role,Category',
    ...places,
    rack: 'Schrank,Rack,Serverschrank,Netzwerkschrank,Schrank-Nr,Verteiler,Verteilerschrank,Rackname,Cabinet',
    position:
      'HE,Höheneinheit,Höheneinheiten,Position,HE-Position,U,Einbauhöhe,HE von,Rack-Position,Pos,Rack unit,Einbauplatz,Unit',
    heightU: 'Höhe,Höhe HE,Höhe in HE,Anzahl HE,HE-Bedarf,Bauhöhe,Height,Height U,U height,Größe',
    face: 'Seite,Vorder-/Rückseite,Einbauseite,Front/Rear,Rackseite,Face,Ausrichtung',
    side: 'Hälfte,Links/Rechts,Half',
    status: 'Status,Zustand,Lebenszyklus,State,Lifecycle,Betriebsstatus',
    serial,
    assetTag,
    ipAddress:
      'IP-Adresse,IP,IPv4,IP Adresse,Management-IP,Mgmt-IP,Verwaltungs-IP,IP address,Adresse,IPv4-Adresse',
    mac: 'MAC-Adresse,MAC,Hardwareadresse,MAC address,Physikalische Adresse',
    purchasedOn:
      'Kaufdatum,Anschaffungsdatum,Beschaffungsdatum,Anschaffung,Gekauft am,Rechnungsdatum,Beschafft,Purchase date,Purchased,Purchased on',
    warrantyUntil:
      'Garantie bis,Garantie,Garantieende,Gewährleistung,Gewährleistung bis,Warranty,Warranty until,Warranty end,Warranty expires',
    supportUntil:
      'Support bis,Supportende,Wartung bis,Wartungsende,Herstellersupport,End of Support,EoS,Support until,Support end',
    supplier,
    orderNumber:
      'Bestellnummer,Bestell-Nr,Auftragsnummer,Rechnungsnummer,Rechnungs-Nr,Beleg,Belegnummer,Order number,Invoice',
    contract: 'Vertrag,Wartungsvertrag,Vertragsnummer,Contract,Support contract,Leasingvertrag',
    cost: money,
    personInCharge: person,
    notes,
    id,
  },
  rack: {
    name: 'Schrank,Rack,Name,Bezeichnung,Schrankname,Schrank-Nr,Rackname,Verteiler,Cabinet',
    ...places,
    purpose: 'Zweck,Verwendung,Nutzung,Inhalt,Funktion,Purpose,Use',
    heightU: 'HE,Höhe,Höheneinheiten,Höhe HE,Anzahl HE,U,Height,Units',
    depthMm: 'Tiefe,Tiefe mm,Nutztiefe,Depth',
    maxWeightKg: 'Traglast,Tragfähigkeit,Max. Gewicht,Belastbarkeit,Load,Max weight',
    maxPowerW: 'Leistung,Max. Leistung,Anschlussleistung,Power,Max power',
    serial,
    assetTag,
    personInCharge: person,
    notes,
    id,
  },
  room: {
    name: 'Raum,Raumname,Name,Bezeichnung,Zimmer,Room',
    number: 'Raumnummer,Raum-Nr,Nummer,Zimmernummer,Number,Türschild',
    place: places.place ?? '',
    site: places.site ?? '',
    building: places.building ?? '',
    floor: places.floor ?? '',
    personInCharge: person,
    notes,
    id,
  },
  outlet: {
    name: 'Dose,Datendose,Dosennummer,Dosen-Nr,Anschlussdose,Name,Bezeichnung,Beschriftung,Outlet,Netzwerkdose,Doppeldose,Dosenbezeichnung',
    ...places,
    position: 'Position,Lage im Raum,Wand,Stelle,Position im Raum,Beschreibung,Wall',
    jacks: 'Anzahl,Ports,Buchsen,Anschlüsse,Anzahl Ports,Jacks,Ports pro Dose',
    notes,
    id,
  },
  port: {
    device: 'Gerät,Gerätename,Switch,Patchfeld,Hostname,Patchpanel,Device',
    outlet: 'Datendose,Dose,Anschlussdose,Outlet',
    name: 'Port,Portnummer,Port-Nr,Anschluss,Interface,Schnittstelle,Port name',
    label: 'Beschriftung,Etikett,Label,Kennzeichnung,Portbeschriftung',
    description: 'Beschreibung,Verwendung,Angeschlossen,Description,Zweck,Bemerkung',
    vlan: 'VLAN,VLAN-ID,Untagged,VLAN untagged,PVID,Access-VLAN,Native VLAN',
    mac: 'MAC-Adresse,MAC,MAC address',
    id,
  },
  link: {
    from: 'Von,Von Port,Von Anschluss,Quelle,Start,Ende A,A-Ende,Seite A,Port A,Anschluss A,From,From port,Source,End A,Side A',
    to: 'Nach,Nach Port,Nach Anschluss,Zu,Ziel,Ende,Ende B,B-Ende,Seite B,Port B,Anschluss B,To,To port,Destination,Target,End B,Side B',
    label:
      'Kabel,Kabelnummer,Kabel-Nr,Kabelnr,Kabelbezeichnung,Beschriftung,Bezeichnung,Leitung,Leitungsnummer,Strecke,Nummer,Label,Cable,Cable number,Cable ID',
    kind: 'Art,Kabelart,Kabeltyp,Typ,Kind,Cable kind',
    medium: 'Ausführung,Medium,Kategorie,Kabelkategorie,Cable type,Type,Category',
    color: 'Farbe,Kabelfarbe,Colour,Color,Cable color',
    lengthM: 'Länge,Kabellänge,Länge m,Meter,Length,Cable length',
    status: 'Zustand,Status,State',
    laneMap: 'Adernplan,Faserplan,Lane map',
    notes,
    id,
  },
  vlan: {
    vid: 'VLAN-ID,VLAN,ID,VID,Nummer,VLAN-Nr,Tag',
    name: 'Name,Bezeichnung,VLAN-Name,VLAN name',
    purpose: 'Zweck,Verwendung,Beschreibung,Funktion,Purpose,Description',
    site: places.site ?? '',
    notes,
    id,
  },
  prefix: {
    cidr: 'Netz,Netzwerk,Subnetz,Präfix,IP-Netz,Adressbereich,Prefix,Network,Subnet,CIDR',
    mask: 'Maske,Netzmaske,Subnetzmaske,Mask,Netmask',
    vlan: 'VLAN,VLAN-ID,VID',
    vrf: 'VRF,Routing-Instanz',
    site: places.site ?? '',
    purpose: 'Zweck,Verwendung,Beschreibung,Name,Bezeichnung,Purpose,Description',
    notes,
    id,
  },
  address: {
    address: 'IP-Adresse,IP,Adresse,IPv4,IPv6,IP address,Address',
    device: 'Gerät,Gerätename,Hostname,Host,Device',
    port: 'Port,Schnittstelle,Interface',
    dnsName: 'DNS-Name,DNS,FQDN,Rechnername,DNS name',
    role: 'Rolle,Art,Typ,Role,Type',
    vrf: 'VRF,Routing-Instanz',
    purpose: 'Zweck,Verwendung,Beschreibung,Purpose,Description',
    notes,
    id,
  },
  'spare-part': {
    name: 'Bezeichnung,Teil,Name,Ersatzteil,Artikel,Part,Beschreibung,Description',
    manufacturer: 'Hersteller,Fabrikat,Marke,Manufacturer,Vendor',
    partNumber: 'Teilenummer,Artikelnummer,Artikel-Nr,Bestellnummer,Part number,P/N,SKU',
    quantity: 'Menge,Anzahl,Bestand,Stück,Stückzahl,Quantity,Qty,Lagerbestand',
    minimum: 'Mindestbestand,Minimum,Mindestmenge,Meldebestand,Min,Minimum stock',
    model: 'Für Gerät,Passend zu,Gerätetyp,Für Modell,Fits,For device',
    ...places,
    position: 'Fach,Lagerort,Lagerplatz,Schublade,Regal,Kiste,Shelf,Box,Bin',
    notes,
    id,
  },
  contract: {
    name: 'Vertrag,Vertragsname,Name,Bezeichnung,Gegenstand,Contract,Titel',
    number: 'Vertragsnummer,Vertrags-Nr,Nummer,Vertragsnr,Number,Contract number',
    supplier: `${supplier},Vertragspartner,Anbieter,Dienstleister,Firma,Provider`,
    startsOn: 'Beginn,Vertragsbeginn,Von,Laufzeit von,Start,Start date,Starts on',
    endsOn: 'Ende,Vertragsende,Bis,Laufzeit bis,Läuft ab,Ablauf,End,End date,Ends on,Expires',
    noticeDays: 'Kündigungsfrist,Frist,Kündigungsfrist Tage,Notice,Notice period',
    cost: money,
    notes,
    id,
  },
};

/** The field of a column that becomes a line of the notes: nothing of a list has to be lost. */
export const noteField = 'addToNotes';
const takesNotes: readonly ImportTarget[] = [
  'device',
  'rack',
  'room',
  'outlet',
  'link',
  'vlan',
  'prefix',
  'address',
  'spare-part',
  'contract',
];

/** The field of the record behind a field of a list, where it is called otherwise. */
const recordField: Readonly<Record<string, string>> = {
  model: 'typeId',
  room: 'roomId',
  rack: 'rackId',
  floor: 'floorId',
  site: 'siteId',
  contract: 'contractId',
  cost: 'costCents',
  vlan: 'vlanId',
  vrf: 'vrfId',
  device: 'deviceId',
  outlet: 'outletId',
  port: 'portId',
};
const ofTarget: Readonly<Partial<Record<ImportTarget, Readonly<Record<string, string>>>>> = {
  port: { vlan: 'untaggedVlanId' },
  outlet: { position: 'place' },
  'spare-part': { position: 'place' },
};

/** As our own export writes the heading, so that it is known without doubt. */
function exported(target: ImportTarget, field: string): string[] {
  // The path of places is no field of any record; some have a field of that name for something else.
  if (field === 'place') return [];
  const own = ofTarget[target]?.[field] ?? recordField[field] ?? field;
  if (own !== 'id' && !fieldsOf(target).has(own)) return [];
  return (['de', 'en'] as const).map((language) => fieldHeading(target, own, language));
}

/** The fields of a kind of rows, in the order in which they are offered. */
export function targetFields(target: ImportTarget): readonly TargetField[] {
  const known = made.get(target);
  if (known !== undefined) return known;
  const all = Object.entries(fields[target]).map(([field, words]) => ({
    field,
    words: [...new Set([...exported(target, field), field, ...words.split(',')].map(plainWord))].filter(
      (word) => word !== '',
    ),
  }));
  const list = takesNotes.includes(target) ? [...all, { field: noteField, words: [] }] : all;
  made.set(target, list);
  return list;
}

/** Worked out once: every heading is compared with all of them. */
const made = new Map<ImportTarget, readonly TargetField[]>();
