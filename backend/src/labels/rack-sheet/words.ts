/** What is written on printed racks besides the owner's own words. */
export interface SheetWords {
  readonly front: string;
  readonly rear: string;
  readonly scale: (by: number) => string;
  readonly printed: (date: string) => string;
  readonly page: (number: number, of: number) => string;
  readonly units: string;
  readonly name: string;
  readonly type: string;
  readonly serial: string;
  readonly ports: string;
  readonly usage: (used: number, free: number) => string;
  readonly free: string;
  readonly rail: string;
  readonly contents: (rack: string) => string;
  readonly inNoRack: string;
  readonly usedUnits: (used: number, of: number) => string;
  readonly date: (time: number) => string;
}

const number = (language: string, value: number) => new Intl.NumberFormat(language).format(value);

export const sheetWords: Readonly<Record<'de' | 'en', SheetWords>> = {
  de: {
    front: 'Vorderseite',
    rear: 'Rückseite',
    scale: (by) => `Maßstab 1:${by}`,
    printed: (date) => `Gedruckt am ${date}`,
    page: (page, of) => `Seite ${page} von ${of}`,
    units: 'HE',
    name: 'Name',
    type: 'Typ',
    serial: 'Seriennummer',
    ports: 'Anschlüsse',
    usage: (used, free) => `${used} belegt, ${free} frei`,
    free: 'frei',
    rail: 'Schiene',
    contents: (rack) => `${rack}: Inhalt`,
    inNoRack: 'Geräte außerhalb der Schränke',
    usedUnits: (used, of) => `${number('de', used)} von ${of} HE belegt`,
    date: (time) => new Intl.DateTimeFormat('de', { dateStyle: 'long' }).format(time),
  },
  en: {
    front: 'Front',
    rear: 'Rear',
    scale: (by) => `Scale 1:${by}`,
    printed: (date) => `Printed on ${date}`,
    page: (page, of) => `Page ${page} of ${of}`,
    units: 'U',
    name: 'Name',
    type: 'Type',
    serial: 'Serial number',
    ports: 'Ports',
    usage: (used, free) => `${used} used, ${free} free`,
    free: 'free',
    rail: 'Rail',
    contents: (rack) => `${rack}: contents`,
    inNoRack: 'Devices outside the racks',
    usedUnits: (used, of) => `${number('en', used)} of ${of} U used`,
    date: (time) => new Intl.DateTimeFormat('en-GB', { dateStyle: 'long' }).format(time),
  },
};
