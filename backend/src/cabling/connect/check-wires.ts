import type { Change } from '../../history/change.ts';
import type { Row, StoredRow } from '../../history/spec.ts';
import { AppError } from '../../problem.ts';

type Pair = { readonly before: StoredRow | null; readonly next: Row };

/**
 * The rule of wires inside panels: from a lane of a front port to one of a rear port of the same device.
 * @throws AppError invalid
 */
export async function checkWires(change: Change, rows: readonly Pair[]): Promise<readonly Row[]> {
  const ids = new Set(rows.flatMap(({ next }) => [Number(next.port_id), Number(next.rear_port_id)]));
  const ports = new Map((await change.rows.byIds('ports', [...ids])).map((row) => [row.id, row]));
  for (const { next } of rows) {
    const front = ports.get(Number(next.port_id));
    const rear = ports.get(Number(next.rear_port_id));
    refuseWiring(front, rear, 'rearPortId');
    refuseLane('lane', Number(next.lane), front);
    refuseLane('rearLane', Number(next.rear_lane), rear);
  }
  return rows.map(({ next }) => next);
}

/**
 * The same for the wiring that a front port has in itself: all its lanes at a rear port, from one lane on, which no other port is wired to.
 * @throws AppError invalid, conflict
 */
export async function checkInnerWiring(change: Change, rows: readonly Pair[]): Promise<void> {
  const wired = rows.filter(
    ({ before, next }) =>
      before !== null &&
      typeof next.rear_port_id === 'number' &&
      (before.rear_port_id !== next.rear_port_id || before.rear_lane !== next.rear_lane),
  );
  if (wired.length === 0) return;
  const rearIds = [...new Set(wired.map(({ next }) => Number(next.rear_port_id)))];
  const rears = new Map((await change.rows.byIds('ports', rearIds)).map((row) => [row.id, row]));
  const fronts = await change.rows.byIds('ports', rearIds, 'rear_port_id');
  for (const { before, next } of wired) {
    const rear = rears.get(Number(next.rear_port_id));
    refuseWiring(next, rear, 'rearPortId');
    const [first, last] = lanesOf(next);
    refuseLane('rearLane', last, rear);
    const other = fronts.find((front) => {
      if (front.id === before?.id || front.rear_port_id !== next.rear_port_id) return false;
      const [from, to] = lanesOf(front);
      return from <= last && to >= first;
    });
    if (other !== undefined)
      throw new AppError(
        'conflict',
        `"${String(other.name)}" is wired to that lane already.`,
        [{ path: 'rearLane', message: `"${String(other.name)}" is wired there` }],
        { reason: 'taken', blocking: [{ kind: 'port', id: other.id, name: String(other.name) }] },
      );
  }
}

function lanesOf(front: Row): readonly [number, number] {
  const first = Number(front.rear_lane ?? 1);
  return [first, first + Number(front.lanes ?? 1) - 1];
}

function refuseWiring(front: Row | undefined, rear: Row | undefined, path: string): void {
  const said =
    front?.kind !== 'front' || front.two_sided === 1
      ? 'only a front port of a panel is wired to a rear port'
      : rear?.kind !== 'rear'
        ? 'must be a rear port'
        : front.device_id !== rear.device_id
          ? 'must be a rear port of the same device'
          : null;
  if (said !== null) throw new AppError('invalid', `${path}: ${said}.`, [{ path, message: said }]);
}

function refuseLane(path: string, lane: number, port: Row | undefined): void {
  const lanes = Number(port?.lanes ?? 1);
  if (lane >= 1 && lane <= lanes) return;
  const message = `must be at most ${lanes}: the port has no more lanes`;
  throw new AppError('invalid', `${path}: ${message}.`, [{ path, message }]);
}
