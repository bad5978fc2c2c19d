/** The alphabet of SMS, 3GPP TS 23.038, 6.2.1: position is the septet; 0x1b leads to the extension. */
const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
/** 6.2.1.1 */
const extension: ReadonlyMap<string, number> = new Map([
  ['\f', 0x0a],
  ['^', 0x14],
  ['{', 0x28],
  ['}', 0x29],
  ['\\', 0x2f],
  ['[', 0x3c],
  ['~', 0x3d],
  [']', 0x3e],
  ['|', 0x40],
  ['€', 0x65],
]);
const escapeSeptet = 0x1b;
const septets: ReadonlyMap<string, number> = new Map(
  [...basic].map((character, septet) => [character, septet]),
);
const fromExtension: ReadonlyMap<number, string> = new Map(
  [...extension].map(([character, septet]) => [septet, character]),
);

/** Typographic marks that would cost half of the room: by what every phone has. Pure. */
export function plainMarks(text: string): string {
  return text
    .replace(/[–—‑]/g, '-')
    .replace(/[„“”«»]/g, '"')
    .replace(/[‚‘’]/g, "'")
    .replace(/…/g, '...')
    .replace(/→/g, '->')
    .replace(/[\u00a0\u202f\u2009]/g, ' ')
    .replace(/\t/g, ' ');
}

/** Septets of each character; null: the text has one that the alphabet does not. Pure. */
export function toSeptets(text: string): number[][] | null {
  const all: number[][] = [];
  for (const character of text) {
    const septet = septets.get(character);
    const extended = extension.get(character);
    if (septet !== undefined && septet !== escapeSeptet) all.push([septet]);
    else if (extended !== undefined) all.push([escapeSeptet, extended]);
    else return null;
  }
  return all;
}

/** Pure. */
export function fromSeptets(values: readonly number[]): string {
  let text = '';
  let isExtended = false;
  for (const value of values) {
    if (isExtended) {
      text += fromExtension.get(value) ?? basic[value] ?? '';
      isExtended = false;
    } else if (value === escapeSeptet) isExtended = true;
    else text += basic[value] ?? '';
  }
  return text;
}

/** Packs septets into octets, the first beginning after `fillBits` zero bits (6.1.2.1). Pure. */
export function pack(values: readonly number[], fillBits: number): Uint8Array {
  const octets = new Uint8Array(Math.ceil((values.length * 7 + fillBits) / 8));
  values.forEach((value, index) => {
    const bit = index * 7 + fillBits;
    const octet = bit >> 3;
    const shifted = (value & 0x7f) << (bit & 7);
    octets[octet] = (octets[octet] ?? 0) | (shifted & 0xff);
    if (shifted > 0xff) octets[octet + 1] = (octets[octet + 1] ?? 0) | (shifted >> 8);
  });
  return octets;
}

/** The reverse of {@link pack}. Pure. */
export function unpack(octets: Uint8Array, count: number, fillBits: number): number[] {
  return Array.from({ length: count }, (_, index) => {
    const bit = index * 7 + fillBits;
    const pair = (octets[bit >> 3] ?? 0) | ((octets[(bit >> 3) + 1] ?? 0) << 8);
    return (pair >> (bit & 7)) & 0x7f;
  });
}
