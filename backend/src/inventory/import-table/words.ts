import type { RecordKind } from '@rackhaus/config/contract';
import { optionWord } from '../api/export-words.ts';
import { searchKey } from '../search-key.ts';

/** A word so that spellings of it are the same: Geräte-Nr., Geraetenr, GERÄTE NR. */
export function plainWord(text: string): string {
  return searchKey(text)
    .replaceAll(/[^a-z0-9]/g, '')
    .replaceAll('ae', 'a')
    .replaceAll('oe', 'o')
    .replaceAll('ue', 'u');
}

/** By what people write, and by what our own screens and exports call it, which comes first. */
function lookUp<T extends string>(
  words: Readonly<Record<T, string>>,
  kind: RecordKind,
  field: string,
): ReadonlyMap<string, T> {
  const map = new Map<string, T>();
  for (const option in words)
    for (const word of [option, ...words[option].split(',')]) map.set(plainWord(word), option);
  for (const option in words)
    for (const language of ['de', 'en'] as const)
      map.set(plainWord(optionWord(kind, field, option, language)), option);
  return map;
}

/** What lists call the values of choices, by field. */
const choices = {
  role: lookUp(
    {
      switch:
        'Switches,Netzwerkswitch,Core-Switch,Access-Switch,Access Switch,Distribution Switch,Stack,Netzwerk-Switch,L2-Switch,L3-Switch',
      firewall: 'UTM,Firewall-Appliance,Paketfilter',
      router: 'Gateway,DSL-Router,WAN-Router,Modem',
      server:
        'Host,ESXi,ESX-Host,Hypervisor,Rackserver,Blade,PC,Workstation,Backup-Server,Backupserver,Fileserver,NAS-Server',
      storage: 'NAS,SAN,Speicher,Speichersystem,Bandlaufwerk,Tape,Tape Library,Bandbibliothek,Disk Shelf',
      ups: 'USV,USV-Anlage,Notstrom,Batteriepack,Batterie',
      pdu: 'Steckdosenleiste,Stromleiste,Stromverteilung,Power Distribution Unit,Steckerleiste,ATS',
      sensor: 'Sensoren,Umweltsensor,Temperatursensor,Überwachung,Umgebungsüberwachung',
      'access-point': 'AP,WLAN,WLAN-AP,WLAN Access Point,Accesspoint,WLAN-Accesspoint,WiFi',
      printer: 'Netzwerkdrucker,Kopierer,Multifunktionsgerät,MFP,MFG,Plotter,Etikettendrucker,Scanner',
      panel: 'Patchpanel,Patchfeld,Patch-Panel,Rangierfeld LWL,Spleissbox,LWL-Box,Verteilerfeld,Panel',
      'cable-manager': 'Kabelführung,Rangierpanel,Rangierfeld,Bürstenleiste,Kabelmanagement,Kabelrangierung',
      shelf: 'Fachboden,Ablage,Boden,Tablar,Schublade,Regalboden',
      outlet: 'Datendose,Dose,Netzwerkdose',
      other: 'Sonstiges,Sonstige,Andere,Blindplatte,Blende,KVM,Konsole,Telefonanlage,TK-Anlage,Kamera',
    },
    'device',
    'role',
  ),
  status: lookUp(
    {
      planned: 'geplant,Planung,vorgesehen',
      ordered: 'bestellt,in Bestellung',
      delivered: 'geliefert,Lager,auf Lager,eingelagert,Reserve,in stock,spare',
      staged: 'vorbereitet,in Vorbereitung,konfiguriert,staging,Test',
      active: 'aktiv,in Betrieb,Betrieb,produktiv,online,im Einsatz,eingesetzt,in use,ok,production,live',
      'to-be-removed': 'wird abgebaut,abzubauen,auslaufend,zum Abbau,Ablösung,abgelöst,decommissioning,EOL',
      removed:
        'abgebaut,ausgebaut,außer Betrieb,stillgelegt,entsorgt,verschrottet,ausgemustert,inaktiv,offline,decommissioned,retired,defekt',
    },
    'device',
    'status',
  ),
  face: lookUp(
    {
      front: 'vorne,vorn,Vorderseite,v,Front,Frontseite,f',
      rear: 'hinten,Rückseite,h,r,Rear,back,Rückwand',
    },
    'device',
    'face',
  ),
  side: lookUp(
    {
      full: 'voll,ganz,beide,19 Zoll,volle Breite',
      left: 'links,l',
      right: 'rechts,r',
    },
    'device',
    'side',
  ),
  addressRole: lookUp(
    {
      management: 'Verwaltung,Management,mgmt',
      interface: 'Schnittstelle,Host,Client',
      virtual: 'virtuell,VIP,VRRP,Cluster',
      gateway: 'Gateway,Router,Standardgateway',
      reserved: 'reserviert,frei halten,Reserve',
    },
    'address',
    'role',
  ),
  linkKind: lookUp(
    {
      permanent:
        'fest,Festverbindung,Festverkabelung,Installationskabel,Verlegekabel,Strecke,verlegt,Tertiär,Sekundär,Primär,Trunk,link,horizontal,backbone,installed',
      patch: 'Patchkabel,Patch,Rangierkabel,Anschlusskabel,Kabel,Cord,LWL-Patchkabel,cable,patch cable',
      power: 'Strom,Netzkabel,Kaltgerätekabel,Stromversorgung,power cable',
      console: 'Konsole,Konsolenkabel,seriell,serial',
      provider: 'Anbieter,Provider,Leitung,Standleitung,Hausanschluss,Telekom,circuit',
    },
    'link',
    'kind',
  ),
  linkStatus: lookUp(
    {
      installed: 'aktiv,in Betrieb,gesteckt,verlegt,belegt,ok,connected,active,in use',
      reserved: 'reserviert,Reserve,vorgemerkt',
      spare: 'Vorrat,Lager,lose,im Schrank,stock',
      found: 'gefunden,unklar,unbekannt,ungeklärt,unknown',
    },
    'link',
    'status',
  ),
  linkMedium: lookUp(
    {
      cat5e: 'Cat5e,Kat 5e,Kat5e,5e',
      cat6: 'Cat6,Kat 6,Kat6,6',
      cat6a: 'Cat6A,Kat 6A,Kat6A,6A,Class EA,Klasse EA',
      cat7: 'Cat7,Kat 7,Kat7,7,Klasse F',
      cat7a: 'Cat7A,Kat 7A,Kat7A,7A,Klasse FA',
      cat8: 'Cat8,Kat 8,Kat8,Cat8.1,8',
      om1: 'LWL OM1,62.5/125',
      om2: 'LWL OM2,G50 OM2',
      om3: 'LWL OM3,G50 OM3,Multimode OM3',
      om4: 'LWL OM4,G50 OM4,Multimode OM4,MM,Multimode',
      om5: 'LWL OM5,Multimode OM5',
      os1: 'LWL OS1,E9 OS1',
      os2: 'LWL OS2,E9,E9/125,Singlemode,SM,Monomode',
      telephone: 'Telefon,J-Y(ST)Y,Fernmeldekabel,Tel,phone',
      coax: 'Koax,Koaxial',
      dac: 'Twinax,Direct Attach',
      aoc: 'Active Optical',
      usb: '',
      serial: 'seriell,RS232',
      'c13-c14': 'C14-C13,Kaltgeräteverlängerung,C13',
      'c19-c20': 'C20-C19,C19',
      'schuko-c13': 'Kaltgerät,Kaltgerätekabel',
      'schuko-c19': '',
      schuko: '',
      cee: '',
      'fixed-mains': 'fest',
    },
    'link',
    'medium',
  ),
} as const;

export type ChoiceField = keyof typeof choices;

/** The option that a word of a list means; undefined when it is none. */
export function parseChoice(field: ChoiceField, text: string): string | undefined {
  return choices[field].get(plainWord(text));
}

/** What fits best the words of a longer text: the role of a "24-Port PoE Switch". */
export function roleInText(text: string): string | undefined {
  const words = text.split(/[^\p{L}\p{N}-]+/u);
  for (const word of words) {
    const role = choices.role.get(plainWord(word));
    if (role !== undefined && word.length > 2) return role;
  }
  const plain = plainWord(text);
  for (const [word, role] of choices.role) if (word.length > 4 && plain.includes(word)) return role;
  return undefined;
}
