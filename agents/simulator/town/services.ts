import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { createServer as createWebServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { upsValues } from './mib/ups.ts';
import type { World } from './world.ts';

/** Where the services of the sample town hall listen; its checks ask there. */
export const servicePorts = { web: 8080, dns: 5353, nut: 3493 } as const;

const archive = 'd3-archiv';
const nameServer = 'monitor';
const names: Readonly<Record<string, string>> = {
  'archiv.rathaus.example': archive,
  'monitor.rathaus.example': nameServer,
};
/** The server to which the UPS is attached, as upsd sees it. */
const nutServer = 'altakten';
const ups = { name: 'usv-alt', device: 'USV alt' } as const;
/** Who asks one that has no power gets no answer, and is not kept for ever. */
const silentMs = 30_000;

/** What some servers of the sample town hall answer besides SNMP: a website, names, a UPS by upsd. Silent while their server is. */
export class TownServices {
  readonly #world: World;
  readonly #now: () => number;
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  #dns: UdpSocket | null = null;

  constructor(options: { world: World; now: () => number }) {
    this.#world = options.world;
    this.#now = options.now;
  }

  /** @throws Error where an address is taken */
  async start(): Promise<void> {
    const web = createWebServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      response.end('<!doctype html><title>Archiv</title><h1>d.3 Archiv</h1><p>Bitte anmelden.</p>');
    });
    await this.#listen(archive, servicePorts.web, (socket) => web.emit('connection', socket));
    await this.#listen(nutServer, servicePorts.nut, (socket) => this.#speakNut(socket));
    const dns = createSocket('udp4');
    dns.on('message', (question, from) => {
      if (!this.#answers(nameServer)) return;
      const answer = dnsAnswer(question, (name) => this.#addressOf(names[name]));
      if (answer !== null) dns.send(answer, from.port, from.address);
    });
    await new Promise<void>((resolve, reject) => {
      dns.once('error', reject);
      dns.bind(servicePorts.dns, this.#addressOf(nameServer) ?? undefined, () => resolve());
    });
    this.#dns = dns;
  }

  async stop(): Promise<void> {
    this.#dns?.close();
    this.#dns = null;
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(
      this.#servers.splice(0).map((server) => new Promise<void>((resolve) => server.close(() => resolve()))),
    );
  }

  async #listen(device: string, port: number, serve: (socket: Socket) => void): Promise<void> {
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => this.#sockets.delete(socket));
      if (this.#answers(device)) serve(socket);
      else socket.setTimeout(silentMs, () => socket.destroy());
    });
    const host = this.#addressOf(device);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, ...(host === null ? {} : { host }) }, () => resolve());
    });
    this.#servers.push(server);
  }

  #answers(device: string): boolean {
    this.#world.advance(this.#now());
    return this.#world.answers(device);
  }

  #addressOf(device: string | undefined): string | null {
    return device === undefined ? null : (this.#world.town.devices.get(device)?.monitoring?.address ?? null);
  }

  /** upsd's protocol (RFC 9271), as far as it is read with. */
  #speakNut(socket: Socket): void {
    let rest = '';
    socket.setEncoding('utf8').setTimeout(silentMs, () => socket.destroy());
    socket.on('data', (text) => {
      const lines = (rest + String(text)).split('\n');
      rest = (lines.pop() ?? '').slice(-1000);
      for (const line of lines) socket.write(`${this.#nutReply(line.trim())}\n`);
    });
  }

  #nutReply(command: string): string {
    if (command === 'LIST UPS') return `BEGIN LIST UPS\nUPS ${ups.name} "${ups.device}"\nEND LIST UPS`;
    if (command === `LIST VAR ${ups.name}`)
      return [
        `BEGIN LIST VAR ${ups.name}`,
        ...Object.entries(this.#upsVariables()).map(([name, value]) => `VAR ${ups.name} ${name} "${value}"`),
        `END LIST VAR ${ups.name}`,
      ].join('\n');
    if (command === 'STARTTLS') return 'ERR FEATURE-NOT-CONFIGURED';
    if (command === 'LOGOUT') return 'OK Goodbye';
    return command.startsWith('LIST VAR ') ? 'ERR UNKNOWN-UPS' : 'ERR UNKNOWN-COMMAND';
  }

  #upsVariables(): Record<string, string> {
    const device = this.#world.town.devices.get(ups.device);
    if (device === undefined) return {};
    const { state, load, runtimeS, inputVoltage, batteryVoltage, low } = upsValues(device, this.#world);
    return {
      'ups.status': [state.hasMains ? 'OL' : 'OB', ...(low ? ['LB'] : [])].join(' '),
      'ups.load': (load * 100).toFixed(0),
      'battery.charge': (state.charge * 100).toFixed(0),
      'battery.runtime': Math.min(runtimeS, 86_400).toFixed(0),
      'battery.voltage': batteryVoltage.toFixed(1),
      'input.voltage': inputVoltage.toFixed(1),
    };
  }
}

/** Answers a question for an address (RFC 1035); null: it is no question. `addressOf`: null where the name is not known. */
function dnsAnswer(question: Buffer, addressOf: (name: string) => string | null): Buffer | null {
  if (question.length < 17 || question.readUInt16BE(4) !== 1 || (question.readUInt8(2) & 0x80) !== 0)
    return null;
  const labels: string[] = [];
  let at = 12;
  for (;;) {
    const length = question[at];
    if (length === undefined || length > 63 || at + length + 5 > question.length) return null;
    at++;
    if (length === 0) break;
    labels.push(question.toString('latin1', at, at + length));
    at += length;
  }
  const address = addressOf(labels.join('.').toLowerCase());
  const isAddress = question.readUInt16BE(at) === 1;
  const end = at + 4;
  const header = Buffer.alloc(12);
  question.copy(header, 0, 0, 2);
  // Response, authoritative, the asker's wish for recursion; NXDOMAIN where the name is not known.
  header.writeUInt16BE(0x8400 | (question.readUInt16BE(2) & 0x0100) | (address === null ? 3 : 0), 2);
  header.writeUInt16BE(1, 4);
  const found = address !== null && isAddress;
  header.writeUInt16BE(found ? 1 : 0, 6);
  const parts = [header, question.subarray(12, end)];
  // The name of the question, A, IN, 5 minutes, 4 bytes.
  if (found)
    parts.push(Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 0x2c, 0, 4, ...address.split('.').map(Number)]));
  return Buffer.concat(parts);
}
