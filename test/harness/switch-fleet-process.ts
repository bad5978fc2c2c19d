import { createSocket, type Socket } from 'node:dgram';
import { conditionOf, fleetAddress, slowMs } from './switch-fleet.ts';

// Thousands of 48-port switches in one process, each on its own address of the loopback network, cheap enough to leave the
// processor to who is measured: all have the same objects, so that an answer is made once for each different request, and then
// only its request id, counters and clock are written anew. SNMPv2c GET, GETNEXT and GETBULK. SIGUSR2 lets the faults begin.
const [count = '0', port = '0'] = process.argv.slice(2);
const ports = 48;
const mostTemplates = 5000;
const started = performance.now();

interface Entry {
  readonly oid: readonly number[];
  readonly encodedOid: Buffer;
  readonly value: Buffer;
  /** Null: the value stays. */
  readonly moving: Moving | null;
}

/** A value that is written anew in each answer, always in as many octets. */
type Moving = { readonly kind: 'clock' } | { readonly kind: 'octets'; readonly port: number };

interface Patch {
  readonly at: number;
  readonly moving: Moving;
}

interface Template {
  readonly bytes: Buffer;
  readonly requestIdAt: number;
  readonly patches: readonly Patch[];
}

function element(tag: number, content: Uint8Array): Buffer {
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function encodeOid(oid: readonly number[]): Buffer {
  const [first = 0, second = 0, ...rest] = oid;
  const bytes = [first * 40 + second, ...rest].flatMap((part) => {
    const groups = [part & 0x7f];
    for (let left = part >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return element(0x06, Buffer.from(bytes));
}

function decodeOid(bytes: Uint8Array): number[] {
  const oid: number[] = [];
  let part = 0;
  for (const byte of bytes) {
    part = part * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    if (oid.length === 0)
      oid.push(Math.min(2, Math.floor(part / 40)), part - 40 * Math.min(2, Math.floor(part / 40)));
    else oid.push(part);
    part = 0;
  }
  return oid;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

const integer = (value: number, tag = 0x02) =>
  element(tag, Buffer.from([value >>> 24, value >>> 16, value >>> 8, value]));
const text = (value: string) => element(0x04, Buffer.from(value));

function objects(): Entry[] {
  const entries: Entry[] = [];
  const add = (dotted: string, value: Buffer, moving: Moving | null = null) => {
    const oid = dotted.split('.').map(Number);
    entries.push({ oid, encodedOid: encodeOid(oid), value, moving });
  };
  const clock = () => element(0x43, Buffer.alloc(5));
  add('1.3.6.1.2.1.1.1.0', text('Simulated 48-port switch'));
  add('1.3.6.1.2.1.1.2.0', encodeOid([1, 3, 6, 1, 4, 1, 99999, 48]));
  add('1.3.6.1.2.1.1.3.0', clock(), { kind: 'clock' });
  add('1.3.6.1.2.1.1.5.0', text('switch'));
  add('1.3.6.1.2.1.1.6.0', text('Serverraum'));
  add('1.3.6.1.2.1.31.1.5.0', integer(0, 0x43));
  for (let row = 1; row <= ports; row++) {
    const cell = (column: string, value: Buffer, moving: Moving | null = null) =>
      add(`1.3.6.1.2.1.${column}.${row}`, value, moving);
    const octets = () => element(0x46, Buffer.alloc(9));
    cell('2.2.1.1', integer(row));
    cell('2.2.1.2', text(`Ethernet Interface 1/0/${row}`));
    cell('2.2.1.3', integer(6));
    cell('2.2.1.5', integer(1e9, 0x42));
    cell('2.2.1.6', element(0x04, Buffer.from([2, 0, 0, 0, 0, row])));
    cell('2.2.1.7', integer(1));
    cell('2.2.1.8', integer(row % 3 === 0 ? 2 : 1));
    cell('2.2.1.9', integer(4711 + row, 0x43));
    for (const column of [13, 14, 19, 20]) cell(`2.2.1.${column}`, integer(row % 16 === 0 ? 12 : 0, 0x41));
    cell('31.1.1.1.1', text(`1/0/${row}`));
    cell('31.1.1.1.6', octets(), { kind: 'octets', port: row });
    cell('31.1.1.1.10', octets(), { kind: 'octets', port: row + ports });
    cell('31.1.1.1.15', integer(1000, 0x42));
    cell('31.1.1.1.18', text(row % 4 === 0 ? `Dose ${row}` : ''));
    cell('31.1.1.1.19', integer(0, 0x43));
    cell('10.7.2.1.19', integer(3));
  }
  return entries.sort((a, b) => compare(a.oid, b.oid));
}

const all = objects();

/** Position of the first object behind the name. */
function behind(oid: readonly number[]): number {
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const entry = all[middle];
    if (entry && compare(entry.oid, oid) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Reads one element; throws on what is not whole. */
function read(bytes: Buffer, at: number): { tag: number; start: number; end: number } {
  let length = bytes.readUInt8(at + 1);
  let start = at + 2;
  if (length >= 0x80) {
    const octets = length & 0x7f;
    length = bytes.readUIntBE(start, octets);
    start += octets;
  }
  if (start + length > bytes.length) throw new RangeError('cut off');
  return { tag: bytes.readUInt8(at), start, end: start + length };
}

const templates = new Map<string, Template>();
let faulty = false;

function answer(device: number, request: Buffer, send: (bytes: Buffer) => void): void {
  const message = read(request, 0);
  const version = read(request, message.start);
  const community = read(request, version.end);
  const pdu = read(request, community.end);
  const id = read(request, pdu.start);
  const key = String.fromCharCode(pdu.tag) + request.toString('latin1', id.end, pdu.end);
  let template = templates.get(key);
  if (template === undefined) {
    template = build(pdu.tag, request.subarray(0, community.end).subarray(message.start), request, id.end);
    if (templates.size >= mostTemplates) templates.clear();
    templates.set(key, template);
  }
  const reply = Buffer.from(template.bytes);
  reply.fill(0, template.requestIdAt, template.requestIdAt + 4);
  request.copy(reply, template.requestIdAt + 4 - (id.end - id.start), id.start, id.end);
  const seconds = 1_000_000 + device + (performance.now() - started) / 1000;
  for (const { at, moving } of template.patches) {
    if (moving.kind === 'clock') {
      reply.writeUInt32BE(Math.floor(seconds * 100), at + 1);
      continue;
    }
    // Half of the ports are idle.
    const rate = moving.port % 2 === 0 ? 0 : 1000 * moving.port * (1 + (device % 97));
    const value = rate * seconds;
    reply.writeUInt32BE(Math.floor(value / 2 ** 32), at + 1);
    reply.writeUInt32BE(Math.floor(value % 2 ** 32), at + 5);
  }
  send(reply);
}

function build(tag: number, head: Buffer, request: Buffer, from: number): Template {
  const first = read(request, from);
  const second = read(request, first.end);
  const list = read(request, second.end);
  const names: number[][] = [];
  for (let at = list.start; at < list.end; ) {
    const varbind = read(request, at);
    const name = read(request, varbind.start);
    names.push(decodeOid(request.subarray(name.start, name.end)));
    at = varbind.end;
  }
  const bulk = tag === 0xa5;
  const plain = bulk ? request.readUIntBE(first.start, first.end - first.start) : names.length;
  const repetitions = bulk ? request.readUIntBE(second.start, second.end - second.start) : 0;
  const varbinds: { readonly bytes: Buffer; readonly moving: Moving | null }[] = [];
  const push = (position: number, name: readonly number[]) => {
    const entry = all[position];
    const oid = entry?.encodedOid ?? encodeOid(name);
    const bytes = element(0x30, Buffer.concat([oid, entry?.value ?? Buffer.from([0x82, 0])]));
    varbinds.push({ bytes, moving: entry?.moving ?? null });
  };
  for (const name of names.slice(0, plain)) {
    const next = behind(name);
    if (tag !== 0xa0) push(next, name);
    else if (compare(all[next - 1]?.oid ?? [], name) === 0) push(next - 1, name);
    else
      varbinds.push({
        bytes: element(0x30, Buffer.concat([encodeOid(name), Buffer.from([0x81, 0])])),
        moving: null,
      });
  }
  const positions = names.slice(plain).map(behind);
  for (let n = 0; n < repetitions; n++)
    for (const [i, position] of positions.entries())
      push(Math.min(all.length, position + n), names[plain + i] ?? []);

  const content = Buffer.concat(varbinds.map(({ bytes }) => bytes));
  const zero = integer(0);
  const body = Buffer.concat([integer(0), zero, zero, element(0x30, content)]);
  const bytes = element(0x30, Buffer.concat([head, element(0xa2, body)]));
  const contentAt = bytes.length - content.length;
  const requestIdAt = bytes.length - body.length + 2;
  const patches: Patch[] = [];
  let end = contentAt;
  for (const varbind of varbinds) {
    end += varbind.bytes.length;
    if (varbind.moving?.kind === 'clock') patches.push({ at: end - 5, moving: varbind.moving });
    if (varbind.moving?.kind === 'octets') patches.push({ at: end - 9, moving: varbind.moving });
  }
  return { bytes, requestIdAt, patches };
}

function serve(device: number): Promise<Socket> {
  const socket = createSocket({
    type: 'udp4',
    lookup: (host, _options, callback) => callback(null, host, 4),
  });
  const condition = conditionOf(device);
  socket.on('message', (datagram, sender) => {
    if (faulty && condition === 'silent') return;
    try {
      answer(device, datagram, (reply) => {
        const send = () => socket.send(reply, sender.port, sender.address);
        if (faulty && condition === 'slow') setTimeout(send, slowMs);
        else send();
      });
    } catch (error) {
      process.stderr.write(
        `${error instanceof Error ? error.message : String(error)}: ${datagram.toString('hex')}\n`,
      );
    }
  });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(Number(port), fleetAddress(device), () => resolve(socket));
  });
}

process.on('SIGUSR2', () => {
  faulty = true;
});
for (let device = 1; device <= Number(count); device++) await serve(device);
process.stdout.write('ready\n');
