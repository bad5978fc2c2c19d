import type { SheetKind } from '@rackhaus/config/contract';

/** What is written on sheets besides the owner's own words. */
export interface SheetWords {
  readonly titles: Readonly<Record<SheetKind, string>>;
  /** "HE 12" */
  readonly unit: (position: string) => string;
  /** A device, where its name must not be said. */
  readonly terminal: string;
  readonly used: string;
  readonly reserve: string;
  readonly reserved: string;
  readonly open: string;
  readonly loop: string;
  readonly noDevice: string;
  readonly oneDevice: (port: string) => string;
  readonly bothMarked: string;
  readonly notMarked: string;
  readonly branches: (others: string) => string;
  readonly becomesFree: string;
  readonly removed: (what: string) => string;
  readonly sources: Readonly<Record<'lldp' | 'cdp' | 'fdb' | 'link' | 'hand', string>>;
  readonly steps: (done: number, of: number) => string;
  readonly everything: string;
  readonly nothing: Readonly<Record<SheetKind, string>>;
  readonly neutral: string;
  readonly printed: (date: string) => string;
  readonly page: (number: number, of: number) => string;
  readonly tick: string;
  readonly date: (time: number) => string;
  readonly day: (day: string) => string;
}

/** What columns are called, German and English. */
const columns = {
  place: ['Ort', 'Place'],
  unit: ['HE', 'U'],
  from: ['Von', 'From'],
  to: ['Nach', 'To'],
  onTo: ['Führt weiter zu', 'Leads on to'],
  label: ['Kabel', 'Cable'],
  kind: ['Art', 'Kind'],
  medium: ['Ausführung', 'Type'],
  color: ['Farbe', 'Colour'],
  length: ['Länge (m)', 'Length (m)'],
  port: ['Anschluss', 'Port'],
  line: ['Leitung', 'Line'],
  lineTo: ['Leitung nach', 'Line to'],
  patchedTo: ['Rangiert auf', 'Patched to'],
  state: ['Stand', 'State'],
  cause: ['Wegen', 'Because of'],
  endA: ['Ende A', 'End A'],
  endB: ['Ende B', 'End B'],
  remark: ['Bemerkung', 'Remark'],
  finding: ['Befund', 'Finding'],
  marking: ['Gekennzeichnet', 'Marked'],
  status: ['Zustand', 'Status'],
  inspectedOn: ['Zuletzt geprüft', 'Last inspected'],
  inspectedBy: ['Geprüft von', 'Inspected by'],
  dueSince: ['Fällig seit', 'Due since'],
  seenOn: ['Zuletzt bestätigt', 'Last confirmed'],
  seenBy: ['Bestätigt durch', 'Confirmed by'],
  number: ['Auftrag', 'Order'],
  title: ['Titel', 'Title'],
  assignee: ['Zuständig', 'Assigned to'],
  since: ['Offen seit', 'Open since'],
  days: ['Tage', 'Days'],
  steps: ['Schritte', 'Steps'],
} as const;

export type ColumnKey = keyof typeof columns;
export type Language = 'de' | 'en';

/** What a column is called. */
export function columnTitle(key: ColumnKey, language: Language): string {
  return columns[key][language === 'de' ? 0 : 1];
}

const german: SheetWords = {
  titles: {
    distributor: 'Bestandsblatt',
    patch: 'Rangierliste',
    removal: 'Rückbauliste',
    unused: 'Unbenutzte Kabel',
    inspection: 'Fällige Sichtprüfungen',
    undocumented: 'Offene Änderungen',
  },
  unit: (position) => `HE ${position}`,
  terminal: 'Endgerät',
  used: 'belegt',
  reserve: 'Reserve',
  reserved: 'reserviert',
  open: 'offen',
  loop: 'führt im Kreis',
  noDevice: 'an keinem Ende ein Gerät',
  oneDevice: (port) => `nur an einem Ende ein Gerät: ${port}`,
  bothMarked: 'an beiden Enden',
  notMarked: 'nein',
  branches: (others) => `verzweigt, führt auch zu ${others}`,
  becomesFree: 'bleibt liegen, wird frei',
  removed: (what) => `${what}, wird abgebaut`,
  sources: { lldp: 'LLDP', cdp: 'CDP', fdb: 'MAC-Adresse', link: 'Verbindung', hand: 'von Hand' },
  steps: (done, of) => `${done} von ${of}`,
  everything: 'Alle Standorte',
  nothing: {
    distributor: 'Hierher ist nichts verlegt.',
    patch: 'Hier steckt kein Kabel.',
    removal: 'Nichts zurückzubauen.',
    unused: 'Alle Kabel werden benutzt.',
    inspection: 'Nichts ist fällig.',
    undocumented: 'Kein Auftrag ist zu lange offen.',
  },
  neutral: 'Nur bestehende Verbindungen und Reserven, ohne Angaben zur Nutzung (INF.12.A11).',
  printed: (date) => `Stand ${date}`,
  page: (page, of) => `Seite ${page} von ${of}`,
  tick: 'Erledigt',
  date: (time) => new Intl.DateTimeFormat('de', { dateStyle: 'long' }).format(time),
  day: (day) => new Intl.DateTimeFormat('de', { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(day)),
};

const english: SheetWords = {
  titles: {
    distributor: 'Distributor sheet',
    patch: 'Patch list',
    removal: 'Removal list',
    unused: 'Unused cables',
    inspection: 'Inspections due',
    undocumented: 'Open changes',
  },
  unit: (position) => `U ${position}`,
  terminal: 'terminal device',
  used: 'in use',
  reserve: 'spare',
  reserved: 'reserved',
  open: 'open',
  loop: 'leads in a circle',
  noDevice: 'no device at either end',
  oneDevice: (port) => `a device at one end only: ${port}`,
  bothMarked: 'at both ends',
  notMarked: 'no',
  branches: (others) => `branches, also leads to ${others}`,
  becomesFree: 'stays in place, becomes free',
  removed: (what) => `${what}, to be removed`,
  sources: { lldp: 'LLDP', cdp: 'CDP', fdb: 'MAC address', link: 'link', hand: 'by hand' },
  steps: (done, of) => `${done} of ${of}`,
  everything: 'All sites',
  nothing: {
    distributor: 'Nothing is laid to here.',
    patch: 'No cable is plugged in here.',
    removal: 'Nothing is to be removed.',
    unused: 'All cables are in use.',
    inspection: 'Nothing is due.',
    undocumented: 'No order has been open for too long.',
  },
  neutral: 'Existing links and reserves only, without any word of their use (INF.12.A11).',
  printed: (date) => `As of ${date}`,
  page: (page, of) => `Page ${page} of ${of}`,
  tick: 'Done',
  date: (time) => new Intl.DateTimeFormat('en-GB', { dateStyle: 'long' }).format(time),
  day: (day) =>
    new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(day)),
};

export const sheetWords: Readonly<Record<Language, SheetWords>> = { de: german, en: english };
