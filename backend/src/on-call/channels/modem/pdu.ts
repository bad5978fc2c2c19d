import { fromSeptets, pack, plainMarks, toSeptets, unpack } from './gsm7.ts';

/** One message as AT+CMGS takes it in PDU mode: hexadecimal, and its length without the number of the service centre. */
export interface SubmitPdu {
  readonly hex: string;
  readonly length: number;
}

export interface Received {
  /** "+4917012345678", or what the network gave as a name. */
  readonly from: string;
  readonly text: string;
}

const septetsAlone = 160;
const septetsJoined = 153;
const unitsAlone = 70;
const unitsJoined = 67;
/** 24 h: what the network could not hand over by then is no alarm any more (3GPP TS 23.040, 9.2.3.12.1). */
const validity = 0xa7;

/**
 * A text as one or more messages that the phone joins (3GPP TS 23.040): in the alphabet of phones, which has umlauts, where that is
 * enough, else in UCS-2. `reference`, 0..255: the same for the parts of one text. Pure.
 */
export function toSubmit(number: string, text: string, reference: number): SubmitPdu[] {
  const plain = plainMarks(text);
  const septets = toSeptets(plain);
  const parts =
    septets === null
      ? // By code unit, never within a character.
        partsOf(
          [...plain].map((character) => ucs2(character)),
          unitsAlone * 2,
          unitsJoined * 2,
        )
      : partsOf(septets, septetsAlone, septetsJoined);
  return parts.map((part, index) => {
    const isJoined = parts.length > 1;
    const header = isJoined ? [5, 0, 3, reference & 0xff, parts.length, index + 1] : [];
    const body =
      septets === null
        ? { length: header.length + part.length, octets: part }
        : {
            length: part.length + (isJoined ? 7 : 0),
            octets: [...pack(part, isJoined ? 1 : 0)],
          };
    const pdu = [
      // SMS-SUBMIT with relative validity; with a header where it is joined.
      isJoined ? 0x51 : 0x11,
      0,
      ...address(number),
      0,
      septets === null ? 0x08 : 0x00,
      validity,
      body.length,
      ...header,
      ...body.octets,
    ];
    return { hex: `00${hex(pdu)}`, length: pdu.length };
  });
}

/** Fills parts with characters whole. */
function partsOf(characters: readonly number[][], alone: number, joined: number): number[][] {
  const all = characters.flat();
  if (all.length <= alone) return [all];
  const parts: number[][] = [[]];
  for (const character of characters) {
    const last = parts.at(-1) ?? [];
    if (last.length + character.length > joined) parts.push([...character]);
    else last.push(...character);
  }
  return parts;
}

function ucs2(character: string): number[] {
  return [...character].flatMap((c) =>
    Array.from({ length: c.length }, (_, i) => c.charCodeAt(i)).flatMap((unit) => [unit >> 8, unit & 0xff]),
  );
}

function address(number: string): number[] {
  const digits = number.replace(/\D/g, '');
  const padded = digits.length % 2 === 0 ? digits : `${digits}f`;
  const octets = padded.match(/../g) ?? [];
  return [
    digits.length,
    number.startsWith('+') ? 0x91 : 0x81,
    ...octets.map((pair) => Number.parseInt(`${pair[1]}${pair[0]}`, 16)),
  ];
}

function hex(octets: readonly number[]): string {
  return Buffer.from(octets).toString('hex').toUpperCase();
}

/** A message that came in (SMS-DELIVER). Of a joined one each part by itself. Null: it is none, or not text. Pure. */
export function fromDeliver(pdu: string): Received | null {
  if (!/^([0-9A-Fa-f]{2}){10,}$/.test(pdu)) return null;
  const octets = Buffer.from(pdu, 'hex');
  let at = 1 + (octets[0] ?? 0);
  const first = octets[at++] ?? 0;
  if ((first & 3) !== 0) return null;
  const addressLength = octets[at++] ?? 0;
  const addressType = octets[at++] ?? 0;
  const addressOctets = Math.ceil(addressLength / 2);
  const from = sender(octets.subarray(at, at + addressOctets), addressLength, addressType);
  at += addressOctets + 1;
  const coding = octets[at++] ?? 0;
  at += 7;
  const length = octets[at++] ?? 0;
  const body = octets.subarray(at);
  const headerOctets = (first & 0x40) === 0 ? 0 : 1 + (body[0] ?? 0);
  const isUcs2 = (coding & 0x0c) === 0x08;
  if ((coding & 0x0c) === 0x04) return null;
  if (isUcs2) {
    const units = body.subarray(headerOctets, length);
    return { from, text: new TextDecoder('utf-16be').decode(units) };
  }
  const headerSeptets = Math.ceil((headerOctets * 8) / 7);
  const all = unpack(body, length, 0);
  return { from, text: fromSeptets(all.slice(headerSeptets)) };
}

function sender(octets: Uint8Array, digits: number, type: number): string {
  if ((type & 0x70) === 0x50) return fromSeptets(unpack(octets, Math.floor((digits * 4) / 7), 0));
  const number = [...octets]
    .map((octet) => `${(octet & 0x0f).toString(16)}${(octet >> 4).toString(16)}`)
    .join('')
    .slice(0, digits);
  return (type & 0x70) === 0x10 ? `+${number}` : number;
}
