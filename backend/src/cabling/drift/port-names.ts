/** Ways of writing what kind of port it is, by the word that stands for all of them. Sources: IOS, NX-OS, Comware, VRP, Junos, ArubaOS. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  ge: ['g', 'gi', 'ge', 'gig', 'gige', 'gigabit', 'gigabitethernet'],
  xe: [
    'te',
    'xe',
    'ten',
    'tengig',
    'tengige',
    'tengigabitethernet',
    'ten-gigabitethernet',
    'xge',
    'xgigabitethernet',
    '10ge',
    '10gige',
  ],
  fe: ['fa', 'fe', 'fas', 'fastethernet'],
  '2ge': ['tw', 'twogigabitethernet', '2.5ge'],
  '5ge': ['fi', 'fivegigabitethernet', '5ge'],
  '25ge': ['twe', 'twentyfivegige', 'twentyfivegigabitethernet', 'twenty-fivegige', '25ge', '25gige'],
  '40ge': ['fo', 'fortygige', 'fortygigabitethernet', '40ge', '40gige'],
  '100ge': ['hu', 'hundredgige', 'hundredgigabitethernet', '100ge', '100gige'],
  eth: ['e', 'et', 'eth', 'ethe', 'ether', 'ethernet'],
  port: ['p', 'port', 'prt'],
  lag: ['po', 'port-channel', 'portchannel', 'bagg', 'bridge-aggregation'],
  mgmt: ['ma', 'mgmt', 'management', 'mgmteth'],
};
const kindOf = new Map(
  Object.entries(kinds).flatMap(([kind, words]) => words.map((word) => [word, kind] as const)),
);

/** Digits only, or digits with slots before them: "7", "1/0/7". */
const numberPattern = /^\d+([/.:-]\d+)*$/;

/** What kind of port and which number, as far as a name tells: "GigabitEthernet1/0/7" is ge and 1/0/7. */
export function readPortName(name: string): { readonly kind: string; readonly number: string } {
  const plain = name
    .trim()
    .toLowerCase()
    .replace(/^bridge\d*\//, '')
    .replaceAll(/\s+/g, '');
  const match = /^((?:2\.5|\d+)?[a-z]+(?:-[a-z]+)*)-?(\d.*)$/.exec(plain);
  const [, word = '', number = ''] = match ?? [];
  if (match === null)
    return numberPattern.test(plain) ? { kind: '', number: plain } : { kind: plain, number: '' };
  return { kind: kindOf.get(word) ?? word, number };
}

/** Two names of the same port have the same key: "Gi1/0/1" and "GigabitEthernet1/0/1", "bridge1/ether2" and "ether2". */
export function portKey(name: string): string {
  const { kind, number } = readPortName(name);
  return `${kind} ${number}`;
}

const usualMac = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/;

/** A MAC address in lower case with colons, however it was written; null when it is none. */
export function macOf(text: string | null): string | null {
  if (text === null) return null;
  if (usualMac.test(text)) return text;
  const plain = text.trim().toLowerCase();
  if (!/^([0-9a-f]{2}([:-]?[0-9a-f]{2}){5}|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4})$/.test(plain)) return null;
  const digits = plain.replaceAll(/[^0-9a-f]/g, '');
  return digits.match(/../g)?.join(':') ?? null;
}

const sharedPattern = /^(00:00:00:00:00:00|00:00:5e:00:0[12]|00:00:0c:(07:ac|9f:f)|00:07:b4)/;

/** MAC addresses that are nobody's own: groups, and those that redundant routers share (VRRP, HSRP, GLBP, CARP). */
export function isShared(mac: string): boolean {
  // Of a group: the second digit is odd.
  if ('13579bdf'.includes(mac.charAt(1))) return true;
  return mac.startsWith('00:00:') || mac.startsWith('00:07:b4') ? sharedPattern.test(mac) : false;
}

/** A device's name as it is compared: without domain, in lower case, without what people put between its parts. */
export function nameKeys(name: string): {
  readonly full: string;
  readonly short: string;
  readonly loose: string;
} {
  // Nexus switches add their serial number to it: "sw-core(FOC1234X0Y7)".
  const full = name
    .trim()
    .toLowerCase()
    .replace(/\([^)]*\)$/, '')
    .replace(/\.$/, '');
  const short = /^[\d.]+$/.test(full) ? full : (full.split('.')[0] ?? full);
  return { full, short, loose: short.replaceAll(/[^\p{L}\p{N}]/gu, '') };
}
