import type { PlannedChange } from '@rackhaus/config/contract';

type AddLink = Extract<PlannedChange, { action: 'add-link' }>;
interface Port {
  readonly id: number;
  readonly name: string;
  readonly kind: string;
}

/** Names as people count them: 1/1/9 comes before 1/1/10. */
const byName = new Intl.Collator('en', { numeric: true }).compare;

/** The port and those of its kind that follow it on the device, as people count them; at most `count`. */
export function portsFrom(ports: readonly Port[], startId: number, count: number): Port[] {
  const start = ports.find(({ id }) => id === startId);
  if (!start) return [];
  const row = ports.filter(({ kind }) => kind === start.kind).toSorted((a, b) => byName(a.name, b.name));
  const at = row.findIndex(({ id }) => id === startId);
  return row.slice(at, at + Math.max(1, count));
}

/**
 * One cable for each pair of ports, first with first, up to the shorter row. Only a single cable keeps a label that was typed: in a
 * row each gets its own number from the server.
 */
export function cablesBetween(cable: AddLink, a: readonly number[], b: readonly number[]): PlannedChange[] {
  const count = Math.min(a.length, b.length);
  return Array.from({ length: count }, (_, index) => ({
    ...cable,
    label: count === 1 ? cable.label : null,
    a: { ...cable.a, portId: a[index] ?? cable.a.portId },
    b: { ...cable.b, portId: b[index] ?? cable.b.portId },
  }));
}
