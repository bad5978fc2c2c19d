import { longestText, type ProfileConfiguration } from '@rackhaus/config/profiles';

/** What stands before a secret in the command lines of most makers; the secret is the group. Each is quick on any line. */
const value = `("[^"]*"|'[^']*'|\\S+)`;
const encryption = `(?:(?:\\d{1,2}|hash|cipher|simple|irreversible-cipher|encrypted|ENC|ascii|hex|sha512|sha256|sha1|md5|plaintext|encrypted-password) )?(?:(?:\\d|cipher|simple|irreversible-cipher) )?`;
const usual: readonly RegExp[] = [
  new RegExp(
    `(?:^|[\\s.;{])(?:password|passwd|passphrase|secret|key-string|psk|psksecret|pre-shared-key|wpa-psk|wpa-passphrase|shared-key|shared-secret|authentication-key|auth-key|auth-password|priv-password|privacy-key|encrypted-password|plain-text-password|md5-key|simple-password|hello-password)\\s+(?:=\\s*)?${encryption}${value}`,
    'gi',
  ),
  // key=value, as in scripts and exports.
  new RegExp(
    `(?:password|passphrase|secret|pre-shared-key|private-key|auth-key|(?:authentication|encryption)-password|wpa2?-pre-shared-key)\\s?=\\s?${value}`,
    'gi',
  ),
  new RegExp(
    `(?:^|\\s)(?:snmp-server |snmp |snmp-agent )(?:.{0,40} )?community (?:(?:read|write|cipher|simple|ro|rw|\\d) ){0,3}${value}`,
    'gi',
  ),
  new RegExp(`\\bcommunity-name ${value}`, 'gi'),
  new RegExp(`\\bcommunity-map ${value}`, 'gi'),
  new RegExp(
    `(?:^|\\s)snmp-server host \\S+ (?:(?:vrf|use-vrf|filter-vrf) \\S+ )?(?:(?:traps?|informs?) )?(?:version (?:1|2c) )?(?!(?:version|community|vrf|use-vrf|filter-vrf|traps?|informs?|udp-port|source-interface|poll|name)\\b)(?!\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\b)${value}`,
    'gi',
  ),
  new RegExp(`(?:\\s|-)(?:auth|priv) (?:md5|sha\\S{0,4}|des|3des|aes(?: ?\\d{3})?)\\S{0,6} ${value}`, 'gi'),
  new RegExp(`(?:radius|tacacs)\\S{0,20}\\s.{0,120}?\\bkey (?:\\d )?${value}`, 'gi'),
  new RegExp(`^\\s*key [067] ${value}`, 'gi'),
  new RegExp(`^\\s*(?:server-private|pac) .{0,80}\\bkey (?:\\d )?${value}`, 'gi'),
  // A number of few digits is that of a key.
  /^\s+key (?!\d{1,4}$)(\S+)$/gi,
  new RegExp(
    `authentication-key \\d{1,10} (?:md5|sha\\S{0,8}|hmac\\S{0,10}|aes\\S{0,12}) (?:[07] )?${value}`,
    'gi',
  ),
  // Keys of SNMPv3 for one device.
  /\b(0x[0-9a-f]{32,})\b/gi,
  new RegExp(`\\bmd5 (?:\\d{1,3} )?(?:[07] )${value}`, 'gi'),
  new RegExp(`\\bmessage-digest-key \\d{1,3} md5 (?:\\d )?${value}`, 'gi'),
  new RegExp(`crypto isakmp key (?:\\d )?${value}`, 'gi'),
  /(\$(?:1|5|6|8|9|14|2[aby]|sha1|pbkdf2\S{0,10})\$[^\s"';]+)/g,
];
/** A key in PEM: all lines of it. */
const pemBegin = /-----BEGIN [A-Z0-9 ]*(?:PRIVATE KEY|ENCRYPTED)[A-Z0-9 ]*-----/;
const pemEnd = /-----END [A-Z0-9 ]*-----/;

const varyingMark = '‹•••›';

/** What is masked by a mask: `‹••• 3fa1›`. The digits are those of the secret, so that another one is seen and none is told. */
export type Mask = (secret: string) => string;

/** How a family's configurations are read, as patterns that are ready. */
export interface Reading {
  readonly ignore: readonly RegExp[];
  readonly ignoreBlocks: readonly { readonly begins: RegExp; readonly ends: RegExp }[];
  readonly secrets: readonly RegExp[];
  readonly varying: readonly RegExp[];
}

export function readingOf(how: ProfileConfiguration | undefined): Reading {
  const patterns = (texts: readonly string[] = []) => texts.map((text) => new RegExp(text, 'g'));
  return {
    ignore: (how?.ignore ?? []).map((text) => new RegExp(text)),
    ignoreBlocks: (how?.ignoreBlocks ?? []).map(({ begins, ends }) => ({
      begins: new RegExp(begins),
      ends: new RegExp(ends),
    })),
    secrets: patterns(how?.secrets),
    varying: patterns(how?.varying),
  };
}

/**
 * The text without lines that change by themselves and without blanks at ends of lines; ends with one \n. A stretch whose last line never comes is
 * kept: nobody knows where it would have ended.
 */
export function keptText(text: string, reading: Reading): string {
  const lines = text.split('\n').map((line) => line.trimEnd());
  const left = new Set(
    stretches(lines, reading).flatMap(({ from, to }) => (to === null ? [] : range(from, to))),
  );
  const kept = lines.filter(
    (line, at) => !left.has(at) && !reading.ignore.some((pattern) => pattern.test(beginningOf(line))),
  );
  return `${kept.join('\n').replace(/^\n+|\n+$/g, '')}\n`;
}

/** Which of the stretches to be left out has no end, in words that name no line of the text; null: all have. */
export function openStretch(text: string, reading: Reading): string | null {
  const lines = text.split('\n').map((line) => line.trimEnd());
  const open = stretches(lines, reading).find(({ to }) => to === null);
  if (open === undefined) return null;
  const { begins, ends } = open.block;
  return `what begins in line ${open.from + 1} by /${begins.source}/ is not ended by /${ends.source}/`;
}

interface Stretch {
  readonly block: Reading['ignoreBlocks'][number];
  /** Positions of its first and last line; null: it never ends. */
  readonly from: number;
  readonly to: number | null;
}

function stretches(lines: readonly string[], { ignoreBlocks }: Reading): Stretch[] {
  const found: Stretch[] = [];
  const open = new Set<Stretch['block']>();
  for (let at = 0; at < lines.length; at++) {
    // What had no end before has none here either.
    const block = ignoreBlocks.find((each) => !open.has(each) && each.begins.test(beginningOf(lines[at])));
    if (block === undefined) continue;
    let end = at;
    while (end < lines.length && !block.ends.test(beginningOf(lines[end]))) end++;
    const isOpen = end === lines.length;
    found.push({ block, from: at, to: isOpen ? null : end });
    // Behind what never ends others may begin, which do.
    if (isOpen) open.add(block);
    else at = end;
  }
  return found;
}

/** As much of a line as patterns were held to be quick on. */
function beginningOf(line = ''): string {
  return line.slice(0, longestText);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/** What is compared of a kept text: without what is another each time that it is shown. */
export function comparedText(kept: string, { varying }: Reading): string {
  if (varying.length === 0) return kept;
  return inKeys(kept.split('\n'), varying)
    .flatMap(({ line, key }) => {
      // How many lines such a key has is of no matter either.
      if (key === 'varying') return [];
      return [replaceGroups(line, [], varying, () => varyingMark)];
    })
    .join('\n');
}

/** The lines with each secret in the place of which stands its mask, and how many there were. */
export function maskedLines(
  kept: string,
  { secrets, varying }: Reading,
  mask: Mask,
): { lines: string[]; secrets: number } {
  let count = 0;
  const counted: Mask = (secret) => {
    count++;
    return mask(secret);
  };
  const varies: Mask = () => {
    count++;
    return varyingMark;
  };
  const lines = inKeys(kept.replace(/\n$/, '').split('\n'), varying).map(({ line, key }) => {
    if (key === 'varying') return varies(line);
    if (key === 'secret') return counted(line);
    // First what varies: it would be another mask each time.
    return replaceGroups(replaceGroups(line, [], varying, varies), usual, secrets, counted);
  });
  return { lines, secrets: count };
}

/** Says of each line whether it is within a key in PEM; the first one is where other things stand before it. */
function inKeys(
  lines: readonly string[],
  varying: readonly RegExp[],
): { line: string; key: 'secret' | 'varying' | null }[] {
  let key: 'secret' | 'varying' | null = null;
  return lines.map((line) => {
    if (key !== null) {
      const inside: { line: string; key: 'secret' | 'varying' } = { line, key };
      if (pemEnd.test(line)) key = null;
      return inside;
    }
    if (!pemBegin.test(line)) return { line, key: null };
    // Also where the mark for what varies would stand in the place of its beginning.
    const varies = !pemBegin.test(replaceGroups(line, [], varying, () => varyingMark));
    if (pemEnd.test(line)) return { line, key: varies ? 'varying' : 'secret' };
    key = varies ? 'varying' : 'secret';
    return { line, key: null };
  });
}

/** The first group of each pattern by what `by` makes of it. Those of profiles look at the beginning of very long lines only. */
function replaceGroups(
  line: string,
  whole: readonly RegExp[],
  beginning: readonly RegExp[],
  by: (found: string) => string,
): string {
  const spans: [number, number][] = [];
  const look = (text: string, patterns: readonly RegExp[]) => {
    for (const pattern of patterns)
      for (const match of text.matchAll(pattern)) {
        const group = match[1];
        if (group === undefined || group === '' || group.startsWith('‹•••')) continue;
        const at = match.index + match[0].lastIndexOf(group);
        spans.push([at, at + group.length]);
      }
  };
  look(line, whole);
  look(line.slice(0, longestText), beginning);
  // A secret that is longer than what was looked at ends somewhere behind it.
  for (const span of spans) if (span[1] === longestText && line.length > longestText) span[1] = line.length;
  if (spans.length === 0) return line;
  spans.sort(([a], [b]) => a - b);
  let out = '';
  let at = 0;
  let open: [number, number] | null = null;
  const close = () => {
    if (open === null) return;
    out += line.slice(at, open[0]) + by(line.slice(...open));
    at = open[1];
  };
  for (const [from, to] of spans) {
    if (open !== null && from < open[1]) open = [open[0], Math.max(open[1], to)];
    else {
      close();
      open = [from, to];
    }
  }
  close();
  return out + line.slice(at);
}
