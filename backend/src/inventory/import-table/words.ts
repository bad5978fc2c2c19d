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
      panel: 'Patchpanel,Patchfeld,Patch-Panel,Rangierfeld LWL,Spleissbox,LWL-Box,Verteilerfeld,Panel',
      'cable-manager': 'Kabelführung,Rangierpanel,Rangierfeld,Bürstenleiste,Kabelmanagement,Kabelrangierung',
      shelf: 'Fachboden,Ablage,Boden,Tablar,Schublade,Regalboden',
      outlet: 'Datendose,Dose,Netzwerkdose',
      other:
        'Sonstiges,Sonstige,Andere,Blindplatte,Blende,KVM,Konsole,Telefonanlage,TK-Anlage,Drucker,Kamera',
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
