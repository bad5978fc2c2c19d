import type { Socket } from 'node:net';
import { type CheckSettings, isMetricId, type ModbusPoint, metric } from '@rackhaus/config/contract';
import { openConnection } from '../connection.ts';
import type { CheckContext } from '../context.ts';
import { placeOf } from '../host.ts';
import { Incoming } from '../incoming.ts';
import { CheckFailure, type Findings } from '../result.ts';
import { answerOf, frameLength, type Read, rawValue, request, widthOf } from './frame.ts';

/** Small: many controllers refuse longer reads and gaps in them, so only what lies side by side is read together. */
const mostTogether = 32;

/**
 * Reads registers and bits of a device by Modbus/TCP; nothing is ever written. One value that it refuses costs only that value;
 * when it refuses all, that is the outcome. @throws CheckFailure
 */
export async function checkModbus(
  settings: CheckSettings<'modbus'>,
  context: CheckContext,
  findings: Findings,
): Promise<void> {
  const socket = await openConnection(await placeOf(settings, context), context.signal);
  const wire = new Wire(socket, settings.unit, context.signal);
  try {
    let read = 0;
    let refused: CheckFailure | null = null;
    for (const group of grouped(settings.points)) {
      try {
        const data = await wire.read(group.read);
        for (const { point, at } of group.points) take(point, rawValue(point, data, at), findings);
        read++;
      } catch (error) {
        if (!(error instanceof CheckFailure) || error.outcome !== 'device-error') throw error;
        refused = error;
        findings.note(group.points.map(({ point }) => point.name).join(', '), error.detail ?? '');
      }
    }
    if (read === 0 && refused !== null) throw refused;
  } finally {
    socket.destroy();
  }
}

function take(point: ModbusPoint, raw: number, findings: Findings): void {
  findings.note(point.name, `${point.table} ${point.address} = ${raw}`);
  if (point.drop.includes(raw) || !Number.isFinite(raw) || !isMetricId(point.metric)) return;
  const entity = ['ups', 'device'].includes(metric(point.metric).kind) ? '' : point.name;
  const state = point.map?.[String(raw)];
  if (point.map !== null) {
    if (state !== undefined) findings.state(point.metric, entity, state);
  } else findings.add(point.metric, entity, raw * point.scale + point.offset);
}

interface Group {
  readonly read: Read;
  readonly points: readonly { readonly point: ModbusPoint; readonly at: number }[];
}

/** Values that lie side by side are one request. */
export function grouped(points: readonly ModbusPoint[]): Group[] {
  const sorted = [...points].sort((a, b) => a.table.localeCompare(b.table) || a.address - b.address);
  const groups: {
    read: { table: Read['table']; address: number; count: number };
    points: Group['points'][number][];
  }[] = [];
  for (const point of sorted) {
    const width = widthOf(point.type);
    const last = groups.at(-1);
    const at = last === undefined ? 0 : point.address - last.read.address;
    if (last?.read.table === point.table && at <= last.read.count && at + width <= mostTogether) {
      last.read.count = Math.max(last.read.count, at + width);
      last.points.push({ point, at });
    } else
      groups.push({
        read: { table: point.table, address: point.address, count: width },
        points: [{ point, at: 0 }],
      });
  }
  return groups;
}

/** One request after the other, each with its answer. */
class Wire {
  readonly #socket: Socket;
  readonly #incoming: Incoming;
  readonly #unit: number;
  #transaction = 0;

  constructor(socket: Socket, unit: number, signal: AbortSignal) {
    this.#socket = socket;
    this.#incoming = new Incoming(socket, signal);
    this.#unit = unit;
  }

  async read(read: Read): Promise<Buffer> {
    this.#transaction = (this.#transaction + 1) & 0xffff;
    this.#socket.write(request(this.#transaction, this.#unit, read));
    return answerOf(await this.#incoming.take(frameLength), this.#transaction, this.#unit, read);
  }
}
